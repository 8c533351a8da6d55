"""A request with the token of a job -> whether its repository allows it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager

from meta.twin import smart
from meta.twin.actions import events, records, tokens
from meta.twin.incoming import Incoming
from meta.twin.store import Row, Store
from meta.twin.web import Refusal

BEYOND = "Resource not accessible by integration"


@contextmanager
def admitted(store: Store, request: Incoming, *, write: bool) -> Iterator[str]:
    """The login that a request acts as; raises Refusal for what a job's token may not do.

    Such a token writes to its own repository alone and reads what anyone may read; nothing that
    it does sets off a workflow, but for the two dispatches.
    """
    token = _token(request)
    row = tokens.find(store, token) if token.startswith(tokens.PREFIX) else None
    if row is None:
        if tokens.is_over(store, token):
            raise Refusal(401, "Bad credentials")
        yield request.login
        return
    repo = _repo(store, request.path)
    own = repo is not None and repo.id == row.doc["repo"]
    if not own and (write or (repo is not None and repo.doc["private"])):
        raise Refusal(403, BEYOND)
    with events.by_workflow(True):
        yield records.bot(store)


def _repo(store: Store, path: str) -> Row | None:
    """The repository that a path is about."""
    door = smart.door(path)
    owner, name = (door["owner"], door["name"]) if door else _named(path)
    return store.get("repo", owner.lower(), name.lower().removesuffix(".git"))


def _named(path: str) -> tuple[str, str]:
    parts = path.strip("/").split("/")
    return (parts[1], parts[2]) if parts[0] == "repos" and len(parts) > 2 else ("", "")


def _token(request: Incoming) -> str:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return given.strip()
    try:
        return base64.b64decode(given).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
