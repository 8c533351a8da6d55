"""Mutations of what is on a board: items, and the values that people give them."""

from __future__ import annotations

from datetime import date
from typing import Any

from meta.twin.graphql.context import Context, Problem, Resolvers
from meta.twin.graphql.projects import inside, project_of
from meta.twin.store import Row

#: Which key of a value each sort of field takes. The other sorts follow the issue.
SETS = {
    "TEXT": "text",
    "NUMBER": "number",
    "DATE": "date",
    "SINGLE_SELECT": "singleSelectOptionId",
    "ITERATION": "iterationId",
}
Given = dict[str, Any]


def add_item(ctx: Context, project: Row, content: Row) -> Row:
    """The place of an issue or pull request on a board: the one it has, or a new one."""
    check_owner(content.scope, [project])
    stands = ctx.store.get("project_item", inside(project), str(content.id))
    if stands:
        return stands
    doc = {"content": content.id, "values": {}, "archived": False, "creator": ctx.login}
    return ctx.store.add("project_item", inside(project), str(content.id), doc)


def check_owner(scope: str, projects: list[Row]) -> None:
    """A Problem where what is in this scope may not be on one of these boards."""
    if any(scope.partition("/")[0] != project.scope for project in projects):
        raise Problem("The item must belong to the same owner as the project")


def add_by_id(ctx: Context, given: Given) -> dict[str, Any]:
    project = ctx.find(given["projectId"], "project")
    return {"item": add_item(ctx, project, ctx.find(given["contentId"], "issue", "pull"))}


def add_draft(ctx: Context, given: Given) -> dict[str, Any]:
    project = ctx.find(given["projectId"], "project")
    doc = {
        "content": None,
        "draft": {"title": given["title"], "body": given.get("body") or ""},
        "values": {},
        "archived": False,
        "creator": ctx.login,
    }
    key = f"draft-{ctx.store.next_number(inside(project) + '#drafts')}"
    return {"projectItem": ctx.store.add("project_item", inside(project), key, doc)}


def delete_item(ctx: Context, given: Given) -> dict[str, Any]:
    item = _item(ctx, given)
    ctx.store.drop(item)
    return {"deletedItemId": item.node}


def archive(ctx: Context, given: Given) -> dict[str, Any]:
    return _archived(ctx, given, True)


def unarchive(ctx: Context, given: Given) -> dict[str, Any]:
    return _archived(ctx, given, False)


def set_value(ctx: Context, given: Given) -> dict[str, Any]:
    item, field = _item(ctx, given), _field(ctx, given)
    item.doc["values"][str(field.id)] = _checked(field, given["value"])
    ctx.store.save(item)
    return {"projectV2Item": item}


def clear_value(ctx: Context, given: Given) -> dict[str, Any]:
    item, field = _item(ctx, given), _field(ctx, given)
    item.doc["values"].pop(str(field.id), None)
    ctx.store.save(item)
    return {"projectV2Item": item}


def _archived(ctx: Context, given: Given, value: bool) -> dict[str, Any]:
    item = _item(ctx, given)
    item.doc["archived"] = value
    ctx.store.save(item)
    return {"item": item}


def _item(ctx: Context, given: Given) -> Row:
    item = ctx.find(given["itemId"], "project_item")
    if project_of(item, ctx).id != ctx.find(given["projectId"], "project").id:
        raise Problem("The item does not exist in the project", "NOT_FOUND")
    return item


def _field(ctx: Context, given: Given) -> Row:
    field = ctx.find(given["fieldId"], "project_field")
    if project_of(field, ctx).id != ctx.find(given["projectId"], "project").id:
        raise Problem("The field does not exist in the project", "NOT_FOUND")
    if field.doc["dataType"] not in SETS:
        raise Problem(f"The field of type {field.doc['dataType'].lower()} cannot be set here")
    return field


def _checked(field: Row, value: dict[str, Any]) -> dict[str, Any]:
    """The value as it is kept; a Problem where it does not fit the field."""
    key = SETS[field.doc["dataType"]]
    if [name for name, one in value.items() if one is not None] != [key]:
        raise Problem("Did not receive a value of the correct type for the field")
    known = {
        "singleSelectOptionId": [one["id"] for one in field.doc["options"]],
        "iterationId": [
            one["id"] for one in field.doc.get("configuration", {}).get("iterations", [])
        ],
    }
    if key in known and value[key] not in known[key]:
        raise Problem("The single select option Id does not belong to the field")
    if key == "date":
        _check_date(value[key])
    return {key: value[key]}


def _check_date(text: str) -> None:
    try:
        date.fromisoformat(text[:10])
    except ValueError as error:
        raise Problem(f"'{text}' is not a date") from error


CHANGES: Resolvers = {
    "addProjectV2ItemById": add_by_id,
    "addProjectV2DraftIssue": add_draft,
    "deleteProjectV2Item": delete_item,
    "archiveProjectV2Item": archive,
    "unarchiveProjectV2Item": unarchive,
    "updateProjectV2ItemFieldValue": set_value,
    "clearProjectV2ItemFieldValue": clear_value,
}
