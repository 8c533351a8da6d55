"""/labels of a repository: list, show, create, change, rename, delete."""

from __future__ import annotations

import re
from typing import Any

from meta.twin.rest.shapes import issues as shapes
from meta.twin.store import Exists, Row
from meta.twin.web import Answer, Call, invalid, page, there

COLOR = re.compile(r"[0-9a-fA-F]{6}")
LONGEST_NAME = 50
LONGEST_DESCRIPTION = 100
GREY = "ededed"


def scope(repo: Row) -> str:
    """Where the things of a repository are in the store."""
    return f"{repo.scope}/{repo.key}"


def all_of(call: Call, repo: Row) -> Answer:
    rows = sorted(call.store.rows("label", scope(repo)), key=lambda row: row.key)
    return page(call, rows, lambda row: shapes.label(call, repo, row))


def show(call: Call, repo: Row, name: str) -> dict[str, Any]:
    return shapes.label(call, repo, find(call, repo, name))


def create(call: Call, repo: Row) -> Answer:
    row = add(call, repo, call.text("name"), call.fields)
    shown = shapes.label(call, repo, row)
    return Answer(201, shown, {"Location": shown["url"]})


def add(call: Call, repo: Row, name: str, fields: dict[str, Any]) -> Row:
    """A new label; one that comes into being with an issue is grey."""
    doc: dict[str, Any] = {
        "name": _valid_name(name),
        "color": GREY,
        "description": None,
        "default": False,
    }
    _change(doc, fields)
    try:
        return call.store.add("label", scope(repo), doc["name"].lower(), doc)
    except Exists as error:
        raise invalid("Label", "name", "already_exists") from error


def update(call: Call, repo: Row, name: str) -> dict[str, Any]:
    row = find(call, repo, name)
    new = call.fields.get("new_name")
    if new is not None:
        row.doc["name"] = _valid_name(str(new))
        row.key = row.doc["name"].lower()
    _change(row.doc, call.fields)
    try:
        call.store.save(row)
    except Exists as error:
        raise invalid("Label", "name", "already_exists") from error
    return shapes.label(call, repo, row)


def delete(call: Call, repo: Row, name: str) -> None:
    row = find(call, repo, name)
    for kind in ("issue", "pull"):
        for holder in call.store.rows(kind, scope(repo)):
            if row.id in holder.doc["labels"]:
                holder.doc["labels"].remove(row.id)
                call.store.save(holder)
    call.store.drop(row)


def find(call: Call, repo: Row, name: str) -> Row:
    """Names compare without case; raises NotFound."""
    return there(call.store.get("label", scope(repo), name.lower()))


def _valid_name(name: str) -> str:
    name = name.strip()
    if not name:
        raise invalid("Label", "name", "missing_field")
    if len(name) > LONGEST_NAME:
        raise invalid(
            "Label", "name", "custom", f"name is too long (maximum is {LONGEST_NAME} characters)"
        )
    return name


def _change(doc: dict[str, Any], fields: dict[str, Any]) -> None:
    color, description = fields.get("color"), fields.get("description")
    if color is not None:
        if not isinstance(color, str) or not COLOR.fullmatch(color):
            raise invalid("Label", "color", "invalid")
        doc["color"] = color.lower()
    if description is not None and len(str(description)) > LONGEST_DESCRIPTION:
        message = f"description is too long (maximum is {LONGEST_DESCRIPTION} characters)"
        raise invalid("Label", "description", "custom", message)
    if "description" in fields:
        doc["description"] = description or None


LABELS = "/repos/{owner}/{repo}/labels"
ROUTES = [
    ("GET", LABELS, all_of),
    ("POST", LABELS, create),
    ("GET", f"{LABELS}/{{name*}}", show),
    ("PATCH", f"{LABELS}/{{name*}}", update),
    ("DELETE", f"{LABELS}/{{name*}}", delete),
]
