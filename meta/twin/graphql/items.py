"""Resolvers of what is on a board: items, and the values of their fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from meta.twin.graphql.connection import connection
from meta.twin.graphql.context import Context, Resolver, Resolvers
from meta.twin.graphql.owners import database_id, of_doc, of_row
from meta.twin.graphql.projects import creator, field_named, fields, project_of
from meta.twin.graphql.roots import actor
from meta.twin.store import Row

TYPES = {"issue": "ISSUE", "pull": "PULL_REQUEST"}


def content(item: Row, ctx: Context) -> Row | dict[str, Any] | None:
    """The issue or pull request, or the draft that the item is itself."""
    if "draft" in item.doc:
        return {
            "__typename": "DraftIssue",
            "id": f"DI_lADO{item.id}",
            "title": item.doc["draft"]["title"],
            "body": item.doc["draft"]["body"],
            "bodyText": item.doc["draft"]["body"],
            "createdAt": item.created,
            "updatedAt": item.updated,
            "creator": creator(item, ctx),
        }
    return ctx.row(item.doc.get("content"))


def type_of(item: Row, ctx: Context) -> str:
    held = content(item, ctx)
    if isinstance(held, dict):
        return "DRAFT_ISSUE"
    return TYPES[held.kind] if held else "REDACTED"


def values(item: Row, ctx: Context) -> Iterator[dict[str, Any]]:
    """Every value that the item has, in the order of the board's fields."""
    for field in fields(project_of(item, ctx), ctx):
        found = value(item, field, ctx)
        if found is not None:
            yield found


def value_named(item: Row, ctx: Context, name: str) -> dict[str, Any] | None:
    field = field_named(project_of(item, ctx), ctx, name)
    return value(item, field, ctx) if field else None


def value(item: Row, field: Row, ctx: Context) -> dict[str, Any] | None:
    """What an item has in a field: set by hand, or followed from its issue."""
    found = _followed(item, field, ctx) or _set(item, field)
    if found is None:
        return None
    return {
        "id": f"PVTFV_lADO{item.id}x{field.id}",
        "databaseId": item.rest,
        "createdAt": item.created,
        "updatedAt": item.updated,
        "creator": creator(item, ctx),
        "field": field,
        "item": item,
        **found,
    }


def _followed(item: Row, field: Row, ctx: Context) -> dict[str, Any] | None:
    held = content(item, ctx)
    if isinstance(held, dict):
        return _typed("Text", text=held["title"]) if field.doc["dataType"] == "TITLE" else None
    if held is None:
        return None
    match field.doc["dataType"]:
        case "TITLE":
            return _typed("Text", text=held.doc["title"])
        case "REPOSITORY":
            return _typed("Repository", repository=ctx.repo(held.scope))
        case "MILESTONE" if held.doc.get("milestone"):
            return _typed("Milestone", milestone=ctx.row(held.doc["milestone"]))
        case "LABELS" if held.doc.get("labels"):
            rows = [label for label in map(ctx.row, held.doc["labels"]) if label]
            return _typed("Label", labels=lambda _info, **args: connection(rows, args))
        case "ASSIGNEES" if held.doc.get("assignees"):
            people = [actor(ctx, login) for login in held.doc["assignees"]]
            return _typed("User", users=lambda _info, **args: connection(people, args))
        case _:
            return None


def _set(item: Row, field: Row) -> dict[str, Any] | None:
    stands = item.doc["values"].get(str(field.id))
    if stands is None:
        return None
    match field.doc["dataType"]:
        case "SINGLE_SELECT":
            return _chosen(field.doc["options"], stands["singleSelectOptionId"])
        case "ITERATION":
            return _iteration(field.doc["configuration"]["iterations"], stands["iterationId"])
        case "TEXT":
            return _typed("Text", text=stands["text"])
        case "NUMBER":
            return _typed("Number", number=stands["number"])
        case _:
            return _typed("Date", date=stands["date"])


def _chosen(options: list[dict[str, Any]], id: str) -> dict[str, Any] | None:
    found = next((one for one in options if one["id"] == id), None)
    if found is None:
        return None
    shown = {name: found[name] for name in ("name", "color", "description")}
    return _typed("SingleSelect", optionId=id, **shown)


def _iteration(iterations: list[dict[str, Any]], id: str) -> dict[str, Any] | None:
    found = next((one for one in iterations if one["id"] == id), None)
    if found is None:
        return None
    shown = {name: found[name] for name in ("title", "startDate", "duration")}
    return _typed("Iteration", iterationId=id, **shown)


def _typed(sort: str, **fields: Any) -> dict[str, Any]:
    return {"__typename": f"ProjectV2ItemField{sort}Value", **fields}


ITEM: dict[str, Resolver] = {
    "content": content,
    "createdAt": of_row("created"),
    "creator": creator,
    "databaseId": database_id,
    "fieldValueByName": lambda row, ctx, name: value_named(row, ctx, name),
    "fieldValues": lambda row, ctx, **args: connection(list(values(row, ctx)), args),
    "fullDatabaseId": lambda row, _: str(row.rest),
    "id": of_row("node"),
    "isArchived": of_doc("archived", False),
    "project": project_of,
    "type": type_of,
    "updatedAt": of_row("updated"),
}
RESOLVERS: Resolvers = {f"ProjectV2Item.{name}": resolve for name, resolve in ITEM.items()}
