"""Items and the ledger of the last time -> the same items with their lasting ids. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from meta.model import Item

LEVELS = ("step", "issue", "sub-issue")


@dataclass(frozen=True, slots=True)
class Record:
    """What the ledger remembers of an item; `gone`: it was in the plan once, and is no more."""

    level: str
    number: str
    title: str
    home: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """The document's own id, and a record for every id that was ever given."""

    doc: str = ""
    items: Mapping[str, Record] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trait:
    """What an item and a record can have in common; `parent` is an id, "" for a step's."""

    parent: str
    number: str
    title: str
    home: str

    @property
    def place(self) -> str:
        """The last part of the number: which one it is below its parent."""
        return self.number.rpartition(".")[2]


#: What has to agree for two to be the same item, the surest first. Each must also be unique
#: on both sides among what the rules before it have left.
RULES: tuple[Callable[[Trait], Hashable], ...] = (
    lambda it: (it.parent, it.number, it.title, it.home),
    lambda it: (it.parent, it.title, it.home),  # renumbered below its parent, or together with it
    lambda it: (it.number, it.title),
    lambda it: (it.parent, it.title),  # moved to another repository
    lambda it: (it.title, it.home),  # moved below another parent
    lambda it: it.title,
)
REWORDED: tuple[Callable[[Trait], Hashable], ...] = (
    lambda it: (it.parent, it.place),
    lambda it: it.number,
)


def identify(
    items: Sequence[Item], ledger: Ledger, new_id: Callable[[], str]
) -> tuple[tuple[Item, ...], Ledger]:
    """The items with ids, and the ledger to keep. No id is ever given to a second item.

    An item that only moved, was renumbered or was reworded keeps its id. One that left the
    plan stays in the ledger as gone, and gets its id back if it returns as it was.
    """
    ids: dict[str, str] = {}  # number -> id
    for level in LEVELS:
        match_level(level, items, ledger, ids)
        for item in items:
            if item.level == level and item.number not in ids:
                ids[item.number] = unused(new_id, {*ledger.items, *ids.values()})
    placed = tuple(replace(item, id=ids[item.number]) for item in items)
    return placed, Ledger(ledger.doc or new_id(), kept(placed, ledger))


def kept(items: Sequence[Item], ledger: Ledger) -> Mapping[str, Record]:
    """Everything that was ever known, with today's items as they are today."""
    gone = {id: replace(record, gone=True) for id, record in ledger.items.items()}
    return gone | {it.id: Record(it.level, it.number, it.title, it.home) for it in items}


def match_level(level: str, items: Sequence[Item], ledger: Ledger, ids: dict[str, str]) -> None:
    """Add to `ids` those items of one level that the ledger knows; parents are matched before."""
    known = [(id, record) for id, record in ledger.items.items() if record.level == level]
    above = {it.number: id for id, it in ledger.items.items() if not it.gone}
    live = {id: trait(it, above) for id, it in known if not it.gone}
    gone = {id: trait(it, above) for id, it in known if it.gone}
    wanted = {it.number: trait(it, ids) for it in items if it.level == level}
    for rule in RULES:
        take(rule, wanted, live, ids)
    take(RULES[2], wanted, gone, ids)
    for rule in REWORDED:
        take(rule, wanted, live, ids)


def trait(item: Item | Record, above: Mapping[str, str]) -> Trait:
    parent = above.get(item.number.rpartition(".")[0], "")
    return Trait(parent, item.number, item.title, item.home)


def take(
    rule: Callable[[Trait], Hashable],
    wanted: dict[str, Trait],
    known: dict[str, Trait],
    ids: dict[str, str],
) -> None:
    """Move the pairs on which one rule is sure out of `wanted` and `known`, into `ids`."""
    there = unique(rule, known)
    for key, number in unique(rule, wanted).items():
        if key in there:
            ids[number] = there[key]
            del wanted[number], known[there[key]]


def unique(rule: Callable[[Trait], Hashable], traits: Mapping[str, Trait]) -> dict[Hashable, str]:
    """key -> name, for the keys that only one has."""
    names: dict[Hashable, list[str]] = {}
    for name, each in traits.items():
        names.setdefault(rule(each), []).append(name)
    return {key: found[0] for key, found in names.items() if len(found) == 1}


def unused(new_id: Callable[[], str], taken: set[str]) -> str:
    while (id := new_id()) in taken:
        pass
    return id
