"""Requests as they come -> the log of the twin, and the one that hangs on purpose."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class Entry:
    """`n` counts requests and `write_n` writes, from 1; `status` is None until answered, `cost`
    is what it took of the hour's allowance."""

    n: int
    method: str
    path: str
    status: int | None
    write: bool
    write_n: int | None
    cost: int = 0


@dataclass(slots=True)
class Log:
    entries: list[Entry] = field(default_factory=list)
    writes: int = 0

    def begin(self, method: str, path: str, *, write: bool) -> Entry:
        self.writes += write
        number = self.writes if write else None
        entry = Entry(len(self.entries) + 1, method, path, None, write, number)
        self.entries.append(entry)
        return entry

    def clear(self) -> None:
        self.entries = []
        self.writes = 0

    def report(self) -> dict[str, Any]:
        total = len(self.entries)
        reads = total - self.writes
        log = [asdict(entry) for entry in self.entries]
        return {"total": total, "reads": reads, "writes": self.writes, "log": log}


@dataclass(slots=True)
class Fault:
    """One write that hangs, the `at`-th from now: before it is carried out, or after.

    Used from the event loop alone, and while no lock of the store is held, so that
    everything else goes on meanwhile.
    """

    at: int = 0
    when: str = "before"
    seen: int = 0
    hit: bool = False
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def arm(self, at: int, when: str) -> None:
        self.disarm()
        self.at, self.when, self.seen, self.hit = at, when, 0, False
        self._released = asyncio.Event()

    def disarm(self) -> None:
        """Lets go of what hangs; its connection is then dropped without an answer."""
        self.at = 0
        self._released.set()

    def strikes(self) -> str:
        """To be asked once for each write: "before" or "after" if it is the one, else ""."""
        self.seen += 1
        return self.when if self.at == self.seen else ""

    async def hang(self) -> None:
        """Waits until it is let go."""
        self.hit = True
        await self._released.wait()

    def report(self) -> dict[str, Any]:
        armed = {"at": self.at, "when": self.when, "seen": self.seen} if self.at else None
        return {"armed": armed, "hit": self.hit}
