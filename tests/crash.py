"""A command and a twin -> the command killed before and after each of its writes, and run again.

    with twin(...) as remote, Forks() as forks:
        ground = Ground(remote, forks, folder, ("sync", "--yes"), owner="acme", scratch=scratch)
        whole = ground.whole()
        for point in every(whole.writes): assert ground.tried(point, whole) == []

The folder and the twin as they are when a `Ground` is made are where every run starts from. The
command is a process of its own (see tests/forks.py). Only that process is killed, as by `kill -9`;
a git that it had started meets a connection that ends.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.crash_dump import Dump, differences, dump
from tests.forks import WITHIN, Forks, Run
from tests.running import TOKEN, Remote

SNAPSHOT = "before-the-command"


@dataclass(frozen=True)
class Point:
    """A write, counted from 1, and whether it had been carried out when the command died."""

    write: int
    when: str

    def __str__(self) -> str:
        return f"{self.when} write {self.write}"


@dataclass(frozen=True)
class Whole:
    """The command's run that nobody disturbed. `log` holds its writes; `after` what it left."""

    run: Run
    writes: int
    log: Sequence[Any]
    after: Dump


def every(writes: int) -> Iterator[Point]:
    """Each point at which a command with so many writes can die."""
    for write in range(1, writes + 1):
        yield Point(write, "before")
        yield Point(write, "after")


def sample(writes: int, number: int, seed: int) -> list[Point]:
    """Some of the points, the same ones for the same seed, in their order; prints the seed."""
    points = [*every(writes)]
    print(f"{min(number, len(points))} of {len(points)} points, seed {seed}")
    chosen = random.Random(seed).sample(points, min(number, len(points)))
    return sorted(chosen, key=points.index)


class Ground:
    """A command, and the state that each of its runs starts from."""

    def __init__(
        self,
        remote: Remote,
        forks: Forks,
        folder: Path,
        argv: Sequence[str],
        *,
        owner: str,
        scratch: Path,
    ) -> None:
        self.remote, self.forks, self.folder, self.argv = remote, forks, folder, argv
        self.owner, self.scratch = owner, scratch
        self.original = scratch / "folder-before"
        shutil.copytree(folder, self.original, symlinks=True)
        remote.ask("POST", "/_twin/snapshot", {"name": SNAPSHOT})

    def whole(self) -> Whole:
        """The command once to its end, from the start; asserts that it ended well."""
        self.restore()
        run = self.run()
        assert run.code in (0, 3), run.said
        log = [row for row in self.remote.log["log"] if row["write"]]
        assert {row["status"] for row in log} <= {200, 201, 202, 204}, log
        return Whole(run, len(log), log, self.dump())

    def tried(self, point: Point, whole: Whole) -> list[str]:
        """Kill the command at a point, run it again, and once more: what is wrong then."""
        self.restore()
        if not self.killed(point):
            return [f"{point}: never reached"]
        again = self.run()
        if again.code != whole.run.code:
            return [f"{point}: the next run ends with {again.code}\n{again.said}"]
        wrong = [f"{point}: {each}" for each in differences(whole.after, self.dump())]
        self.remote.ask("DELETE", "/_twin/requests")
        third = self.run()
        if writes := self.remote.writes:
            wrong.append(f"{point}: the third run writes {writes} times\n{third.said}")
        return wrong

    def killed(self, point: Point) -> bool:
        """Whether the command came to the point, and died there."""
        self.remote.ask("POST", "/_twin/faults", {"at": point.write, "when": point.when})
        pid = self.start()
        until = time.monotonic() + WITHIN
        code = None
        while code is None and not self.remote.get("/_twin/faults")["hit"]:
            assert time.monotonic() < until, f"{point}: the command hangs"
            code = self.forks.ended(0.01)
        if code is None:
            os.kill(pid, signal.SIGKILL)
            code = self.forks.ended(WITHIN)
        self.remote.ask("DELETE", "/_twin/faults")
        return code == -signal.SIGKILL

    def run(self) -> Run:
        self.start()
        return self.forks.rest(WITHIN)

    def start(self) -> int:
        temporary = self.scratch / "tmp"
        temporary.mkdir(exist_ok=True)
        env = {"GITHUB_API_URL": self.remote.url, "GITHUB_TOKEN": TOKEN, "TMPDIR": str(temporary)}
        return self.forks.start(self.argv, self.folder, **env)

    def restore(self) -> None:
        """Twin, log and folder as they were at first."""
        self.remote.ask("DELETE", "/_twin/faults")
        self.remote.ask("POST", "/_twin/restore", {"name": SNAPSHOT})
        self.remote.ask("DELETE", "/_twin/requests")
        shutil.rmtree(self.folder)
        shutil.copytree(self.original, self.folder, symlinks=True)
        shutil.rmtree(self.scratch / "tmp", ignore_errors=True)

    def dump(self) -> Dump:
        return dump(self.remote, self.owner, self.folder)
