"""repos.yaml text -> Manifest, or every problem in it at once. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from meta.errors import ManifestError, MetaError
from meta.manifest_check import (
    Found,
    check_names,
    check_needs,
    check_nulls,
    check_shape,
    check_whole,
    without,
)
from meta.manifest_merge import (
    Node,
    build,
    conflicts,
    group_node,
    leaves,
    members,
    merge,
    origin,
    spec,
)
from meta.manifest_read import Document, read
from meta.manifest_schema import OWN, Schema, schema
from meta.model import Entry, Manifest, Roadmap

__all__ = ["parse", "schema"]


@dataclass(frozen=True, slots=True)
class _Stack:
    """The layers of one repository: what it inherits, what it says itself, and both merged."""

    groups: list[Node]
    inherited: Node
    own: Node
    whole: Node


def parse(
    text: str,
    *,
    path: str,
    sections: Mapping[str, Schema],
    owner_sections: Mapping[str, Schema],
    kinds: Collection[str],
) -> Manifest:
    """The manifest that `text` declares; `path` is what messages call the file.

    `sections` maps the name of a repository's section to the JSON Schema of its content,
    `owner_sections` likewise for `organization:`; `kinds` are the names that may be pruned.
    Raises ManifestError with every problem, in the order of their lines.
    """
    document, problems = read(text, path=path)
    shape = check_shape(document, schema(sections, owner_sections, kinds))
    data = without(document.data, [place for place, _ in shape])
    stacks = _stacks(data)
    spoilt = _sections_of(shape)
    sound = {k: v for k, v in {**sections, **OWN}.items() if k not in spoilt}
    found = [
        *problems,
        *(problem for _, problem in shape),
        *_check(data, stacks, sound, document),
        *_check_owner(data, owner_sections, spoilt, document),
    ]
    if found:
        raise ManifestError(_in_order(found))
    return _manifest(data, stacks, document)


def _stacks(data: Mapping[str, Any]) -> dict[str, _Stack]:
    defaults = build(data.get("defaults") or {}, ("defaults",))
    groups = data.get("groups") or {}
    nodes = {name: group_node(groups, name) for name in groups if groups[name]}
    out = {}
    for name, entry in (data.get("repos") or {}).items():
        names = members(groups, name, entry, data.get("defaults"))
        layers = [nodes[group] for group in names]
        inherited = reduce(merge, layers, defaults)
        own = build(entry or {}, ("repos", name))
        out[name] = _Stack(layers, inherited, own, merge(inherited, own))
    return out


def _check(
    data: Mapping[str, Any],
    stacks: Mapping[str, _Stack],
    sections: Mapping[str, Schema],
    document: Document,
) -> Iterator[MetaError]:
    """What only shows once the layers are laid on each other."""
    nodes = {name: stack.whole for name, stack in stacks.items()}
    defaults = build(data.get("defaults") or {}, ("defaults",))
    layers = [(None, defaults), *((stack.inherited, stack.own) for stack in stacks.values())]
    yield from check_nulls(layers, document)
    for name, stack in stacks.items():
        yield from conflicts(stack.groups, stack.own, name, document)
    yield from check_whole(nodes, sections, document)
    if "repos" in data:
        yield from check_names(nodes, data, document)
        yield from check_needs(nodes, document)


def _check_owner(
    data: Mapping[str, Any],
    sections: Mapping[str, Schema],
    spoilt: Collection[str],
    document: Document,
) -> Iterator[MetaError]:
    node = build(data.get("organization") or {}, ("organization",))
    sound = {name: schema for name, schema in sections.items() if name not in spoilt}
    yield from check_nulls([(None, node)], document)
    yield from check_whole({"": node}, sound, document)


def _sections_of(shape: list[Found]) -> set[str]:
    """The sections that have problems already: what is missing in them would be an echo."""
    depth = {"defaults": 1, "groups": 2, "repos": 2, "organization": 1}
    places = [place for place, _ in shape if place and place[0] in depth]
    return {
        str(place[depth[str(place[0])]]) for place in places if len(place) > depth[str(place[0])]
    }


def _in_order(found: list[MetaError]) -> tuple[MetaError, ...]:
    """By line and column, and each once: one default spoils many entries alike."""
    once = {(problem.where, problem.message): problem for problem in found}

    def place(problem: MetaError) -> tuple[int, int]:
        line, column = problem.where.rsplit(":", 2)[1:]
        return int(line), int(column)

    return tuple(sorted(once.values(), key=place))


def _manifest(
    data: Mapping[str, Any], stacks: Mapping[str, _Stack], document: Document
) -> Manifest:
    owner = data["owner"]
    nodes = {f"{owner}/{name}": stack.whole for name, stack in stacks.items()}
    if data.get("organization"):
        nodes = {owner: build(data["organization"], ("organization",)), **nodes}
    roadmap = data.get("roadmap")
    return Manifest(
        path=document.path,
        owner=owner,
        host=data.get("host", "github.com"),
        entries=tuple(_entry(scope, node, document) for scope, node in nodes.items()),
        home=data.get("home", ""),
        roadmap=Roadmap(roadmap["file"], roadmap.get("board", "")) if roadmap else None,
        prune=frozenset(data.get("prune", ())),
    )


def _entry(scope: str, node: Node, document: Document) -> Entry:
    origins = {
        keys: origin(leaf.path, document)
        for keys, leaf in leaves(node)
        if keys and leaf.value is not None
    }
    return Entry(scope, spec(node), origins=origins)
