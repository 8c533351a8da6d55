"""Reviews, what must be before a merge, merging by itself, and classic protection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest


@pytest.fixture
def pull(gh: httpx.Client, repo: str, clone: Any) -> str:
    """The path of an open pull request of one commit."""
    clone.git("checkout", "-q", "-b", "topic")
    clone.commit({"a.txt": "a\n"})
    clone.push("topic")
    body = {"title": "Add a", "head": "topic", "base": "main"}
    assert gh.post(f"{repo}/pulls", json=body).status_code == 201
    return f"{repo}/pulls/1"


@pytest.fixture
def ada(twin: Any, gh: httpx.Client, repo: str) -> Iterator[httpx.Client]:
    """Somebody else with the right to write."""
    made = httpx.post(f"{twin.url}/_twin/tokens", json={"login": "ada", "scopes": ["repo"]})
    gh.put("/repos/Acme/tool/collaborators/ada", json={"permission": "push"})
    headers = {"Authorization": f"Bearer {made.json()['token']}"}
    with httpx.Client(base_url=twin.url, headers=headers, timeout=30) as client:
        for each in client.get("/user/repository_invitations").json():
            client.patch(f"/user/repository_invitations/{each['id']}")
        yield client


def rule(gh: httpx.Client, repo: str, kind: str, **parameters: Any) -> None:
    body = {
        "name": f"main {kind}",
        "target": "branch",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "rules": [{"type": kind, "parameters": parameters}],
    }
    assert gh.post(f"{repo}/rulesets", json=body).status_code == 201


def ask(gh: httpx.Client, query: str, **variables: Any) -> Any:
    body = {"query": query, "variables": variables}
    return gh.post("/graphql", json=body).raise_for_status().json()


def test_a_review_is_pending_until_it_is_submitted(
    gh: httpx.Client, ada: httpx.Client, pull: str
) -> None:
    draft = ada.post(f"{pull}/reviews", json={"body": "Well."}).json()
    assert (draft["state"], "submitted_at" in draft) == ("PENDING", False)
    assert gh.get(f"{pull}/reviews").json() == []
    assert ada.post(f"{pull}/reviews", json={"event": "APPROVE"}).status_code == 422
    one = f"{pull}/reviews/{draft['id']}"
    done = ada.post(f"{one}/events", json={"event": "REQUEST_CHANGES"}).json()
    assert (done["state"], done["body"], done["user"]["login"]) == (
        *("CHANGES_REQUESTED", "Well."),
        "ada",
    )
    gone = gh.put(f"{one}/dismissals", json={"message": "Settled."}).json()
    assert gone["state"] == "DISMISSED"
    assert [each["state"] for each in gh.get(f"{pull}/reviews").json()] == ["DISMISSED"]


def test_nobody_approves_their_own_pull_request(gh: httpx.Client, pull: str) -> None:
    own = gh.post(f"{pull}/reviews", json={"event": "APPROVE"})
    assert own.json()["errors"] == ["Can not approve your own pull request"]
    assert gh.post(f"{pull}/reviews", json={"event": "COMMENT", "body": "x"}).status_code == 200


def test_a_required_approval_keeps_it_from_being_merged_until_it_is_given(
    gh: httpx.Client, ada: httpx.Client, repo: str, pull: str
) -> None:
    rule(gh, repo, "pull_request", required_approving_review_count=1)
    assert gh.get(pull).json()["mergeable_state"] == "blocked"
    refused = gh.put(f"{pull}/merge")
    assert refused.status_code == 405
    assert refused.json()["message"] == (
        "Repository rule violations found\n\n"
        "At least 1 approving review is required by reviewers with write access."
    )
    ada.post(f"{pull}/reviews", json={"event": "REQUEST_CHANGES", "body": "No."})
    assert "Changes have been requested" in gh.put(f"{pull}/merge").json()["message"]
    ada.post(f"{pull}/reviews", json={"event": "APPROVE"})
    assert gh.get(pull).json()["mergeable_state"] == "clean"
    assert gh.put(f"{pull}/merge").status_code == 200


def test_an_approval_of_what_was_before_a_push_counts_no_more_where_a_rule_says_so(
    gh: httpx.Client, ada: httpx.Client, repo: str, pull: str, clone: Any
) -> None:
    stale = {"dismiss_stale_reviews_on_push": True, "required_approving_review_count": 1}
    rule(gh, repo, "pull_request", **stale)
    ada.post(f"{pull}/reviews", json={"event": "APPROVE"})
    clone.commit({"b.txt": "b\n"})
    clone.push("topic")
    assert [each["state"] for each in gh.get(f"{pull}/reviews").json()] == ["DISMISSED"]
    assert gh.put(f"{pull}/merge").status_code == 405


def test_a_required_check_must_be_green(gh: httpx.Client, repo: str, pull: str) -> None:
    checks = [{"context": "build"}]
    rule(gh, repo, "required_status_checks", required_status_checks=checks)
    sha = gh.get(pull).json()["head"]["sha"]

    def merged() -> Any:
        return gh.put(f"{pull}/merge").json()["message"].rpartition("\n")[2]

    assert merged() == 'Required status check "build" is expected.'
    gh.post(f"{repo}/statuses/{sha}", json={"state": "failure", "context": "build"})
    assert merged() == 'Required status check "build" is failing.'
    gh.post(f"{repo}/statuses/{sha}", json={"state": "success", "context": "build"})
    assert merged() == "Pull Request successfully merged"


ENABLE = """mutation($id: ID!) {
  enablePullRequestAutoMerge(input: {pullRequestId: $id, mergeMethod: SQUASH}) {
    pullRequest { autoMergeRequest { mergeMethod enabledBy { login } } mergeStateStatus } } }"""


def test_a_pull_request_merges_by_itself_once_its_check_is_green(
    gh: httpx.Client, repo: str, pull: str
) -> None:
    node = gh.get(pull).json()["node_id"]
    off = ask(gh, ENABLE, id=node)["errors"][0]["message"]
    assert off == "Auto merge is not allowed for this repository"
    gh.patch(repo, json={"allow_auto_merge": True})
    clean = ask(gh, ENABLE, id=node)["errors"][0]["message"]
    assert clean == "Pull request is in clean status"
    checks = [{"context": "build"}]
    rule(gh, repo, "required_status_checks", required_status_checks=checks)
    on = ask(gh, ENABLE, id=node)["data"]["enablePullRequestAutoMerge"]["pullRequest"]
    assert on == {
        "autoMergeRequest": {"mergeMethod": "SQUASH", "enabledBy": {"login": "twin-admin"}},
        "mergeStateStatus": "BLOCKED",
    }
    shown = gh.get(pull).json()
    assert (shown["auto_merge"]["merge_method"], shown["merged"]) == ("squash", False)
    body = {"state": "success", "context": "build"}
    gh.post(f"{repo}/statuses/{shown['head']['sha']}", json=body)
    after = gh.get(pull).json()
    assert (after["merged"], after["merged_by"]["login"]) == (True, "twin-admin")
    assert gh.get(f"{repo}/commits/main").json()["commit"]["message"] == "change (#1)"


def test_graphql_adds_a_review_and_shows_the_decision(
    gh: httpx.Client, ada: httpx.Client, repo: str, pull: str
) -> None:
    rule(gh, repo, "pull_request", required_approving_review_count=1)
    query = """{ repository(owner: "Acme", name: "tool") { pullRequest(number: 1) {
      id reviewDecision reviews(first: 5) { nodes { state body author { login } } }
      latestReviews(first: 5) { totalCount } } } }"""

    def shown() -> Any:
        return ask(gh, query)["data"]["repository"]["pullRequest"]

    assert shown()["reviewDecision"] == "REVIEW_REQUIRED"
    ask(
        ada,
        """mutation($id: ID!) { addPullRequestReview(
          input: {pullRequestId: $id, event: APPROVE, body: "Fine."}) {
          pullRequestReview { state } } }""",
        id=shown()["id"],
    )
    after = shown()
    assert after["reviewDecision"] == "APPROVED"
    assert after["reviews"]["nodes"] == [
        {"state": "APPROVED", "body": "Fine.", "author": {"login": "ada"}}
    ]
    assert after["latestReviews"]["totalCount"] == 1


BODY = {
    "required_status_checks": {"strict": True, "contexts": ["build"]},
    "enforce_admins": True,
    "required_pull_request_reviews": {"required_approving_review_count": 2},
    "restrictions": None,
}


def test_a_branch_is_protected_whole_and_part_by_part(
    gh: httpx.Client, repo: str, clone: Any
) -> None:
    place = f"{repo}/branches/main/protection"
    assert gh.get(place).json()["message"] == "Branch not protected"
    made = gh.put(place, json=BODY)
    assert made.status_code == 200
    assert gh.get(place).json() == made.json()
    assert made.json()["required_status_checks"]["checks"] == [{"context": "build", "app_id": None}]
    assert gh.get(f"{repo}/branches/main").json()["protected"] is True
    assert gh.patch(f"{place}/required_status_checks", json={"strict": False}).json()[
        "contexts"
    ] == ["build"]
    assert gh.delete(f"{place}/enforce_admins").status_code == 204
    assert gh.get(f"{place}/enforce_admins").json()["enabled"] is False
    assert gh.post(f"{place}/required_signatures").json()["enabled"] is True
    assert gh.delete(f"{place}/required_pull_request_reviews").status_code == 204
    assert gh.get(f"{place}/required_pull_request_reviews").status_code == 404
    assert gh.delete(place).status_code == 204
    assert gh.get(place).status_code == 404
    short = gh.put(place, json={"enforce_admins": True})
    assert short.status_code == 422


def test_classic_protection_holds_for_pushes_and_merges(
    gh: httpx.Client, repo: str, clone: Any, pull: str
) -> None:
    place = f"{repo}/branches/main/protection"
    gh.put(place, json=BODY)
    clone.git("checkout", "-q", "main")
    clone.commit({"b.txt": "b\n"})
    said = clone.push("main", fails=True)
    assert "GH006: Protected branch update failed for refs/heads/main" in said
    refused = gh.put(f"{pull}/merge").json()["message"]
    assert "At least 2 approving reviews are required" in refused
    gh.delete(f"{place}/enforce_admins")
    clone.push("main")
    clone.git("commit", "--amend", "-q", "-m", "other")
    assert "Cannot force-push to this branch" in clone.push("--force", "main", fails=True)


def test_graphql_shows_checks_of_a_pull_request_and_the_protection_of_its_base(
    gh: httpx.Client, repo: str, pull: str
) -> None:
    gh.put(f"{repo}/branches/main/protection", json=BODY)
    sha = gh.get(pull).json()["head"]["sha"]
    gh.post(f"{repo}/statuses/{sha}", json={"state": "success", "context": "build"})
    run = {"name": "lint", "head_sha": sha, "status": "completed", "conclusion": "failure"}
    gh.post(f"{repo}/check-runs", json=run)
    query = """{ repository(owner: "Acme", name: "tool") { pullRequest(number: 1) {
      baseRef { branchProtectionRule { pattern requiredApprovingReviewCount } }
      statusCheckRollup { state contexts(first: 5) { nodes { __typename
        ... on StatusContext { context state isRequired(pullRequestNumber: 1) }
        ... on CheckRun { name status conclusion } } } } } } }"""
    shown = ask(gh, query)["data"]["repository"]["pullRequest"]
    assert shown["baseRef"]["branchProtectionRule"] == {
        "pattern": "main",
        "requiredApprovingReviewCount": 2,
    }
    assert shown["statusCheckRollup"] == {
        "state": "FAILURE",
        "contexts": {
            "nodes": [
                {
                    "__typename": "CheckRun",
                    "name": "lint",
                    "status": "COMPLETED",
                    "conclusion": "FAILURE",
                },
                {
                    "__typename": "StatusContext",
                    "context": "build",
                    "state": "SUCCESS",
                    "isRequired": True,
                },
            ]
        },
    }
