"""Rows of deployments, commit statuses and checks -> the JSON that GitHub shows of them."""

from __future__ import annotations

from typing import Any

from meta.twin.rest.shapes import repos, users
from meta.twin.store import Row
from meta.twin.web import Call


def deployment(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    url, doc = f"{repos.api(call, repo)}/deployments/{row.rest}", row.doc
    return {
        "url": url,
        "id": row.rest,
        "node_id": row.node,
        "task": doc["task"],
        "original_environment": doc["original"],
        "environment": doc["environment"],
        "description": doc["description"],
        "created_at": row.created,
        "updated_at": row.updated,
        "statuses_url": f"{url}/statuses",
        "repository_url": repos.api(call, repo),
        "creator": users.simple(call, doc["creator"]),
        "sha": doc["sha"],
        "ref": doc["ref"],
        "payload": doc["payload"],
        "transient_environment": doc["transient"],
        "production_environment": doc["production"],
        "performed_via_github_app": None,
    }


def status(call: Call, repo: Row, deployment: Row, row: Row) -> dict[str, Any]:
    url, doc = f"{repos.api(call, repo)}/deployments/{deployment.rest}", row.doc
    return {
        "url": f"{url}/statuses/{row.rest}",
        "id": row.rest,
        "node_id": row.node,
        "state": doc["state"],
        "creator": users.simple(call, doc["creator"]),
        "description": doc["description"],
        "environment": doc["environment"],
        "target_url": doc["log_url"],
        "created_at": row.created,
        "updated_at": row.updated,
        "deployment_url": url,
        "repository_url": repos.api(call, repo),
        "environment_url": doc["environment_url"],
        "log_url": doc["log_url"],
        "performed_via_github_app": None,
    }


def commit_status(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    return {**simple_status(call, repo, row), "creator": users.simple(call, row.doc["creator"])}


def simple_status(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    """The form that stands in the combined status."""
    return {
        "url": f"{repos.api(call, repo)}/statuses/{row.doc['sha']}",
        "avatar_url": f"{call.web}/{row.doc['creator']}.png",
        "id": row.rest,
        "node_id": row.node,
        "state": row.doc["state"],
        "description": row.doc["description"],
        "target_url": row.doc["target_url"],
        "context": row.doc["context"],
        "created_at": row.created,
        "updated_at": row.updated,
    }
