"""Mutations of the tree of issues: who is whose sub-issue, in which order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from meta.twin.graphql.context import Context, Problem, Resolvers
from meta.twin.store import Row

CHILDREN_LIMIT = 100
DEPTH_LIMIT = 8
Given = dict[str, Any]


def add_sub_issue(ctx: Context, given: Given) -> dict[str, Any]:
    parent = ctx.find(given["issueId"], "issue")
    child = _named(ctx, given)
    if given.get("replaceParent") and child.doc["parent"] is not None:
        child.doc["parent"] = None
        ctx.store.save(child)
        ctx.forget()
    adopt(ctx, parent, child)
    return {"issue": parent, "subIssue": child}


def adopt(ctx: Context, parent: Row, child: Row) -> None:
    """Puts a child last under a parent; a Problem where `check_place` raises one."""
    check_place(ctx, parent, child)
    siblings = ctx.children(parent)
    child.doc["parent"] = parent.id
    child.doc["sub_order"] = max((one.doc["sub_order"] for one in siblings), default=0) + 1
    ctx.store.save(child)
    ctx.forget()


def remove_sub_issue(ctx: Context, given: Given) -> dict[str, Any]:
    parent = ctx.find(given["issueId"], "issue")
    child = ctx.find(given["subIssueId"], "issue")
    if child.doc["parent"] != parent.id:
        raise Problem("The provided sub-issue is not a child of the parent issue")
    child.doc |= {"parent": None, "sub_order": 0}
    ctx.store.save(child)
    return {"issue": parent, "subIssue": child}


def reprioritize_sub_issue(ctx: Context, given: Given) -> dict[str, Any]:
    """Moves a sub-issue behind `afterId` or before `beforeId`, one of which is given."""
    parent = ctx.find(given["issueId"], "issue")
    child = ctx.find(given["subIssueId"], "issue")
    if bool(given.get("afterId")) is bool(given.get("beforeId")):
        raise Problem("Exactly one of afterId and beforeId must be provided")
    rows = [row for row in ctx.children(parent) if row.id != child.id]
    beside = ctx.find(given.get("afterId") or given["beforeId"], "issue")
    places = [row.id for row in rows]
    if child.doc["parent"] != parent.id or beside.id not in places:
        raise Problem("The provided sub-issue is not a child of the parent issue")
    rows.insert(places.index(beside.id) + bool(given.get("afterId")), child)
    for order, row in enumerate(rows, 1):
        row.doc["sub_order"] = order
        ctx.store.save(row)
    return {"issue": parent}


def _named(ctx: Context, given: Given) -> Row:
    if given.get("subIssueId"):
        return ctx.find(given["subIssueId"], "issue")
    url = given.get("subIssueUrl")
    if not url:
        raise Problem("Either subIssueId or subIssueUrl must be provided")
    match urlsplit(url).path.strip("/").split("/"):
        case [owner, name, "issues", number]:
            row = ctx.store.get("issue", f"{owner}/{name}".lower(), number)
        case _:
            row = None
    if row is None:
        raise Problem(f"Could not resolve to an Issue with the URL of '{url}'.", "NOT_FOUND")
    return row


def check_place(ctx: Context, parent: Row, child: Row) -> None:
    """A Problem where GitHub would not have the child under the parent."""
    above = [parent, *_ancestors(ctx, parent)]
    if child.doc["parent"] is not None:
        raise Problem(
            "Issue may not contain duplicate sub-issues and Sub issue may only have one parent"
        )
    if child.id in {row.id for row in above}:
        raise Problem("Issue cannot be a sub-issue of itself or of one of its own sub-issues")
    if child.scope.partition("/")[0] != parent.scope.partition("/")[0]:
        raise Problem("Sub-issue must belong to the same repository owner as the parent issue")
    if len(ctx.children(parent)) >= CHILDREN_LIMIT:
        raise Problem(f"Parent cannot have more than {CHILDREN_LIMIT} sub-issues")
    if len(above) + _height(ctx, child) > DEPTH_LIMIT:
        raise Problem(f"Sub-issues cannot be nested more than {DEPTH_LIMIT} levels deep")


def _ancestors(ctx: Context, row: Row) -> Iterator[Row]:
    above = ctx.row(row.doc["parent"])
    if above is not None:
        yield above
        yield from _ancestors(ctx, above)


def _height(ctx: Context, row: Row) -> int:
    """Levels of the tree under and with a row."""
    return 1 + max((_height(ctx, child) for child in ctx.children(row)), default=0)


CHANGES: Resolvers = {
    "addSubIssue": add_sub_issue,
    "removeSubIssue": remove_sub_issue,
    "reprioritizeSubIssue": reprioritize_sub_issue,
}
