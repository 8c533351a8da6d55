"""Resolvers of reviews, and of merging by itself."""

from __future__ import annotations

from typing import Any

from meta.twin import reviews
from meta.twin.graphql.code import folder
from meta.twin.graphql.connection import connection
from meta.twin.graphql.context import Context, Resolvers
from meta.twin.graphql.issues import WRITTEN, page_of
from meta.twin.graphql.objects import Thing, find
from meta.twin.graphql.owners import always, of_doc, of_row
from meta.twin.graphql.roots import actor
from meta.twin.store import Row


def of_pull(pull: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    rows = [
        row
        for row in reviews.of(ctx.store, pull)
        if args.get("author") in (None, row.doc["author"])
        and (not args.get("states") or row.doc["state"] in args["states"])
        and (row.doc["state"] != "PENDING" or row.doc["author"] == ctx.login)
    ]
    return connection(rows, args)


def latest(pull: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    return connection(reviews.latest(ctx.store, pull), args)


def decision(pull: Row, ctx: Context) -> str | None:
    return reviews.decision(ctx.store, ctx.repo(pull.scope), pull)


def pull_of(row: Row, ctx: Context) -> Row:
    return ctx.at(row.doc["pull"])


def repository(row: Row, ctx: Context) -> Row:
    return ctx.repo(pull_of(row, ctx).scope)


def commit(row: Row, ctx: Context) -> Thing | None:
    repo = repository(row, ctx)
    return find(repo, folder(repo, ctx), row.doc["sha"])


def place(row: Row, ctx: Context) -> str:
    return f"{page_of(pull_of(row, ctx), ctx)}#pullrequestreview-{row.rest}"


def auto_merge(pull: Row, ctx: Context) -> dict[str, Any] | None:
    how = pull.doc.get("auto_merge")
    if not how:
        return None
    return {
        "authorEmail": None,
        "commitBody": how.get("commit_message"),
        "commitHeadline": how.get("commit_title"),
        "enabledAt": how["at"],
        "enabledBy": actor(ctx, how["by"]),
        "mergeMethod": how["method"].upper(),
        "pullRequest": pull,
    }


REVIEW = {
    **{name: resolve for name, resolve in WRITTEN.items() if name != "databaseId"},
    "authorAssociation": always("MEMBER"),
    "commit": commit,
    "id": of_row("node"),
    "pullRequest": pull_of,
    "repository": repository,
    "resourcePath": place,
    "state": of_doc("state"),
    "submittedAt": of_doc("submitted_at"),
    "updatedAt": of_row("updated"),
    "url": lambda row, ctx: ctx.base.rstrip("/") + place(row, ctx),
}
RESOLVERS: Resolvers = {
    **{f"PullRequestReview.{name}": resolve for name, resolve in REVIEW.items()},
    "PullRequest.autoMergeRequest": auto_merge,
    "PullRequest.latestReviews": latest,
    "PullRequest.reviewDecision": decision,
    "PullRequest.reviews": of_pull,
}
