"""A status, a check or a run of a commit that is over -> whoever waits for that."""

from __future__ import annotations

from collections.abc import Callable

from meta.twin.store import Row, Store

Listener = Callable[[Store, Row, str], None]
_LISTENERS: list[Listener] = []


def listen(listener: Listener) -> None:
    """Modules that merge push, and a push starts runs: so a run cannot call them by name."""
    _LISTENERS.append(listener)


def settled(store: Store, repo: Row, sha: str) -> None:
    """Something was said about a commit of a repository."""
    for listener in _LISTENERS:
        listener(store, repo, sha)
