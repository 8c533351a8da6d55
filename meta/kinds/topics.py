"""The topics of a repository, as one set."""

from __future__ import annotations

from collections.abc import Iterator

from meta.github import Reader, Writer
from meta.model import Address, Change, Entry, Fields

SECTION = "topics"
NAME = "topics"
CHANGES = ("update",)
SCHEMA = {
    "type": "array",
    "items": {
        "type": "string",
        "pattern": "^[a-z0-9][a-z0-9-]{0,49}$",
        "patternErrorMessage": "a topic: at most 50 of a-z, 0-9 and dashes, no dash first",
        "examples": ["earth-observation"],
    },
    "maxItems": 20,
    "uniqueItems": True,
}
EXAMPLE = """
topics: [geospatial, earth-observation]
"""
THEN = """
topics: [geospatial]
"""


def desired(entry: Entry) -> Iterator[tuple[Address, Fields]]:
    yield Address(entry.scope, NAME, "all"), {"names": sorted(entry.spec[SECTION])}


def observe(gh: Reader, entry: Entry) -> Iterator[tuple[Address, Fields]]:
    names = gh.once(f"/repos/{entry.scope}").get("topics") or ()
    yield Address(entry.scope, NAME, "all"), {"names": sorted(names)}


def apply(gh: Writer, change: Change) -> None:
    gh.put(f"/repos/{change.address.scope}/topics", {"names": change.after["names"]})
