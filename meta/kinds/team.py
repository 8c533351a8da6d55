"""Teams of the organization; who may do what in a repository is the kind `access`."""

from __future__ import annotations

from collections.abc import Iterator

from meta.github import Reader, Writer
from meta.model import Address, Change, Create, Delete, Entry, Fields, Update

SCOPE = "owner"
SECTION = "teams"
NAME = "team"
CHANGES = ("create", "update", "delete")
SCHEMA = {
    "type": "object",
    "propertyNames": {
        "pattern": "^[a-z0-9][a-z0-9_-]*$",
        "patternErrorMessage": "a team's slug: a-z, 0-9, dashes and underscores",
        "examples": ["platform"],
    },
    "additionalProperties": {
        "type": "object",
        "properties": {
            "description": {"type": "string"},
            "privacy": {"enum": ["closed", "secret"]},
        },
        "additionalProperties": False,
    },
}
EXAMPLE = """
teams: {platform: {description: Runs it}, guests: {privacy: secret}}
"""
THEN = """
teams: {platform: {description: Runs and mends it}}
"""


def desired(entry: Entry) -> Iterator[tuple[Address, Fields]]:
    for slug, fields in entry.spec[SECTION].items():
        yield Address(entry.scope, NAME, slug), fields or {}


def observe(gh: Reader, entry: Entry) -> Iterator[tuple[Address, Fields]]:
    for row in gh.pages(f"/orgs/{entry.scope}/teams"):
        fields = {"description": row["description"] or "", "privacy": row["privacy"]}
        yield Address(entry.scope, NAME, row["slug"]), fields


def apply(gh: Writer, change: Change) -> None:
    teams = f"/orgs/{change.address.scope}/teams"
    match change:
        case Create(address, after):
            gh.post(teams, {"name": address.key, "privacy": "closed", **after})
        case Update(address, _, after):
            gh.patch(f"{teams}/{address.key}", dict(after))
        case Delete(address):
            gh.delete(f"{teams}/{address.key}")
