"""What a runner gets and gives: one job of a run, and how it went. Pure."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """`seconds` are since the epoch; a step that was passed over has both the same."""

    name: str
    conclusion: str = "success"
    status: str = "completed"
    started: float = 0.0
    ended: float = 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """How a job went, or how far it has come while `conclusion` is "".

    `outputs` are the job's, `log` and `summary` are text, `artifacts` are zip files by name,
    `annotations` have level, message, path and line; `environment_url` is where what was deployed
    can be seen.
    """

    conclusion: str = "success"
    outputs: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    log: str = ""
    summary: str = ""
    annotations: tuple[Mapping[str, Any], ...] = ()
    artifacts: Mapping[str, bytes] = field(default_factory=dict)
    environment_url: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One job, with everything that a runner needs to carry it out.

    `definition` is the job as its workflow has it, `workflow` that workflow; `needs` has result
    and outputs by job; `github` is the context of that name and holds the event. `report` takes
    results of steps while the job goes on; `stopped` is set once it is to end.
    """

    id: int
    name: str
    path: str
    definition: Mapping[str, Any]
    workflow: Mapping[str, Any]
    matrix: Mapping[str, Any]
    needs: Mapping[str, Any]
    inputs: Mapping[str, Any]
    github: Mapping[str, Any]
    secrets: Mapping[str, str]
    variables: Mapping[str, str]
    repository: Path
    folder: Path
    report: Callable[[Result], None]
    stopped: threading.Event

    @property
    def contexts(self) -> dict[str, Any]:
        """What expressions of the job may look at, as far as it is known before its steps."""
        return {
            "github": self.github,
            "needs": self.needs,
            "matrix": self.matrix,
            "inputs": self.inputs,
            "vars": self.variables,
            "secrets": self.secrets,
        }


#: Carries out one job, in a thread of its own; what it raises fails the job.
Runner = Callable[[Job], Result]
