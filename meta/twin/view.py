"""A row -> whether the running request may see it, or change it. Pure, but for what is set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


class Denied(Exception):
    """A row that may be seen but not be changed; the text is GitHub's."""


@dataclass(frozen=True, slots=True)
class View:
    """What one request sees. Repositories are named `owner/name`, in lower case.

    `login` is None where whoever has any token is the administrator. What was made after
    `since`, a moment as the store writes it, is missing from lists; "" misses nothing.
    """

    login: str | None = None
    hidden: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    words: str = ""
    since: str = ""

    def shows(self, kind: str, scope: str, key: str) -> bool:
        return not self.hidden or repository(kind, scope, key) not in self.hidden

    def lists(self, kind: str, scope: str, key: str, created: str) -> bool:
        fresh = bool(self.since) and created > self.since
        return not fresh and self.shows(kind, scope, key)

    def check(self, kind: str, scope: str, key: str) -> None:
        """Raises Denied for a row of a repository that is closed to the request."""
        if self.closed and repository(kind, scope, key) in self.closed:
            raise Denied(self.words)


ALL = View()
_VIEW: ContextVar[View] = ContextVar("view", default=ALL)


def view() -> View:
    return _VIEW.get()


@contextmanager
def seen_as(view: View) -> Iterator[None]:
    token = _VIEW.set(view)
    try:
        yield
    finally:
        _VIEW.reset(token)


def repository(kind: str, scope: str, key: str) -> str:
    """The repository that a row belongs to, "" for none."""
    if kind == "repo":
        return f"{scope}/{key}"
    owner, _, rest = scope.partition("/")
    return f"{owner}/{rest.partition('/')[0]}" if rest else ""
