"""/search/issues and /search/repositories: what words and qualifiers find, after a lag."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from meta.twin import searching
from meta.twin.rest.shapes import issues as shapes
from meta.twin.rest.shapes import repos
from meta.twin.store import Row
from meta.twin.web import Answer, Call, Refusal, invalid, page

ORDERS: dict[str, Callable[[Row], Any]] = {
    "created": lambda row: (row.created, row.id),
    "updated": lambda row: (row.updated, row.id),
}


def issues(call: Call) -> Answer:
    rows = _found(call, lambda text: searching.issues(call.store, text))
    if call.query.get("sort") == "comments":
        rows.sort(key=lambda row: len(call.store.where("comment", "issue", row.id)), reverse=True)
    return _page(call, rows, lambda row: _issue(call, row), {"search_type": "lexical"})


def repositories(call: Call) -> Answer:
    rows = _found(call, lambda text: searching.repositories(call.store, text))
    return _page(call, rows, lambda row: repos.minimal(call, row) | {"score": 1.0}, {})


def _found(call: Call, find: Callable[[str], list[Row]]) -> list[Row]:
    text = call.query.get("q", "").strip()
    if not text:
        raise invalid("Search", "q", "missing")
    try:
        rows = find(text)
    except searching.Unknown as unknown:
        raise Refusal(501, f"the twin's search has no {unknown}") from unknown
    by = ORDERS.get(call.query.get("sort", ""))
    if by:
        rows.sort(key=by, reverse=call.query.get("order", "desc") != "asc")
    return [row for row in rows if call.login or not _repo(call, row).doc["private"]]


def _page(
    call: Call, rows: list[Row], show: Callable[[Row], dict[str, Any]], more: dict[str, Any]
) -> Answer:
    answer = page(call, rows, show, "items")
    body = {**answer.body, "incomplete_results": False, **more}
    return Answer(200, body, answer.headers)


def _issue(call: Call, row: Row) -> dict[str, Any]:
    return shapes.issue(call, _repo(call, row), row) | {"score": 1.0}


def _repo(call: Call, row: Row) -> Row:
    return row if row.kind == "repo" else shapes.repo_of(call, row)


ROUTES = [("GET", "/search/issues", issues), ("GET", "/search/repositories", repositories)]
