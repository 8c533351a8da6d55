"""Who is in an organization, and who was let into one repository, as rows of the store."""

from __future__ import annotations

from meta.twin.store import Row, Store
from meta.twin.web import ADMIN

MEMBER = "membership"
GUEST = "collaborator"
INVITED = "invitation"


def membership(store: Store, org: Row, login: str) -> Row | None:
    """Active or pending; the twin's administrator is in every organization without one."""
    return store.get(MEMBER, org.key, login.lower())


def is_member(store: Store, org: Row, login: str) -> bool:
    row = membership(store, org, login)
    return login.lower() == ADMIN or (row is not None and row.doc["state"] == "active")


def is_owner(store: Store, org: Row, login: str) -> bool:
    row = membership(store, org, login)
    mine = row is not None and row.doc["state"] == "active" and row.doc["role"] == "admin"
    return login.lower() == ADMIN or mine


def members(store: Store, org: Row) -> list[tuple[str, str]]:
    """Login and role of everyone active, the administrator first."""
    rows = [row for row in store.rows(MEMBER, org.key) if row.doc["state"] == "active"]
    return [(ADMIN, "admin"), *((row.doc["login"], row.doc["role"]) for row in rows)]


def place(repo: Row) -> str:
    return f"{repo.scope}/{repo.key}"


def guest(store: Store, repo: Row, login: str) -> Row | None:
    return store.get(GUEST, place(repo), login.lower())


def let_in(store: Store, repo: Row, login: str, level: str) -> None:
    """Gives a user a level in a repository, or another one than before."""
    row, doc = guest(store, repo, login), {"login": login, "permission": level, "repo": repo.id}
    if row is None:
        store.add(GUEST, place(repo), login.lower(), doc)
    else:
        row.doc = doc
        store.save(row)
