"""Rows of releases and their assets -> the JSON that GitHub shows of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from meta.twin.rest.shapes import repos, users
from meta.twin.store import Row
from meta.twin.web import Call


def release(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    doc, url = row.doc, f"{repos.api(call, repo)}/releases/{row.rest}"
    balls = None if doc["draft"] else f"{repos.api(call, repo)}/%s/refs/tags/{doc['tag_name']}"
    return {
        "url": url,
        "assets_url": f"{url}/assets",
        "upload_url": f"{url}/assets{{?name,label}}",
        "html_url": f"{repos.web(call, repo)}/releases/tag/{tag_shown(row)}",
        "id": row.rest,
        "node_id": row.node,
        "author": users.simple(call, doc["author"]),
        "tag_name": doc["tag_name"],
        "target_commitish": doc["target_commitish"],
        "name": doc["name"],
        "body": doc["body"],
        "draft": doc["draft"],
        "prerelease": doc["prerelease"],
        "immutable": doc["immutable"],
        "created_at": row.created,
        "updated_at": row.updated,
        "published_at": doc["published_at"],
        "assets": [asset(call, repo, row, each) for each in call.store.rows(*assets_of(row))],
        "tarball_url": balls % "tarball" if balls else None,
        "zipball_url": balls % "zipball" if balls else None,
    }


def asset(call: Call, repo: Row, holder: Row, row: Row) -> dict[str, Any]:
    doc = row.doc
    return {
        "url": f"{repos.api(call, repo)}/releases/assets/{row.rest}",
        "id": row.rest,
        "node_id": row.node,
        "name": doc["name"],
        "label": doc["label"],
        "uploader": users.simple(call, doc["uploader"]),
        "content_type": doc["content_type"],
        "state": "uploaded",
        "size": doc["size"],
        "digest": f"sha256:{doc['sha256']}",
        "download_count": doc["downloads"],
        "created_at": row.created,
        "updated_at": row.updated,
        "browser_download_url": f"{repos.web(call, repo)}/{download(holder, row)}",
    }


def download(holder: Row, row: Row) -> str:
    """The path of an asset's content below the page of its repository."""
    tag = quote(tag_shown(holder), safe="")
    return f"releases/download/{tag}/{quote(row.doc['name'], safe='')}"


def tag_shown(row: Row) -> str:
    """A draft has no tag yet: its page has a name that nobody guesses."""
    return f"untagged-{row.id:020x}" if row.doc["draft"] else str(row.doc["tag_name"])


def assets_of(row: Row) -> tuple[str, str]:
    """Kind and scope of the rows of a release's assets."""
    return "release_asset", f"release:{row.id}"
