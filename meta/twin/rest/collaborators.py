"""/collaborators and /invitations of a repository: who was let in, and who is asked to come."""

from __future__ import annotations

from typing import Any

from meta.twin import access_roles, people
from meta.twin.rest.shapes import repos, teams, users
from meta.twin.store import NotFound, Row, row_id
from meta.twin.view import ALL, seen_as
from meta.twin.web import ADMIN, Answer, Call, Refusal, invalid, page, there, whole

#: What the API calls a level, and what the store does.
WORDS = {"read": "pull", "write": "push"}


def all_of(call: Call, repo: Row) -> Answer:
    call.user()
    affiliation = call.query.get("affiliation", "all")
    found = _guests(call, repo)
    if affiliation != "outside":
        found = list(dict.fromkeys([*_owners(call, repo), *found]))
    return page(call, found, lambda login: _shown(call, repo, login))


def is_one(call: Call, repo: Row, username: str) -> None:
    if username.lower() not in (
        each.lower() for each in (*_owners(call, repo), *_guests(call, repo))
    ):
        raise NotFound


def permission(call: Call, repo: Row, username: str) -> dict[str, Any]:
    user = users.account(call, username)
    level = access_roles.role(call.store, user.doc["login"], repo)
    coarse = {"maintain": "write", "triage": "read", "push": "write", "pull": "read", "": "none"}
    shown = coarse.get(level, level)
    name = teams.role(level) if level else "none"
    return {"permission": shown, "role_name": name, "user": _shown(call, repo, user.doc["login"])}


def put(call: Call, repo: Row, username: str) -> Answer:
    """204 for who is in already; 201 with an invitation for who has to say yes first."""
    user, level = users.account(call, username), _level(call, "permission", "push")
    login, org = user.doc["login"], call.store.get("org", "", repo.scope)
    if user.kind == "org":
        raise invalid("Repository", "user", "invalid")
    known = people.guest(call.store, repo, login) or login == ADMIN
    if known or (org and people.is_member(call.store, org, login)):
        people.let_in(call.store, repo, login, level)
        return Answer(204)
    row = call.store.get(people.INVITED, people.place(repo), user.key)
    if row is None:
        doc = {"login": login, "permission": level, "by": call.user(), "repo": repo.id}
        row = call.store.add(people.INVITED, people.place(repo), user.key, doc)
    return Answer(201, _invitation(call, repo, row))


def remove(call: Call, repo: Row, username: str) -> None:
    for found in (
        people.guest(call.store, repo, username),
        call.store.get(people.INVITED, people.place(repo), username.lower()),
    ):
        if found:
            call.store.drop(found)


def invitations(call: Call, repo: Row) -> Answer:
    rows = call.store.rows(people.INVITED, people.place(repo))
    return page(call, rows, lambda row: _invitation(call, repo, row))


def change_invitation(call: Call, repo: Row, number: str) -> dict[str, Any]:
    row = _find(call, number, people.place(repo))
    row.doc["permission"] = _level(call, "permissions", row.doc["permission"])
    call.store.save(row)
    return _invitation(call, repo, row)


def drop_invitation(call: Call, repo: Row, number: str) -> None:
    call.store.drop(_find(call, number, people.place(repo)))


def my_invitations(call: Call) -> Answer:
    """Also of repositories that the caller cannot see before saying yes."""
    login = call.user()
    with seen_as(ALL):
        mine = [row for row in call.store.rows(people.INVITED) if row.doc["login"] == login]
        return page(call, mine, lambda row: _invitation(call, _repo(call, row), row))


def answer_invitation(call: Call, number: str) -> None:
    """PATCH accepts, DELETE declines."""
    with seen_as(ALL):
        row = _find(call, number, None)
        if call.method == "PATCH":
            people.let_in(call.store, _repo(call, row), row.doc["login"], row.doc["permission"])
        call.store.drop(row)


def assignees(call: Call, repo: Row) -> Answer:
    found = list(dict.fromkeys([*_owners(call, repo), *_guests(call, repo)]))
    return page(call, found, lambda login: users.simple(call, login))


def _owners(call: Call, repo: Row) -> list[str]:
    org = call.store.get("org", "", repo.scope)
    found = people.members(call.store, org) if org else [(ADMIN, "admin")]
    return [login for login, role in found if role == "admin"]


def _guests(call: Call, repo: Row) -> list[str]:
    return [row.doc["login"] for row in call.store.rows(people.GUEST, people.place(repo))]


def _shown(call: Call, repo: Row, login: str) -> dict[str, Any]:
    level = access_roles.role(call.store, login, repo)
    more = {"permissions": teams.permissions(level), "role_name": teams.role(level)}
    return users.short(call, users.account(call, login)) | more


def _level(call: Call, field: str, default: str) -> str:
    given = str(call.fields.get(field) or default)
    level = WORDS.get(given, given)
    if level not in teams.LEVELS:
        raise Refusal(422, "Validation Failed", [f"{given!r} is not a permission"])
    return level


def _invitation(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    return {
        "id": row.rest,
        "node_id": row.node,
        "repository": repos.minimal(call, repo),
        "invitee": users.simple(call, row.doc["login"]),
        "inviter": users.simple(call, row.doc["by"]),
        "permissions": teams.role(row.doc["permission"]),
        "created_at": row.created,
        "expired": False,
        "url": f"{call.api}/user/repository_invitations/{row.rest}",
        "html_url": f"{repos.web(call, repo)}/invitations",
    }


def _find(call: Call, number: str, scope: str | None) -> Row:
    """An invitation of a repository, or with None the caller's own; raises NotFound."""
    row = there(call.store.by_id(row_id(people.INVITED, whole(number))))
    mine = row.kind == people.INVITED and row.doc["login"] == call.login
    if row.kind != people.INVITED or (row.scope != scope if scope else not mine):
        raise NotFound
    return row


def _repo(call: Call, row: Row) -> Row:
    return there(call.store.by_id(row.doc["repo"]))


REPO = "/repos/{owner}/{repo}"
ONE = f"{REPO}/collaborators/{{username}}"
ROUTES = [
    ("GET", f"{REPO}/collaborators", all_of),
    ("GET", ONE, is_one),
    ("PUT", ONE, put),
    ("DELETE", ONE, remove),
    ("GET", f"{ONE}/permission", permission),
    ("GET", f"{REPO}/assignees", assignees),
    ("GET", f"{REPO}/invitations", invitations),
    ("PATCH", f"{REPO}/invitations/{{number}}", change_invitation),
    ("DELETE", f"{REPO}/invitations/{{number}}", drop_invitation),
    ("GET", "/user/repository_invitations", my_invitations),
    ("PATCH", "/user/repository_invitations/{number}", answer_invitation),
    ("DELETE", "/user/repository_invitations/{number}", answer_invitation),
]
