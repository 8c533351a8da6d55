"""Mutations of what sort an issue is, what it waits for, and where it lives."""

from __future__ import annotations

from typing import Any

from meta.twin.graphql.context import Context, Problem, Resolvers
from meta.twin.rest import dependencies, issue_types
from meta.twin.rest.transfers import transfer
from meta.twin.store import Row

Given = dict[str, Any]


def add_blocked_by(ctx: Context, given: Given) -> dict[str, Any]:
    issue, other = ctx.find(given["issueId"], "issue"), ctx.find(given["blockingIssueId"], "issue")
    dependencies.tie(ctx.store, issue, other)
    return {"issue": issue, "blockingIssue": other}


def remove_blocked_by(ctx: Context, given: Given) -> dict[str, Any]:
    issue, other = ctx.find(given["issueId"], "issue"), ctx.find(given["blockingIssueId"], "issue")
    dependencies.untie(ctx.store, issue, other)
    return {"issue": issue, "blockingIssue": other}


def set_type(ctx: Context, given: Given) -> dict[str, Any]:
    issue = ctx.find(given["issueId"], "issue")
    issue.doc["type"] = type_id(ctx, issue.scope, given.get("issueTypeId"))
    ctx.store.save(issue)
    return {"issue": issue}


def type_id(ctx: Context, scope: str, node: str | None) -> int | None:
    """The row of an issue type that issues of this scope may have; a Problem for another."""
    if node is None:
        return None
    row = ctx.find(node, "issue_type")
    if row.scope != scope.partition("/")[0] or not row.doc["is_enabled"]:
        raise Problem("Issue type is not valid for this repository")
    return row.id


def create_type(ctx: Context, given: Given) -> dict[str, Any]:
    org = ctx.find(given["ownerId"], "org")
    return {"issueType": issue_types.add(ctx.store, org, _fields(given))}


def update_type(ctx: Context, given: Given) -> dict[str, Any]:
    row = ctx.find(given["issueTypeId"], "issue_type")
    issue_types.change(ctx.store, row, _fields(given))
    return {"issueType": row}


def delete_type(ctx: Context, given: Given) -> dict[str, Any]:
    row = ctx.find(given["issueTypeId"], "issue_type")
    issue_types.drop(ctx.store, row)
    return {"deletedIssueTypeId": row.node}


def _fields(given: Given) -> dict[str, Any]:
    """Under the names of REST, what was given."""
    names = {"name": "name", "description": "description", "isEnabled": "is_enabled"}
    fields = {rest: given[name] for name, rest in names.items() if given.get(name) is not None}
    return fields | ({"color": given["color"].lower()} if given.get("color") else {})


def transfer_issue(ctx: Context, given: Given) -> dict[str, Any]:
    issue, repo = ctx.find(given["issueId"], "issue"), ctx.find(given["repositoryId"], "repo")
    _check_target(issue, repo)
    made = transfer(ctx.store, issue, repo, make_labels=bool(given.get("createLabelsIfMissing")))
    return {"issue": made}


def _check_target(issue: Row, repo: Row) -> None:
    owner, _, name = issue.scope.partition("/")
    if repo.scope != owner:
        raise Problem("Issues can only be transferred to repositories of the same owner")
    if repo.key == name:
        raise Problem("The issue is in this repository already")
    if repo.doc["archived"] or not repo.doc["has_issues"]:
        raise Problem("The repository does not take issues")


CHANGES: Resolvers = {
    "addBlockedBy": add_blocked_by,
    "createIssueType": create_type,
    "deleteIssueType": delete_type,
    "removeBlockedBy": remove_blocked_by,
    "transferIssue": transfer_issue,
    "updateIssueIssueType": set_type,
    "updateIssueType": update_type,
}
