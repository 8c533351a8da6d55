"""Commit statuses: make one, list them, all in one."""

from __future__ import annotations

from typing import Any

from meta.twin import git
from meta.twin.actions import records
from meta.twin.rest import checking
from meta.twin.rest.shapes import deployments as shapes
from meta.twin.rest.shapes import repos
from meta.twin.settling import settled
from meta.twin.store import Row
from meta.twin.web import Answer, Call, Refusal, invalid, page

STATES = ("error", "failure", "pending", "success")
LONGEST_DESCRIPTION = 140


def create(call: Call, repo: Row, sha: str) -> Answer:
    found = git.resolve(call.store.git_dir(repo), sha) if len(sha) == len(git.NOTHING) else None
    if found is None:
        raise Refusal(422, f"No commit found for SHA: {sha}")
    state, fields = call.text("state"), call.fields
    if state not in STATES:
        raise invalid("Status", "state", "invalid")
    description = fields.get("description")
    if len(description or "") > LONGEST_DESCRIPTION:
        message = f"description is too long (maximum is {LONGEST_DESCRIPTION} characters)"
        raise invalid("Status", "description", "custom", message)
    doc = {
        "sha": found,
        "state": state,
        "description": description,
        "target_url": fields.get("target_url"),
        "context": str(fields.get("context") or "default"),
        "creator": call.login,
    }
    place = records.of_commit(repo, found)
    key = str(call.store.next_number(f"{place}/statuses"))
    row = call.store.add("commit_status", place, key, doc)
    settled(call.store, repo, found)
    shown = shapes.commit_status(call, repo, row)
    return Answer(201, shown, {"Location": shown["url"]})


def all_of(call: Call, repo: Row, ref: str) -> Answer:
    """Every one, newest first."""
    sha = checking.commit(call, repo, ref)
    rows = call.store.rows("commit_status", records.of_commit(repo, sha))[::-1]
    return page(call, rows, lambda row: shapes.commit_status(call, repo, row))


def combined(call: Call, repo: Row, ref: str) -> dict[str, Any]:
    """The latest of each context, and what they come to together."""
    sha = checking.commit(call, repo, ref)
    rows = checking.latest_statuses(call.store, repo, sha)
    url = f"{repos.api(call, repo)}/commits/{sha}"
    return {
        "state": _together({row.doc["state"] for row in rows}),
        "statuses": [shapes.simple_status(call, repo, row) for row in rows],
        "sha": sha,
        "total_count": len(rows),
        "repository": repos.minimal(call, repo),
        "commit_url": url,
        "url": f"{url}/status",
    }


def _together(states: set[str]) -> str:
    if states & {"error", "failure"}:
        return "failure"
    return "success" if states == {"success"} else "pending"


REPO = "/repos/{owner}/{repo}"
ROUTES = [
    ("POST", f"{REPO}/statuses/{{sha}}", create),
    ("GET", f"{REPO}/statuses/{{ref}}", all_of),
    ("GET", f"{REPO}/commits/{{ref}}/statuses", all_of),
    ("GET", f"{REPO}/commits/{{ref}}/status", combined),
]
