"""Artifacts of runs: lists, one, its content, delete."""

from __future__ import annotations

from typing import Any

from meta.twin.actions import records, results
from meta.twin.rest import runs
from meta.twin.rest.jobs import ZIP
from meta.twin.rest.labels import scope
from meta.twin.rest.shapes import actions as shapes
from meta.twin.rest.shapes import repos
from meta.twin.store import Row, row_id
from meta.twin.web import Answer, Call, Refusal, page, there, whole


def all_of(call: Call, repo: Row) -> Answer:
    found = call.store.rows("run", scope(repo))
    return _page(call, repo, [row for run in found for row in _rows(call, run)])


def of_run(call: Call, repo: Row, run_id: str) -> Answer:
    return _page(call, repo, _rows(call, runs.find(call, repo, run_id)))


def show(call: Call, repo: Row, artifact_id: str) -> dict[str, Any]:
    return _shown(call, repo, _find(call, repo, artifact_id))


def download(call: Call, repo: Row, artifact_id: str, archive_format: str) -> Answer:
    """Where the content is: GitHub sends clients elsewhere for it, and so does the twin."""
    row = _find(call, repo, artifact_id)
    if archive_format != "zip":
        raise Refusal(422, "archive_format must be zip")
    url = f"{repos.api(call, repo)}/actions/artifacts/{row.rest}/zip/content"
    return Answer(302, None, {"Location": url})


def content(call: Call, repo: Row, artifact_id: str) -> Answer:
    return Answer(200, results.content(call.store, _find(call, repo, artifact_id)), ZIP)


def delete(call: Call, repo: Row, artifact_id: str) -> None:
    row = _find(call, repo, artifact_id)
    call.store.drop(there(call.store.get("artifact_data", "", str(row.id))))
    call.store.drop(row)


def caches(call: Call, repo: Row) -> Answer:
    """None: the twin caches nothing."""
    return page(call, [], dict, "actions_caches")


def _find(call: Call, repo: Row, number: str) -> Row:
    row = there(call.store.by_id(row_id("artifact", whole(number))))
    return there(row if row.kind == "artifact" and row.doc["repo"] == repo.id else None)


def _rows(call: Call, run: Row) -> list[Row]:
    return call.store.rows("artifact", records.inside(run.id))


def _page(call: Call, repo: Row, rows: list[Row]) -> Answer:
    wanted = call.query.get("name")
    kept = [row for row in rows if wanted in (None, "", row.key)][::-1]
    return page(call, kept, lambda row: _shown(call, repo, row), "artifacts")


def _shown(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    return shapes.artifact(call, repo, row, records.run(call.store, row.doc["run"]))


ARTIFACTS = "/repos/{owner}/{repo}/actions/artifacts"
ONE = f"{ARTIFACTS}/{{artifact_id}}"
ROUTES = [
    ("GET", ARTIFACTS, all_of),
    ("GET", "/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts", of_run),
    ("GET", ONE, show),
    ("DELETE", ONE, delete),
    ("GET", f"{ONE}/{{archive_format}}", download),
    ("GET", f"{ONE}/zip/content", content),
    ("GET", "/repos/{owner}/{repo}/actions/caches", caches),
]
