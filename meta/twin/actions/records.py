"""Runs, their plans and their jobs as they stand in the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from meta.twin.store import NotFound, Row, Store, now
from meta.twin.view import ALL, seen_as

OVER = "completed"
BOT = "github-actions[bot]"

Node = dict[str, Any]
Plan = dict[str, Any]


def inside(run: int) -> str:
    """Where the things of a run are in the store."""
    return f"run/{run}"


def of_commit(repo: Row, sha: str) -> str:
    """Where what was said of a commit is in the store."""
    return f"commit/{repo.id}/{sha}"


@contextmanager
def whole(store: Store) -> Iterator[None]:
    """All or nothing, and with an eye on everything, however little the request may see.

    What follows from an event is GitHub's own doing: no token and no stale list narrows it.
    """
    with store.transaction(), seen_as(ALL):
        yield


def run(store: Store, number: int) -> Row:
    """Raises NotFound."""
    row = store.by_id(number)
    if row is None or row.kind != "run":
        raise NotFound
    return row


def repo(store: Store, found: Row) -> Row:
    """The repository of a run or a job; raises NotFound where it is gone."""
    row = store.by_id(int(found.doc["repo"]))
    if row is None or row.kind != "repo":
        raise NotFound
    return row


def plan(store: Store, number: int) -> Row:
    row = store.get("run_plan", inside(number), "")
    if row is None:
        raise NotFound
    return row


def jobs(store: Store, found: Row, attempt: int | None = None) -> list[Row]:
    """Jobs of an attempt of a run, of its latest without one, in the order they were made."""
    wanted = found.doc["attempt"] if attempt is None else attempt
    rows = store.rows("job", inside(found.id))
    return [row for row in rows if row.doc["attempt"] == wanted]


def add_job(store: Store, found: Row, doc: dict[str, Any]) -> Row:
    number = store.next_number(inside(found.id))
    moment = now()
    whole = {
        "repo": found.doc["repo"],
        "run": found.id,
        "attempt": found.doc["attempt"],
        "status": "queued",
        "conclusion": None,
        "steps": [],
        "outputs": {},
        "annotations": [],
        "gate": None,
        "group": "",
        "deployment": None,
        "started_at": moment,
        "completed_at": None,
    }
    return store.add("job", inside(found.id), str(number), whole | doc)


def live(store: Store) -> list[Row]:
    """Runs that are not over, oldest first."""
    rows = (store.by_id(int(row.key)) for row in store.rows("live_run"))
    return [row for row in rows if row is not None and row.kind == "run"]


def log(store: Store, job: Row) -> str:
    row = store.get("job_log", inside(job.doc["run"]), str(job.id))
    return str(row.doc["text"]) if row else ""


def set_log(store: Store, job: Row, text: str) -> None:
    put(store, "job_log", inside(job.doc["run"]), str(job.id), {"text": text})


def put(store: Store, kind: str, scope: str, key: str, doc: dict[str, Any]) -> bool:
    """Sets a row as a whole; whether it is new."""
    row = store.get(kind, scope, key)
    if row is None:
        store.add(kind, scope, key, doc)
        return True
    row.doc = doc
    store.save(row)
    return False


def bot(store: Store) -> str:
    """The login of whoever workflows act as; made when it is first asked for."""
    if store.get("user", "", BOT) is None:
        store.add("user", "", BOT, {"login": BOT, "name": None})
    return BOT
