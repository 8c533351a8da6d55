"""/orgs/{org}/members and memberships: who belongs to an organization, invited or active."""

from __future__ import annotations

from typing import Any

from meta.twin import people
from meta.twin.rest.shapes import users as shapes
from meta.twin.rest.users import org_simple
from meta.twin.store import NotFound, Row
from meta.twin.web import ADMIN, Answer, Call, Refusal, page, there

ROLES = ("admin", "member")


def all_of(call: Call, org: Row) -> Answer:
    role = call.query.get("role", "all")
    found = [login for login, has in people.members(call.store, org) if role in ("all", has)]
    return page(call, found, lambda login: shapes.simple(call, login))


def is_one(call: Call, org: Row, username: str) -> None:
    if not people.is_member(call.store, org, username):
        raise NotFound


def remove(call: Call, org: Row, username: str) -> None:
    """Out of the organization is out of its teams, too."""
    if username.lower() == ADMIN:
        raise Refusal(403, "Cannot remove the last owner")
    call.store.drop(there(people.membership(call.store, org, username)))
    for team in call.store.rows("team", org.key):
        kept = [each for each in team.doc["members"] if each.lower() != username.lower()]
        if kept != team.doc["members"]:
            team.doc["members"] = kept
            call.store.save(team)


def show(call: Call, org: Row, username: str) -> dict[str, Any]:
    if username.lower() == ADMIN:
        return _shown(call, org, ADMIN, "admin", "active")
    row = there(people.membership(call.store, org, username))
    return _shown(call, org, row.doc["login"], row.doc["role"], row.doc["state"])


def put(call: Call, org: Row, username: str) -> dict[str, Any]:
    """Invites, or changes the role of who is in already."""
    user, role = shapes.account(call, username), call.fields.get("role", "member")
    if role not in ROLES:
        raise Refusal(422, "Validation Failed", [f"{role!r} is not a role"])
    row = people.membership(call.store, org, user.key)
    if user.key != ADMIN and row is None:
        doc = {"login": user.doc["login"], "role": role, "state": "pending"}
        call.store.add(people.MEMBER, org.key, user.key, doc)
    elif row is not None:
        row.doc["role"] = role
        call.store.save(row)
    return show(call, org, username)


def mine(call: Call, org: Row) -> dict[str, Any]:
    return show(call, org, call.user())


def accept(call: Call, org: Row) -> dict[str, Any]:
    if call.text("state") != "active":
        raise Refusal(422, "Validation Failed", ["state can only become active"])
    row = people.membership(call.store, org, call.user())
    if row is not None:
        row.doc["state"] = "active"
        call.store.save(row)
    return mine(call, org)


def _shown(call: Call, org: Row, login: str, role: str, state: str) -> dict[str, Any]:
    url = f"{call.api}/orgs/{org.doc['login']}"
    return {
        "url": f"{url}/memberships/{login}",
        "state": state,
        "role": role,
        "organization_url": url,
        "organization": org_simple(call, org),
        "user": shapes.simple(call, login),
    }


ORG, ONE = "/orgs/{org}", "/orgs/{org}/memberships/{username}"
ROUTES = [
    ("GET", f"{ORG}/members", all_of),
    ("GET", f"{ORG}/members/{{username}}", is_one),
    ("DELETE", f"{ORG}/members/{{username}}", remove),
    ("GET", ONE, show),
    ("PUT", ONE, put),
    ("DELETE", ONE, remove),
    ("GET", "/user/memberships/orgs/{org}", mine),
    ("PATCH", "/user/memberships/orgs/{org}", accept),
]
