"""An issue -> one in another repository of its owner, and a sign at the old place."""

from __future__ import annotations

from typing import Any

from meta.twin.rest.labels import scope
from meta.twin.store import Row, Store

#: What hangs on an issue, and the field by which it does.
HOLDS = (
    *(("comment", "issue"), ("issue", "parent"), ("project_item", "content")),
    *(("dependency", "issue"), ("dependency", "content"), ("moved_issue", "content")),
)


def transfer(store: Store, issue: Row, target: Row, *, make_labels: bool) -> Row:
    """The issue that stands for it from now on, with a number and an id of the target.

    Comments, parent, sub-issues, dependencies and places on boards come with it; labels and the
    milestone where the target has ones of the same name, or labels are to be made.
    """
    place = scope(target)
    number = store.next_number(place)
    labels = [_label(store, each, place, make=make_labels) for each in issue.doc["labels"]]
    doc = issue.doc | {
        "number": number,
        "labels": [label for label in labels if label is not None],
        "milestone": _milestone(store, issue.doc["milestone"], place),
        "type": issue.doc.get("type") if issue.scope.split("/")[0] == target.scope else None,
    }
    made = store.add("issue", place, str(number), doc)
    made.created = issue.created
    store.save(made)
    for kind, field in HOLDS:
        for row in store.where(kind, field, issue.id):
            _follow(store, row, field, made)
    store.drop(issue)
    store.add("moved_issue", issue.scope, issue.key, {"content": made.id})
    return made


def _follow(store: Store, row: Row, field: str, made: Row) -> None:
    row.doc[field] = made.id
    match row.kind:
        case "comment":
            row.scope = made.scope
            row.key = str(store.next_number(f"{made.scope}#comments"))
        case "project_item":
            row.key = str(made.id)
        case "dependency":
            row.key = f"{row.doc['issue']}:{row.doc['content']}"
    store.save(row)


def _label(store: Store, number: int, place: str, *, make: bool) -> int | None:
    label = store.by_id(number)
    if label is None:
        return None
    there = store.get("label", place, label.key)
    if there is None and make:
        there = store.add("label", place, label.key, dict[str, Any](label.doc))
    return there.id if there else None


def _milestone(store: Store, number: int | None, place: str) -> int | None:
    """The one of the same title and due date."""
    held = store.by_id(number) if number else None
    for row in store.rows("milestone", place) if held else ():
        if held and all(row.doc[each] == held.doc[each] for each in ("title", "due_on")):
            return row.id
    return None
