"""The steps of a job -> the same steps, each in a shell that outlasts its last words. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

WRAPPER = Path(__file__).with_name("step.sh")
#: GitHub's templates; a step that names no shell has the first.
TEMPLATES = {
    "": "bash -e {0}",
    "bash": "bash --noprofile --norc -e -o pipefail {0}",
    "sh": "sh -e {0}",
    "python": "python {0}",
}


def lasting(workflow: Mapping[str, Any], job: Mapping[str, Any]) -> list[Any]:
    """Steps that use an action stay as they are."""
    usual = _shell(job) or _shell(workflow)
    return [_lasting(step, usual) for step in job.get("steps") or []]


def _lasting(step: Any, usual: str) -> Any:
    if not isinstance(step, Mapping) or "run" not in step:
        return step
    named = str(step.get("shell") or usual)
    template = TEMPLATES.get(named, named)
    if "{0}" not in template or "${{" in template:
        return step
    return {**step, "shell": f"bash {shlex.quote(str(WRAPPER))} {template}"}


def _shell(where: Mapping[str, Any]) -> str:
    """The shell that a job or a workflow names for all of its steps."""
    return str(((where.get("defaults") or {}).get("run") or {}).get("shell") or "")
