"""/actions/runs of a repository: list, show, cancel, again, delete, attempts, logs."""

from __future__ import annotations

from typing import Any

from meta.twin.actions import advance, decide, records
from meta.twin.actions.records import OVER
from meta.twin.rest import workflows
from meta.twin.rest.labels import scope
from meta.twin.rest.shapes import actions as shapes
from meta.twin.rest.spans import inside
from meta.twin.store import Row, rest_id, row_id
from meta.twin.web import Answer, Call, Refusal, page, there, whole

#: What a search of runs finds at most, as soon as it is narrowed at all.
MOST_FOUND = 1000
NARROWED = ("actor", "branch", "event", "status", "created", "head_sha", "check_suite_id")


def all_of(call: Call, repo: Row) -> Answer:
    return _page(call, repo, call.store.rows("run", scope(repo)))


def of_workflow(call: Call, repo: Row, workflow_id: str) -> Answer:
    wanted = workflows.find(call, repo, workflow_id).id
    rows = call.store.rows("run", scope(repo))
    return _page(call, repo, [row for row in rows if row.doc["workflow"] == wanted])


def show(call: Call, repo: Row, run_id: str) -> dict[str, Any]:
    return shapes.run(call, repo, find(call, repo, run_id))


def attempt(call: Call, repo: Row, run_id: str, attempt_number: str) -> dict[str, Any]:
    row = find(call, repo, run_id)
    return shapes.run(call, repo, row, attempt_doc(call, row, attempt_number))


def cancel(call: Call, repo: Row, run_id: str) -> Answer:
    row = find(call, repo, run_id)
    if row.doc["status"] == OVER:
        raise Refusal(409, "Cannot cancel a workflow run that is completed.")
    with records.whole(call.store):
        advance.cancel(call.store, row)
    return Answer(202, {})


def again(call: Call, repo: Row, run_id: str) -> Answer:
    row = _over(call, repo, run_id)
    with records.whole(call.store):
        decide.again(call.store, row)
    return Answer(201, {})


def failed_again(call: Call, repo: Row, run_id: str) -> Answer:
    row = _over(call, repo, run_id)
    failed = decide.failed(call.store, row)
    if not failed:
        raise Refusal(403, "This workflow run has no failed jobs.")
    with records.whole(call.store):
        decide.again(call.store, row, failed)
    return Answer(201, {})


def delete(call: Call, repo: Row, run_id: str) -> None:
    row = find(call, repo, run_id)
    if row.doc["status"] != OVER:
        raise Refusal(403, "Could not delete the workflow run: it is not completed.")
    for artifact in call.store.rows("artifact", records.inside(row.id)):
        call.store.drop(there(call.store.get("artifact_data", "", str(artifact.id))))
    call.store.drop_scope(records.inside(row.id))
    call.store.drop(row)


def find(call: Call, repo: Row, number: str) -> Row:
    """Raises NotFound, also for the run of another repository."""
    row = there(call.store.by_id(row_id("run", whole(number))))
    return there(row if row.kind == "run" and row.doc["repo"] == repo.id else None)


def attempt_doc(call: Call, row: Row, number: str) -> dict[str, Any]:
    if whole(number) == row.doc["attempt"]:
        return row.doc
    return there(call.store.get("attempt", records.inside(row.id), number)).doc


def _over(call: Call, repo: Row, run_id: str) -> Row:
    row = find(call, repo, run_id)
    if row.doc["status"] != OVER:
        raise Refusal(403, "This workflow run is already running.")
    if call.store.workers is None:
        raise Refusal(409, "Actions are off on this twin.")
    return row


def _page(call: Call, repo: Row, rows: list[Row]) -> Answer:
    found = [row for row in rows if _fits(call, row)][::-1]
    if any(name in call.query for name in NARROWED):
        found = found[:MOST_FOUND]
    bare = call.query.get("exclude_pull_requests") == "true"

    def shown(row: Row) -> dict[str, Any]:
        return shapes.run(call, repo, row) | ({"pull_requests": []} if bare else {})

    return page(call, found, shown, "workflow_runs")


def _fits(call: Call, row: Row) -> bool:
    query, doc = call.query, row.doc
    suite = query.get("check_suite_id")
    return (
        query.get("event") in (None, "", doc["event"])
        and query.get("branch") in (None, "", doc["branch"])
        and query.get("head_sha") in (None, "", doc["sha"])
        and query.get("actor", "").lower() in ("", doc["actor"].lower())
        and query.get("status") in (None, "", doc["status"], doc["conclusion"])
        and (not suite or whole(suite) == rest_id("check_suite", row.id))
        and inside(query.get("created", ""), row.created)
    )


RUNS = "/repos/{owner}/{repo}/actions/runs"
RUN = f"{RUNS}/{{run_id}}"
ROUTES = [
    ("GET", RUNS, all_of),
    ("GET", "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs", of_workflow),
    ("GET", RUN, show),
    ("DELETE", RUN, delete),
    ("POST", f"{RUN}/cancel", cancel),
    ("POST", f"{RUN}/force-cancel", cancel),
    ("POST", f"{RUN}/rerun", again),
    ("POST", f"{RUN}/rerun-failed-jobs", failed_again),
    ("GET", f"{RUN}/attempts/{{attempt_number}}", attempt),
]
