"""Mutations of the tree of issues: who is whose sub-issue, in which order."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from meta.twin.graphql.context import Context, Problem, Resolvers
from meta.twin.rest.subissues import hang, place
from meta.twin.store import Row

Given = dict[str, Any]


def add_sub_issue(ctx: Context, given: Given) -> dict[str, Any]:
    parent, child = ctx.find(given["issueId"], "issue"), _named(ctx, given)
    hang(ctx.store, parent, child, replace=bool(given.get("replaceParent")))
    return {"issue": parent, "subIssue": child}


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
    beside = [
        ctx.find(id, "issue") if id else None for id in map(given.get, ("afterId", "beforeId"))
    ]
    if len([row for row in beside if row]) != 1:
        raise Problem("Exactly one of afterId and beforeId must be provided")
    place(ctx.store, parent, child, *beside)
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


CHANGES: Resolvers = {
    "addSubIssue": add_sub_issue,
    "removeSubIssue": remove_sub_issue,
    "reprioritizeSubIssue": reprioritize_sub_issue,
}
