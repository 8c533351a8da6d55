"""/orgs/{org}/issue-types: the sorts of issues that an organization knows."""

from __future__ import annotations

from typing import Any

from meta.twin.rest.shapes import issues as shapes
from meta.twin.store import Exists, NotFound, Row, Store, row_id
from meta.twin.web import Answer, Call, Refusal, page, there, whole

COLORS = ("gray", "blue", "green", "yellow", "orange", "red", "pink", "purple")
MOST = 25
#: What GitHub gives a new organization.
DEFAULTS = (
    ("Task", "yellow", "A specific piece of work"),
    ("Bug", "red", "An unexpected problem or behavior"),
    ("Feature", "blue", "A request, idea, or new functionality"),
)
KIND = "issue_type"


def begin(store: Store, org: Row) -> None:
    """Gives an organization the types that GitHub gives one."""
    for name, color, description in DEFAULTS:
        doc = {"name": name, "color": color, "description": description, "is_enabled": True}
        store.add(KIND, org.key, name.lower(), doc)


def of_org(call: Call, org: Row) -> list[dict[str, Any]]:
    return [shapes.issue_type(row) for row in call.store.rows(KIND, org.key)]


def of_repo(call: Call, repo: Row) -> Answer:
    rows = [row for row in call.store.rows(KIND, repo.scope) if row.doc["is_enabled"]]
    return page(call, rows, shapes.issue_type)


def create(call: Call, org: Row) -> dict[str, Any]:
    call.text("name")
    return shapes.issue_type(add(call.store, org, call.fields))


def update(call: Call, org: Row, number: str) -> dict[str, Any]:
    call.text("name")
    row = find(call.store, org, whole(number))
    change(call.store, row, call.fields)
    return shapes.issue_type(row)


def delete(call: Call, org: Row, number: str) -> None:
    drop(call.store, find(call.store, org, whole(number)))


def add(store: Store, org: Row, fields: dict[str, Any]) -> Row:
    """A new type; raises Refusal where its name is taken or there are too many."""
    if len(store.rows(KIND, org.key)) >= MOST:
        raise Refusal(422, f"An organization cannot have more than {MOST} issue types.")
    doc = _valid({"color": None, "description": None, "is_enabled": True}, fields)
    try:
        return store.add(KIND, org.key, doc["name"].lower(), doc)
    except Exists as error:
        raise _refused("Name has already been taken") from error


def change(store: Store, row: Row, fields: dict[str, Any]) -> None:
    """Issues keep a type that is renamed or switched off."""
    row.doc = _valid(row.doc, fields)
    row.key = row.doc["name"].lower()
    try:
        store.save(row)
    except Exists as error:
        raise _refused("Name has already been taken") from error


def drop(store: Store, row: Row) -> None:
    """Issues of the type have none from then on."""
    for repo in store.rows("repo", row.scope):
        for issue in store.rows("issue", f"{repo.scope}/{repo.key}"):
            if issue.doc.get("type") == row.id:
                issue.doc["type"] = None
                store.save(issue)
    store.drop(row)


def find(store: Store, org: Row, number: int) -> Row:
    row = there(store.by_id(row_id(KIND, number)))
    if row.kind != KIND or row.scope != org.key:
        raise NotFound
    return row


def _valid(doc: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    names = ("name", "color", "description", "is_enabled")
    made = doc | {name: fields[name] for name in names if name in fields}
    if not str(made.get("name") or "").strip():
        raise _refused("Name can't be blank")
    if made["color"] is not None and made["color"] not in COLORS:
        raise _refused("Color is not included in the list")
    if not isinstance(made["is_enabled"], bool):
        raise Refusal(422, 'Invalid request.\n\nFor "is_enabled", a boolean is expected.')
    return made


def _refused(words: str) -> Refusal:
    return Refusal(422, "Validation Failed", [words])


TYPES = "/orgs/{org}/issue-types"
ROUTES = [
    ("GET", TYPES, of_org),
    ("POST", TYPES, create),
    ("PUT", f"{TYPES}/{{number}}", update),
    ("DELETE", f"{TYPES}/{{number}}", delete),
    ("GET", "/repos/{owner}/{repo}/issue-types", of_repo),
]
