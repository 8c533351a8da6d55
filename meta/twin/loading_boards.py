"""A recorded board -> its rows: fields and options with their ids, items with their values."""

from __future__ import annotations

from typing import Any

from meta.twin.loading_issues import Fields, named, person
from meta.twin.store import Row, Store

#: What people set on an item, by sort of field; the other sorts follow the issue.
SETS = {
    "TEXT": "text",
    "NUMBER": "number",
    "DATE": "date",
    "SINGLE_SELECT": "singleSelectOptionId",
    "ITERATION": "iterationId",
}


def board(store: Store, fields: Fields) -> None:
    owner = str(fields["owner"]).lower()
    names = (str(name).lower().partition("/") for name in fields.get("repositories", ()))
    linked = [store.get("repo", place, name) for place, _, name in names]
    doc = {
        "title": fields["title"],
        "closed": bool(fields.get("closed")),
        "closed_at": fields.get("closed_at"),
        "public": bool(fields.get("public")),
        "readme": fields.get("readme"),
        "shortDescription": fields.get("description"),
        "creator": person(store, fields.get("creator")),
        "repositories": [repo.id for repo in linked if repo],
    }
    project = store.add("project", owner, str(fields["number"]), doc)
    store.reach(f"{owner}#projects", int(fields["number"]))
    scope = f"project:{project.id}"
    made = {row["name"]: _field(store, scope, row) for row in fields.get("fields", ())}
    for at, row in enumerate(fields.get("items", ()), start=1):
        _item(store, scope, made, row, f"draft-{at}")


def _field(store: Store, scope: str, row: Fields) -> Row:
    doc: dict[str, Any] = {"name": row["name"], "dataType": row["type"]}
    doc["options"] = list(row.get("options") or ())
    if row.get("configuration"):
        doc["configuration"] = row["configuration"]
    return store.add("project_field", scope, str(row["name"]).lower(), doc)


def _item(store: Store, scope: str, fields: dict[str, Row], row: Fields, draft: str) -> None:
    """An item whose issue was not recorded is left out."""
    held = named(store, row["content"]) if row.get("content") else None
    if held is None and not row.get("draft"):
        return
    values = {
        str(field.id): {SETS[field.doc["dataType"]]: value}
        for name, value in (row.get("values") or {}).items()
        if (field := fields.get(name)) and field.doc["dataType"] in SETS
    }
    doc: dict[str, Any] = {"content": held.id if held else None, "values": values}
    doc |= {"archived": bool(row.get("archived")), "creator": person(store, row.get("creator"))}
    if held is None:
        doc["draft"] = {name: row["draft"].get(name) or "" for name in ("title", "body")}
        store.reach(f"{scope}#drafts", int(draft.removeprefix("draft-")))
    store.add("project_item", scope, str(held.id) if held else draft, doc)
