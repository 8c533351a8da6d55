"""The log of a job as the twin keeps it -> as GitHub hands it out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

#: Opens the part of a step.
STEP = "##[step]"


def plain(text: str) -> str:
    """The whole log, without the lines that part it."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(STEP))


def steps(text: str, known: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """`3_Name` and text of each step that said something; nothing for a log in one part."""
    numbers = {step["name"]: at for at, step in enumerate(known, 1)}
    found: list[tuple[str, str]] = []
    for part in ("\n" + text).split(f"\n{STEP}")[1:]:
        name, _, words = part.partition("\n")
        if words and name in numbers:
            found.append((f"{numbers[name]}_{name.replace('/', '_')}", words + "\n"))
    return found
