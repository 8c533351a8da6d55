"""Every kind of thing that meta keeps in sync, in the order in which kinds are applied.

A kind is one leaf module; `Kind` says which names it has. Adding one costs its file and
one line in `KINDS` (docs/adding-a-kind.md); the contract test then walks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from meta.github import Reader, Writer
from meta.model import Address, Change, Entry, Fields, Receipt


class Kind(Protocol):
    """A kind is a module with these names in it. Its docstring is its manual.

    Optional names, looked up by the engine with a default:
    `WAS: bool` - desired fields may hold `was`, the key of the thing before its rename; the
    engine turns it into a `Move`.
    `needs(entry, address, fields) -> Iterable[Address]` - what has to be there before.
    `resolve(address, desired, observed, render) -> (desired, Pending | None)` - pure; where
    what is wanted depends on what is there (seeded files, three-way merges). `observed` is
    None where nothing is there yet.
    """

    SECTION: str  # the key of an entry that declares it
    NAME: str  # what an Address calls it
    SCHEMA: Mapping[str, Any]  # JSON Schema (draft 2020-12) of the section
    EXAMPLE: str  # entry text (YAML), shown in the docs and walked by the contract test
    THEN: str  # a later EXAMPLE: it makes every other sort of change this kind can make

    def desired(self, entry: Entry) -> Iterable[tuple[Address, Fields]]: ...
    def observe(self, gh: Reader, entry: Entry) -> Iterable[tuple[Address, Fields]]: ...
    def apply(self, gh: Writer, change: Change) -> Receipt | None: ...
