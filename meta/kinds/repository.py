"""The repository itself: made empty where it is missing, never deleted.

`visibility` counts only when it is made; changing it later is a person's decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from meta.github import Reader, Ref, Writer
from meta.model import Address, Change, Entry, Fields, Pending

SECTION = "repository"
NAME = "repository"
CHANGES = ("create",)
SCHEMA = {
    "type": "object",
    "properties": {"visibility": {"enum": ["public", "private"]}},
    "additionalProperties": False,
}
EXAMPLE = """
repository: {visibility: public}
"""
THEN = """
repository: {}
"""


def desired(entry: Entry) -> Iterator[tuple[Address, Fields]]:
    yield Address(entry.scope, NAME, entry.name), dict(entry.spec[SECTION] or {})


def observe(gh: Reader, entry: Entry) -> Iterator[tuple[Address, Fields]]:
    if (row := gh.find(f"/repos/{entry.scope}")) is not None:
        address = Address(entry.scope, NAME, entry.name)
        remember(gh, address, row)
        yield address, {"visibility": row["visibility"]}


def resolve(
    entry: Entry, address: Address, desired: Fields, observed: Fields | None, look: object
) -> tuple[Fields, Pending | None]:
    return (desired if observed is None else {}), None


def apply(gh: Writer, change: Change) -> None:
    owner, _, name = change.address.scope.partition("/")
    private = change.after.get("visibility", "private") == "private"
    is_organization = gh.find(f"/orgs/{owner}") is not None
    path = f"/orgs/{owner}/repos" if is_organization else "/user/repos"
    remember(gh, change.address, gh.post(path, {"name": name, "private": private}))


def remember(gh: Reader, address: Address, row: Any) -> None:
    gh.refs[address] = Ref(node=row["node_id"], database=row["id"])
