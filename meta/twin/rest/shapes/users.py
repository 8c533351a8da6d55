"""A login -> a user or an organization as GitHub shows it."""

from __future__ import annotations

from typing import Any

from meta.twin.store import NotFound, Row
from meta.twin.web import Call

FREE = {"name": "free", "space": 976562499, "private_repos": 10000}


def account(call: Call, login: str) -> Row:
    """The organization or user of a login, whatever its case; raises NotFound."""
    row = call.store.get("org", "", login.lower()) or call.store.get("user", "", login.lower())
    if row is None:
        raise NotFound
    return row


def simple(call: Call, login: str | None) -> dict[str, Any] | None:
    """The short form that stands in issues and repositories; None for nobody."""
    return None if login is None else short(call, account(call, login))


def short(call: Call, row: Row) -> dict[str, Any]:
    login = row.doc["login"]
    url = f"{call.api}/users/{login}"
    return {
        "login": login,
        "id": row.rest,
        "node_id": row.node,
        "avatar_url": f"{call.web}/{login}.png",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{call.web}/{login}",
        "followers_url": f"{url}/followers",
        "following_url": f"{url}/following{{/other_user}}",
        "gists_url": f"{url}/gists{{/gist_id}}",
        "starred_url": f"{url}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{url}/subscriptions",
        "organizations_url": f"{url}/orgs",
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events{{/privacy}}",
        "received_events_url": f"{url}/received_events",
        "type": "Organization" if row.kind == "org" else "User",
        "user_view_type": "public",
        "site_admin": False,
    }


def full(call: Call, row: Row) -> dict[str, Any]:
    """The long form of a user."""
    empty = ("company", "blog", "location", "email", "hireable", "bio", "twitter_username")
    return {
        **short(call, row),
        "name": row.doc.get("name"),
        **dict.fromkeys(empty),
        "notification_email": None,
        "public_repos": len(call.store.rows("repo", row.key)),
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": row.created,
        "updated_at": row.updated,
    }


def private(call: Call, row: Row) -> dict[str, Any]:
    """What users see of themselves."""
    return {
        **full(call, row),
        "user_view_type": "private",
        "private_gists": 0,
        "total_private_repos": 0,
        "owned_private_repos": 0,
        "disk_usage": 0,
        "collaborators": 0,
        "two_factor_authentication": True,
        "plan": {"name": "free", "space": 976562499, "collaborators": 0, "private_repos": 10000},
    }


def organization(call: Call, row: Row) -> dict[str, Any]:
    """The long form of an organization."""
    login = row.doc["login"]
    url = f"{call.api}/orgs/{login}"
    repos = call.store.rows("repo", row.key)
    secret = sum(1 for repo in repos if repo.doc["private"])
    return {
        "login": login,
        "id": row.rest,
        "node_id": row.node,
        "url": url,
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events",
        "hooks_url": f"{url}/hooks",
        "issues_url": f"{url}/issues",
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{call.web}/{login}.png",
        "description": row.doc.get("description"),
        "name": row.doc.get("name") or login,
        "blog": row.doc.get("blog") or "",
        **{name: row.doc[name] for name in ("company", "location", "email") if row.doc.get(name)},
        "twitter_username": row.doc.get("twitter_username"),
        "is_verified": False,
        "has_organization_projects": row.doc.get("has_organization_projects", True),
        "has_repository_projects": row.doc.get("has_repository_projects", True),
        "public_repos": len(repos) - secret,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "html_url": f"{call.web}/{login}",
        "type": "Organization",
        "created_at": row.created,
        "updated_at": row.updated,
        "archived_at": None,
        **({} if not call.login else _owned(row, secret)),
    }


def _owned(row: Row, secret: int) -> dict[str, Any]:
    """What only the owners of an organization are shown."""
    return {
        "total_private_repos": secret,
        "owned_private_repos": secret,
        "private_gists": 0,
        "disk_usage": 0,
        "collaborators": 0,
        "billing_email": row.doc.get("billing_email"),
        "default_repository_permission": row.doc.get("default_repository_permission", "read"),
        "members_can_create_repositories": row.doc.get("members_can_create_repositories", True),
        "two_factor_requirement_enabled": False,
        "web_commit_signoff_required": row.doc.get("web_commit_signoff_required", False),
        "plan": {**FREE, "filled_seats": 1, "seats": 1},
    }
