"""/milestones of a repository: list, show, create, change, delete."""

from __future__ import annotations

import re
from typing import Any

from meta.twin.rest.labels import scope
from meta.twin.rest.shapes import issues as shapes
from meta.twin.store import Row, now
from meta.twin.web import Answer, Call, Refusal, invalid, page, there, whole

STATES = ("open", "closed")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)")
DAY = re.compile(r"(\d{4}-\d\d-\d\d)")
#: GitHub keeps the day of a due date and shows it at this hour.
HOUR = "T07:00:00Z"


def all_of(call: Call, repo: Row) -> Answer:
    state = call.query.get("state", "open")
    rows = call.store.rows("milestone", scope(repo))
    kept = [row for row in rows if state in ("all", row.doc["state"])]
    if call.query.get("sort", "due_on") == "due_on":
        kept.sort(key=lambda row: (row.doc["due_on"] is None, row.doc["due_on"] or ""))
    else:
        kept.sort(key=lambda row: _share(call, row))
    if call.query.get("direction", "asc") == "desc":
        kept.reverse()
    return page(call, kept, lambda row: shapes.milestone(call, repo, row))


def _share(call: Call, row: Row) -> float:
    """How much of a milestone is done; one without issues is nothing done."""
    held = [
        one for kind in ("issue", "pull") for one in call.store.where(kind, "milestone", row.id)
    ]
    done: int = sum(one.doc["state"] == "closed" for one in held)
    return done / (len(held) or 1)


def show(call: Call, repo: Row, number: str) -> dict[str, Any]:
    return shapes.milestone(call, repo, find(call, repo, number))


def create(call: Call, repo: Row) -> Answer:
    doc: dict[str, Any] = {"title": "", "state": "open", "description": None, "due_on": None}
    doc |= {"closed_at": None, "creator": call.user()}
    call.text("title")
    _change(call, repo, doc, 0)
    number = call.store.next_number(f"{scope(repo)}#milestones")
    doc["number"] = number
    row = call.store.add("milestone", scope(repo), str(number), doc)
    shown = shapes.milestone(call, repo, row)
    return Answer(201, shown, {"Location": shown["url"]})


def update(call: Call, repo: Row, number: str) -> dict[str, Any]:
    row = find(call, repo, number)
    _change(call, repo, row.doc, row.id)
    call.store.save(row)
    return shapes.milestone(call, repo, row)


def delete(call: Call, repo: Row, number: str) -> None:
    row = find(call, repo, number)
    for kind in ("issue", "pull"):
        for holder in call.store.where(kind, "milestone", row.id):
            holder.doc["milestone"] = None
            call.store.save(holder)
    call.store.drop(row)


def find(call: Call, repo: Row, number: str) -> Row:
    return there(call.store.get("milestone", scope(repo), str(whole(number))))


def _change(call: Call, repo: Row, doc: dict[str, Any], own: int) -> None:
    fields = call.fields
    if fields.get("title") is not None:
        doc["title"] = _valid_title(call, repo, str(fields["title"]), own)
    if "description" in fields:
        doc["description"] = fields["description"]
    if "due_on" in fields:
        doc["due_on"] = _due(fields["due_on"])
    if fields.get("state") is not None:
        if fields["state"] not in STATES:
            raise invalid("Milestone", "state", "invalid")
        closed = fields["state"] == "closed"
        doc["closed_at"] = (doc["closed_at"] or now()) if closed else None
        doc["state"] = fields["state"]


def _valid_title(call: Call, repo: Row, title: str, own: int) -> str:
    if not title.strip():
        raise invalid("Milestone", "title", "missing_field")
    for row in call.store.rows("milestone", scope(repo)):
        if row.doc["title"] == title and row.id != own:
            raise invalid("Milestone", "title", "already_exists")
    return title


def _due(value: Any) -> str | None:
    if value is None:
        return None
    day = DAY.match(str(value))
    if day is None or not MOMENT.fullmatch(str(value)):
        raise Refusal(422, f"Invalid request.\n\n{value!r} is not a valid date-time.")
    return day[1] + HOUR


MILESTONES = "/repos/{owner}/{repo}/milestones"
ROUTES = [
    ("GET", MILESTONES, all_of),
    ("POST", MILESTONES, create),
    ("GET", f"{MILESTONES}/{{number}}", show),
    ("PATCH", f"{MILESTONES}/{{number}}", update),
    ("DELETE", f"{MILESTONES}/{{number}}", delete),
]
