"""/issues/{number}/labels and /assignees: what hangs on one issue."""

from __future__ import annotations

from typing import Any

from meta.twin.rest import labels
from meta.twin.rest.issues import ISSUES, change, find, label_ids
from meta.twin.rest.milestones import MILESTONES
from meta.twin.rest.milestones import find as find_milestone
from meta.twin.rest.shapes import issues as shapes
from meta.twin.store import Row
from meta.twin.web import Answer, Call, Refusal, page, there


def all_of(call: Call, repo: Row, number: str) -> Answer:
    return page(
        call, _rows(call, find(call, repo, number)), lambda row: shapes.label(call, repo, row)
    )


def add(call: Call, repo: Row, number: str) -> Answer:
    row = find(call, repo, number)
    given = label_ids(call, repo, _given(call))
    return _set(call, repo, row, list(dict.fromkeys([*row.doc["labels"], *given])))


def replace(call: Call, repo: Row, number: str) -> Answer:
    return _set(call, repo, find(call, repo, number), label_ids(call, repo, _given(call)))


def clear(call: Call, repo: Row, number: str) -> None:
    _set(call, repo, find(call, repo, number), [])


def remove(call: Call, repo: Row, number: str, name: str) -> Answer:
    row, label = find(call, repo, number), labels.find(call, repo, name)
    if label.id not in row.doc["labels"]:
        raise Refusal(404, "Label does not exist")
    return _set(call, repo, row, [each for each in row.doc["labels"] if each != label.id])


def of_milestone(call: Call, repo: Row, number: str) -> Answer:
    """The labels of everything that is in a milestone."""
    stone = find_milestone(call, repo, number)
    holders = call.store.where("issue", "milestone", stone.id)
    ids = {label: None for holder in holders for label in holder.doc["labels"]}
    rows = [row for number in ids if (row := call.store.by_id(number))]
    return page(call, rows, lambda row: shapes.label(call, repo, row))


def assign(call: Call, repo: Row, number: str) -> Answer:
    row = find(call, repo, number)
    kept = row.doc["assignees"]
    change(call, repo, row.doc)
    row.doc["assignees"] = list(dict.fromkeys([*kept, *row.doc["assignees"]]))
    call.store.save(row)
    return Answer(201, shapes.issue(call, repo, row))


def unassign(call: Call, repo: Row, number: str) -> dict[str, Any]:
    row = find(call, repo, number)
    gone = [str(login).lower() for login in call.fields.get("assignees") or ()]
    row.doc["assignees"] = [each for each in row.doc["assignees"] if each.lower() not in gone]
    call.store.save(row)
    return shapes.issue(call, repo, row)


def _given(call: Call) -> Any:
    return call.body if isinstance(call.body, list) else call.fields.get("labels") or []


def _set(call: Call, repo: Row, row: Row, ids: list[int]) -> Answer:
    row.doc["labels"] = ids
    call.store.save(row)
    return Answer(200, [shapes.label(call, repo, each) for each in _rows(call, row)])


def _rows(call: Call, row: Row) -> list[Row]:
    return [there(call.store.by_id(number)) for number in row.doc["labels"]]


ONE = f"{ISSUES}/{{number}}"
ROUTES = [
    ("GET", f"{ONE}/labels", all_of),
    ("POST", f"{ONE}/labels", add),
    ("PUT", f"{ONE}/labels", replace),
    ("DELETE", f"{ONE}/labels", clear),
    ("DELETE", f"{ONE}/labels/{{name*}}", remove),
    ("POST", f"{ONE}/assignees", assign),
    ("DELETE", f"{ONE}/assignees", unassign),
    ("GET", f"{MILESTONES}/{{number}}/labels", of_milestone),
]
