"""An event and the `on` of a workflow -> whether the one starts the other. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

#: What a pull request does, where a workflow does not say which it means.
USUAL_TYPES = {"pull_request": ["opened", "synchronize", "reopened"]}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `branch` is the base of a pull request; `action` what GitHub
    calls `types`; `changed` is asked for the paths only where a filter wants them."""

    name: str
    action: str = ""
    branch: str = ""
    tag: str = ""
    changed: Callable[[], Sequence[str]] = tuple


def starts(on: Any, event: Event) -> bool:
    """Whether a workflow with this `on` listens to the event."""
    if isinstance(on, str):
        on = {on: None}
    if isinstance(on, list):
        on = dict.fromkeys(map(str, on))
    if not isinstance(on, dict) or event.name not in on:
        return False
    wanted = on[event.name]
    if not isinstance(wanted, dict):
        wanted = {}
    return _type(wanted, event) and _ref(wanted, event) and _path(wanted, event)


def settings(on: Any, name: str) -> dict[str, Any]:
    """What a workflow says of one event: its inputs, its types."""
    found = on.get(name) if isinstance(on, dict) else None
    return found if isinstance(found, dict) else {}


def _type(wanted: dict[str, Any], event: Event) -> bool:
    types = wanted.get("types", USUAL_TYPES.get(event.name))
    if types is None or not event.action:
        return True
    return event.action in _listed(types)


def _ref(wanted: dict[str, Any], event: Event) -> bool:
    if event.tag:
        only_branches = {"branches", "branches-ignore"} & set(wanted)
        named = {"tags", "tags-ignore"} & set(wanted)
        return not (only_branches and not named) and _passes(wanted, "tags", [event.tag])
    if event.name == "push" and event.branch:
        only_tags = {"tags", "tags-ignore"} & set(wanted)
        if only_tags and not {"branches", "branches-ignore"} & set(wanted):
            return False
    return not event.branch or _passes(wanted, "branches", [event.branch])


def _path(wanted: dict[str, Any], event: Event) -> bool:
    # A tag has no paths of its own, so that its push passes every filter of paths.
    if event.tag or not {"paths", "paths-ignore"} & set(wanted):
        return True
    return _passes(wanted, "paths", event.changed())


def _passes(wanted: dict[str, Any], name: str, found: Sequence[str]) -> bool:
    if name in wanted:
        return any(kept(_listed(wanted[name]), each) for each in found)
    if f"{name}-ignore" in wanted:
        ignored = _listed(wanted[f"{name}-ignore"])
        return not found or any(not kept(ignored, each) for each in found)
    return True


def kept(patterns: Iterable[str], name: str) -> bool:
    """Whether patterns let a name through: the last one that matches says so, `!` says no."""
    passes = False
    for pattern in patterns:
        if glob(pattern.removeprefix("!")).fullmatch(name):
            passes = not pattern.startswith("!")
    return passes


@cache
def glob(pattern: str) -> re.Pattern[str]:
    """GitHub's filter patterns: `*` stays in a segment, `**` does not; `?` and `+` repeat."""
    made = ""
    at = 0
    while at < len(pattern):
        if pattern.startswith("**/", at):
            made, at = f"{made}(?:.*/)?", at + 3
        elif pattern.startswith("**", at):
            made, at = f"{made}.*", at + 2
        elif pattern[at] == "[" and "]" in pattern[at:]:
            end = pattern.index("]", at)
            made, at = made + pattern[at : end + 1], end + 1
        else:
            sign = pattern[at]
            made += {"*": "[^/]*", "?": "?", "+": "+"}.get(sign, re.escape(sign))
            at += 1
    return re.compile(made)


def _listed(given: Any) -> list[str]:
    return [str(each) for each in given] if isinstance(given, list) else [str(given)]
