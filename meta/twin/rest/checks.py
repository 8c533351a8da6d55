"""Check runs and check suites: those that clients make, and those that jobs are."""

from __future__ import annotations

from typing import Any

from meta.twin.actions import records
from meta.twin.rest import checking
from meta.twin.rest.shapes import checks as shapes
from meta.twin.settling import settled
from meta.twin.store import Row, now, row_id
from meta.twin.web import Answer, Call, Refusal, page, there, whole

STATUSES = ("queued", "in_progress", "completed", "waiting", "requested", "pending")
CONCLUSIONS = (
    *("action_required", "cancelled", "failure", "neutral", "success", "skipped"),
    *("stale", "timed_out"),
)


def create(call: Call, repo: Row) -> Answer:
    name, sha = call.text("name"), checking.commit(call, repo, call.text("head_sha"))
    place = records.of_commit(repo, sha)
    doc: dict[str, Any] = {
        "repo": repo.id,
        "name": name,
        "sha": sha,
        "suite": _suite(call, repo, sha).id,
        "status": "queued",
        "conclusion": None,
        "started_at": now(),
        "completed_at": None,
        "external_id": "",
        "details_url": None,
        "output": {},
        "annotations": [],
    }
    key = str(call.store.next_number(f"{place}/checks"))
    row = call.store.add("check_run", place, key, _changed(call, doc))
    _settle(call, repo, sha)
    shown = shapes.run(call, repo, row)
    return Answer(201, shown, {"Location": shown["url"]})


def update(call: Call, repo: Row, check_run_id: str) -> dict[str, Any]:
    row = _find(call, repo, check_run_id)
    if row.kind == "job":
        raise Refusal(403, "Resource not accessible by integration")
    row.doc = _changed(call, row.doc)
    call.store.save(row)
    _settle(call, repo, row.doc["sha"])
    return shapes.run(call, repo, row)


def show(call: Call, repo: Row, check_run_id: str) -> dict[str, Any]:
    return shapes.run(call, repo, _find(call, repo, check_run_id))


def remarks(call: Call, repo: Row, check_run_id: str) -> Answer:
    row = _find(call, repo, check_run_id)
    sha = row.doc["sha"] if row.kind == "check_run" else ""
    sha = sha or records.run(call.store, row.doc["run"]).doc["sha"]
    return page(call, row.doc["annotations"], lambda doc: shapes.annotation(call, repo, sha, doc))


def of_commit(call: Call, repo: Row, ref: str) -> Answer:
    sha = checking.commit(call, repo, ref)
    return _runs(call, repo, checking.check_runs(call.store, repo, sha))


def of_suite(call: Call, repo: Row, check_suite_id: str) -> Answer:
    return _runs(call, repo, _inside(call, repo, _find_suite(call, repo, check_suite_id)))


def suites(call: Call, repo: Row, ref: str) -> Answer:
    sha = checking.commit(call, repo, ref)
    own = call.store.rows("check_suite", records.of_commit(repo, sha))
    rows = own + checking.runs(call.store, repo, sha)
    return page(call, rows, lambda row: _suite_shown(call, repo, row), "check_suites")


def suite(call: Call, repo: Row, check_suite_id: str) -> dict[str, Any]:
    return _suite_shown(call, repo, _find_suite(call, repo, check_suite_id))


def _changed(call: Call, doc: dict[str, Any]) -> dict[str, Any]:
    """A check run after a call; a conclusion completes it."""
    fields = call.fields
    kept = ("name", "status", "conclusion", "started_at", "completed_at", "external_id")
    made = doc | {name: fields[name] for name in (*kept, "details_url") if name in fields}
    if "conclusion" in fields:
        made["status"] = "completed"
    if made["status"] not in STATUSES or made["conclusion"] not in (None, *CONCLUSIONS):
        raise Refusal(422, "Invalid request.\n\nNo such status or conclusion.")
    if made["status"] == "completed":
        if made["conclusion"] is None:
            raise Refusal(422, "Invalid request.\n\nA completed check run needs a conclusion.")
        made["completed_at"] = made["completed_at"] or now()
    output = fields.get("output") or {}
    made["output"] = made["output"] | {name: output[name] for name in output}
    made["annotations"] = made["annotations"] + (output.get("annotations") or [])
    return made


def _find(call: Call, repo: Row, number: str) -> Row:
    row = there(call.store.by_id(row_id("check_run", whole(number))))
    known = row.kind in ("check_run", "job") and row.doc["repo"] == repo.id
    return there(row if known else None)


def _find_suite(call: Call, repo: Row, number: str) -> Row:
    row = there(call.store.by_id(row_id("check_suite", whole(number))))
    known = row.kind in ("check_suite", "run") and row.doc["repo"] == repo.id
    return there(row if known else None)


def _suite(call: Call, repo: Row, sha: str) -> Row:
    """What clients made of a commit, in one suite."""
    place = records.of_commit(repo, sha)
    doc = {"repo": repo.id, "sha": sha, "branch": None, "status": "queued", "conclusion": None}
    return call.store.get("check_suite", place, "") or call.store.add("check_suite", place, "", doc)


def _settle(call: Call, repo: Row, sha: str) -> None:
    """A suite is over once its check runs are, and as good as the worst of them."""
    suite, rows = (
        _suite(call, repo, sha),
        call.store.rows("check_run", records.of_commit(repo, sha)),
    )
    over = all(row.doc["status"] == "completed" for row in rows)
    bad = [row.doc["conclusion"] for row in rows if row.doc["conclusion"] not in checking.GOOD]
    conclusion = (bad[0] if bad else "success") if over else None
    suite.doc |= {"status": "completed" if over else "in_progress", "conclusion": conclusion}
    call.store.save(suite)
    settled(call.store, repo, sha)


def _inside(call: Call, repo: Row, suite: Row) -> list[Row]:
    if suite.kind == "run":
        return records.jobs(call.store, suite)
    return call.store.rows("check_run", suite.scope)


def _suite_shown(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    return shapes.suite(call, repo, row, len(_inside(call, repo, row)))


def _runs(call: Call, repo: Row, rows: list[Row]) -> Answer:
    names = (("check_name", "name"), ("status", "status"))
    kept = [row for row in rows if all(call.query.get(a) in (None, row.doc[b]) for a, b in names)]
    return page(call, kept, lambda row: shapes.run(call, repo, row), "check_runs")


REPO = "/repos/{owner}/{repo}"
ROUTES = [
    ("POST", f"{REPO}/check-runs", create),
    ("GET", f"{REPO}/check-runs/{{check_run_id}}", show),
    ("PATCH", f"{REPO}/check-runs/{{check_run_id}}", update),
    ("GET", f"{REPO}/check-runs/{{check_run_id}}/annotations", remarks),
    ("GET", f"{REPO}/commits/{{ref}}/check-runs", of_commit),
    ("GET", f"{REPO}/commits/{{ref}}/check-suites", suites),
    ("GET", f"{REPO}/check-suites/{{check_suite_id}}", suite),
    ("GET", f"{REPO}/check-suites/{{check_suite_id}}/check-runs", of_suite),
]
