"""Now and waiting: the only module that reads the time or sleeps."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """The machine's own clock; whoever waits is handed one, so that a rehearsal hands another."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)

    def wait(self, seconds: float) -> None:
        time.sleep(max(0.0, seconds))


@dataclass(frozen=True, slots=True)
class Moved:
    """A clock that is set by hand, as a twin may have one: who waits moves it on instead.

    `advance` makes it that many seconds later.
    """

    advance: Callable[[float], None]

    def wait(self, seconds: float) -> None:
        self.advance(max(0.0, seconds))
