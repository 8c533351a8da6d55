"""Deployments and their statuses as they stand in the store, whoever makes them."""

from __future__ import annotations

from typing import Any

from meta.twin.store import Row, Store

INACTIVE = "inactive"


def of_repo(repo: int) -> str:
    return f"deployments/{repo}"


def add(store: Store, repo: int, doc: dict[str, Any]) -> Row:
    """A new deployment; what `doc` leaves out is as GitHub has it."""
    whole: dict[str, Any] = {
        "repo": repo,
        "task": "deploy",
        "payload": {},
        "description": None,
        "transient": False,
        "production": doc.get("environment") == "production",
        "original": doc.get("environment"),
    }
    number = store.next_number(of_repo(repo))
    return store.add("deployment", of_repo(repo), str(number), whole | doc)


def say(store: Store, number: int, state: str, **more: Any) -> Row | None:
    """A new status of a deployment; None where it is gone.

    Success makes what was deployed to the same environment before inactive, unless that was
    transient or production: GitHub leaves those alone.
    """
    row = store.by_id(number)
    if row is None or row.kind != "deployment":
        return None
    auto = more.pop("auto_inactive", True)
    doc = {"state": state, "description": "", "log_url": "", "environment_url": ""}
    doc |= {"creator": row.doc["creator"], "environment": row.doc["environment"]} | more
    if state == "success" and auto and not row.doc["production"]:
        _retire(store, row)
    key = str(store.next_number(f"deployment/{row.id}"))
    return store.add("deployment_status", f"deployment/{row.id}", key, doc)


def statuses(store: Store, row: Row) -> list[Row]:
    """Newest first."""
    return store.rows("deployment_status", f"deployment/{row.id}")[::-1]


def _retire(store: Store, row: Row) -> None:
    for other in store.rows("deployment", row.scope):
        same = other.doc["environment"] == row.doc["environment"] and other.id < row.id
        if not same or other.doc["transient"] or other.doc["production"]:
            continue
        said = statuses(store, other)
        if said and said[0].doc["state"] == "success":
            say(store, other.id, INACTIVE)
