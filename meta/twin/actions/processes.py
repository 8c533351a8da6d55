"""A folder of the runners -> the processes of jobs below it, which end with it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

#: In the environment of act and of all that it starts; its value is below the runners' folder.
MARK = "TWIN_ARTIFACTS"
PROCESSES = Path("/proc")


def end(folder: Path, number: signal.Signals = signal.SIGKILL) -> int:
    """Signals every process of jobs below a folder, and says how many there were.

    Each step has a session of its own, so that no group holds them all; their environment tells
    them. Where the system does not show it, there are none to be found.
    """
    found = list(_marked(folder))
    for process in found:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process, number)
    return len(found)


def _marked(folder: Path) -> Iterator[int]:
    mark = f"\0{MARK}={folder}/".encode()
    for entry in PROCESSES.glob("[0-9]*"):
        with suppress(OSError):
            if mark in b"\0" + (entry / "environ").read_bytes():
                yield int(entry.name)
