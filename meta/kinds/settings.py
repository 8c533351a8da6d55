"""The settings page of a repository: description, features and merge buttons."""

from __future__ import annotations

from collections.abc import Iterator

from meta.github import Reader, Writer
from meta.model import Address, Change, Entry, Fields

SECTION = "settings"
NAME = "settings"
CHANGES = ("update",)
TEXTS = ("description", "homepage", "default_branch")
SWITCHES = (
    "has_issues",
    "has_projects",
    "has_wiki",
    "is_template",
    "allow_squash_merge",
    "allow_merge_commit",
    "allow_rebase_merge",
    "allow_auto_merge",
    "allow_update_branch",
    "delete_branch_on_merge",
    "web_commit_signoff_required",
)
SCHEMA = {
    "type": "object",
    "properties": {
        **{name: {"type": "string"} for name in TEXTS},
        **{name: {"type": "boolean"} for name in SWITCHES},
    },
    "additionalProperties": False,
}
EXAMPLE = """
settings: {description: A thing, delete_branch_on_merge: true, has_wiki: false}
"""
THEN = """
settings: {description: A better thing, has_wiki: false}
"""


def desired(entry: Entry) -> Iterator[tuple[Address, Fields]]:
    yield Address(entry.scope, NAME, "repository"), entry.spec[SECTION]


def observe(gh: Reader, entry: Entry) -> Iterator[tuple[Address, Fields]]:
    row = gh.once(f"/repos/{entry.scope}")
    fields = {name: row.get(name) for name in SWITCHES}
    texts = {name: row.get(name) or "" for name in TEXTS}
    yield Address(entry.scope, NAME, "repository"), {**texts, **fields}


def apply(gh: Writer, change: Change) -> None:
    gh.patch(f"/repos/{change.address.scope}", dict(change.after))
