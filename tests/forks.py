"""`meta` as a process of its own, again and again, at little cost.

Each run is a child of one process that has imported everything beforehand: quick to start, and as
real as any other process, for a signal too. That process has a single thread, as forking needs.
"""

from __future__ import annotations

import gc
import json
import os
import select
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from meta.commands import COMMANDS
from tests.running import ROOT, environment

WITHIN = 120.0  # seconds for one run of a command


@dataclass(frozen=True)
class Run:
    """A run that ended: `code` is negative where a signal ended it."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


class Forks:
    """Starts `meta` again and again, one process at a time, without importing anything twice."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forks"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,  # so that `select` knows of every line that was not read yet
            cwd=ROOT,
            env=environment(),
        )

    def __enter__(self) -> Forks:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(WITHIN)
        self._folder.cleanup()

    def run(self, *argv: str, cwd: Path, **env: str) -> Run:
        """`meta ARGV` to its end, with `env` in its environment and nothing to read."""
        self.start(argv, cwd, **env)
        return self.rest(WITHIN)

    def start(self, argv: Sequence[str], cwd: Path, **env: str) -> int:
        """The id of a process that runs `meta ARGV`."""
        assert self._process.stdin
        order = {"argv": [*argv], "cwd": str(cwd), "env": environment(**env)}
        self._process.stdin.write(json.dumps({**order, "said": self._folder.name}).encode())
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()
        return int(self._line())

    def rest(self, within: float) -> Run:
        """What became of the process started last; asserts that it ends."""
        code = self.ended(within)
        assert code is not None, f"it did not end within {within:.0f} s: {self.said}"
        return Run(code, *self.said)

    @property
    def said(self) -> tuple[str, str]:
        """What the process started last has printed so far, and its standard error."""
        folder = Path(self._folder.name)
        return (folder / "out").read_text(), (folder / "err").read_text()

    def ended(self, within: float) -> int | None:
        """The exit code of the process started last, None if it is still running."""
        ready, _, _ = select.select([self._process.stdout], [], [], within)
        return int(self._line()) if ready else None

    def _line(self) -> bytes:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the process that forks is gone"
        return line


def warm() -> None:
    """Import what a command would import, so that its children need not."""
    for module, _ in COMMANDS.values():
        import_module(module)
    for module in ("planning", "applying", "confirm", "show", "rendering"):
        import_module(f"meta.commands.{module}")
    import_module("github")  # which meta itself imports as late as it can
    gc.freeze()  # so that a child's collections do not copy what its parent holds


def serve_forks(orders: IO[bytes], answers: int) -> None:
    """One order a line: start it, say its process id, then how it ended."""
    while line := orders.readline():
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            become(order)
        os.write(answers, b"%d\n" % pid)
        _, status = os.waitpid(pid, 0)
        os.write(answers, b"%d\n" % os.waitstatus_to_exitcode(status))


def become(order: Any) -> None:
    """This process is now `meta ARGV`, as if it had been started so. Never returns."""
    code = 70
    try:
        new = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        for target, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(os.path.join(order["said"], name), new), target)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.chdir(order["cwd"])
        tempfile.tempdir = None  # what was found out about the parent's
        os.environ.clear()
        os.environ.update(order["env"])
        sys.argv = ["meta", *order["argv"]]
        from meta.__main__ import main

        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    warm()
    answers = os.dup(1)
    os.dup2(2, 1)
    serve_forks(sys.stdin.buffer, answers)
