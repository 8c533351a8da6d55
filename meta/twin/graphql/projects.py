"""Resolvers of boards: projects, their fields and views."""

from __future__ import annotations

from typing import Any

from meta.twin.graphql.connection import connection, ordered
from meta.twin.graphql.context import Context, Resolver, Resolvers
from meta.twin.graphql.owners import always, database_id, of_doc, of_row
from meta.twin.graphql.roots import actor
from meta.twin.store import Row


def inside(project: Row) -> str:
    """The scope of a project's fields and items."""
    return f"project:{project.id}"


def project_of(row: Row, ctx: Context) -> Row:
    """The project of a field or an item."""
    return ctx.at(int(row.scope.partition(":")[2]))


def fields(project: Row, ctx: Context) -> list[Row]:
    rows: list[Row] = ctx.once(
        ("fields", project.id), lambda: ctx.store.rows("project_field", inside(project))
    )
    return rows


def items(project: Row, ctx: Context) -> list[Row]:
    """What is on the board; an issue that went with its repository is not."""
    rows = ctx.store.rows("project_item", inside(project))
    return [row for row in rows if "draft" in row.doc or ctx.row(row.doc["content"])]


def field_named(project: Row, ctx: Context, name: str) -> Row | None:
    return next((row for row in fields(project, ctx) if row.doc["name"] == name), None)


def repositories(project: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    linked = [repo for repo in map(ctx.row, project.doc.get("repositories", [])) if repo]
    return connection(ordered(linked, args.get("orderBy")), args)


def path(project: Row, ctx: Context) -> str:
    owner = ctx.owner(project.scope)
    sort = "orgs" if owner.kind == "org" else "users"
    return f"/{sort}/{owner.doc['login']}/projects/{project.key}"


def url(project: Row, ctx: Context) -> str:
    return ctx.base.rstrip("/") + path(project, ctx)


def creator(row: Row, ctx: Context) -> Any:
    return actor(ctx, str(row.doc.get("creator") or ctx.login))


def view(project: Row, _: Context) -> dict[str, Any]:
    """The one view that a new project has."""
    return {
        "__typename": "ProjectV2View",
        "id": f"PVTV_lADO{project.id}",
        "databaseId": project.rest,
        "fullDatabaseId": str(project.rest),
        "name": "View 1",
        "number": 1,
        "layout": "TABLE_LAYOUT",
        "filter": "",
        "createdAt": project.created,
        "updatedAt": project.created,
        "project": project,
    }


def views(project: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    return connection([view(project, ctx)], args)


def options(field: Row, _: Context, names: list[str] | None = None) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = field.doc["options"]
    return [one for one in made if names is None or one["name"] in names]


def iterations(field: Row, _: Context) -> dict[str, Any]:
    stands = field.doc["configuration"]
    return {
        "duration": stands["duration"],
        "startDay": stands["startDay"],
        "iterations": stands["iterations"],
        "completedIterations": [],
    }


PROJECT: dict[str, Resolver] = {
    "closed": of_doc("closed", False),
    "closedAt": of_doc("closed_at"),
    "createdAt": of_row("created"),
    "creator": creator,
    "databaseId": database_id,
    "field": lambda row, ctx, name: field_named(row, ctx, name),
    "fields": lambda row, ctx, **args: connection(fields(row, ctx), args),
    "fullDatabaseId": lambda row, _: str(row.rest),
    "id": of_row("node"),
    "items": lambda row, ctx, **args: connection(items(row, ctx), args),
    "number": lambda row, _: int(row.key),
    "owner": lambda row, ctx: ctx.owner(row.scope),
    "public": of_doc("public", False),
    "readme": of_doc("readme"),
    "repositories": repositories,
    "resourcePath": path,
    "shortDescription": of_doc("shortDescription"),
    "template": always(False),
    "title": of_doc("title"),
    "updatedAt": of_row("updated"),
    "url": url,
    "view": lambda row, ctx, number: view(row, ctx) if number == 1 else None,
    "views": views,
}
FIELD: dict[str, Resolver] = {
    "createdAt": of_row("created"),
    "dataType": of_doc("dataType"),
    "databaseId": database_id,
    "id": of_row("node"),
    "name": of_doc("name"),
    "project": project_of,
    "updatedAt": of_row("updated"),
}
KINDS = ("ProjectV2Field", "ProjectV2SingleSelectField", "ProjectV2IterationField")
RESOLVERS: Resolvers = {
    **{f"ProjectV2.{name}": resolve for name, resolve in PROJECT.items()},
    **{f"{kind}.{name}": resolve for kind in KINDS for name, resolve in FIELD.items()},
    "ProjectV2SingleSelectField.options": options,
    "ProjectV2IterationField.configuration": iterations,
}
