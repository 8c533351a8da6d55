"""The file beside an execution plan <-> the ledger of its items' ids."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from meta.errors import MetaError, RoadmapError
from meta.roadmap_identity import LEVELS, Ledger, Record

ID = re.compile(r"[a-z2-7]{8}")
HINT = "take the file's last good version from git; without it every item would be made anew"


def path_for(plan: Path) -> Path:
    """`docs/plan.md` -> `docs/plan.ledger.json`."""
    return plan.with_suffix(".ledger.json")


def new_id() -> str:
    """Eight characters that were never used before and mean nothing."""
    return base64.b32encode(secrets.token_bytes(5)).decode().lower()


def read(path: Path) -> Ledger:
    """An empty ledger where there is no file yet. Raises RoadmapError where it is broken."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Ledger()
    except (OSError, UnicodeDecodeError) as error:
        raise RoadmapError(f"cannot be read: {error}", where=str(path), hint=HINT) from None
    return parse(text, where=str(path))


def parse(text: str, *, where: str) -> Ledger:
    """Raises RoadmapError with `where` and the line."""
    try:
        data = json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise broken(where, error.lineno, f"this is not JSON ({error.msg})") from None
    except Twice as error:
        raise broken(where, line_of(text, error.key, last=True), error.message) from None
    if not isinstance(data, dict) or not isinstance(data.get("items"), dict):
        raise broken(where, 1, 'expected {"doc": ID, "items": {ID: ITEM}}')
    doc = data.get("doc")
    if not isinstance(doc, str) or not ID.fullmatch(doc):
        raise broken(where, line_of(text, "doc"), f"`doc` is {doc!r}, expected eight of a-z2-7")
    return Ledger(doc, {id: record(id, row, text, where) for id, row in data["items"].items()})


def record(id: str, row: Any, text: str, where: str) -> Record:
    line = line_of(text, id)
    if not ID.fullmatch(id):
        raise broken(where, line, f"{id!r} is no item's id, expected eight of a-z2-7")
    names = ("level", "number", "title", "home")
    words = [row.get(name) if isinstance(row, dict) else None for name in names]
    if not all(isinstance(word, str) for word in words):
        raise broken(where, line, f"item {id} lacks one of {', '.join(names)}")
    if row["level"] not in LEVELS:
        raise broken(where, line, f"level is {row['level']!r}, expected {', '.join(LEVELS)}")
    level, number, title, home = map(str, words)
    return Record(level, number, title, home, bool(row.get("gone", False)))


def write(path: Path, ledger: Ledger) -> None:
    """All or nothing, also when the machine stops half-way; a file that is right is left alone."""
    data = text(ledger).encode()
    if path.exists() and path.read_bytes() == data:
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def text(ledger: Ledger) -> str:
    """One item a line, sorted by id: two branches that add items rarely touch the same lines."""
    rows = [
        f"    {json.dumps(id)}: {json.dumps(row(each), ensure_ascii=False)}"
        for id, each in sorted(ledger.items.items())
    ]
    items = ",\n".join(rows)
    return f'{{\n  "doc": {json.dumps(ledger.doc)},\n  "items": {{\n{items}\n  }}\n}}\n'


def row(record: Record) -> Mapping[str, Any]:
    fields = {
        "level": record.level,
        "number": record.number,
        "title": record.title,
        "home": record.home,
    }
    return fields | ({"gone": True} if record.gone else {})


class Twice(MetaError):
    """A key that is there twice, which JSON itself would let pass."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} is there twice")
        self.key = key


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Twice(key)
        found[key] = value
    return found


def line_of(text: str, key: str, *, last: bool = False) -> int:
    """The line that a key stands in, counted from 1; 1 where it is not to be found."""
    name = json.dumps(key)
    lines = [number for number, line in enumerate(text.splitlines(), 1) if name in line]
    return lines[-1 if last else 0] if lines else 1


def broken(where: str, line: int, found: str) -> RoadmapError:
    return RoadmapError(found, where=f"{where}:{line}", hint=HINT)
