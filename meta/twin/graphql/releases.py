"""Resolvers of releases and their files."""

from __future__ import annotations

from typing import Any

from meta.twin.graphql.code import Ref, folder, named
from meta.twin.graphql.connection import connection, ordered
from meta.twin.graphql.context import Context, Resolvers
from meta.twin.graphql.objects import Thing, find
from meta.twin.graphql.owners import database_id, of_doc, of_row
from meta.twin.graphql.repositories import full_name
from meta.twin.graphql.roots import actor
from meta.twin.rest import releases
from meta.twin.rest.shapes.releases import assets_of, download, tag_shown
from meta.twin.store import Row


def of_repo(repo: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    """Newest first, unless another order is asked for."""
    rows = releases.of_repo(ctx.store, repo)
    if args.get("orderBy"):
        rows = ordered(rows[::-1], args["orderBy"])
    return connection(rows, args)


def of_tag(repo: Row, ctx: Context, tagName: str) -> Row | None:  # noqa: N803 - GitHub's name
    return releases.published(ctx.store, repo, tagName) or next(
        (row for row in releases.of_repo(ctx.store, repo) if row.doc["tag_name"] == tagName), None
    )


def repository(row: Row, ctx: Context) -> Row:
    return ctx.repo(row.scope)


def is_latest(row: Row, ctx: Context) -> bool:
    found = releases.latest(ctx.store, repository(row, ctx))
    return found is not None and found.id == row.id


def page_of(row: Row, ctx: Context) -> str:
    return f"/{full_name(repository(row, ctx), ctx)}/releases/tag/{tag_shown(row)}"


def assets(row: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    rows = ctx.store.rows(*assets_of(row))
    return connection([one for one in rows if args.get("name") in (None, one.key)], args)


def tag(row: Row, ctx: Context) -> Ref | None:
    if row.doc["draft"]:
        return None
    return named(repository(row, ctx), ctx, f"refs/tags/{row.doc['tag_name']}")


def commit(row: Row, ctx: Context) -> Thing | None:
    repo = repository(row, ctx)
    return find(repo, folder(repo, ctx), f"refs/tags/{row.doc['tag_name']}^{{commit}}")


def holder(row: Row, ctx: Context) -> Row:
    return ctx.at(row.doc["release"])


def content_url(row: Row, ctx: Context) -> str:
    release = holder(row, ctx)
    return ctx.url(full_name(repository(release, ctx), ctx), download(release, row))


RELEASE = {
    "author": lambda row, ctx: actor(ctx, row.doc["author"]),
    "createdAt": of_row("created"),
    "databaseId": database_id,
    "description": of_doc("body"),
    "id": of_row("node"),
    "immutable": of_doc("immutable"),
    "isDraft": of_doc("draft"),
    "isLatest": is_latest,
    "isPrerelease": of_doc("prerelease"),
    "name": of_doc("name"),
    "publishedAt": of_doc("published_at"),
    "releaseAssets": assets,
    "repository": repository,
    "resourcePath": page_of,
    "tag": tag,
    "tagCommit": commit,
    "tagName": of_doc("tag_name"),
    "updatedAt": of_row("updated"),
    "url": lambda row, ctx: ctx.base.rstrip("/") + page_of(row, ctx),
}
ASSET = {
    "contentType": of_doc("content_type"),
    "createdAt": of_row("created"),
    "digest": lambda row, _: f"sha256:{row.doc['sha256']}",
    "downloadCount": of_doc("downloads"),
    "downloadUrl": content_url,
    "id": of_row("node"),
    "name": of_doc("name"),
    "release": holder,
    "size": of_doc("size"),
    "updatedAt": of_row("updated"),
}
RESOLVERS: Resolvers = {
    **{f"Release.{name}": resolve for name, resolve in RELEASE.items()},
    **{f"ReleaseAsset.{name}": resolve for name, resolve in ASSET.items()},
    "Repository.latestRelease": lambda repo, ctx: releases.latest(ctx.store, repo),
    "Repository.release": of_tag,
    "Repository.releases": of_repo,
}
