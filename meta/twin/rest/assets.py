"""/releases/{id}/assets: files of a release, kept as objects of its repository."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from meta.twin import git
from meta.twin.rest import releases
from meta.twin.rest.labels import scope
from meta.twin.rest.releases import RELEASES
from meta.twin.rest.shapes import releases as shapes
from meta.twin.store import Exists, NotFound, Row, Store, row_id
from meta.twin.web import Answer, Call, Refusal, invalid, page, there, whole

#: The form of an asset that is its content.
CONTENT = "application/octet-stream"
#: What GitHub writes as a dot in a file's name.
STRANGE = re.compile(r"[^A-Za-z0-9._+~@-]+")
DOOR = re.compile(r"/([^/]+)/([^/]+)/releases/download/([^/]+)/([^/]+)")


def all_of(call: Call, repo: Row, number: str) -> Answer:
    holder = releases.find(call, repo, number)
    rows = call.store.rows(*shapes.assets_of(holder))
    return page(call, rows, lambda row: shapes.asset(call, repo, holder, row))


def upload(call: Call, repo: Row, number: str) -> Answer:
    holder, name = releases.find(call, repo, number), call.query.get("name", "")
    _refuse_frozen(holder)
    content = call.body if isinstance(call.body, bytes) else b""
    if not name:
        raise invalid("ReleaseAsset", "name", "missing_field")
    if not content:
        raise Refusal(400, "Bad Content-Length: the body is empty")
    clean = STRANGE.sub(".", name)
    doc = {
        "name": clean,
        "label": call.query.get("label", ""),
        "content_type": call.headers.get("content-type") or CONTENT,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "blob": git.store_object(call.store.git_dir(repo), "blob", content),
        "downloads": 0,
        "uploader": call.user(),
        "release": holder.id,
    }
    kind, place = shapes.assets_of(holder)
    try:
        row = call.store.add(kind, place, clean, doc)
    except Exists as error:
        raise invalid("ReleaseAsset", "name", "already_exists") from error
    shown = shapes.asset(call, repo, holder, row)
    return Answer(201, shown, {"Location": shown["url"]})


def show(call: Call, repo: Row, number: str) -> Any:
    holder, row = _find(call, repo, number)
    if CONTENT in call.headers.get("accept", ""):
        return content_of(call.store, repo, row)
    return shapes.asset(call, repo, holder, row)


def update(call: Call, repo: Row, number: str) -> dict[str, Any]:
    holder, row = _find(call, repo, number)
    _refuse_frozen(holder)
    if call.fields.get("name"):
        row.doc["name"] = row.key = STRANGE.sub(".", str(call.fields["name"]))
    if "label" in call.fields:
        row.doc["label"] = str(call.fields["label"] or "")
    try:
        call.store.save(row)
    except Exists as error:
        raise invalid("ReleaseAsset", "name", "already_exists") from error
    return shapes.asset(call, repo, holder, row)


def delete(call: Call, repo: Row, number: str) -> None:
    holder, row = _find(call, repo, number)
    _refuse_frozen(holder)
    call.store.drop(row)


def content_of(store: Store, repo: Row, row: Row) -> Answer:
    """Counted by no one who reads: a GET changes nothing on the twin."""
    body = git.run(store.git_dir(repo), "cat-file", "blob", row.doc["blob"])
    name = row.doc["name"]
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Answer(200, body, {"Content-Type": row.doc["content_type"], **headers})


def download(store: Store, path: str, login: str) -> Answer | None:
    """The content at a page's address of an asset; None for another address."""
    match = DOOR.fullmatch(path)
    if match is None:
        return None
    owner, name, tag, file = match.groups()
    try:
        repo = store.repo(owner, name)
    except NotFound as error:
        raise Refusal(404, "Not Found") from error
    holder = releases.published(store, repo, tag) if login or not repo.doc["private"] else None
    row = store.get(*shapes.assets_of(holder), file) if holder else None
    if row is None:
        raise Refusal(404, "Not Found")
    return content_of(store, repo, row)


def _refuse_frozen(holder: Row) -> None:
    if holder.doc["immutable"]:
        raise Refusal(422, "Cannot change the assets of an immutable release")


def _find(call: Call, repo: Row, number: str) -> tuple[Row, Row]:
    """An asset, behind its release; raises NotFound."""
    row = there(call.store.by_id(row_id("release_asset", whole(number))))
    holder = there(call.store.by_id(row.doc["release"]) if row.kind == "release_asset" else None)
    if holder.scope != scope(repo):
        raise NotFound
    return holder, row


ROUTES = [
    ("GET", f"{RELEASES}/{{number}}/assets", all_of),
    ("POST", f"{RELEASES}/{{number}}/assets", upload),
    ("GET", f"{RELEASES}/assets/{{number}}", show),
    ("PATCH", f"{RELEASES}/assets/{{number}}", update),
    ("DELETE", f"{RELEASES}/assets/{{number}}", delete),
]
