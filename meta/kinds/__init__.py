"""Every kind of thing that meta keeps in sync, in the order in which kinds are applied.

A kind is one leaf module; `Kind` says which names it has. Adding one costs its file and
one line in `KINDS` (docs/adding-a-kind.md); the contract test then walks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from meta.github import Reader, Writer
from meta.kinds import (
    access,
    branch,
    card,
    environment,
    files,
    issue,
    label,
    link,
    milestone,
    project,
    repository,
    ruleset,
    settings,
    team,
    topics,
)
from meta.model import Address, Change, Entry, Fields, Receipt, Tree


@dataclass(frozen=True, slots=True)
class Look:
    """Look-ups by content, so that their answers never change: what `resolve` may ask.

    `render(source, version, answers)` is a template's rendering; `workflow(source, version,
    name)` the bytes of a shared workflow; `blob(scope, sha)` the bytes of a file of a repository.
    """

    render: Callable[[str, str, Mapping[str, Any]], Tree]
    workflow: Callable[[str, str, str], bytes]
    blob: Callable[[str, str], bytes]


def scope_of(kind: Kind) -> str:
    """Where the things of a kind live: "repository" or "owner"."""
    return str(getattr(kind, "SCOPE", "repository"))


class Kind(Protocol):
    """A kind is a module with these names in it. Its docstring is its manual.

    Optional names, with the engine's default where a module has none:
    `SCOPE = "owner"` - it belongs to the organization, not to a repository.
    `needs(entry, address, fields) -> Iterable[Address]` - what has to be there before. Its
    repository need not be named.
    `resolve(entry, address, desired, observed, look) -> (desired, Pending | None)` - where
    what is wanted depends on what is there (seeded files, three-way merges, rename);
    `observed` is None where nothing is there yet. A `Pending` plans nothing.
    Desired fields may hold `was`, the key before a rename: it becomes a `Move`.
    """

    SECTION: str  # the key of an entry that declares it
    NAME: str  # what an Address calls it
    CHANGES: tuple[str, ...]  # of create, update, move, delete: what it can carry out
    SCHEMA: Mapping[str, Any]  # JSON Schema of the section; empty: the engine declares it
    EXAMPLE: str  # entry text (YAML), shown in the docs and walked by the contract test
    THEN: str  # a later EXAMPLE: it makes every other sort of change this kind can make

    def desired(self, entry: Entry) -> Iterable[tuple[Address, Fields]]: ...
    def observe(self, gh: Reader, entry: Entry) -> Iterable[tuple[Address, Fields]]: ...
    def apply(self, gh: Writer, change: Change) -> Receipt | None: ...


#: In the order in which they are applied. An issue and a card need most of the others.
KINDS: Mapping[str, Kind] = {
    kind.NAME: kind
    for kind in (
        team,
        repository,
        files,
        branch,
        settings,
        topics,
        label,
        access,
        ruleset,
        environment,
        project,
        milestone,
        issue,
        link,
        card,
    )
}
#: Section of a repository's entry, and of `organization:`, to the JSON Schema of its content.
SECTIONS = {k.SECTION: k.SCHEMA for k in KINDS.values() if k.SCHEMA and scope_of(k) == "repository"}
OWNER_SECTIONS = {
    k.SECTION: k.SCHEMA for k in KINDS.values() if k.SCHEMA and scope_of(k) == "owner"
}
#: The kinds whose undeclared things `prune:` may have deleted.
PRUNABLE = frozenset(name for name, kind in KINDS.items() if "delete" in kind.CHANGES)
