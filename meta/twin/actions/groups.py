"""Concurrency groups: who runs, who waits, and who has to go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from meta.twin.store import Row, Store

#: What `queue: max` keeps waiting.
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """`name` of a group, "" for none; what its workflow says of those already in it."""

    name: str = ""
    cancel: bool = False
    queue: int = 1


def wish(given: Any) -> Wish:
    """A `concurrency` that was worked out; a text is the group's name."""
    if not given:
        return Wish()
    if not isinstance(given, dict):
        return Wish(str(given))
    many = given.get("queue") == "max"
    cancel = given.get("cancel-in-progress") in (True, "true")
    return Wish(str(given.get("group") or ""), cancel, LONGEST if many else 1)


def enter(store: Store, repo: int, wanted: Wish, me: int) -> tuple[bool, list[int]]:
    """Whether a run or a job may start, and who has to be cancelled for it."""
    row = _group(store, repo, wanted.name)
    holder, waiting = row.doc["holder"], row.doc["waiting"]
    if holder is None:
        row.doc["holder"] = me
        store.save(row)
        return True, []
    gone = waiting[: len(waiting) - wanted.queue + 1] if len(waiting) >= wanted.queue else []
    row.doc["waiting"] = [each for each in waiting if each not in gone] + [me]
    store.save(row)
    return False, gone + ([holder] if wanted.cancel else [])


def leave(store: Store, repo: int, name: str, me: int) -> int | None:
    """Who may start now."""
    row = _group(store, repo, name)
    row.doc["waiting"] = [each for each in row.doc["waiting"] if each != me]
    started = None
    if row.doc["holder"] == me:
        started = row.doc["waiting"].pop(0) if row.doc["waiting"] else None
        row.doc["holder"] = started
    store.save(row)
    return started


def _group(store: Store, repo: int, name: str) -> Row:
    scope, key = f"group/{repo}", name.lower()
    found = store.get("group", scope, key)
    return found or store.add("group", scope, key, {"holder": None, "waiting": []})
