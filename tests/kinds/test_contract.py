"""What every kind promises. A new kind is tested by joining the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from meta import engine
from meta.kinds import KINDS, Kind, scope_of
from meta.model import Address, Change, Create, Delete, Manifest, Move, Outcome, Update
from tests.grounds import OWNER, Ground, place_of

WORDS = {Create: "create", Update: "update", Move: "move", Delete: "delete"}
Declares = Callable[[str], Manifest]
each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


@pytest.fixture
def declares(kind: Kind, ground: Ground) -> Declares:
    """Text of the kind's section -> the fleet that declares it, where that kind belongs."""
    prune = {kind.NAME} if "delete" in kind.CHANGES else set()
    return lambda text: ground.fleet(text, at=place_of(kind), prune=prune)


def converge(ground: Ground, fleet: Manifest) -> list[Change]:
    """Sync, merge what is only proposed, and return the changes that were made."""
    receipts = ground.sync(fleet)
    for receipt in receipts:
        assert receipt.outcome in (Outcome.DONE, Outcome.PROPOSED), receipt
        if receipt.outcome is Outcome.PROPOSED:
            ground.merge(receipt.change.address.scope.partition("/")[2])
    return [receipt.change for receipt in receipts]


@each_kind
def test_applying_then_planning_again_finds_nothing(
    kind: Kind, declares: Declares, ground: Ground
) -> None:
    for text in (kind.EXAMPLE, kind.THEN):
        fleet = declares(text)
        converge(ground, fleet)
        again = ground.plan(fleet)
        assert again.changes == ()
        assert (again.pending, again.unseen) == ((), ())


@each_kind
def test_the_examples_exercise_every_change_it_can_make(
    kind: Kind, declares: Declares, ground: Ground
) -> None:
    made = [
        change
        for text in (kind.EXAMPLE, kind.THEN)
        for change in converge(ground, declares(text))
        if change.address.kind == kind.NAME
    ]
    assert {WORDS[type(change)] for change in made} == set(kind.CHANGES)


@each_kind
def test_planning_writes_nothing(kind: Kind, declares: Declares, ground: Ground) -> None:
    before = ground.writes()
    assert ground.plan(declares(kind.EXAMPLE)).changes
    assert ground.writes() == before


@each_kind
def test_a_second_sync_writes_nothing(kind: Kind, declares: Declares, ground: Ground) -> None:
    fleet = declares(kind.EXAMPLE)
    converge(ground, fleet)
    before = ground.writes()
    assert ground.sync(fleet) == []
    assert ground.writes() == before


@each_kind
def test_a_section_that_is_not_declared_is_never_touched(
    kind: Kind, declares: Declares, ground: Ground
) -> None:
    converge(ground, declares(kind.EXAMPLE))
    every = {name for name, other in KINDS.items() if "delete" in other.CHANGES}
    silent = ground.fleet("{}", at=place_of(kind) or "api", prune=every)
    assert ground.plan(silent).changes == ()


@each_kind
def test_what_is_observed_has_the_addresses_that_are_declared(
    kind: Kind, declares: Declares, ground: Ground
) -> None:
    """Natural keys on both sides: a thing is found again by what the manifest calls it."""
    fleet = declares(kind.EXAMPLE)
    converge(ground, fleet)
    wanted = own(engine.desired(fleet, KINDS), kind)
    observed = own(engine.observed(fleet, ground.reader(), KINDS)[0], kind)
    assert wanted
    assert wanted <= observed


@each_kind
def test_no_address_holds_an_id_of_githubs(kind: Kind, declares: Declares, ground: Ground) -> None:
    fleet = declares(kind.EXAMPLE)
    converge(ground, fleet)
    reader = ground.reader()
    seen = own(engine.observed(fleet, reader, KINDS)[0], kind)
    ids = {ref.node for ref in reader.refs.values()} | {
        str(ref.database) for ref in reader.refs.values()
    }
    assert [address for address in seen if address.key in ids] == []


@each_kind
def test_its_changes_stay_inside_the_fleet(kind: Kind, declares: Declares, ground: Ground) -> None:
    for change in converge(ground, declares(kind.EXAMPLE)):
        assert change.address.scope.partition("/")[0] == OWNER
        assert ("/" in change.address.scope) == (scope_of(KINDS[change.address.kind]) != "owner")


@each_kind
def test_both_examples_fit_its_schema(kind: Kind) -> None:
    for text in (kind.EXAMPLE, kind.THEN):
        section = YAML(typ="safe").load(text)
        if kind.SCHEMA:
            jsonschema.validate(section[kind.SECTION], dict(kind.SCHEMA))
        else:
            assert section


@each_kind
def test_it_has_a_manual(kind: Any) -> None:
    assert kind.__doc__
    assert kind.__doc__.strip().endswith(".")
    assert kind.__doc__[0].isupper()


def own(state: Any, kind: Kind) -> set[Address]:
    return {address for address in state if address.kind == kind.NAME}
