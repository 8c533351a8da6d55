"""Mutations of a repository's labels."""

from __future__ import annotations

import re
from typing import Any

from meta.twin.graphql.change_issues import inside
from meta.twin.graphql.context import Context, Problem, Resolvers
from meta.twin.store import Exists

COLOR = re.compile(r"[0-9a-f]{6}")
DESCRIPTION_LIMIT = 100
Given = dict[str, Any]


def create_label(ctx: Context, given: Given) -> dict[str, Any]:
    repo = ctx.find(given["repositoryId"], "repo")
    name = _name(given["name"])
    doc = {
        "name": name,
        "color": _color(given["color"]),
        "description": _description(given.get("description")),
        "default": False,
    }
    try:
        return {"label": ctx.store.add("label", inside(repo), name.lower(), doc)}
    except Exists as error:
        raise Problem("Name has already been taken") from error


def update_label(ctx: Context, given: Given) -> dict[str, Any]:
    label = ctx.find(given["id"], "label")
    if given.get("name") is not None:
        label.doc["name"] = _name(given["name"])
        label.key = label.doc["name"].lower()
    if given.get("color") is not None:
        label.doc["color"] = _color(given["color"])
    if given.get("description") is not None:
        label.doc["description"] = _description(given["description"])
    try:
        ctx.store.save(label)
    except Exists as error:
        raise Problem("Name has already been taken") from error
    return {"label": label}


def delete_label(ctx: Context, given: Given) -> dict[str, Any]:
    """Issues and pull requests lose it."""
    label = ctx.find(given["id"], "label")
    for row in [*ctx.store.rows("issue", label.scope), *ctx.store.rows("pull", label.scope)]:
        if label.id in row.doc["labels"]:
            row.doc["labels"].remove(label.id)
            ctx.store.save(row)
    ctx.store.drop(label)
    return {}


def _name(text: str) -> str:
    if not text.strip():
        raise Problem("Name can't be blank")
    return text.strip()


def _color(text: str) -> str:
    """Six hexadecimal digits, in lower case as GitHub keeps them."""
    if not COLOR.fullmatch(text.lower()):
        raise Problem("Color is invalid")
    return text.lower()


def _description(text: str | None) -> str | None:
    if text and len(text) > DESCRIPTION_LIMIT:
        raise Problem(f"Description is too long (maximum is {DESCRIPTION_LIMIT} characters)")
    return text or None


CHANGES: Resolvers = {
    "createLabel": create_label,
    "updateLabel": update_label,
    "deleteLabel": delete_label,
}
