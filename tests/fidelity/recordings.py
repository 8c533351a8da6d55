"""PyGithub's recorded traffic -> exchanges with GitHub as they were."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HOST = "api.github.com"
#: Lines of an exchange: ten that say something, and an empty one.
LENGTH = 11


@dataclass(frozen=True)
class Recorded:
    """`name` is `File.txt#3`, the third exchange of a file; `sent` and `body` are JSON or None."""

    name: str
    method: str
    path: str
    query: str
    headers: dict[str, str]
    sent: Any
    status: int
    body: Any


def recorded(folder: Path) -> Iterator[list[Recorded]]:
    """The exchanges with api.github.com of each file, in the order in which they were made."""
    for file in sorted(folder.glob("*.txt")):
        lines = file.read_text("utf-8").split("\n")
        blocks = [lines[at : at + LENGTH - 1] for at in range(0, len(lines), LENGTH)]
        found = (_one(f"{file.name}#{at}", block) for at, block in enumerate(blocks))
        yield [each for each in found if each]


def _one(name: str, block: list[str]) -> Recorded | None:
    if len(block) < LENGTH - 1 or block[2] != HOST:
        return None
    _, method, _, _, url, headers, sent, status, _, body = block
    parts = urlsplit(url)
    return Recorded(
        name,
        method,
        parts.path.rstrip("/") or "/",
        parts.query,
        {
            key.lower(): value
            for key, value in ast.literal_eval(headers[headers.index("{") :]).items()
        },
        _json(sent),
        int(status),
        _json(body),
    )


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
