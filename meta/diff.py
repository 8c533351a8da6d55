"""Desired and observed state -> the changes between them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from meta.model import Address, Change, Create, Delete, Fields, Move, State, Update

Needs = Mapping[Address, tuple[Address, ...]]


def diff(
    desired: State, observed: State, *, pruned: frozenset[str], needs: Needs | None = None
) -> Iterator[Change]:
    """Creates, updates and moves, then deletes of undeclared things of the `pruned` kinds.

    A desired field of None means: not there. `was` names the key before a rename.
    """
    needs = needs or {}
    moved: set[Address] = set()
    for address, fields in desired.items():
        want = {name: value for name, value in fields.items() if name != "was"}
        source = old_address(address, fields)
        if source is not None and source in observed and address not in observed:
            moved.add(source)
            before, after = drift(want, observed[source])
            yield Move(address, source, before, after, needs.get(address, ()))
        elif (change := difference(address, want, observed, needs)) is not None:
            yield change
    for address in stale(desired, observed):
        if address.kind in pruned and address not in moved:
            yield Delete(address, observed[address])


def stale(desired: State, observed: State) -> Iterator[Address]:
    """What is there and nobody declared."""
    return (address for address in observed if address not in desired)


def old_address(address: Address, fields: Fields) -> Address | None:
    was = fields.get("was")
    return Address(address.scope, address.kind, was) if was else None


def difference(address: Address, want: Fields, observed: State, needs: Needs) -> Change | None:
    have = observed.get(address)
    if have is None:
        return Create(address, want, needs.get(address, ()))
    before, after = drift(want, have)
    return Update(address, before, after, needs.get(address, ())) if after else None


def drift(want: Fields, have: Fields) -> tuple[Fields, Fields]:
    """The fields of `want` that `have` holds otherwise: (as they are, as they should be)."""
    names = [name for name, value in want.items() if have.get(name) != value]
    return {name: have.get(name) for name in names}, {name: want[name] for name in names}
