"""What was recorded and what the twin says -> how they differ, in keys and in types. Pure.

A key counts where GitHub's description still has it: recordings go back to 2012, and what has left
GitHub's answers since is not asked of a twin. Null is of every type here; whether it may be there
is what the description itself is for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.fidelity.openapi import ROOT, Description, Operation

Shapes = list[Any]

#: Still described, and in no recording that is younger than 2013.
GONE = ("master_branch",)


def differences(
    description: Description, operation: Operation, status: int, theirs: Any, ours: Any
) -> Iterator[str]:
    """`items.*.body is missing`, `user is str, not dict` ...: nothing for what agrees."""
    shape = _schema(description, operation, status)
    yield from _between("", theirs, ours, [shape] if shape else [], description.raw)


def _schema(description: Description, operation: Operation, status: int) -> Any:
    answer = operation.responses.get(str(status), {})
    return (answer.get("content") or {}).get("application/json", {}).get("schema")


def _between(place: str, theirs: Any, ours: Any, shapes: Shapes, raw: Any) -> Iterator[str]:
    if theirs is None or ours is None:
        return
    if sort(theirs) != sort(ours):
        yield f"{place or 'the answer'} is {sort(ours)}, not {sort(theirs)}"
    elif isinstance(theirs, dict):
        known = _properties(shapes, raw)
        for key, value in theirs.items():
            if key not in known or key in GONE:
                continue
            here = f"{place}.{key}".lstrip(".")
            if key not in ours:
                yield f"{here} is missing"
            else:
                yield from _between(here, value, ours[key], known[key], raw)
    elif isinstance(theirs, list) and theirs:
        if not ours:
            yield f"{place or 'the answer'} is empty"
        else:
            inside = [each["items"] for each in _plain(shapes, raw) if "items" in each]
            yield from _between(f"{place}.*".lstrip("."), theirs[0], ours[0], inside, raw)


def sort(value: Any) -> str:
    """The JSON type: a whole number is a number."""
    if isinstance(value, bool):
        return "a boolean"
    names = {dict: "an object", list: "a list", str: "a text", int: "a number", float: "a number"}
    return names.get(type(value), "null")


def _properties(shapes: Shapes, raw: Any) -> dict[str, Shapes]:
    """What an object may hold: of all shapes that it may have."""
    found: dict[str, Shapes] = {}
    for shape in _plain(shapes, raw):
        for key, value in shape.get("properties", {}).items():
            found.setdefault(key, []).append(value)
    return found


def _plain(shapes: Shapes, raw: Any) -> Iterator[Any]:
    """Every alternative of every shape, its references followed."""
    for shape in shapes:
        name = shape.get("$ref", "").removeprefix(ROOT).rpartition("/")[2]
        if name:
            shape = raw["components"]["schemas"][name]
        yield shape
        for word in ("allOf", "anyOf", "oneOf"):
            yield from _plain(shape.get(word, []), raw)
