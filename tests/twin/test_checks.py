"""Commit statuses, check runs and check suites that clients make."""

from typing import Any

import httpx
import pytest

from tests.twin.conftest import Clone


@pytest.fixture
def sha(clone: Clone) -> str:
    return clone.git("rev-parse", "HEAD").strip()


def test_the_latest_status_of_each_context_counts(gh: httpx.Client, repo: str, sha: str) -> None:
    def combined() -> tuple[str, list[tuple[str, str]]]:
        body = gh.get(f"{repo}/commits/main/status").json()
        return body["state"], [(each["context"], each["state"]) for each in body["statuses"]]

    def say(state: str, context: str) -> None:
        body = {"state": state, "context": context, "target_url": "https://example.org"}
        assert gh.post(f"{repo}/statuses/{sha}", json=body).status_code == 201

    assert combined() == ("pending", [])
    say("pending", "ci")
    say("success", "lint")
    assert combined() == ("pending", [("ci", "pending"), ("lint", "success")])
    say("error", "ci")
    assert combined() == ("failure", [("ci", "error"), ("lint", "success")])
    say("success", "ci")
    assert combined() == ("success", [("ci", "success"), ("lint", "success")])
    every = gh.get(f"{repo}/commits/{sha}/statuses").json()
    states = [each["state"] for each in every]
    assert states == ["success", "error", "success", "pending"]


@pytest.mark.parametrize(
    ("place", "body"),
    [
        ("{sha}", {"state": "done"}),
        ("{sha}", {}),
        ("{sha}", {"state": "success", "description": "x" * 141}),
        ("0" * 40, {"state": "success"}),
        ("main", {"state": "success"}),
    ],
)
def test_a_status_that_github_refuses_is_refused(
    gh: httpx.Client, repo: str, sha: str, place: str, body: dict[str, str]
) -> None:
    answer = gh.post(f"{repo}/statuses/{place.format(sha=sha)}", json=body)
    assert answer.status_code == 422


def made(gh: httpx.Client, repo: str, sha: str, name: str, **more: Any) -> dict[str, Any]:
    answer = gh.post(f"{repo}/check-runs", json={"name": name, "head_sha": sha, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_a_conclusion_completes_a_check_run_and_its_suite(
    gh: httpx.Client, repo: str, sha: str
) -> None:
    first, second = (made(gh, repo, sha, name) for name in ("a", "b"))
    assert (first["status"], first["conclusion"]) == ("queued", None)
    after = gh.patch(first["url"], json={"conclusion": "success"}).json()
    assert (after["status"], after["conclusion"]) == ("completed", "success")
    assert after["completed_at"] is not None

    def suite() -> tuple[str, str | None]:
        (only,) = gh.get(f"{repo}/commits/main/check-suites").json()["check_suites"]
        return only["status"], only["conclusion"]

    assert suite() == ("in_progress", None)
    gh.patch(second["url"], json={"conclusion": "failure"})
    assert suite() == ("completed", "failure")
    named = gh.get(f"{repo}/commits/main/check-runs", params={"check_name": "b"}).json()
    assert [each["name"] for each in named["check_runs"]] == ["b"]


def test_annotations_add_up(gh: httpx.Client, repo: str, sha: str) -> None:
    remark = {
        "path": "README.md",
        "start_line": 1,
        "end_line": 2,
        "annotation_level": "warning",
        "message": "careful",
    }
    output = {"title": "T", "summary": "S", "annotations": [remark]}
    run = made(gh, repo, sha, "lint", output=output)
    run = gh.patch(run["url"], json={"output": output}).json()
    assert (run["output"]["title"], run["output"]["annotations_count"]) == ("T", 2)
    found = gh.get(run["output"]["annotations_url"]).json()
    assert [(each["start_line"], each["message"]) for each in found] == [(1, "careful")] * 2


@pytest.mark.parametrize(
    "more", [{"status": "completed"}, {"status": "on"}, {"conclusion": "well"}]
)
def test_a_check_run_that_makes_no_sense_is_refused(
    gh: httpx.Client, repo: str, sha: str, more: dict[str, str]
) -> None:
    body = {"name": "a", "head_sha": sha, **more}
    assert gh.post(f"{repo}/check-runs", json=body).status_code == 422
    assert gh.get(f"{repo}/commits/main/check-runs").json()["total_count"] == 0
