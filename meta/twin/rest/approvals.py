"""Environments that a run waits for, and who let it pass."""

from __future__ import annotations

from typing import Any

from meta.twin.actions import decide, gates, records
from meta.twin.rest import runs
from meta.twin.rest.environments import reviewer
from meta.twin.rest.shapes import deployments, users
from meta.twin.rest.shapes import environments as shapes
from meta.twin.store import Row, row_id
from meta.twin.web import Call, Refusal

STATES = ("approved", "rejected")


def pending(call: Call, repo: Row, run_id: str) -> list[dict[str, Any]]:
    run = runs.find(call, repo, run_id)
    return [_pending(call, repo, run, row, jobs) for row, jobs in _waiting(call, run)]


def review(call: Call, repo: Row, run_id: str) -> list[dict[str, Any]]:
    """Approves or rejects what waits for some environments; answers with the deployments."""
    run = runs.find(call, repo, run_id)
    state, numbers = call.text("state"), call.fields.get("environment_ids")
    if state not in STATES or not isinstance(numbers, list):
        raise Refusal(
            422, "Invalid request.\n\nenvironment_ids and a state of approved or rejected."
        )
    wanted = [row_id("environment", int(number)) for number in numbers]
    waiting = {row.id: (row, jobs) for row, jobs in _waiting(call, run)}
    if not wanted or not set(wanted) <= set(waiting):
        raise Refusal(422, "There are no pending deployment requests for these environments")
    if any(not _may(call, run, waiting[each][0]) for each in wanted):
        raise Refusal(422, "You cannot review your own deployments to these environments")
    jobs = [job for each in wanted for job in waiting[each][1]]
    decide.review(call.store, run, wanted, state, call.login, str(call.fields.get("comment") or ""))
    made = (call.store.by_id(job.doc["deployment"]) for job in jobs)
    return [deployments.deployment(call, repo, row) for row in made if row]


def history(call: Call, repo: Row, run_id: str) -> list[dict[str, Any]]:
    run = runs.find(call, repo, run_id)
    rows = call.store.rows("approval", records.inside(run.id))
    return [_approval(call, repo, row) for row in rows][::-1]


def _waiting(call: Call, run: Row) -> list[tuple[Row, list[Row]]]:
    """Environments with the jobs of a run that wait for them."""
    found: dict[int, list[Row]] = {}
    for job in gates.waiting(call.store, run):
        found.setdefault(job.doc["environment"]["id"], []).append(job)
    rows = ((call.store.by_id(number), jobs) for number, jobs in found.items())
    return [(row, jobs) for row, jobs in rows if row]


def _pending(call: Call, repo: Row, run: Row, row: Row, jobs: list[Row]) -> dict[str, Any]:
    shown = shapes.brief(call, repo, row)
    begun = jobs[0].doc["started_at"] if row.doc["wait_timer"] else None
    return {
        "environment": {name: shown[name] for name in ("id", "node_id", "name", "url", "html_url")},
        "wait_timer": row.doc["wait_timer"],
        "wait_timer_started_at": begun,
        "current_user_can_approve": _may(call, run, row),
        "reviewers": [who for each in row.doc["reviewers"] if (who := reviewer(call, each))],
    }


def _may(call: Call, run: Row, row: Row) -> bool:
    """Whoever asked for a run may not let it pass where that is ruled out."""
    return not (row.doc["prevent_self_review"] and run.doc["actor"] == call.login)


def _approval(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    rows = (call.store.by_id(each) for each in row.doc["environments"])
    return {
        "environments": [shapes.brief(call, repo, each) for each in rows if each],
        "state": row.doc["state"],
        "user": users.simple(call, row.doc["user"]),
        "comment": row.doc["comment"],
    }


RUN = "/repos/{owner}/{repo}/actions/runs/{run_id}"
ROUTES = [
    ("GET", f"{RUN}/pending_deployments", pending),
    ("POST", f"{RUN}/pending_deployments", review),
    ("GET", f"{RUN}/approvals", history),
]
