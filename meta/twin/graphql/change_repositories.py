"""Mutations of repositories: make one, set what is set on it."""

from __future__ import annotations

from typing import Any

from meta.twin.graphql.context import Context, Resolvers
from meta.twin.graphql.rest import ask, of_repo

#: Input of GraphQL -> field of REST.
NAMES = {
    "name": "name",
    "description": "description",
    "homepageUrl": "homepage",
    "template": "is_template",
    "hasWikiEnabled": "has_wiki",
    "hasIssuesEnabled": "has_issues",
    "hasProjectsEnabled": "has_projects",
    "hasDiscussionsEnabled": "has_discussions",
}
Given = dict[str, Any]


def create_repository(ctx: Context, given: Given) -> dict[str, Any]:
    """Without `ownerId` it belongs to the one who asks."""
    owner = ctx.find(given["ownerId"], "org", "user") if given.get("ownerId") else None
    path = f"/orgs/{owner.key}/repos" if owner and owner.kind == "org" else "/user/repos"
    made = ask(ctx, "POST", path, {**_fields(given), "visibility": given["visibility"].lower()})
    return {"repository": ctx.find(made["node_id"], "repo")}


def update_repository(ctx: Context, given: Given) -> dict[str, Any]:
    repo = ctx.find(given["repositoryId"], "repo")
    ask(ctx, "PATCH", of_repo(repo), _fields(given))
    return {"repository": ctx.find(repo.node, "repo")}


def _fields(given: Given) -> dict[str, Any]:
    return {rest: given[name] for name, rest in NAMES.items() if name in given}


CHANGES: Resolvers = {
    "createRepository": create_repository,
    "updateRepository": update_repository,
}
