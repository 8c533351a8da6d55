"""/dependencies of an issue: which issues it waits for, and which wait for it."""

from __future__ import annotations

from typing import Any

from meta.twin import relations
from meta.twin.rest.issues import ISSUES, find
from meta.twin.rest.shapes import issues as shapes
from meta.twin.store import Exists, Row, Store, row_id
from meta.twin.web import Answer, Call, Refusal, page, there, whole

#: How many issues one may wait for, and how many may wait for one.
MOST = 50


def before(call: Call, repo: Row, number: str) -> Answer:
    rows = relations.blockers(call.store, find(call, repo, number))
    return page(call, rows, lambda row: _shown(call, row))


def after(call: Call, repo: Row, number: str) -> Answer:
    rows = relations.blocked(call.store, find(call, repo, number))
    return page(call, rows, lambda row: _shown(call, row))


def add(call: Call, repo: Row, number: str) -> Answer:
    issue, given = find(call, repo, number), call.fields.get("issue_id")
    if not isinstance(given, int):
        raise Refusal(422, 'Invalid request.\n\n"issue_id" wasn\'t supplied.')
    tie(call.store, issue, _other(call, given))
    shown = shapes.issue(call, repo, issue)
    return Answer(201, shown, {"Location": f"{shown['url']}/dependencies/blocked_by"})


def remove(call: Call, repo: Row, number: str, other: str) -> dict[str, Any]:
    issue = find(call, repo, number)
    untie(call.store, issue, _other(call, whole(other)))
    return shapes.issue(call, repo, issue)


def tie(store: Store, issue: Row, blocker: Row) -> None:
    """Raises Refusal where GitHub would: itself, twice, a circle, pull requests, too many."""
    if issue.kind != "issue" or blocker.kind != "issue":
        raise Refusal(422, "Validation failed: a pull request cannot be blocked or block")
    if issue.id == blocker.id:
        raise Refusal(422, "Validation failed: an issue cannot be blocked by itself")
    if relations.waits(store, blocker, issue):
        raise Refusal(422, "Validation failed: the dependency would close a circle")
    if len(relations.blockers(store, issue)) >= MOST:
        raise Refusal(422, f"Validation failed: an issue has at most {MOST} blockers")
    if len(relations.blocked(store, blocker)) >= MOST:
        raise Refusal(422, f"Validation failed: an issue blocks at most {MOST} others")
    try:
        relations.tie(store, issue, blocker)
    except Exists as error:
        raise Refusal(422, "Validation failed: the dependency exists already") from error
    store.save(issue)


def untie(store: Store, issue: Row, blocker: Row) -> None:
    """Raises Refusal where there is no such dependency."""
    if not relations.untie(store, issue, blocker):
        raise Refusal(404, "Not Found")
    store.save(issue)


def _other(call: Call, number: int) -> Row:
    row = there(call.store.by_id(row_id("issue", number)))
    return there(row if row.kind in ("issue", "pull") else None)


def _shown(call: Call, row: Row) -> dict[str, Any]:
    return shapes.issue(call, shapes.repo_of(call, row), row)


PLACE = f"{ISSUES}/{{number}}/dependencies"
ROUTES = [
    ("GET", f"{PLACE}/blocked_by", before),
    ("POST", f"{PLACE}/blocked_by", add),
    ("DELETE", f"{PLACE}/blocked_by/{{other}}", remove),
    ("GET", f"{PLACE}/blocking", after),
]
