"""/orgs/{org}: show, change, members. They are made at /_twin/orgs."""

from __future__ import annotations

from typing import Any

from meta.twin.rest.shapes import users as shapes
from meta.twin.store import NotFound, Row
from meta.twin.web import ADMIN, Answer, Call, page, there

CHANGEABLE = (
    *("name", "description", "company", "blog", "location", "email", "twitter_username"),
    *("billing_email", "default_repository_permission", "members_can_create_repositories"),
    *("has_organization_projects", "has_repository_projects", "web_commit_signoff_required"),
)

#: What one may do in a repository, from the least on; each holds those before it.
LEVELS = ("pull", "triage", "push", "maintain", "admin")


def show(call: Call, org: Row) -> dict[str, Any]:
    return shapes.organization(call, org)


def update(call: Call, org: Row) -> dict[str, Any]:
    org.doc |= {name: call.fields[name] for name in CHANGEABLE if name in call.fields}
    call.store.save(org)
    return shapes.organization(call, org)


def members(call: Call, org: Row) -> Answer:
    return page(call, _owners(call), lambda row: shapes.short(call, row))


def member(call: Call, org: Row, username: str) -> None:
    if username.lower() != ADMIN:
        raise NotFound


def membership(call: Call, org: Row, username: str) -> dict[str, Any]:
    member(call, org, username)
    return {
        "url": f"{call.api}/orgs/{org.doc['login']}/memberships/{ADMIN}",
        "state": "active",
        "role": "admin",
        "organization_url": f"{call.api}/orgs/{org.doc['login']}",
        "organization": shapes.organization(call, org),
        "user": shapes.simple(call, ADMIN),
    }


def my_membership(call: Call, org: Row) -> dict[str, Any]:
    return membership(call, org, call.user())


def collaborators(call: Call, repo: Row) -> Answer:
    call.user()
    return page(call, _owners(call), lambda row: _collaborator(call, row, "admin"))


def collaborator(call: Call, repo: Row, username: str) -> None:
    member(call, repo, username)


def permission(call: Call, repo: Row, username: str) -> dict[str, Any]:
    user = shapes.account(call, username)
    level = "admin" if user.key == ADMIN else "read"
    return {"permission": level, "role_name": level, "user": _collaborator(call, user, level)}


def _collaborator(call: Call, row: Row, role: str) -> dict[str, Any]:
    may = LEVELS[: LEVELS.index("pull" if role == "read" else role) + 1]
    granted = {level: level in may for level in reversed(LEVELS)}
    return {**shapes.short(call, row), "permissions": granted, "role_name": role}


def assignees(call: Call, repo: Row) -> Answer:
    return page(call, _owners(call), lambda row: shapes.short(call, row))


def _owners(call: Call) -> list[Row]:
    return [there(call.store.get("user", "", ADMIN))]


REPO = "/repos/{owner}/{repo}"
ROUTES = [
    ("GET", "/orgs/{org}", show),
    ("PATCH", "/orgs/{org}", update),
    ("GET", "/orgs/{org}/members", members),
    ("GET", "/orgs/{org}/members/{username}", member),
    ("GET", "/orgs/{org}/memberships/{username}", membership),
    ("GET", "/user/memberships/orgs/{org}", my_membership),
    ("GET", f"{REPO}/collaborators", collaborators),
    ("GET", f"{REPO}/collaborators/{{username}}", collaborator),
    ("GET", f"{REPO}/collaborators/{{username}}/permission", permission),
    ("GET", f"{REPO}/assignees", assignees),
]
