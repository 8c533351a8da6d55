"""A team's row -> the forms in which GitHub shows it."""

from __future__ import annotations

from typing import Any

from meta.twin.rest.shapes import users
from meta.twin.store import Row
from meta.twin.web import Call, there

#: Weakest first: each permission holds the ones before it.
LEVELS = ("pull", "triage", "push", "maintain", "admin")


def simple(call: Call, row: Row) -> dict[str, Any]:
    """A team without its parent."""
    org = there(call.store.get("org", "", row.scope))
    url = f"{call.api}/organizations/{org.rest}/team/{row.rest}"
    return {
        "id": row.rest,
        "node_id": row.node,
        "url": url,
        "html_url": f"{call.web}/orgs/{org.doc['login']}/teams/{row.key}",
        "name": row.doc["name"],
        "slug": row.key,
        "description": row.doc["description"],
        "privacy": row.doc["privacy"],
        "notification_setting": row.doc["notification_setting"],
        "permission": row.doc["permission"],
        "members_url": f"{url}/members{{/member}}",
        "repositories_url": f"{url}/repos",
        "type": "organization",
        "organization_id": org.rest,
    }


def team(call: Call, row: Row) -> dict[str, Any]:
    """The form of lists."""
    above = call.store.by_id(row.doc["parent"]) if row.doc["parent"] else None
    return simple(call, row) | {"parent": simple(call, above) if above else None}


def full(call: Call, row: Row) -> dict[str, Any]:
    """The form of one team that was asked for."""
    org = there(call.store.get("org", "", row.scope))
    return {
        **team(call, row),
        "members_count": len(row.doc["members"]),
        "repos_count": len(call.store.rows("team_repo", f"team:{row.id}")),
        "created_at": row.created,
        "updated_at": row.updated,
        "organization": users.organization(call, org),
    }


def permissions(level: str) -> dict[str, bool]:
    """What a level lets a team do."""
    return {name: LEVELS.index(name) <= LEVELS.index(level) for name in reversed(LEVELS)}


def role(level: str) -> str:
    """GitHub's role names differ from its permissions for two of the levels."""
    return {"pull": "read", "push": "write"}.get(level, level)
