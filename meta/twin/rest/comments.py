"""/comments of issues and pull requests."""

from __future__ import annotations

from typing import Any

from meta.twin.rest.issues import ISSUES, find, valid_body
from meta.twin.rest.labels import scope
from meta.twin.rest.shapes import issues as shapes
from meta.twin.store import NotFound, Row, row_id
from meta.twin.web import Answer, Call, invalid, page, there, whole


def of_repo(call: Call, repo: Row) -> Answer:
    return page(call, call.store.rows("comment", scope(repo)), lambda row: _shown(call, repo, row))


def of_issue(call: Call, repo: Row, number: str) -> Answer:
    holder = find(call, repo, number)
    rows = call.store.where("comment", "issue", holder.id)
    return page(call, rows, lambda row: shapes.comment(call, repo, holder, row))


def create(call: Call, repo: Row, number: str) -> Answer:
    holder = find(call, repo, number)
    body = valid_body(call.text("body"), "IssueComment")
    if not body:
        raise invalid("IssueComment", "body", "missing_field")
    key = str(call.store.next_number(f"{scope(repo)}#comments"))
    doc = {"issue": holder.id, "body": body, "author": call.user()}
    row = call.store.add("comment", scope(repo), key, doc)
    call.store.save(holder)
    shown = shapes.comment(call, repo, holder, row)
    return Answer(201, shown, {"Location": shown["url"]})


def show(call: Call, repo: Row, number: str) -> dict[str, Any]:
    return _shown(call, repo, _find(call, repo, number))


def update(call: Call, repo: Row, number: str) -> dict[str, Any]:
    row = _find(call, repo, number)
    row.doc["body"] = valid_body(call.text("body"), "IssueComment")
    call.store.save(row)
    return _shown(call, repo, row)


def delete(call: Call, repo: Row, number: str) -> None:
    call.store.drop(_find(call, repo, number))


def _find(call: Call, repo: Row, number: str) -> Row:
    row = there(call.store.by_id(row_id("comment", whole(number))))
    if row.kind != "comment" or row.scope != scope(repo):
        raise NotFound
    return row


def _shown(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    return shapes.comment(call, repo, there(call.store.by_id(row.doc["issue"])), row)


ROUTES = [
    ("GET", f"{ISSUES}/comments", of_repo),
    ("GET", f"{ISSUES}/comments/{{number}}", show),
    ("PATCH", f"{ISSUES}/comments/{{number}}", update),
    ("DELETE", f"{ISSUES}/comments/{{number}}", delete),
    ("GET", f"{ISSUES}/{{number}}/comments", of_issue),
    ("POST", f"{ISSUES}/{{number}}/comments", create),
]
