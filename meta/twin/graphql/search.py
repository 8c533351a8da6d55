"""Resolvers of search: issues and pull requests, and repositories."""

from __future__ import annotations

from typing import Any

from meta.twin import searching
from meta.twin.graphql.connection import connection
from meta.twin.graphql.context import Context, Problem, Resolvers


def search(_: Any, ctx: Context, query: str, type: str, **args: Any) -> dict[str, Any]:
    find = searching.repositories if type == "REPOSITORY" else searching.issues
    try:
        rows = find(ctx.store, query)
    except searching.Unknown as unknown:
        raise Problem(f"the twin's search has no {unknown}") from unknown
    counts = dict.fromkeys(("codeCount", "discussionCount", "userCount", "wikiCount"), 0)
    counts["repositoryCount"] = len(rows) if type == "REPOSITORY" else 0
    counts["issueCount"] = len(rows) if type != "REPOSITORY" else 0
    return connection(rows, args) | counts


RESOLVERS: Resolvers = {"Query.search": search}
