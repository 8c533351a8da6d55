"""A manifest's Document and merged entries -> every problem in them. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from jsonschema import Draft202012Validator

from meta.errors import MetaError
from meta.manifest_merge import Node, at, leaves, spec
from meta.manifest_read import Document, Path, dotted
from meta.manifest_schema import Schema
from meta.manifest_words import Places, problems
from meta.suggest import hint as suggest

Found = tuple[Path, MetaError]


def check_shape(document: Document, schema: Schema) -> list[Found]:
    """What the file's schema has against it: every problem, and the path of what has it."""
    return _validate(document.data, schema, document)


def _validate(data: Any, schema: Schema, places: Places) -> list[Found]:
    errors = Draft202012Validator(schema).iter_errors(data)
    return [found for error in errors for found in problems(error, places)]


def without(data: Any, paths: Collection[Path]) -> Any:
    """The data less what has problems, so that the rest can be looked at further.

    List items and repositories stay, as null: other things refer to them by place or name.
    """
    out = json.loads(json.dumps(data))
    for path in paths:
        parent = out
        for key in path[:-1]:
            parent = _child(parent, key)
        if isinstance(parent, list) or path[:-1] == ("repos",):
            if _child(parent, path[-1]) is not None:
                parent[path[-1]] = None
        elif isinstance(parent, dict) and path:
            parent.pop(path[-1], None)
    return out


def _child(parent: Any, key: str | int) -> Any:
    if isinstance(parent, dict):
        return parent.get(str(key))
    if isinstance(parent, list) and isinstance(key, int) and key < len(parent):
        return parent[key]
    return None


@dataclass(frozen=True, slots=True)
class Merged:
    """Where the parts of a merged entry stand: each in the layer that says it."""

    node: Node
    document: Document

    def where(self, path: Path) -> str:
        return self.document.where(self._path(path))

    def where_key(self, path: Path) -> str:
        return self.document.where_key(self._path(path))

    def name(self, path: Path) -> str:
        return dotted(path)

    def text(self, path: Path) -> str:
        return self.document.text(self._path(path))

    def _path(self, path: Path) -> Path:
        node = at(self.node, path)
        if isinstance(node.value, list) and path and isinstance(path[-1], int):
            return (*node.path, path[-1])
        return node.path


def check_whole(
    nodes: Mapping[str, Node], sections: Mapping[str, Schema], document: Document
) -> Iterator[MetaError]:
    """Sections that all layers together leave incomplete, by entry.

    Many entries hold one section alike, which is looked at once.
    """
    seen: set[str] = set()
    for node in nodes.values():
        for name, value in spec(node).items():
            key = f"{name} {json.dumps(value, sort_keys=True)}"
            if name not in sections or key in seen:
                continue
            seen.add(key)
            whole = {"properties": {name: sections[name]}}
            for _, problem in _validate({name: value}, whole, Merged(node, document)):
                yield problem


def check_nulls(layers: list[tuple[Node | None, Node]], document: Document) -> Iterator[MetaError]:
    """A null that removes nothing: whoever wrote `dev:` meant an empty map."""
    for inherited, layer in layers:
        for keys, node in leaves(layer):
            removes = inherited is not None and _has(inherited, keys)
            if node.value is None and len(keys) > 1 and not removes:
                message = (
                    f"found nothing for {dotted(keys)}, expected a value: "
                    "null removes what is inherited, and nothing is"
                )
                hint = f"write {{}} for one without fields: `{keys[-1]}: {{}}`"
                yield MetaError(message, where=document.where_key(node.path), hint=hint)


def _has(node: Node, keys: Path) -> bool:
    for key in keys:
        if not isinstance(node.value, dict) or key not in node.value:
            return False
        node = node.value[key]
    return node.value is not None


def check_names(repos: Collection[str], data: Any, document: Document) -> Iterator[MetaError]:
    """Repository names that differ only by case, and a `home` that is none of them."""
    first: dict[str, str] = {}
    for name in repos:
        other = first.setdefault(name.lower(), name)
        if other != name:
            message = (
                f"found the repository {name} beside {other} "
                f"(at {document.where_key(('repos', other))}), "
                "expected names that differ by more than case"
            )
            where = document.where_key(("repos", name))
            yield MetaError(message, where=where, hint="make one of the two")
    home = data.get("home")
    if home and home not in repos:
        yield _unknown(home, "home", repos, document.where(("home",)))


def _unknown(name: str, place: str, repos: Collection[str], where: str) -> MetaError:
    message = f'found "{name}" in {place}, expected a repository of this manifest'
    hint = suggest(name, repos, "add it to repos, or take it out here")
    return MetaError(message, where=where, hint=hint)


def check_needs(nodes: Mapping[str, Node], document: Document) -> Iterator[MetaError]:
    """Needs that name no repository, and needs that go round in a circle."""
    graph: dict[str, list[str]] = {}
    for name, node in nodes.items():
        needs = at(node, ("needs",))
        found = needs.value if isinstance(needs.value, list) else []
        graph[name] = [need for need in found if need in nodes]
        for index, need in enumerate(found):
            if need is not None and need not in nodes:
                where = document.where((*needs.path, index))
                yield _unknown(need, f"{dotted(needs.path)}", tuple(nodes), where)
    yield from _circles(graph, nodes, document)


def _circles(
    graph: dict[str, list[str]], nodes: Mapping[str, Node], document: Document
) -> Iterator[MetaError]:
    while circle := _circle(graph):
        start, need = circle[0], circle[1]
        needs = nodes[start].value["needs"]
        where = document.where((*needs.path, needs.value.index(need)))
        message = (
            f"found needs that go in a circle: {' -> '.join(circle)}, "
            "expected an order in which each can come after what it needs"
        )
        yield MetaError(message, where=where, hint="take one of these needs out")
        graph[start].remove(need)


def _circle(graph: dict[str, list[str]]) -> list[str]:
    """One circle, each name needing the next, from the one that is written first; [] if none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        ring = list(reversed(error.args[1]))[:-1]
        order = list(graph)
        start = ring.index(min(ring, key=order.index))
        return [*ring[start:], *ring[:start], ring[start]]
    return []
