"""/keys of a repository: SSH keys that may read it, or write, too."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from meta.twin.rest.labels import scope
from meta.twin.rest.shapes import repos
from meta.twin.store import NotFound, Row, row_id
from meta.twin.web import Answer, Call, invalid, page, there, whole

KIND = "deploy_key"
SORTS = ("ssh-rsa", "ssh-ed25519", "ecdsa-sha2-", "sk-ssh-ed25519", "sk-ecdsa-sha2-")


def all_of(call: Call, repo: Row) -> Answer:
    return page(call, call.store.rows(KIND, scope(repo)), lambda row: _shown(call, repo, row))


def show(call: Call, repo: Row, number: str) -> dict[str, Any]:
    return _shown(call, repo, _find(call, repo, number))


def create(call: Call, repo: Row) -> Answer:
    """A key is used once only, wherever on the twin; its comment does not count."""
    key = " ".join(call.text("key").split()[:2])
    if not _is_key(key):
        message = "key is invalid. You must supply a key in OpenSSH public key format"
        raise invalid("PublicKey", "key", "custom", message)
    if any(row.doc["key"] == key for row in call.store.rows(KIND)):
        raise invalid("PublicKey", "key", "custom", "key is already in use")
    doc: dict[str, Any] = {"key": key, "title": str(call.fields.get("title") or key.split()[0])}
    doc |= {"read_only": bool(call.fields.get("read_only", False)), "by": call.user()}
    number = str(call.store.next_number(f"{scope(repo)}#keys"))
    shown = _shown(call, repo, call.store.add(KIND, scope(repo), number, doc))
    return Answer(201, shown, {"Location": shown["url"]})


def delete(call: Call, repo: Row, number: str) -> None:
    call.store.drop(_find(call, repo, number))


def _is_key(text: str) -> bool:
    sort, _, body = text.partition(" ")
    try:
        inside = base64.b64decode(body, validate=True)
    except binascii.Error:
        return False
    # A key names its own sort once more, behind four bytes that say how long the name is.
    return sort.startswith(SORTS) and inside[4 : 4 + len(sort)] == sort.encode()


def _find(call: Call, repo: Row, number: str) -> Row:
    row = there(call.store.by_id(row_id(KIND, whole(number))))
    if row.kind != KIND or row.scope != scope(repo):
        raise NotFound
    return row


def _shown(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    return {
        "id": row.rest,
        "key": row.doc["key"],
        "url": f"{repos.api(call, repo)}/keys/{row.rest}",
        "title": row.doc["title"],
        "verified": True,
        "created_at": row.created,
        "read_only": row.doc["read_only"],
        "added_by": row.doc["by"],
        "last_used": None,
        "enabled": True,
    }


KEYS = "/repos/{owner}/{repo}/keys"
ROUTES = [
    ("GET", KEYS, all_of),
    ("POST", KEYS, create),
    ("GET", f"{KEYS}/{{number}}", show),
    ("DELETE", f"{KEYS}/{{number}}", delete),
]
