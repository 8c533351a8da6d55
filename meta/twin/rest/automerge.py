"""A pull request that is to merge by itself -> merged, once nothing stands in its way."""

from __future__ import annotations

from typing import Any

from meta.twin import settling
from meta.twin.rest import merges
from meta.twin.store import Row, Store
from meta.twin.web import Call, Refusal


def enable(store: Store, repo: Row, pull: Row, how: dict[str, Any]) -> None:
    """`how` says method, title, message, by; raises Refusal where there is nothing to wait for."""
    if not repo.doc["allow_auto_merge"]:
        raise Refusal(422, "Auto merge is not allowed for this repository")
    if pull.doc["state"] != "open":
        raise Refusal(422, "Pull request is closed")
    if not pull.doc["draft"] and not merges.in_the_way(store, repo, pull, how["method"]):
        raise Refusal(422, "Pull request is in clean status")
    pull.doc["auto_merge"] = how
    store.save(pull)


def disable(store: Store, pull: Row) -> None:
    if not pull.doc.get("auto_merge"):
        raise Refusal(422, "Can't disable auto-merge for this pull request")
    pull.doc["auto_merge"] = None
    store.save(pull)


def _settled(store: Store, repo: Row, sha: str) -> None:
    """Something was said about a commit: what waited for it may go on."""
    for pull in store.rows("pull", f"{repo.scope}/{repo.key}"):
        if pull.doc["head_sha"] == sha:
            attempt(store, repo, pull)


def attempt(store: Store, repo: Row, pull: Row) -> None:
    """Merges if it is to merge by itself and may; else nothing happens."""
    how = pull.doc.get("auto_merge")
    if not how or pull.doc["state"] != "open" or pull.doc["draft"]:
        return
    if merges.in_the_way(store, repo, pull, how["method"]):
        return
    fields = {"merge_method": how["method"]}
    fields |= {name: how[name] for name in ("commit_title", "commit_message") if how.get(name)}
    call = Call(store, "PUT", "", {}, fields, how["by"], "", "")
    try:
        merges.merge(call, repo, pull.key)
    except Refusal:
        # In conflict by now: GitHub too leaves it open and waits for the next push.
        return
    fresh = store.by_id(pull.id)
    if fresh:
        pull.doc = fresh.doc


settling.listen(_settled)
