"""What ties issues together beside the tree: who waits for whom, and what goes when one goes."""

from __future__ import annotations

from meta.twin.store import Row, Store

#: Issues of different repositories may be tied, so ties are in no repository's scope.
SCOPE = "dependencies"
KIND = "dependency"


def blockers(store: Store, issue: Row) -> list[Row]:
    """The issues that this one waits for, in the order in which that was said."""
    ties = store.where(KIND, "issue", issue.id)
    return _there(store, [tie.doc["content"] for tie in ties])


def blocked(store: Store, issue: Row) -> list[Row]:
    """The issues that wait for this one."""
    ties = store.where(KIND, "content", issue.id)
    return _there(store, [tie.doc["issue"] for tie in ties])


def counts(store: Store, issue: Row) -> dict[str, int]:
    """How many it waits for and how many wait for it: open ones, and all."""
    before, after = blockers(store, issue), blocked(store, issue)
    return {
        "blocked_by": _open(before),
        "total_blocked_by": len(before),
        "blocking": _open(after),
        "total_blocking": len(after),
    }


def tie(store: Store, issue: Row, blocker: Row) -> None:
    """From now on `issue` waits for `blocker`; raises Exists where it does already."""
    doc = {"issue": issue.id, "content": blocker.id}
    store.add(KIND, SCOPE, _key(issue, blocker), doc)


def untie(store: Store, issue: Row, blocker: Row) -> bool:
    """Whether there was a tie to take away."""
    found = store.get(KIND, SCOPE, _key(issue, blocker))
    if found:
        store.drop(found)
    return found is not None


def waits(store: Store, issue: Row, other: Row) -> bool:
    """Whether `issue` waits for `other`, directly or through others."""
    seen: set[int] = set()
    line = [issue]
    while line:
        for before in blockers(store, line.pop()):
            if before.id == other.id:
                return True
            if before.id not in seen:
                seen.add(before.id)
                line.append(before)
    return False


def forget(store: Store, row: Row) -> None:
    """Before an issue or pull request goes: its places on boards, its ties, its children's tie."""
    for item in store.where("project_item", "content", row.id):
        store.drop(item)
    store.drop_scope(f"reviews:{row.id}")
    for child in store.where("issue", "parent", row.id):
        child.doc |= {"parent": None, "sub_order": 0}
        store.save(child)
    for field in ("issue", "content"):
        for found in store.where(KIND, field, row.id):
            store.drop(found)


def forget_repo(store: Store, repo: Row) -> None:
    """Before a repository goes: what others know of its issues, and boards of it."""
    for kind in ("issue", "pull"):
        for row in store.rows(kind, f"{repo.scope}/{repo.key}"):
            forget(store, row)
    for hook in store.rows("hook", f"repo-hooks:{repo.id}"):
        store.drop_scope(f"hook:{hook.id}")
    store.drop_scope(f"repo-hooks:{repo.id}")
    for release in store.rows("release", f"{repo.scope}/{repo.key}"):
        store.drop_scope(f"release:{release.id}")
    for board in store.rows("project", repo.scope):
        if repo.id in board.doc["repositories"]:
            board.doc["repositories"].remove(repo.id)
            store.save(board)


def _key(issue: Row, blocker: Row) -> str:
    return f"{issue.id}:{blocker.id}"


def _there(store: Store, ids: list[int]) -> list[Row]:
    return [row for row in map(store.by_id, ids) if row]


def _open(rows: list[Row]) -> int:
    return sum(row.doc["state"] == "open" for row in rows)
