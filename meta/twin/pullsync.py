"""Branches that moved -> what becomes of the pull requests that have to do with them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from meta.twin import git, reviews
from meta.twin.store import Row, Store, now


def follow(store: Store, repo: Row, branches: Mapping[str, str]) -> None:
    """Open pull requests follow their branch; merged by hand or without one, they close."""
    folder = store.git_dir(repo)
    for pull in store.rows("pull", f"{repo.scope}/{repo.key}"):
        if pull.doc["state"] != "open":
            continue
        head, base = branches.get(pull.doc["head"]), branches.get(pull.doc["base"])
        if head is None or base is None:
            close(pull)
        elif head != pull.doc["head_sha"] or base != pull.doc["base_sha"]:
            moved = head != pull.doc["head_sha"]
            _move(folder, pull, head, base)
            if moved:
                reviews.follow(store, repo, pull)
        else:
            continue
        store.save(pull)


def close(pull: Row) -> None:
    pull.doc |= {"state": "closed", "closed_at": now(), "auto_merge": None}


def _move(folder: Path, pull: Row, head: str, base: str) -> None:
    if head != pull.doc["head_sha"]:
        git.set_ref(folder, f"refs/pull/{pull.key}/head", head)
    if git.is_ancestor(folder, head, base):
        close(pull)
        if base != pull.doc["base_sha"]:
            moment = pull.doc["closed_at"]
            pull.doc |= {"merged": True, "merged_at": moment, "merge_commit_sha": base}
            pull.doc |= {"merged_by": pull.doc["author"], "head_sha": head}
        return
    pull.doc |= {"head_sha": head, "base_sha": base}
