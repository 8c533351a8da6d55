"""Resolvers of what sort an issue is, and of what waits for what."""

from __future__ import annotations

from typing import Any

from meta.twin import relations
from meta.twin.graphql.connection import connection, ordered
from meta.twin.graphql.context import Context, Resolvers
from meta.twin.graphql.owners import of_doc, of_row
from meta.twin.store import Row


def blocked_by(row: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    return connection(_sorted(relations.blockers(ctx.store, row), args), args)


def blocking(row: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    return connection(_sorted(relations.blocked(ctx.store, row), args), args)


def _sorted(rows: list[Row], args: dict[str, Any]) -> list[Row]:
    """By when the dependency was added, which is how they come, or by when the issue was made."""
    order = args["orderBy"]
    if order["field"] == "CREATED_AT":
        rows = sorted(rows, key=lambda row: row.id)
    return rows[::-1] if order["direction"] == "DESC" else rows


def summary(row: Row, ctx: Context) -> dict[str, int]:
    counts = relations.counts(ctx.store, row)
    return {
        "blockedBy": counts["blocked_by"],
        "blocking": counts["blocking"],
        "totalBlockedBy": counts["total_blocked_by"],
        "totalBlocking": counts["total_blocking"],
    }


def of_org(org: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    return connection(ordered(ctx.store.rows("issue_type", org.key), args["orderBy"]), args)


def of_repo(repo: Row, ctx: Context, **args: Any) -> dict[str, Any] | None:
    """The types that issues of a repository may have; a person's repository has none."""
    if ctx.owner(repo.scope).kind != "org":
        return None
    rows = [row for row in ctx.store.rows("issue_type", repo.scope) if row.doc["is_enabled"]]
    return connection(ordered(rows, args["orderBy"]), args)


def sort_of(row: Row, ctx: Context) -> Row | None:
    return ctx.row(row.doc.get("type"))


RESOLVERS: Resolvers = {
    "Issue.blockedBy": blocked_by,
    "Issue.blocking": blocking,
    "Issue.issueDependenciesSummary": summary,
    "Issue.issueType": sort_of,
    "IssueDependenciesSummary.blockedBy": lambda found, _: found["blockedBy"],
    "IssueDependenciesSummary.blocking": lambda found, _: found["blocking"],
    "IssueDependenciesSummary.totalBlockedBy": lambda found, _: found["totalBlockedBy"],
    "IssueDependenciesSummary.totalBlocking": lambda found, _: found["totalBlocking"],
    "IssueType.color": lambda row, _: (row.doc["color"] or "gray").upper(),
    "IssueType.description": of_doc("description"),
    "IssueType.id": of_row("node"),
    "IssueType.isEnabled": of_doc("is_enabled"),
    "IssueType.name": of_doc("name"),
    "Organization.issueTypes": of_org,
    "Repository.issueTypes": of_repo,
}
