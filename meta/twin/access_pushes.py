"""A push and its token -> what GitHub says where it changes workflows and may not."""

from __future__ import annotations

from collections.abc import Iterable

from meta.twin import git
from meta.twin.access import Caller, current
from meta.twin.rules import Move
from meta.twin.store import Row, Store

WORKFLOWS = ".github/workflows"
#: Who a token is of, and what it lacks, in GitHub's words.
WORDS = {
    "classic": ("a Personal Access Token", "`workflow` scope"),
    "fine": ("a Personal Access Token", "`workflows` permission"),
    "installation": ("a GitHub App", "`workflows` permission"),
    "job": ("a GitHub App", "`workflows` permission"),
}


def may_change_workflows(caller: Caller) -> bool:
    if caller.sort == "classic":
        return "workflow" in caller.scopes
    return caller.sort not in WORDS or caller.permissions.get("workflows") == "write"


def asks() -> bool:
    """Whether the new commits have to be looked at before they are let in."""
    return not may_change_workflows(current())


def refused(store: Store, repo: Row, moves: Iterable[Move]) -> tuple[str, ...]:
    """A line for each workflow that the new commits of a push change; empty where that may be."""
    if not asks():
        return ()
    who, lacks = WORDS[current().sort]
    paths = dict.fromkeys(path for move in moves for path in _changed(store, repo, move))
    return tuple(
        f"refusing to allow {who} to create or update workflow `{path}` without {lacks}"
        for path in paths
    )


def _changed(store: Store, repo: Row, move: Move) -> list[str]:
    """The workflows that commits change which no ref holds yet."""
    if move.new == git.NOTHING:
        return []
    options = ("--format=", "--name-only", "-z", "-m", "--not", "--all", "--not", move.new)
    found = git.text(store.git_dir(repo), "log", *options, "--", WORKFLOWS)
    return [path for path in found.replace("\n", "").split("\0") if path]
