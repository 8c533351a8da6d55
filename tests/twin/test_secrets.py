"""Secrets: sealed in, seen by runs, never given out."""

import httpx
import pytest

from meta.twin.actions.work import Job, Result
from tests.twin.actors import REPO, staged
from tests.twin.test_actions_flow import ci, job

ORG, OWN, PROD = "/orgs/Acme/actions", f"{REPO}/actions", f"{REPO}/environments/prod"


def nothing(job: Job) -> Result:
    return Result()


@pytest.mark.parametrize("place", [OWN, PROD])
def test_a_secret_is_made_changed_listed_and_dropped(place: str) -> None:
    with staged(nothing) as stage:
        stage.environment("prod")
        assert stage.seal(place, "pass_word", "hidden-1") == 201
        assert stage.seal(place, "PASS_WORD", "hidden-2") == 204
        listed = stage.gh.get(f"{place}/secrets")
        assert [each["name"] for each in listed.json()["secrets"]] == ["PASS_WORD"]
        one = stage.gh.get(f"{place}/secrets/pass_word")
        assert set(one.json()) == {"name", "created_at", "updated_at"}
        assert "hidden" not in listed.text + one.text
        assert stage.gh.delete(f"{place}/secrets/PASS_WORD").status_code == 204
        assert stage.gh.get(f"{place}/secrets/PASS_WORD").status_code == 404


def test_what_is_not_sealed_for_the_twin_is_refused() -> None:
    with staged(nothing) as stage:
        key = stage.gh.get(f"{OWN}/secrets/public-key").json()["key_id"]
        for value, number in (("aGVsbG8=", key), ("aGVsbG8=", "1"), ("no base64!", key)):
            body = {"encrypted_value": value, "key_id": number}
            assert stage.gh.put(f"{OWN}/secrets/A", json=body).status_code == 422
        assert stage.seal(OWN, "1A", "x") == 422
        assert stage.seal(OWN, "GITHUB_A", "x") == 422
        assert stage.seal(OWN, "A", "x" * 48 * 1024) == 201
        assert stage.seal(OWN, "A", "x" * (48 * 1024 + 1)) == 422
        assert stage.gh.get(f"{REPO}/environments/none/secrets").status_code == 404


def test_the_nearest_secret_wins_and_an_organization_chooses_who_sees_its_own() -> None:
    seen: dict[str, Job] = {}

    def runner(job: Job) -> Result:
        seen[job.name] = job
        return Result()

    with staged(runner) as stage:
        stage.environment("prod")
        repo = stage.gh.get(REPO).json()["id"]
        stage.seal(ORG, "A", "org", visibility="all")
        stage.seal(ORG, "B", "org", visibility="all")
        stage.seal(ORG, "C", "org", visibility="private")
        stage.seal(ORG, "D", "org", visibility="selected", selected_repository_ids=[])
        stage.seal(ORG, "E", "org", visibility="selected", selected_repository_ids=[repo])
        assert stage.seal(ORG, "F", "org") == 422
        stage.seal(OWN, "B", "repo")
        stage.seal(PROD, "B", "prod")
        stage.workflow(ci(job("plain"), job("deploy", "environment: prod")))
        stage.dispatch()
        stage.ended()
        kept = {name: dict(each.secrets) for name, each in seen.items()}
        tokens = {each.pop("GITHUB_TOKEN")[:4] for each in kept.values()}
        assert tokens == {"ghs_"}
        assert kept["plain"] == {"A": "org", "B": "repo", "E": "org"}
        assert kept["deploy"] == {"A": "org", "B": "prod", "E": "org"}
        listed = stage.gh.get(f"{OWN}/organization-secrets").json()["secrets"]
        assert [each["name"] for each in listed] == ["A", "B", "E"]


def test_selected_repositories_are_listed_and_replaced() -> None:
    with staged(nothing) as stage:
        repo = stage.gh.get(REPO).json()["id"]
        stage.seal(ORG, "D", "x", visibility="selected", selected_repository_ids=[])
        stage.seal(ORG, "A", "x", visibility="all")
        where = f"{ORG}/secrets/D/repositories"
        body = {"selected_repository_ids": [repo]}
        assert stage.gh.put(where, json=body).status_code == 204
        names = [each["name"] for each in stage.gh.get(where).json()["repositories"]]
        assert names == ["tool"]
        assert stage.gh.put(f"{ORG}/secrets/A/repositories", json=body).status_code == 409


def test_nobody_in_particular_sees_no_secrets(anyone: httpx.Client, repo: str) -> None:
    body = {"encrypted_value": "x", "key_id": "1"}
    assert anyone.put(f"{repo}/actions/secrets/A", json=body).status_code == 401
