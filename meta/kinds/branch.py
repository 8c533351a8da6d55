"""Long-lived branches beside the default one. `from` counts only when one is made."""

from __future__ import annotations

from collections.abc import Iterator

from meta.github import Reader, Writer
from meta.model import Address, Change, Entry, Fields, Pending

SECTION = "branches"
NAME = "branch"
CHANGES = ("create",)
SCHEMA = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "properties": {"from": {"type": "string"}},
        "additionalProperties": False,
    },
}
EXAMPLE = """
branches: {dev: {}}
"""
THEN = """
branches: {dev: {}, next: {from: dev}}
"""


def desired(entry: Entry) -> Iterator[tuple[Address, Fields]]:
    for name, fields in entry.spec[SECTION].items():
        yield Address(entry.scope, NAME, name), fields or {}


def needs(entry: Entry, address: Address, fields: Fields) -> Iterator[Address]:
    """A branch starts at a commit: the first files, or the branch that it comes from."""
    yield Address(entry.scope, "files", "tree")
    if "from" in fields:
        yield Address(entry.scope, NAME, fields["from"])


def observe(gh: Reader, entry: Entry) -> Iterator[tuple[Address, Fields]]:
    """The declared ones only: people's own branches are none of meta's business."""
    for row in gh.pages(f"/repos/{entry.scope}/branches"):
        if row["name"] in entry.spec[SECTION]:
            yield Address(entry.scope, NAME, row["name"]), {}


def resolve(
    entry: Entry, address: Address, desired: Fields, observed: Fields | None, look: object
) -> tuple[Fields, Pending | None]:
    return (desired if observed is None else {}), None


def apply(gh: Writer, change: Change) -> None:
    repo, name = f"/repos/{change.address.scope}", change.address.key
    source = change.after.get("from") or gh.get(repo)["default_branch"]
    start = gh.get(f"{repo}/git/ref/heads/{source}")["object"]["sha"]
    gh.post(f"{repo}/git/refs", {"ref": f"refs/heads/{name}", "sha": start})
