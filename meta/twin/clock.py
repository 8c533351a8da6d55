"""The machine's time, or one that is set by hand -> the moment that a twin dates and limits by."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any


class Clock:
    """Shows the machine's time until `set` or `advance` make it manual: then it stands still.

    Who waits for a moment of the twin gives `whenever`, which is called after each move by hand.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_hand: float | None = None
        self._moved: list[Callable[[], None]] = []

    @property
    def manual(self) -> bool:
        return self._by_hand is not None

    def seconds(self) -> float:
        """Since 1970, in UTC."""
        by_hand = self._by_hand
        return time.time() if by_hand is None else by_hand

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), UTC)

    def set(self, seconds: float) -> None:
        """Manual from here on, at a moment since 1970."""
        with self._lock:
            self._by_hand = seconds
        self._tell()

    def advance(self, seconds: float) -> None:
        """Manual from here on, and later by so much."""
        with self._lock:
            self._by_hand = self.seconds() + seconds
        self._tell()

    def machine(self) -> None:
        """The machine's time again."""
        with self._lock:
            self._by_hand = None
        self._tell()

    def whenever(self, moved: Callable[[], None]) -> None:
        self._moved.append(moved)

    def report(self) -> dict[str, Any]:
        mode = "manual" if self.manual else "machine"
        return {"mode": mode, "now": stamp(self.now()), "seconds": self.seconds()}

    def _tell(self) -> None:
        for moved in tuple(self._moved):
            moved()


MACHINE = Clock()
_USED: ContextVar[Clock | None] = ContextVar("clock", default=None)


def used() -> Clock:
    """The clock of the twin that the running request is of; the machine's outside of any."""
    return _USED.get() or MACHINE


@contextmanager
def using(clock: Clock) -> Iterator[None]:
    token = _USED.set(clock)
    try:
        yield
    finally:
        _USED.reset(token)


def stamp(moment: datetime) -> str:
    """A moment as GitHub writes it: in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def http_date(seconds: float) -> str:
    return format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)


def git_dates() -> dict[str, str]:
    """What makes git date its commits by a manual clock; nothing where the machine's is used."""
    clock = used()
    if not clock.manual:
        return {}
    moment = f"@{int(clock.seconds())} +0000"
    return {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}


def told(fields: dict[str, Any], clock: Clock) -> None:
    """Does what {"mode", "now", "advance"} say; raises ValueError, having changed nothing.

    `now` is seconds since 1970 or a date of ISO 8601, `advance` is seconds from 0.
    """
    mode, moment, more = (fields.get(name) for name in ("mode", "now", "advance"))
    if mode not in (None, "machine", "manual") or not fields:
        raise ValueError('a clock is {"mode": "machine" or "manual", "now": ..., "advance": ...}')
    if mode == "machine" and (moment, more) != (None, None):
        raise ValueError("the machine's clock cannot be set")
    at = _seconds(moment) if moment is not None else None
    if more is not None and (not _is_number(more) or more < 0):
        raise ValueError('"advance" is a number of seconds, from 0')
    if mode == "machine":
        clock.machine()
        return
    if at is not None:
        clock.set(at + (more or 0))
    else:
        clock.advance(more or 0)


def _seconds(moment: Any) -> float:
    if _is_number(moment):
        return float(moment)
    found = datetime.fromisoformat(str(moment))
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
