"""Issue labels of a repository. `was` names an old label to rename, so that issues keep it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from meta.errors import GitHubError
from meta.github import Reader, Ref, Writer
from meta.model import Address, Change, Create, Delete, Entry, Fields, Move, Update

SECTION = "labels"
NAME = "label"
CHANGES = ("create", "update", "move", "delete")
SCHEMA = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "properties": {
            "color": {
                "type": "string",
                "pattern": "^[0-9a-f]{6}$",
                "patternErrorMessage": "a colour: six of 0-9 and a-f, lower case and without #",
                "examples": ["d73a4a"],
            },
            "description": {"type": "string", "maxLength": 100},
            "was": {"type": "string"},
        },
        "additionalProperties": False,
    },
}
EXAMPLE = """
labels:
  defect: {color: d73a4a, description: It is broken}
  idea: {color: a2eeef}
  later: {color: cccccc}
"""
THEN = """
labels:
  broken: {color: d73a4a, description: It is broken, was: defect}
  idea: {color: "000000"}
"""


def desired(entry: Entry) -> Iterator[tuple[Address, Fields]]:
    for name, fields in entry.spec[SECTION].items():
        yield Address(entry.scope, NAME, name), fields or {}


def observe(gh: Reader, entry: Entry) -> Iterator[tuple[Address, Fields]]:
    """By the declared name that differs in case alone, where there is one: to GitHub it is
    the same label."""
    labels = {name: fields or {} for name, fields in entry.spec[SECTION].items()}
    declared = {name.casefold(): name for name in labels}
    renamed = {fields["was"] for fields in labels.values() if fields.get("was")}
    for row in gh.pages(f"/repos/{entry.scope}/labels"):
        name = row["name"]
        key = name if name in renamed else declared.get(name.casefold(), name)
        address = Address(entry.scope, NAME, key)
        remember(gh, address, row)
        yield address, {"color": row["color"], "description": row["description"] or ""}


def apply(gh: Writer, change: Change) -> None:
    labels = f"/repos/{change.address.scope}/labels"
    match change:
        case Create(address, after):
            remember(gh, address, made(gh, labels, address.key, after))
        case Update(address, _, after):
            gh.patch(f"{labels}/{quote(address.key, safe='')}", dict(after))
        case Move(address, source, _, after):
            body = {"new_name": address.key, **after}
            remember(gh, address, gh.patch(f"{labels}/{quote(source.key, safe='')}", body))
        case Delete(address):
            gh.delete(f"{labels}/{quote(address.key, safe='')}")


def made(gh: Writer, labels: str, name: str, fields: Fields) -> Any:
    """A new repository brings labels of GitHub's own: one that is there already is edited."""
    try:
        return gh.post(labels, {"name": name, **fields})
    except GitHubError as error:
        if error.status == 422 and "already_exists" in error.message:
            return gh.patch(f"{labels}/{quote(name, safe='')}", dict(fields))
        raise


def remember(gh: Reader, address: Address, row: Any) -> None:
    gh.refs[address] = Ref(node=row["node_id"], database=row["id"])
