"""/sub_issues and /parent: the tree that issues form, within one owner."""

from __future__ import annotations

from typing import Any

from meta.twin.rest.issues import ISSUES, find
from meta.twin.rest.shapes import issues as shapes
from meta.twin.rest.shapes import repos
from meta.twin.store import NotFound, Row, Store, row_id
from meta.twin.web import Answer, Call, Refusal, page, there

MOST = 100
DEEPEST = 8


def children(store: Store, parent: Row) -> list[Row]:
    """The sub-issues of an issue, in the order that people gave them."""
    rows = store.where("issue", "parent", parent.id)
    return sorted(rows, key=lambda row: (row.doc.get("sub_order") or 0, row.id))


def hang(store: Store, parent: Row, child: Row, *, replace: bool) -> None:
    """Makes one issue the last sub-issue of another; raises Refusal where GitHub would."""
    if child.scope.split("/")[0] != parent.scope.split("/")[0]:
        raise _refused("Sub-issue must belong to the same owner as the parent issue")
    if child.kind != "issue" or parent.kind != "issue":
        raise _refused("Pull requests cannot be sub-issues")
    if child.doc["parent"] and child.doc["parent"] != parent.id and not replace:
        raise _refused("Sub issue may only have one parent")
    if child.doc["parent"] == parent.id:
        raise _refused("Issue may not contain duplicate sub-issues")
    line = _line(store, parent)
    if child.id in (row.id for row in line):
        raise _refused("Sub-issue cannot be an ancestor of its parent")
    siblings = children(store, parent)
    if len(siblings) >= MOST:
        raise _refused(f"Parent cannot have more than {MOST} sub-issues")
    if len(line) + _depth(store, child) > DEEPEST:
        raise _refused(f"Parent cannot have more than {DEEPEST} layers of sub-issues")
    last = max((row.doc.get("sub_order") or 0 for row in siblings), default=0)
    child.doc |= {"parent": parent.id, "sub_order": last + 1}
    store.save(child)


def all_of(call: Call, repo: Row, number: str) -> Answer:
    parent = find(call, repo, number)
    return page(call, children(call.store, parent), lambda row: _shown(call, row))


def add(call: Call, repo: Row, number: str) -> Answer:
    parent, child = find(call, repo, number), _child(call)
    hang(call.store, parent, child, replace=bool(call.fields.get("replace_parent")))
    shown = _shown(call, parent)
    return Answer(201, shown, {"Location": shown["url"]})


def remove(call: Call, repo: Row, number: str) -> dict[str, Any]:
    parent, child = find(call, repo, number), _child(call)
    if child.doc["parent"] != parent.id:
        raise NotFound
    child.doc |= {"parent": None, "sub_order": 0}
    call.store.save(child)
    return _shown(call, parent)


def prioritize(call: Call, repo: Row, number: str) -> dict[str, Any]:
    parent, child = find(call, repo, number), _child(call)
    place(call.store, parent, child, _other(call, "after_id"), _other(call, "before_id"))
    return _shown(call, parent)


def place(store: Store, parent: Row, child: Row, after: Row | None, before: Row | None) -> None:
    """Puts a sub-issue behind or in front of one of its siblings; raises Refusal."""
    rows = [row for row in children(store, parent) if row.id != child.id]
    ids = [row.id for row in rows]
    beside = after or before
    if child.doc["parent"] != parent.id or beside is None or beside.id not in ids:
        raise _refused("The sub-issue and the one beside it must have this parent")
    rows.insert(ids.index(beside.id) + (1 if after else 0), child)
    for order, row in enumerate(rows, start=1):
        row.doc["sub_order"] = order
        store.save(row)


def parent_of(call: Call, repo: Row, number: str) -> dict[str, Any]:
    return _shown(call, there(call.store.by_id(find(call, repo, number).doc["parent"] or 0)))


def _shown(call: Call, row: Row) -> dict[str, Any]:
    """With its repository, which may be another than that of the question."""
    repo = shapes.repo_of(call, row)
    return shapes.issue(call, repo, row) | {"repository": repos.minimal(call, repo)}


def _child(call: Call) -> Row:
    return there(_other(call, "sub_issue_id"))


def _other(call: Call, name: str) -> Row | None:
    number = call.fields.get(name)
    if number is None and name == "sub_issue_id":
        raise Refusal(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.')
    if not isinstance(number, int):
        return None
    row = call.store.by_id(row_id("issue", number))
    return row if row and row.kind in ("issue", "pull") else None


def _line(store: Store, row: Row) -> list[Row]:
    """An issue and everything above it."""
    line = [row]
    while line[-1].doc.get("parent"):
        above = store.by_id(line[-1].doc["parent"])
        if above is None:
            break
        line.append(above)
    return line


def _depth(store: Store, row: Row) -> int:
    """How many levels an issue and what hangs below it take."""
    return 1 + max((_depth(store, child) for child in children(store, row)), default=0)


def _refused(words: str) -> Refusal:
    return Refusal(
        422, f"An error occurred while adding the sub-issue to the parent issue. {words}"
    )


ONE = f"{ISSUES}/{{number}}"
ROUTES = [
    ("GET", f"{ONE}/sub_issues", all_of),
    ("POST", f"{ONE}/sub_issues", add),
    ("DELETE", f"{ONE}/sub_issue", remove),
    ("PATCH", f"{ONE}/sub_issues/priority", prioritize),
    ("GET", f"{ONE}/parent", parent_of),
]
