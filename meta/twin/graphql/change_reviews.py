"""Mutations of reviews, and of merging by itself."""

from __future__ import annotations

from typing import Any

from meta.twin.graphql.context import Context, Problem, Resolvers
from meta.twin.graphql.rest import ask, of_repo
from meta.twin.graphql.roots import actor
from meta.twin.rest import automerge
from meta.twin.store import now

Given = dict[str, Any]


def add_review(ctx: Context, given: Given) -> dict[str, Any]:
    pull = ctx.find(given["pullRequestId"], "pull")
    fields = {"body": given.get("body"), "event": given.get("event")}
    path = f"{of_repo(ctx.repo(pull.scope))}/pulls/{pull.key}/reviews"
    made = ctx.find(ask(ctx, "POST", path, fields)["node_id"], "review")
    return {"pullRequestReview": made, "reviewEdge": {"cursor": made.node, "node": made}}


def enable(ctx: Context, given: Given) -> dict[str, Any]:
    pull = ctx.find(given["pullRequestId"], "pull")
    if given.get("expectedHeadOid") not in (None, pull.doc["head_sha"]):
        raise Problem("Head branch was modified. Review and try the merge again.")
    how = {
        "method": (given.get("mergeMethod") or "MERGE").lower(),
        "commit_title": given.get("commitHeadline"),
        "commit_message": given.get("commitBody"),
        "by": ctx.login,
        "at": now(),
    }
    automerge.enable(ctx.store, ctx.repo(pull.scope), pull, how)
    return {"pullRequest": pull, "actor": actor(ctx, ctx.login)}


def disable(ctx: Context, given: Given) -> dict[str, Any]:
    pull = ctx.find(given["pullRequestId"], "pull")
    automerge.disable(ctx.store, pull)
    return {"pullRequest": pull, "actor": actor(ctx, ctx.login)}


CHANGES: Resolvers = {
    "addPullRequestReview": add_review,
    "disablePullRequestAutoMerge": disable,
    "enablePullRequestAutoMerge": enable,
}
