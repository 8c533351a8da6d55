"""Deployments, their statuses, and what they ask of a commit before."""

from typing import Any

import httpx
import pytest

from tests.twin.conftest import Clone


@pytest.fixture
def deployed(gh: httpx.Client, repo: str, clone: Clone) -> Any:
    """Makes a deployment of main; what it is given says how."""

    def make(**more: Any) -> dict[str, Any]:
        body = {"ref": "main", "auto_merge": False, "required_contexts": [], **more}
        answer = gh.post(f"{repo}/deployments", json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    return make


def say(gh: httpx.Client, deployment: dict[str, Any], state: str, **more: Any) -> httpx.Response:
    return gh.post(deployment["statuses_url"], json={"state": state, **more})


def states(gh: httpx.Client, deployment: dict[str, Any]) -> list[str]:
    return [each["state"] for each in gh.get(deployment["statuses_url"]).json()]


def test_a_deployment_has_githubs_defaults(deployed: Any) -> None:
    made = deployed(payload='{"a": 1}')
    names = ("task", "environment", "payload", "production_environment", "transient_environment")
    assert [made[name] for name in names] == ["deploy", "production", {"a": 1}, True, False]
    assert made["creator"]["login"] == "twin-admin"


def test_deployments_are_found_by_what_narrows_them(
    gh: httpx.Client, repo: str, deployed: Any
) -> None:
    dev, prod = deployed(environment="dev"), deployed(task="migrate")

    def found(**query: str) -> list[int]:
        return [each["id"] for each in gh.get(f"{repo}/deployments", params=query).json()]

    assert found() == [prod["id"], dev["id"]]
    assert found(environment="dev") == [dev["id"]]
    assert found(task="migrate") == [prod["id"]]
    assert found(sha=dev["sha"], ref="main") == [prod["id"], dev["id"]]
    assert found(ref="other") == []


def test_success_retires_what_was_there_before_but_not_in_production(
    gh: httpx.Client, deployed: Any
) -> None:
    for environment, after in (("dev", ["inactive", "success"]), ("production", ["success"])):
        first, second = deployed(environment=environment), deployed(environment=environment)
        assert say(gh, first, "success").status_code == 201
        assert say(gh, second, "in_progress").status_code == 201
        assert states(gh, first) == ["success"]
        assert say(gh, second, "success").status_code == 201
        assert states(gh, first) == after


def test_success_retires_nothing_where_it_says_so(gh: httpx.Client, deployed: Any) -> None:
    first, second = deployed(environment="dev"), deployed(environment="dev")
    say(gh, first, "success")
    say(gh, second, "success", auto_inactive=False)
    assert states(gh, first) == ["success"]


def test_a_status_keeps_where_its_log_is(gh: httpx.Client, deployed: Any) -> None:
    made = say(gh, deployed(), "failure", log_url="https://example.org/1", description="no").json()
    assert (made["log_url"], made["target_url"]) == ("https://example.org/1",) * 2
    assert (made["state"], made["description"]) == ("failure", "no")
    assert gh.get(made["url"]).json() == made
    assert say(gh, deployed(), "done").status_code == 422


def test_only_what_is_inactive_or_alone_is_deleted(
    gh: httpx.Client, repo: str, deployed: Any
) -> None:
    first, second = deployed(environment="dev"), deployed(environment="dev")
    assert gh.delete(first["url"]).status_code == 422
    say(gh, first, "inactive")
    assert gh.delete(first["url"]).status_code == 204
    assert gh.delete(second["url"]).status_code == 204
    assert gh.get(f"{repo}/deployments").json() == []


def test_a_commit_that_did_not_pass_is_not_deployed(
    gh: httpx.Client, repo: str, clone: Clone
) -> None:
    sha = clone.git("rev-parse", "HEAD").strip()
    body: dict[str, Any] = {"ref": "main", "auto_merge": False}
    gh.post(f"{repo}/statuses/{sha}", json={"state": "failure", "context": "ci"})
    refused = gh.post(f"{repo}/deployments", json=body)
    assert refused.status_code == 409
    assert refused.json()["message"] == "Conflict: Commit status checks failed for main."
    assert gh.post(f"{repo}/deployments", json={**body, "required_contexts": []}).status_code == 201
    named = {**body, "required_contexts": ["ci", "other"]}
    assert gh.post(f"{repo}/deployments", json=named).status_code == 409
    gh.post(f"{repo}/statuses/{sha}", json={"state": "success", "context": "ci"})
    assert gh.post(f"{repo}/deployments", json=body).status_code == 201


def test_a_branch_that_is_behind_is_merged_first(gh: httpx.Client, repo: str, clone: Clone) -> None:
    clone.git("branch", "topic")
    clone.commit({"new.txt": "new"})
    clone.push("main", "topic")
    answer = gh.post(f"{repo}/deployments", json={"ref": "topic"})
    assert (answer.status_code, answer.json()) == (
        202,
        {"message": "Auto-merged main into topic on deployment."},
    )
    assert gh.get(f"{repo}/contents/new.txt", params={"ref": "topic"}).status_code == 200
    assert gh.post(f"{repo}/deployments", json={"ref": "topic"}).status_code == 201


def test_a_branch_in_conflict_is_not_deployed(gh: httpx.Client, repo: str, clone: Clone) -> None:
    clone.git("checkout", "-q", "-b", "topic")
    clone.commit({"README.md": "one\n"})
    clone.git("checkout", "-q", "main")
    clone.commit({"README.md": "two\n"})
    clone.push("main", "topic")
    assert gh.post(f"{repo}/deployments", json={"ref": "topic"}).status_code == 409


def test_a_ref_that_is_not_there_is_said_so(gh: httpx.Client, repo: str, clone: Clone) -> None:
    answer = gh.post(f"{repo}/deployments", json={"ref": "none"})
    assert (answer.status_code, answer.json()["message"]) == (422, "No ref found for: none")


def test_policies_are_for_environments_that_name_their_branches(
    gh: httpx.Client, repo: str
) -> None:
    where = f"{repo}/environments/prod/deployment-branch-policies"
    gh.put(f"{repo}/environments/prod", json={})
    assert gh.post(where, json={"name": "main"}).status_code == 404
    custom = {"protected_branches": False, "custom_branch_policies": True}
    gh.put(f"{repo}/environments/prod", json={"deployment_branch_policy": custom})
    made = gh.post(where, json={"name": "v*", "type": "tag"}).json()
    assert (made["name"], made["type"]) == ("v*", "tag")
    assert gh.post(where, json={"name": "v*", "type": "tag"}).status_code == 303
    assert gh.put(f"{where}/{made['id']}", json={"name": "w*"}).json()["name"] == "w*"
    listed = gh.get(where).json()
    assert [each["name"] for each in listed["branch_policies"]] == ["w*"]
    assert gh.delete(f"{where}/{made['id']}").status_code == 204
    assert gh.get(where).json() == {"total_count": 0, "branch_policies": []}
