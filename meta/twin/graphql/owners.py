"""Resolvers of organizations, users and teams."""

from __future__ import annotations

from typing import Any

from meta.twin.graphql.connection import connection, ordered
from meta.twin.graphql.context import Context, Resolver, Resolvers
from meta.twin.graphql.roots import missing
from meta.twin.store import NotFound, Row

Owner = Row | dict[str, Any]
LARGEST = (1 << 31) - 1


def login(owner: Owner, _: Context | None = None) -> str:
    return str(owner["login"] if isinstance(owner, dict) else owner.doc["login"])


def of_doc(name: str, default: Any = None) -> Resolver:
    """A field that stands in the row's document under a name of REST."""

    def read(row: Owner, _: Context) -> Any:
        value = (row if isinstance(row, dict) else row.doc).get(name)
        return default if value is None else value

    return read


def of_row(name: str) -> Resolver:
    """A field that is a column of the row."""
    return lambda row, _: getattr(row, name) if isinstance(row, Row) else None


def database_id(row: Owner, _: Context) -> int | None:
    """The number that REST knows a row by, where it fits GraphQL's 32 bits; else there is
    `fullDatabaseId`.
    """
    number = row.rest if isinstance(row, Row) else LARGEST + 1
    return number if number <= LARGEST else None


def always(value: Any) -> Resolver:
    """A field on which everything in the twin agrees."""
    return lambda *_args, **_more: value


def nothing(*_: Any, **args: Any) -> dict[str, Any]:
    """A connection of what nobody has here."""
    return connection([], args)


def of_url(*before: str) -> dict[str, Resolver]:
    """`url` and `resourcePath` of an owner, whose page is at its login."""
    return {
        "url": lambda owner, ctx: ctx.url(*before, login(owner)),
        "resourcePath": lambda owner, _: "/" + "/".join([*before, login(owner)]),
    }


def node_id(owner: Owner, _: Context) -> str:
    return f"U_{owner['login']}" if isinstance(owner, dict) else owner.node


def made(owner: Owner, _: Context) -> str:
    return owner.created if isinstance(owner, Row) else "2020-01-01T00:00:00Z"


def repositories(owner: Owner, ctx: Context, **args: Any) -> dict[str, Any]:
    rows = ctx.store.rows("repo", login(owner).lower())
    private = {"PRIVATE": True, "PUBLIC": False}.get(args.get("privacy", ""))
    shown = [
        row
        for row in rows
        if (private is None or bool(row.doc.get("private")) is private)
        and args.get("isFork") is not True
        and _is(row.doc.get("archived"), args.get("isArchived"))
        and (args.get("visibility") in (None, str(row.doc.get("visibility", "public")).upper()))
    ]
    return connection(ordered(shown, args.get("orderBy")), args)


def _is(value: Any, wanted: bool | None) -> bool:
    return wanted is None or bool(value) is wanted


def repository(owner: Owner, ctx: Context, name: str, **_: Any) -> Row:
    try:
        return ctx.store.repo(login(owner), name)
    except NotFound as error:
        raise missing("Repository", f"with the name '{login(owner)}/{name}'") from error


def project(owner: Owner, ctx: Context, number: int) -> Row:
    row = ctx.store.get("project", login(owner).lower(), str(number))
    if row is None:
        raise missing("ProjectV2", f"with the number {number}")
    return row


def projects(owner: Owner, ctx: Context, **args: Any) -> dict[str, Any]:
    rows = ctx.store.rows("project", login(owner).lower())
    return connection(ordered(searched(rows, "title", args), args.get("orderBy")), args)


def searched(rows: list[Row], name: str, args: dict[str, Any]) -> list[Row]:
    """The rows whose field holds every plain word of `query`; qualifiers like `is:` pass."""
    words = [word.lower() for word in (args.get("query") or "").split() if ":" not in word]
    return [row for row in rows if all(word in str(row.doc[name]).lower() for word in words)]


def teams(owner: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    rows = ctx.store.rows("team", owner.key)
    return connection(ordered(searched(rows, "name", args), args.get("orderBy")), args)


def team(owner: Row, ctx: Context, slug: str) -> Row | None:
    return ctx.store.get("team", owner.key, slug.lower())


def team_organization(row: Row, ctx: Context) -> Row:
    return ctx.owner(row.scope)


def team_repositories(row: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    """Repositories that the team may work on, with what it may do there."""
    grants = ctx.store.rows("team_repo", f"team:{row.id}")
    links = {grant.doc["repo"]: grant for grant in grants}
    rows = searched([ctx.at(number) for number in links], "name", args)
    words = {"pull": "READ", "triage": "TRIAGE", "push": "WRITE"}

    def permission(repo: Row) -> dict[str, Any]:
        may = str(links[repo.id].doc.get("permission", "pull"))
        return {"permission": words.get(may, may.upper())}

    return connection(rows, args, edge=permission)


def team_url(row: Row, ctx: Context) -> str:
    return ctx.url("orgs", row.scope, "teams", row.key)


def avatar(owner: Owner, ctx: Context, **_: Any) -> str:
    return ctx.url("avatars", login(owner))


def organizations(_: Owner, ctx: Context, **args: Any) -> dict[str, Any]:
    return connection(ctx.store.rows("org"), args)


def _owner_fields(kind: str) -> dict[str, Resolver]:
    fields: dict[str, Resolver] = {
        **of_url(),
        "id": node_id,
        "login": login,
        "name": of_doc("name"),
        "avatarUrl": avatar,
        "databaseId": database_id,
        "createdAt": made,
        "updatedAt": made,
        "repositories": repositories,
        "repository": repository,
        "projectV2": project,
        "projectsV2": projects,
    }
    return {f"{kind}.{name}": resolve for name, resolve in fields.items()}


RESOLVERS: Resolvers = {
    **_owner_fields("Organization"),
    **_owner_fields("User"),
    "User.email": of_doc("email", ""),
    "User.isViewer": lambda owner, ctx: login(owner) == ctx.login,
    "User.organizations": organizations,
    "Organization.description": of_doc("description"),
    "Organization.email": of_doc("email"),
    "Organization.isVerified": always(False),
    "Organization.team": team,
    "Organization.teams": teams,
    "Organization.viewerCanAdminister": always(True),
    "Organization.viewerCanCreateProjects": always(True),
    "Organization.viewerIsAMember": always(True),
    "Team.id": of_row("node"),
    "Team.databaseId": database_id,
    "Team.name": of_doc("name"),
    "Team.slug": of_row("key"),
    "Team.combinedSlug": lambda row, _: f"{row.scope}/{row.key}",
    "Team.description": of_doc("description"),
    "Team.privacy": lambda row, _: "SECRET" if row.doc.get("privacy") == "secret" else "VISIBLE",
    "Team.organization": team_organization,
    "Team.repositories": team_repositories,
    "Team.createdAt": of_row("created"),
    "Team.updatedAt": of_row("updated"),
    "Team.url": team_url,
    "Team.resourcePath": lambda row, _: f"/orgs/{row.scope}/teams/{row.key}",
}
