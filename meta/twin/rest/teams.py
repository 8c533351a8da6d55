"""/orgs/{org}/teams: list, show, create, change, rename, delete, members."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from meta.twin.rest.shapes import teams as shapes
from meta.twin.rest.shapes import users
from meta.twin.routes import Route
from meta.twin.store import Exists, NotFound, Row, row_id
from meta.twin.web import Answer, Call, Handler, invalid, page, there, whole

PRIVACIES = ("closed", "secret")
NOTIFICATIONS = ("notifications_enabled", "notifications_disabled")


def all_of(call: Call, org: Row) -> Answer:
    call.user()
    rows = sorted(call.store.rows("team", org.key), key=lambda row: row.key)
    return page(call, rows, lambda row: shapes.team(call, row))


def show(call: Call, org: Row, slug: str) -> dict[str, Any]:
    return shapes.full(call, find(call, org, slug))


def create(call: Call, org: Row) -> Answer:
    name = call.text("name")
    doc: dict[str, Any] = {"name": name, "description": None, "permission": "pull", "parent": None}
    doc |= {"privacy": "secret", "notification_setting": NOTIFICATIONS[0], "members": [call.user()]}
    if call.fields.get("parent_team_id"):
        doc["privacy"] = "closed"
    _change(call, org, doc)
    try:
        row = call.store.add("team", org.key, _slug(name), doc)
    except Exists as error:
        raise invalid(
            "Team", "name", "already_exists", "Name must be unique for this org"
        ) from error
    return Answer(201, shapes.full(call, row))


def update(call: Call, org: Row, slug: str) -> dict[str, Any]:
    row = find(call, org, slug)
    _change(call, org, row.doc)
    if call.fields.get("name"):
        row.doc["name"] = str(call.fields["name"])
        row.key = _slug(row.doc["name"])
    try:
        call.store.save(row)
    except Exists as error:
        raise invalid(
            "Team", "name", "already_exists", "Name must be unique for this org"
        ) from error
    return shapes.full(call, row)


def delete(call: Call, org: Row, slug: str) -> None:
    """The teams below go with it, as on GitHub."""
    row = find(call, org, slug)
    for below in call.store.where("team", "parent", row.id):
        delete(call, org, below.key)
    call.store.drop_scope(f"team:{row.id}")
    call.store.drop(row)


def below(call: Call, org: Row, slug: str) -> Answer:
    rows = call.store.where("team", "parent", find(call, org, slug).id)
    return page(call, rows, lambda row: shapes.team(call, row))


def members(call: Call, org: Row, slug: str) -> Answer:
    logins = find(call, org, slug).doc["members"]
    return page(call, logins, lambda login: users.simple(call, login))


def membership(call: Call, org: Row, slug: str, username: str) -> dict[str, Any]:
    row, user = find(call, org, slug), users.account(call, username)
    if user.doc["login"] not in row.doc["members"]:
        raise NotFound
    return _membership(call, org, row, user)


def join(call: Call, org: Row, slug: str, username: str) -> dict[str, Any]:
    row, user = find(call, org, slug), users.account(call, username)
    row.doc["members"] = list(dict.fromkeys([*row.doc["members"], user.doc["login"]]))
    call.store.save(row)
    return _membership(call, org, row, user)


def leave(call: Call, org: Row, slug: str, username: str) -> None:
    row, user = find(call, org, slug), users.account(call, username)
    row.doc["members"] = [each for each in row.doc["members"] if each != user.doc["login"]]
    call.store.save(row)


def find(call: Call, org: Row, slug: str) -> Row:
    """Only members of an organization see its teams; raises NotFound."""
    return there(call.store.get("team", org.key, slug.lower()) if call.login else None)


def by_number(handler: Handler) -> Handler:
    """The same for a team that is named by its number: its `url` names it so."""

    def answer(call: Call, number: str, team: str, **parts: str) -> Any:
        row = there(call.store.by_id(row_id("team", whole(team))))
        org = there(call.store.get("org", "", row.scope))
        if row.kind != "team" or org.rest != whole(number):
            raise NotFound
        return handler(call, org, row.key, **parts)

    return answer


def _membership(call: Call, org: Row, row: Row, user: Row) -> dict[str, Any]:
    url = f"{call.api}/orgs/{org.doc['login']}/teams/{row.key}/memberships/{user.doc['login']}"
    return {"url": url, "role": "maintainer", "state": "active"}


def _slug(name: str) -> str:
    """How a name stands in an address: plain letters, digits, and dashes for the rest."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-")
    if not slug:
        raise invalid("Team", "name", "invalid")
    return slug


def _change(call: Call, org: Row, doc: dict[str, Any]) -> None:
    fields = call.fields
    if "description" in fields:
        doc["description"] = fields["description"] or None
    for name, allowed in (
        ("privacy", PRIVACIES),
        ("notification_setting", NOTIFICATIONS),
        ("permission", shapes.LEVELS),
    ):
        if fields.get(name) is not None:
            if fields[name] not in allowed:
                raise invalid("Team", name, "invalid")
            doc[name] = fields[name]
    if "parent_team_id" in fields:
        doc["parent"] = _parent(call, org, fields["parent_team_id"])


def _parent(call: Call, org: Row, number: Any) -> int | None:
    if number is None:
        return None
    row = call.store.by_id(row_id("team", int(number)))
    if row is None or row.kind != "team" or row.scope != org.key:
        raise invalid("Team", "parent_team_id", "invalid")
    return row.id


TEAMS = "/orgs/{org}/teams"
ONE = f"{TEAMS}/{{slug}}"
NUMBERED = "/organizations/{number}/team/{team}"
ROUTES: list[Route] = [
    ("GET", TEAMS, all_of),
    ("POST", TEAMS, create),
    ("GET", ONE, show),
    ("PATCH", ONE, update),
    ("DELETE", ONE, delete),
    ("GET", f"{ONE}/teams", below),
    ("GET", f"{ONE}/members", members),
    ("GET", f"{ONE}/memberships/{{username}}", membership),
    ("PUT", f"{ONE}/memberships/{{username}}", join),
    ("DELETE", f"{ONE}/memberships/{{username}}", leave),
]
ROUTES += [
    (method, path.replace(ONE, NUMBERED), by_number(handler))
    for method, path, handler in ROUTES
    if path.startswith(ONE)
]
