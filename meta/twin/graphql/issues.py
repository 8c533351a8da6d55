"""Resolvers of issues, their comments, labels and milestones."""

from __future__ import annotations

from typing import Any

from meta.twin.graphql.connection import connection, ordered
from meta.twin.graphql.context import Context, Problem, Resolver, Resolvers
from meta.twin.graphql.owners import always, database_id, of_doc, of_row
from meta.twin.graphql.prose import html, plain
from meta.twin.graphql.roots import actor, missing
from meta.twin.store import Row


def repository(row: Row, ctx: Context) -> Row:
    return ctx.repo(row.scope)


def page_of(row: Row, ctx: Context) -> str:
    """The path of a row's page, without the host."""
    repo = ctx.repo(row.scope)
    home = f"/{ctx.owner(repo.scope).doc['login']}/{repo.doc['name']}"
    match row.kind:
        case "label":
            return f"{home}/labels/{row.doc['name']}"
        case "milestone":
            return f"{home}/milestone/{row.key}"
        case "pull":
            return f"{home}/pull/{row.key}"
        case "comment":
            subject = ctx.at(row.doc["issue"])
            return f"{page_of(subject, ctx)}#issuecomment-{row.rest}"
        case _:
            return f"{home}/issues/{row.key}"


def url(row: Row, ctx: Context) -> str:
    return ctx.base.rstrip("/") + page_of(row, ctx)


def state(row: Row, _: Context) -> str:
    return str(row.doc.get("state", "open")).upper()


def closed(row: Row, _: Context) -> bool:
    return row.doc.get("state") == "closed"


def author(row: Row, ctx: Context) -> Any:
    return actor(ctx, str(row.doc.get("author") or ctx.login))


