"""Resolvers of `Query`: where every question starts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from meta.twin.clock import stamp
from meta.twin.graphql.context import Context, Problem, Resolvers
from meta.twin.limits import meter
from meta.twin.store import NotFound, Row

#: Rows that a client may hold by their node id. The others are the twin's own records.
NODES = (
    *("org", "user", "team", "repo", "label", "milestone", "issue", "pull", "comment"),
    *("ruleset", "environment", "project", "project_field", "project_item", "issue_type"),
    *("release", "release_asset", "review"),
)
RANGE = 100


def repository(
    _: Any,
    ctx: Context,
    owner: str,
    name: str,
    followRenames: bool = True,  # noqa: N803 - GitHub's name
) -> Row:
    """The repository that has the name, or had it."""
    try:
        return ctx.repo(f"{owner.lower()}/{name.lower()}")
    except NotFound as error:
        moved = ctx.store.get("moved", owner.lower(), name.lower()) if followRenames else None
        found = ctx.row(moved.doc["repo"]) if moved else None
        if found is None:
            raise missing("Repository", f"with the name '{owner}/{name}'") from error
        return found


def organization(_: Any, ctx: Context, login: str) -> Row:
    row = ctx.store.get("org", "", login.lower())
    if row is None:
        raise missing("Organization", f"with the login of '{login}'", "an")
    return row


def user(_: Any, ctx: Context, login: str) -> Row:
    row = ctx.store.get("user", "", login.lower())
    if row is None:
        raise missing("User", f"with the login of '{login}'")
    return row


def repository_owner(_: Any, ctx: Context, login: str) -> Row | None:
    try:
        return ctx.owner(login)
    except NotFound:
        return None


def viewer(_: Any, ctx: Context) -> Row | dict[str, Any]:
    return actor(ctx, ctx.login)


def actor(ctx: Context, login: str) -> Row | dict[str, Any]:
    """Who a login is; a user that nobody made is still somebody."""
    row = ctx.store.get("user", "", login.lower())
    return row or {"__typename": "User", "login": login}


def node(_: Any, ctx: Context, id: str) -> Row:
    return ctx.find(id, *NODES)


def nodes(_: Any, ctx: Context, ids: list[str]) -> list[Row | Problem]:
    """Each node or, in its place, why there is none: the others are answered all the same."""
    if len(ids) > RANGE:
        raise Problem(f"You may not provide more than {RANGE} node ids; you provided {len(ids)}.")

    def one(id: str) -> Row | Problem:
        try:
            return ctx.find(id, *NODES)
        except Problem as problem:
            return problem

    return [one(id) for id in ids]


def resource(_: Any, ctx: Context, url: str) -> Row | None:
    """The owner, repository, issue or pull request that has its page at a URL; host ignored."""
    parts = urlsplit(url).path.strip("/").split("/")
    try:
        match parts:
            case ["orgs" | "users", login] | [login]:
                return ctx.owner(login)
            case [owner, name]:
                return ctx.store.repo(owner, name)
            case [owner, name, "issues" | "pull", number]:
                scope = f"{owner}/{name}".lower()
                return ctx.store.get("issue", scope, number) or ctx.store.get("pull", scope, number)
            case _:
                return None
    except NotFound:
        return None


def rate_limit(_: Any, __: Context, **___: Any) -> dict[str, Any]:
    metered = meter()
    if metered is None:
        raise Problem("Nobody counts what this question costs.", "INTERNAL")
    charge = metered.charge
    return {
        "cost": charge.work.cost,
        "limit": charge.window.limit,
        "nodeCount": charge.work.nodes,
        "remaining": max(0, charge.window.limit - charge.window.used),
        "resetAt": stamp(datetime.fromtimestamp(charge.window.reset, UTC)),
        "used": charge.window.used,
    }


def missing(what: str, which: str, article: str = "a") -> Problem:
    """GitHub's words for a thing that is not there, or that the caller may not see."""
    return Problem(f"Could not resolve to {article} {what} {which}.", "NOT_FOUND")


RESOLVERS: Resolvers = {
    # On GitHub the root is a node too.
    "Query.id": lambda *_: "MDU6UXVlcnk=",
    "Query.repository": repository,
    "Query.organization": organization,
    "Query.user": user,
    "Query.repositoryOwner": repository_owner,
    "Query.viewer": viewer,
    "Query.node": node,
    "Query.nodes": nodes,
    "Query.resource": resource,
    "Query.rateLimit": rate_limit,
}
