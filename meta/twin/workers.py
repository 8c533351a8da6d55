"""What the store asks of whoever carries out the jobs of workflow runs."""

from __future__ import annotations

from typing import Protocol


class Workers(Protocol):
    """Whoever carries out the jobs of workflow runs. `url` is where the twin is served."""

    url: str

    def offer(self, job: int) -> None: ...

    def stop(self, job: int) -> None: ...

    def wake(self, run: int, seconds: float) -> None: ...
