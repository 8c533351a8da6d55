"""Dispatches of a repository and of its workflows: what starts runs by hand."""

from __future__ import annotations

import json
from typing import Any

from meta.twin import git
from meta.twin.actions import events, plans
from meta.twin.actions import workflows as files
from meta.twin.rest import workflows
from meta.twin.rest.shapes import repos
from meta.twin.store import Row
from meta.twin.web import Answer, Call, Refusal

LONGEST_TYPE = 100
MOST_KEYS = 10
LARGEST = 65_535
MOST_INPUTS = 25
#: From this version of the API on, a workflow's dispatch always answers with its run.
WITH_RUN = "2026-03-10"


def repository(call: Call, repo: Row) -> None:
    """Accepted, whether or not a workflow listens."""
    kind = call.text("event_type")
    if not 1 <= len(kind) <= LONGEST_TYPE:
        message = f"event_type must be 1 to {LONGEST_TYPE} characters long"
        raise Refusal(422, f"Invalid request.\n\n{message}.")
    payload = call.fields.get("client_payload")
    payload = {} if payload is None else payload
    if not isinstance(payload, dict):
        raise Refusal(
            422, f"Invalid request.\n\nFor 'client_payload', {payload!r} is not an object."
        )
    if len(payload) > MOST_KEYS:
        words = f"No more than {MOST_KEYS} properties are allowed; {len(payload)} were supplied."
        raise Refusal(422, f"Invalid request.\n\n{words}")
    if len(json.dumps(payload, ensure_ascii=False, separators=(",", ":"))) > LARGEST:
        raise Refusal(422, "client_payload is too large.")
    events.dispatched(call.store, repo, kind, payload, call.login)


def workflow(call: Call, repo: Row, workflow_id: str) -> Answer:
    """A run of one workflow, as it is at the branch or tag of the dispatch."""
    row = workflows.find(call, repo, workflow_id)
    ref = _ref(call, repo, call.text("ref"))
    sha = git.resolve(call.store.git_dir(repo), ref) or ""
    if row.doc["state"] != "active":
        raise Refusal(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow")
    found = files.one(call.store.git_dir(repo), sha, row.doc["path"])
    if found is None or "workflow_dispatch" not in (found.doc.get("on") or {}):
        raise Refusal(422, "Workflow does not have 'workflow_dispatch' trigger")
    inputs = _inputs(call, found.doc)
    run = events.by_hand(call.store, repo, row.doc["path"], ref, sha, inputs, call.login)
    asked = call.fields.get("return_run_details") is True
    always = call.headers.get("x-github-api-version", "") >= WITH_RUN
    if run is None or not (asked or always):
        return Answer(204)
    tail = f"actions/runs/{run.rest}"
    urls = {
        "run_url": f"{repos.api(call, repo)}/{tail}",
        "html_url": f"{repos.web(call, repo)}/{tail}",
    }
    return Answer(200, {"workflow_run_id": run.rest, **urls})


def _ref(call: Call, repo: Row, name: str) -> str:
    """The whole ref of a branch or a tag; a commit is none."""
    folder = call.store.git_dir(repo)
    places = [name] if name.startswith("refs/") else [f"refs/heads/{name}", f"refs/tags/{name}"]
    for ref in places:
        if git.resolve(folder, ref):
            return ref
    raise Refusal(422, f"No ref found for: {name}")


def _inputs(call: Call, doc: dict[str, Any]) -> dict[str, Any]:
    given = call.fields.get("inputs") or {}
    if not isinstance(given, dict) or len(given) > MOST_INPUTS:
        raise Refusal(422, f"Invalid request.\n\nAt most {MOST_INPUTS} inputs are allowed.")
    try:
        return plans.inputs(doc, "workflow_dispatch", given)
    except ValueError as error:
        raise Refusal(422, str(error)) from error


ROUTES = [
    ("POST", "/repos/{owner}/{repo}/dispatches", repository),
    ("POST", "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches", workflow),
]