def labels(row: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    rows = [label for label in map(ctx.row, row.doc.get("labels", [])) if label]
    return connection(ordered(rows, args.get("orderBy")), args)


def assignees(row: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    return connection([actor(ctx, login) for login in row.doc.get("assignees", [])], args)


def comments(row: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    rows = ctx.store.where("comment", "issue", row.id)
    return connection(ordered(rows, args.get("orderBy")), args)


def sub_issues(row: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    return connection(ctx.children(row), args)


def summary(row: Row, ctx: Context) -> dict[str, int]:
    """How many sub-issues there are and how many are closed; percent is rounded down."""
    children = ctx.children(row)
    done = sum(child.doc.get("state") == "closed" for child in children)
    percent = 100 * done // len(children) if children else 0
    return {"total": len(children), "completed": done, "percentCompleted": percent}


def items(row: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    """The places on boards; archived ones are left out only where `includeArchived` says so."""
    rows = ctx.items_of(row)
    if args.get("includeArchived") is False:
        rows = [item for item in rows if not item.doc.get("archived")]
    return connection(rows, args)


def projects(row: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    rows = [_board(item, ctx) for item in ctx.items_of(row)]
    return connection(ordered(rows, args.get("orderBy")), args)


def project(row: Row, ctx: Context, number: int) -> Row:
    boards = [_board(item, ctx) for item in ctx.items_of(row)]
    for board in boards:
        if board.key == str(number):
            return board
    raise missing("ProjectV2", f"with the number {number}")


def _board(item: Row, ctx: Context) -> Row:
    return ctx.at(int(item.scope.partition(":")[2]))


def state_reason(row: Row, _: Context) -> str | None:
    reason = row.doc.get("state_reason")
    return str(reason).upper() if reason else None


def labelled(rows: list[Row], names: list[str] | None, ctx: Context) -> list[Row]:
    """The issues or pull requests that have one of these labels."""
    if not names:
        return rows
    wanted = {name.lower() for name in names}
    return [row for row in rows if wanted & _label_keys(row, ctx)]


def _label_keys(row: Row, ctx: Context) -> set[str]:
    return {label.key for label in map(ctx.row, row.doc.get("labels", [])) if label}


def of_label(row: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    rows = [one for one in ctx.store.rows("issue", row.scope) if row.id in one.doc["labels"]]
    return connection(in_states(rows, args.get("states")), args)


def of_milestone(row: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    return connection(in_states(held(row, ctx), args.get("states")), args)


def held(milestone: Row, ctx: Context) -> list[Row]:
    """The issues of a milestone."""
    return ctx.store.where("issue", "milestone", milestone.id)


def in_states(rows: list[Row], states: list[str] | None) -> list[Row]:
    return [row for row in rows if not states or str(row.doc.get("state")).upper() in states]


def _counted(want: str) -> Resolver:
    return lambda row, ctx: len(in_states(held(row, ctx), [want]))


def progress(row: Row, ctx: Context) -> float:
    rows = held(row, ctx)
    return 100 * len(in_states(rows, ["CLOSED"])) / len(rows) if rows else 0.0


def comment_issue(row: Row, ctx: Context) -> Row:
    subject = ctx.at(row.doc["issue"])
    if subject.kind != "issue":
        raise Problem("Cannot return null for non-nullable field IssueComment.issue.", "INTERNAL")
    return subject


#: What issues, pull requests and comments have in common.
WRITTEN: dict[str, Resolver] = {
    "author": author,
    "authorAssociation": of_doc("association", "OWNER"),
    "body": of_doc("body", ""),
    "bodyHTML": lambda row, _: html(row.doc.get("body") or ""),
    "bodyText": lambda row, _: plain(row.doc.get("body") or ""),
    "createdAt": of_row("created"),
    "databaseId": database_id,
    "fullDatabaseId": lambda row, _: str(row.rest),
    "includesCreatedEdit": always(False),
    "reactionGroups": always([]),
}
#: What all rows of a repository have in common.
PLACED: dict[str, Resolver] = {
    "id": of_row("node"),
    "repository": repository,
    "resourcePath": page_of,
    "updatedAt": of_row("updated"),
    "url": url,
}
#: What issues and pull requests have in common.
TRACKED: dict[str, Resolver] = {
    **WRITTEN,
    **PLACED,
    "assignedActors": assignees,
    "assignees": assignees,
    "closed": lambda row, _: row.doc.get("state") != "open",
    "closedAt": of_doc("closed_at"),
    "comments": comments,
    "labels": labels,
    "locked": always(False),
    "milestone": lambda row, ctx: ctx.row(row.doc.get("milestone")),
    "number": lambda row, _: int(row.key),
    "projectItems": items,
    "projectV2": project,
    "projectsV2": projects,
    "state": state,
    "title": of_doc("title"),
}
ISSUE: dict[str, Resolver] = {
    **TRACKED,
    "isPinned": always(False),
    "parent": lambda row, ctx: ctx.row(row.doc.get("parent")),
    "stateReason": state_reason,
    "subIssues": sub_issues,
    "subIssuesSummary": summary,
}
LABEL: dict[str, Resolver] = {
    **PLACED,
    "color": of_doc("color"),
    "createdAt": of_row("created"),
    "description": of_doc("description"),
    "isDefault": of_doc("default", False),
    "issues": of_label,
    "name": of_doc("name"),
}
MILESTONE: dict[str, Resolver] = {
    **PLACED,
    "closed": closed,
    "closedAt": of_doc("closed_at"),
    "closedIssueCount": _counted("CLOSED"),
    "createdAt": of_row("created"),
    "description": of_doc("description"),
    "dueOn": of_doc("due_on"),
    "issues": of_milestone,
    "number": lambda row, _: int(row.key),
    "openIssueCount": _counted("OPEN"),
    "progressPercentage": progress,
    "state": state,
    "title": of_doc("title"),
}
RESOLVERS: Resolvers = {
    **{f"Issue.{name}": resolve for name, resolve in ISSUE.items()},
    **{f"Label.{name}": resolve for name, resolve in LABEL.items()},
    **{f"Milestone.{name}": resolve for name, resolve in MILESTONE.items()},
    **{f"IssueComment.{name}": resolve for name, resolve in (WRITTEN | PLACED).items()},
    "IssueComment.issue": comment_issue,
    "IssueComment.isMinimized": always(False),
    "IssueComment.minimizedReason": always(None),
    "IssueComment.viewerDidAuthor": lambda row, ctx: row.doc["author"] == ctx.login,
}
