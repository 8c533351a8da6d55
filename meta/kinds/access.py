"""What teams may do in a repository; the teams themselves are the kind `team`."""

from __future__ import annotations

from collections.abc import Iterator

from meta.github import Reader, Writer
from meta.model import Address, Change, Delete, Entry, Fields

SECTION = "teams"
NAME = "access"
CHANGES = ("create", "update", "delete")
SCHEMA = {
    "type": "object",
    "additionalProperties": {"enum": ["pull", "triage", "push", "maintain", "admin"]},
}
EXAMPLE = """
teams: {platform: maintain, guests: pull}
"""
THEN = """
teams: {platform: admin}
"""


def desired(entry: Entry) -> Iterator[tuple[Address, Fields]]:
    for slug, permission in entry.spec[SECTION].items():
        yield Address(entry.scope, NAME, slug), {"permission": permission}


def needs(entry: Entry, address: Address, fields: Fields) -> Iterator[Address]:
    yield Address(entry.owner, "team", address.key)


def observe(gh: Reader, entry: Entry) -> Iterator[tuple[Address, Fields]]:
    for row in gh.pages(f"/repos/{entry.scope}/teams"):
        yield Address(entry.scope, NAME, row["slug"]), {"permission": row["permission"]}


def apply(gh: Writer, change: Change) -> None:
    repo = change.address.scope
    owner = repo.partition("/")[0]
    path = f"/orgs/{owner}/teams/{change.address.key}/repos/{repo}"
    if isinstance(change, Delete):
        gh.delete(path)
    else:
        gh.put(path, dict(change.after))
