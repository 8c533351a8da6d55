"""An environment's row -> the short form in which runs name it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from meta.twin.rest.shapes import repos
from meta.twin.store import Row
from meta.twin.web import Call


def brief(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    name = quote(row.doc["name"], safe="")
    log = f"{repos.web(call, repo)}/deployments/activity_log?environments_filter={name}"
    return {
        "id": row.rest,
        "node_id": row.node,
        "name": row.doc["name"],
        "url": f"{repos.api(call, repo)}/environments/{name}",
        "html_url": log,
        "created_at": row.created,
        "updated_at": row.updated,
    }
