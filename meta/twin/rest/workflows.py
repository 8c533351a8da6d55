"""/actions/workflows of a repository: list, show, switch on and off."""

from __future__ import annotations

from typing import Any

from meta.twin import git
from meta.twin.actions import records
from meta.twin.actions import workflows as files
from meta.twin.actions.start import listed
from meta.twin.rest.labels import scope
from meta.twin.rest.shapes import actions as shapes
from meta.twin.store import Row, row_id
from meta.twin.web import Answer, Call, page, there


def all_of(call: Call, repo: Row) -> Answer:
    rows = present(call, repo)
    return page(call, rows, lambda row: shapes.workflow(call, repo, row), "workflows")


def show(call: Call, repo: Row, workflow_id: str) -> dict[str, Any]:
    return shapes.workflow(call, repo, find(call, repo, workflow_id))


def enable(call: Call, repo: Row, workflow_id: str) -> None:
    _set(call, find(call, repo, workflow_id), "active")


def disable(call: Call, repo: Row, workflow_id: str) -> None:
    _set(call, find(call, repo, workflow_id), "disabled_manually")


def find(call: Call, repo: Row, name: str) -> Row:
    """By number, or by the name of its file; raises NotFound."""
    rows = present(call, repo)
    if name.isdigit():
        wanted = row_id("workflow", int(name))
        return there(next((row for row in rows if row.id == wanted), None))
    return there(next((row for row in rows if name in _names(row)), None))


def present(call: Call, repo: Row) -> list[Row]:
    """Those on the default branch, and those that have run on another."""
    sha = git.branches(call.store.git_dir(repo)).get(repo.doc["default_branch"])
    found = files.at(call.store.git_dir(repo), sha) if sha else ()
    with records.whole(call.store):
        here = {listed(call.store, repo, each).id for each in found if not each.problem}
    ran = {row.doc["workflow"] for row in call.store.rows("run", scope(repo))}
    rows = call.store.rows("workflow", scope(repo))
    return [row for row in rows if row.id in here | ran]


def _names(row: Row) -> tuple[str, str]:
    return row.doc["path"].rpartition("/")[2], row.doc["path"]


def _set(call: Call, row: Row, state: str) -> None:
    row.doc["state"] = state
    call.store.save(row)


WORKFLOWS = "/repos/{owner}/{repo}/actions/workflows"
ROUTES = [
    ("GET", WORKFLOWS, all_of),
    ("GET", f"{WORKFLOWS}/{{workflow_id}}", show),
    ("PUT", f"{WORKFLOWS}/{{workflow_id}}/enable", enable),
    ("PUT", f"{WORKFLOWS}/{{workflow_id}}/disable", disable),
]
