"""Deployment environments of a repository, and how many minutes a deployment to one waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from meta.github import Reader, Writer
from meta.model import Address, Change, Create, Delete, Entry, Fields

SECTION = "environments"
NAME = "environment"
CHANGES = ("create", "update", "delete")
SCHEMA = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "properties": {
            "wait_timer": {"type": "integer", "minimum": 0, "maximum": 43200},
        },
        "additionalProperties": False,
    },
}
EXAMPLE = """
environments: {dev: {}, production: {wait_timer: 10}, old: {}}
"""
THEN = """
environments: {dev: {}, production: {wait_timer: 30}}
"""


def desired(entry: Entry) -> Iterator[tuple[Address, Fields]]:
    for name, fields in entry.spec[SECTION].items():
        yield Address(entry.scope, NAME, name), fields or {}


def observe(gh: Reader, entry: Entry) -> Iterator[tuple[Address, Fields]]:
    """By the declared name that differs in case alone, where there is one: to GitHub it is
    the same."""
    path = f"/repos/{entry.scope}/environments"
    names = {name.casefold(): name for name in entry.spec[SECTION]}
    for row in gh.pages(path, inside="environments"):
        key = names.get(row["name"].casefold(), row["name"])
        yield Address(entry.scope, NAME, key), declared(row)


def declared(row: Mapping[str, Any]) -> Fields:
    """GitHub lists what protects an environment as rules; the manifest as plain fields."""
    rules = {rule["type"]: rule for rule in row.get("protection_rules") or ()}
    return {"wait_timer": rules.get("wait_timer", {}).get("wait_timer", 0)}


def apply(gh: Writer, change: Change) -> None:
    environments = f"/repos/{change.address.scope}/environments"
    path = f"{environments}/{quote(change.address.key, safe='')}"
    if isinstance(change, Delete):
        gh.delete(path)
        return
    gh.put(path, {**kept(gh, path, change), **change.after})


def kept(gh: Writer, path: str, change: Change) -> Mapping[str, Any]:
    """What a PUT would otherwise reset: everything that it does not name."""
    if isinstance(change, Create):
        return {}
    row = gh.get(path)
    rules = {rule["type"]: rule for rule in row.get("protection_rules") or ()}
    review = rules.get("required_reviewers", {})
    reviewers = review.get("reviewers", ())
    return {
        **declared(row),
        "prevent_self_review": review.get("prevent_self_review", False),
        "reviewers": [{"type": one["type"], "id": one["reviewer"]["id"]} for one in reviewers],
        "deployment_branch_policy": row.get("deployment_branch_policy"),
    }
