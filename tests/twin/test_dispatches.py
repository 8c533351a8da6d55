"""What a dispatch takes, and what it answers."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from meta.twin.actions.work import Job, Result
from tests.twin.actors import REPO, RUNS, Stage, staged

HAND = f"{REPO}/actions/workflows/ci.yml/dispatches"
WORKFLOW = """
on:
  repository_dispatch:
  workflow_dispatch:
    inputs:
      level: {type: choice, options: [low, high], default: low}
      sure: {type: boolean}
      who: {required: true}
jobs: {a: {runs-on: x, steps: [{run: x}]}}
"""
SEEN: list[Job] = []


def remember(job: Job) -> Result:
    SEEN.append(job)
    return Result()


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with staged(remember) as made:
        made.workflow(WORKFLOW)
        yield made


def test_with_actions_off_a_dispatch_is_accepted_and_makes_no_run(
    gh: httpx.Client, repo: str
) -> None:
    body = {"event_type": "go"}
    assert gh.post(f"{repo}/dispatches", json=body).status_code == 204
    assert gh.get(f"{repo}/actions/runs").json() == {"total_count": 0, "workflow_runs": []}
    assert "--actions" in gh.get("/_twin").json()["actions"]["why"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"event_type": "x" * 100}, 204),
        ({"event_type": "x" * 101}, 422),
        ({"event_type": ""}, 422),
        ({}, 422),
        ({"event_type": "x", "client_payload": {str(n): n for n in range(10)}}, 204),
        ({"event_type": "x", "client_payload": {str(n): n for n in range(11)}}, 422),
        ({"event_type": "x", "client_payload": {"a": "x" * 65_527}}, 204),
        ({"event_type": "x", "client_payload": {"a": "x" * 65_528}}, 422),
        ({"event_type": "x", "client_payload": ["a"]}, 422),
    ],
)
def test_a_repository_dispatch_has_githubs_limits(
    stage: Stage, body: dict[str, Any], status: int
) -> None:
    assert stage.gh.post(f"{REPO}/dispatches", json=body).status_code == status


def test_too_many_properties_are_counted_in_the_answer(stage: Stage) -> None:
    body = {"event_type": "x", "client_payload": {str(n): n for n in range(14)}}
    message = stage.gh.post(f"{REPO}/dispatches", json=body).json()["message"]
    assert "No more than 10 properties are allowed; 14 were supplied." in message


@pytest.mark.parametrize(
    ("version", "asked", "status"),
    [
        ("2022-11-28", {}, 204),
        ("2022-11-28", {"return_run_details": True}, 200),
        ("2026-03-10", {}, 200),
    ],
)
def test_a_workflow_dispatch_says_its_run_where_it_should(
    stage: Stage, version: str, asked: dict[str, bool], status: int
) -> None:
    body = {"ref": "main", "inputs": {"who": "me"}, **asked}
    headers = {"X-GitHub-Api-Version": version}
    answer = stage.gh.post(HAND, json=body, headers=headers)
    assert answer.status_code == status
    newest = stage.gh.get(RUNS).json()["workflow_runs"][0]
    if status == 200:
        assert answer.json() == {
            "workflow_run_id": newest["id"],
            "run_url": newest["url"],
            "html_url": newest["html_url"],
        }


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"ref": "none"}, "No ref found for: none"),
        ({"ref": "main", "inputs": {}}, "Required input 'who' not provided"),
        ({"ref": "main", "inputs": {"who": "a", "x": "y"}}, "Unexpected inputs provided"),
        ({"ref": "main", "inputs": {"who": "a", "level": "top"}}, "not in the list"),
        ({"ref": "main", "inputs": {str(n): "" for n in range(26)}}, "At most 25 inputs"),
        ({}, '"ref" wasn\'t supplied'),
    ],
)
def test_a_workflow_dispatch_refuses(stage: Stage, body: dict[str, Any], words: str) -> None:
    answer = stage.gh.post(HAND, json=body)
    assert answer.status_code == 422
    assert words in answer.json()["message"]


def test_a_workflow_dispatch_takes_no_commit_for_a_ref(stage: Stage) -> None:
    sha = stage.gh.get(f"{REPO}/git/ref/heads/main").json()["object"]["sha"]
    answer = stage.gh.post(HAND, json={"ref": sha, "inputs": {"who": "a"}})
    assert (answer.status_code, answer.json()["message"]) == (422, f"No ref found for: {sha}")


def test_inputs_have_their_types_and_defaults(stage: Stage) -> None:
    body = {"ref": "main", "inputs": {"who": "me", "sure": "true"}, "return_run_details": True}
    made = stage.gh.post(HAND, json=body).json()["workflow_run_id"]
    stage.until(lambda: stage.gh.get(f"{RUNS}/{made}").json())
    inputs = next(job.inputs for job in SEEN if job.github["run_id"] == str(made))
    assert inputs == {"level": "low", "sure": True, "who": "me"}


def test_the_event_of_a_dispatch_says_what_was_sent(stage: Stage) -> None:
    stage.dispatch("deploy", token="abc")
    stage.ended()
    event = SEEN[-1].github["event"]
    assert (event["action"], event["branch"]) == ("deploy", "main")
    assert event["client_payload"] == {"token": "abc"}
    assert event["repository"]["full_name"] == "Acme/tool"
    assert event["sender"]["login"] == "twin-admin"
