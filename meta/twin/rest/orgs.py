"""/orgs/{org}: show, change. They are made at /_twin/orgs."""

from __future__ import annotations

from typing import Any

from meta.twin.rest.shapes import users as shapes
from meta.twin.store import Row
from meta.twin.web import Call

CHANGEABLE = (
    *("name", "description", "company", "blog", "location", "email", "twitter_username"),
    *("billing_email", "default_repository_permission", "members_can_create_repositories"),
    *("has_organization_projects", "has_repository_projects", "web_commit_signoff_required"),
)


def show(call: Call, org: Row) -> dict[str, Any]:
    return shapes.organization(call, org)


def update(call: Call, org: Row) -> dict[str, Any]:
    org.doc |= {name: call.fields[name] for name in CHANGEABLE if name in call.fields}
    call.store.save(org)
    return shapes.organization(call, org)


ROUTES = [
    ("GET", "/orgs/{org}", show),
    ("PATCH", "/orgs/{org}", update),
]
