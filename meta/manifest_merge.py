"""Defaults, groups and an entry -> what the entry declares, and where each value stands. Pure.

Maps merge by key at every depth, scalars and lists replace, null removes what was inherited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from meta.errors import MetaError
from meta.manifest_read import Document, Path, dotted
from meta.manifest_words import shown
from meta.model import Origin

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A value of one layer or of several merged: `value` is a map of nodes, a scalar or a list.

    `path` is where the document says it; for a map, where the last layer that adds to it does.
    """

    value: Any
    path: Path


def build(data: Any, path: Path) -> Node:
    """The nodes of plain data that stands at `path`."""
    if isinstance(data, Mapping):
        return Node({key: build(item, (*path, key)) for key, item in data.items()}, path)
    return Node(data, path)


def merge(base: Node, over: Node) -> Node:
    """`over` laid on `base`; nulls stay in it, so that what is laid on next still sees them.

    What the later layer names comes later: of the globs that fit a path, the last one counts.
    """
    if not (isinstance(base.value, dict) and isinstance(over.value, dict)):
        return over
    kept = {key: node for key, node in base.value.items() if key not in over.value}
    both = {
        key: merge(base.value[key], node) if key in base.value else node
        for key, node in over.value.items()
    }
    return Node({**kept, **both}, over.path)


def spec(node: Node) -> Any:
    """Plain data: what is null is not there."""
    if not isinstance(node.value, dict):
        return node.value
    return {key: spec(item) for key, item in node.value.items() if item.value is not None}


def leaves(node: Node, keys: Keys = ()) -> Iterator[tuple[Keys, Node]]:
    """Every scalar, list, null and empty map below a node, with the keys that lead to it."""
    if not isinstance(node.value, dict) or not node.value:
        yield keys, node
        return
    for key, item in node.value.items():
        yield from leaves(item, (*keys, key))


def at(node: Node, keys: Path) -> Node:
    """The node that `keys` lead to, or the last one on the way there."""
    for key in keys:
        if not isinstance(node.value, dict) or key not in node.value:
            return node
        node = node.value[key]
    return node


def origin(path: Path, document: Document) -> Origin:
    """Where the value at a path was written."""
    line, column = document.keys.get(path) or document.values.get(path, (1, 1))
    named = path[0] in ("groups", "repos")
    layer = f"{path[0]}.{path[1]}" if named else str(path[0])
    return Origin(document.path, line, column, layer)


def members(groups: Mapping[str, Any], name: str, entry: Any, defaults: Any) -> list[str]:
    """The groups that a repository belongs to, in the order written."""
    own = {**(defaults or {}), **(entry or {})}
    return [
        group
        for group, body in groups.items()
        if isinstance(body, Mapping) and _matches(body.get("match") or {}, name, own)
    ]


def _matches(match: Mapping[str, Any], name: str, own: Mapping[str, Any]) -> bool:
    properties = own.get("properties") or {}
    tests: dict[str, Callable[[Any], bool]] = {
        "name": lambda glob: fnmatchcase(name.lower(), str(glob).lower()),
        "topic": lambda topic: topic in (own.get("topics") or ()),
        "property": lambda wanted: all(properties.get(k) == v for k, v in wanted.items()),
    }
    given = {way: value for way, value in match.items() if way in tests and value is not None}
    return bool(given) and all(tests[way](value) for way, value in given.items())


def group_node(groups: Mapping[str, Any], name: str) -> Node:
    """What a group declares, without its `match`."""
    body = {key: value for key, value in groups[name].items() if key != "match"}
    return build(body, ("groups", name))


def conflicts(
    layers: list[Node], entry: Node, name: str, document: Document
) -> Iterator[MetaError]:
    """Two groups of one repository that set one thing differently, and nobody decides."""
    decided = {keys for keys, _ in leaves(entry)}
    for index, later in enumerate(layers):
        for keys, node in leaves(later):
            for earlier in layers[:index]:
                other = _rival(earlier, keys, node)
                if other and not any(keys[: len(k)] == k for k in decided if k):
                    yield _conflict(other, node, keys, name, document)


def _rival(layer: Node, keys: Keys, node: Node) -> Node | None:
    """What the layer says there, if it is something else; two maps never disagree."""
    for index, key in enumerate(keys):
        if not isinstance(layer.value, dict):
            return layer
        if key not in layer.value:
            return None
        layer = layer.value[key]
        if not isinstance(layer.value, dict) and index < len(keys) - 1:
            return layer
    if isinstance(layer.value, dict) and isinstance(node.value, dict):
        return None
    same = type(layer.value) is type(node.value) and layer.value == node.value
    return None if same else layer


def _conflict(first: Node, second: Node, keys: Keys, name: str, document: Document) -> MetaError:
    one, two = origin(first.path, document), origin(second.path, document)
    message = (
        f"found {shown(second.value, document.text(second.path))} for {dotted(keys)} in {two.layer}"
        f" and {shown(first.value, document.text(first.path))} in {one.layer}"
        f" ({one.file}:{one.line}:{one.column}), both for {name}, expected groups that agree"
    )
    hint = f"set {dotted(keys)} in repos.{name}, or make the groups agree"
    return MetaError(message, where=f"{two.file}:{two.line}:{two.column}", hint=hint)
