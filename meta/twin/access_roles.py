"""A user and a repository -> the role that the user has there."""

from __future__ import annotations

from meta.twin import people
from meta.twin.store import Row, Store
from meta.twin.web import ADMIN

#: From what may do least to what may do all.
ROLES = ("", "pull", "triage", "push", "maintain", "admin")


def role(store: Store, login: str, repo: Row, *, installed: bool = False) -> str:
    """One of ROLES. An app has all that its permissions say, wherever it is installed."""
    if installed or owns(store, login, repo.scope):
        return "admin"
    found = {_member(store, login, repo)}
    guest = people.guest(store, repo, login)
    if guest is not None:
        found.add(guest.doc["permission"])
    for grant in store.where("team_repo", "repo", repo.id):
        team = store.by_id(grant.doc["team"])
        if team is not None and login in team.doc["members"]:
            found.add(grant.doc["permission"])
    best = max(found, key=_rank)
    return best if _rank(best) or repo.doc["private"] else "pull"


def owns(store: Store, login: str, account: str) -> bool:
    """Whether a user has an account, or is an owner of the organization; `account` is a key."""
    if login in ("", ADMIN):
        return login == ADMIN
    org = store.get("org", "", account)
    if account == login.lower():
        return True
    named = org is not None and org.doc.get("owner") == login
    return named or (org is not None and people.is_owner(store, org, login))


def at_least(role: str, needed: str) -> bool:
    return _rank(role) >= _rank(needed)


def _member(store: Store, login: str, repo: Row) -> str:
    """What the organization gives each of its members; who is in a team is one."""
    org = store.get("org", "", repo.scope)
    if org is None:
        return ""
    teams = any(login in team.doc["members"] for team in store.rows("team", org.key))
    if not teams and not people.is_member(store, org, login):
        return ""
    given = str(org.doc.get("default_repository_permission", "read"))
    return {"read": "pull", "write": "push", "admin": "admin"}.get(given, "")


def _rank(role: str) -> int:
    return ROLES.index(role) if role in ROLES else 0
