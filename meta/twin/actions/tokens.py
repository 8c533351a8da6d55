"""The token of a job: made for its repository alone, and gone with the job."""

from __future__ import annotations

import hashlib
import secrets

from meta.twin.store import Row, Store

PREFIX = "ghs_"


def make(store: Store, repo: int, job: int) -> str:
    """A new token; the twin keeps no more than its digest."""
    token = PREFIX + secrets.token_hex(18)
    store.add("job_token", "", _digest(token), {"repo": repo, "job": job})
    return token


def find(store: Store, token: str) -> Row | None:
    return store.get("job_token", "", _digest(token))


def is_over(store: Store, token: str) -> bool:
    """Whether it was a job's, and the job is over: nothing else is known by that sort of token."""
    known = store.get("token", "", _digest(token))
    return token.startswith(PREFIX) and known is None and find(store, token) is None


def revoke(store: Store, job: int) -> None:
    for row in store.rows("job_token", ""):
        if row.doc["job"] == job:
            store.drop(row)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
