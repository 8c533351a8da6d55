"""What happened -> the payload of its event, in the forms of the REST API."""

from __future__ import annotations

from typing import Any

from meta.twin import git, rules
from meta.twin.rest.shapes import commits, pulls, repos, users
from meta.twin.store import Row, Store
from meta.twin.web import ADMIN, Call


def caller(store: Store) -> Call:
    """A call that no one made: its links lead to where the twin is served."""
    url = store.workers.url if store.workers else ""
    return Call(store, "GET", "/", {}, None, ADMIN, url, url)


def about(store: Store, repo: Row, actor: str, call: Call | None = None) -> dict[str, Any]:
    """What every event says: where it was, and who did it; `call` says where links lead."""
    call = call or caller(store)
    owner = store.get("org", "", repo.scope)
    return {
        "repository": repos.minimal(call, repo),
        **({"organization": users.short(call, owner)} if owner else {}),
        "sender": users.simple(call, actor),
    }


def push(
    store: Store, repo: Row, move: rules.Move, sha: str, call: Call | None = None
) -> dict[str, Any]:
    folder, call = store.git_dir(repo), call or caller(store)
    head = commits.small(call, repo, commits.one(folder, sha))
    shown = {"id": sha, "tree_id": head["tree"]["sha"], "message": head["message"]}
    shown |= {"timestamp": head["committer"]["date"], "url": head["html_url"]}
    shown |= {"author": head["author"], "committer": head["committer"], "distinct": True}
    return {
        "ref": move.ref,
        "before": move.old,
        "after": move.new,
        "created": move.old == git.NOTHING,
        "deleted": False,
        "forced": False,
        "base_ref": None,
        "compare": f"{repos.web(call, repo)}/compare/{move.old[:12]}...{move.new[:12]}",
        "commits": [shown],
        "head_commit": shown,
        "pusher": {"name": ADMIN, "email": f"{ADMIN}@users.noreply.github.com"},
        **about(store, repo, ADMIN, call),
    }


def pull(
    store: Store, repo: Row, row: Row, action: str, call: Call | None = None
) -> dict[str, Any]:
    call = call or caller(store)
    shown = pulls.simple(call, repo, row)
    more = about(store, repo, row.doc["author"], call)
    return {"action": action, "number": int(row.key), "pull_request": shown, **more}
