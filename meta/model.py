"""The words of meta: plain values that flow from manifest to receipt. Pure.

Nothing here does IO and nothing here imports the rest of meta.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

Fields = Mapping[str, Any]


@dataclass(frozen=True, order=True, slots=True)
class Address:
    """Where a thing lives: whose it is, which kind of thing, which one of them.

    `scope` is `owner` or `owner/name`; `key` is a natural key (a label's name, an item's
    id), never one of GitHub's own ids.
    """

    scope: str
    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.scope} {self.kind} {self.key}"


#: Both sides of every diff have this one shape. A field absent from the desired
#: side is unmanaged: meta neither compares nor touches it.
State = Mapping[Address, Fields]


@dataclass(frozen=True, slots=True)
class Blob:
    """One file as git sees it: `mode` is 100644, 100755 or 120000, `sha` its blob id.

    Two blobs are equal where git would say so; `data` is None where only the id is known.
    """

    mode: str
    sha: str
    data: bytes | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, data: bytes, mode: str = "100644") -> Blob:
        head = b"blob %d\0" % len(data)
        return cls(mode, hashlib.sha1(head + data, usedforsecurity=False).hexdigest(), data)

    def __str__(self) -> str:
        return f"{self.sha[:10]}{' executable' if self.mode == '100755' else ''}"


#: The files of one commit or rendering, by path.
Tree = Mapping[str, Blob]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value of the manifest was written: `layer` is defaults, groups.NAME or repos.NAME."""

    file: str
    line: int
    column: int
    layer: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column} ({self.layer})"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a roadmap.

    `id` is opaque and stable ("" until the ledger gives it one); `level` is step, issue or
    sub-issue; `repos` are the repositories the plan names, `home` the one the item lives
    in; `parent` is the parent's number ("" for a step); `line` counts from 1; `notes` is
    the plan's own text below the item, as Markdown.
    """

    id: str
    level: str
    number: str
    title: str
    repos: tuple[str, ...]
    home: str
    parent: str
    done: bool
    line: int
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One repository's part of the manifest, or the owner's own, defaults and groups merged in.

    `scope` is `owner/name`, or `owner` for the `organization:` entry. `spec` maps section
    names to what they declare. `seeds` are files that meta itself puts there once
    (path -> bytes). `items` are all of the roadmap's items, those that live elsewhere too: a
    sub-issue here may have its parent there.
    `origins` maps the path of a leaf in `spec` (a tuple of keys) to where it was written.
    """

    scope: str
    spec: Fields
    items: tuple[Item, ...] = ()
    seeds: Mapping[str, bytes] = field(default_factory=dict)
    origins: Mapping[tuple[str, ...], Origin] = field(default_factory=dict)

    @property
    def owner(self) -> str:
        return self.scope.partition("/")[0]

    @property
    def name(self) -> str:
        return self.scope.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Roadmap:
    """Where the execution plan is and what becomes of it: `file` is relative to the manifest."""

    file: str
    board: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """repos.yaml, validated.

    `entries` hold the owner's own first, if declared, then one for each repository. `prune`
    names the kinds whose undeclared things are deleted; `home` is the name of the repository
    the fleet lives in, "" for none.
    """

    path: str
    owner: str
    host: str
    entries: tuple[Entry, ...]
    home: str = ""
    roadmap: Roadmap | None = None
    prune: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Create:
    """Make a thing that is declared and missing."""

    sign: ClassVar[str] = "+"
    before: ClassVar[Fields] = {}
    address: Address
    after: Fields
    needs: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """Bring a thing back to what is declared; holds only the fields that differ."""

    sign: ClassVar[str] = "~"
    address: Address
    before: Fields
    after: Fields
    needs: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """Give a thing that stays itself another address (rename), and the fields that differ."""

    sign: ClassVar[str] = ">"
    address: Address
    source: Address
    before: Fields
    after: Fields
    needs: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove a thing that nobody declared."""

    sign: ClassVar[str] = "-"
    after: ClassVar[Fields] = {}
    address: Address
    before: Fields
    needs: tuple[Address, ...] = ()


Change = Create | Update | Move | Delete


@dataclass(frozen=True, slots=True)
class Pending:
    """What is wanted is already proposed, and waits for people: nothing to do but to say so."""

    address: Address
    url: str


@dataclass(frozen=True, slots=True)
class Unseen:
    """What could not be observed, and why: never planned as if it were empty."""

    scope: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Every change, in the order in which it will be made. Two plans of equal changes are one plan.

    `pending` is proposed already; `stale` is there and undeclared, and left alone; `unseen`
    could not be looked at; `observed` counts the things that were.
    """

    changes: tuple[Change, ...]
    pending: tuple[Pending, ...] = ()
    stale: tuple[Address, ...] = field(default=(), compare=False)
    unseen: tuple[Unseen, ...] = field(default=(), compare=False)
    observed: int = field(default=0, compare=False)


class Outcome(StrEnum):
    DONE = "done"
    PROPOSED = "proposed"
    WAITING = "waiting"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One change and what became of it. The change holds the values before, for an undo."""

    change: Change
    outcome: Outcome
    detail: str = ""
    url: str = ""
