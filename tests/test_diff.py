"""Two states -> changes: what is declared comes about, and nothing else is touched."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from meta.diff import diff, drift, stale
from meta.model import Address, Change, Create, Delete, Fields, Move, State, Update

API, WEB = "acme/api", "acme/web"


def label(name: str, scope: str = API) -> Address:
    return Address(scope, "label", name)


def changes(desired: State, observed: State, *pruned: str) -> list[Change]:
    return list(diff(desired, observed, pruned=frozenset(pruned)))


def test_what_is_missing_is_created_whole() -> None:
    want = {label("bug"): {"color": "d73a4a", "description": ""}}
    assert changes(want, {}) == [Create(label("bug"), {"color": "d73a4a", "description": ""})]


def test_an_update_holds_only_the_fields_that_differ() -> None:
    want = {label("bug"): {"color": "000000", "description": "It broke"}}
    have = {label("bug"): {"color": "ffffff", "description": "It broke"}}
    assert changes(want, have) == [
        Update(label("bug"), before={"color": "ffffff"}, after={"color": "000000"})
    ]


def test_a_field_that_is_not_declared_is_neither_compared_nor_changed() -> None:
    want: State = {label("bug"): {"color": "ffffff"}}
    have = {label("bug"): {"color": "ffffff", "description": "by hand"}}
    assert changes(want, have) == []


def test_a_field_declared_as_nothing_is_removed() -> None:
    want: State = {label("bug"): {"description": None}}
    have: State = {label("bug"): {"description": "by hand"}}
    assert changes(want, have) == [
        Update(label("bug"), before={"description": "by hand"}, after={"description": None})
    ]


def test_a_field_declared_as_nothing_that_is_not_there_is_no_change() -> None:
    assert changes({label("bug"): {"description": None}}, {label("bug"): {}}) == []


def test_what_nobody_declared_is_left_alone() -> None:
    assert changes({}, {label("mine"): {"color": "ffffff"}}) == []


def test_what_nobody_declared_is_deleted_where_its_kind_is_pruned() -> None:
    have: State = {label("mine"): {"color": "ffffff"}, Address(API, "team", "mine"): {}}
    assert changes({}, have, "label") == [Delete(label("mine"), {"color": "ffffff"})]


def test_a_renamed_thing_moves_with_the_fields_that_differ() -> None:
    want = {label("broken"): {"color": "000000", "description": "x", "was": "defect"}}
    have = {label("defect"): {"color": "ffffff", "description": "x"}}
    assert changes(want, have, "label") == [
        Move(
            label("broken"),
            source=label("defect"),
            before={"color": "ffffff"},
            after={"color": "000000"},
        )
    ]


def test_once_renamed_the_old_name_counts_no_more() -> None:
    want = {label("broken"): {"color": "ffffff", "was": "defect"}}
    assert changes(want, {label("broken"): {"color": "ffffff"}}) == []


def test_a_rename_of_what_is_not_there_makes_it_under_the_new_name() -> None:
    want = {label("broken"): {"color": "ffffff", "was": "defect"}}
    assert changes(want, {}) == [Create(label("broken"), {"color": "ffffff"})]


def test_where_both_names_are_there_the_old_one_is_merely_undeclared() -> None:
    want = {label("broken"): {"color": "ffffff", "was": "defect"}}
    have: State = {label("broken"): {"color": "ffffff"}, label("defect"): {"color": "ffffff"}}
    assert changes(want, have) == []
    assert changes(want, have, "label") == [Delete(label("defect"), {"color": "ffffff"})]


def test_a_rename_stays_inside_its_repository() -> None:
    want = {label("broken"): {"was": "defect"}}
    assert changes(want, {label("defect", WEB): {}}) == [Create(label("broken"), {})]


def test_a_change_carries_what_it_needs() -> None:
    needs = {label("bug"): (Address(API, "repository", "api"),)}
    (change,) = diff({label("bug"): {}}, {}, pruned=frozenset(), needs=needs)
    assert change.needs == (Address(API, "repository", "api"),)


def test_deletes_come_after_all_else() -> None:
    want: State = {label("b"): {"color": "1"}, label("c"): {"color": "1"}}
    have: State = {label("a"): {}, label("b"): {"color": "2"}}
    kinds = [type(change) for change in changes(want, have, "label")]
    assert kinds == [Update, Create, Delete]


def test_what_is_stale_is_there_and_undeclared() -> None:
    have: State = {label("a"): {}, label("b"): {}}
    assert list(stale({label("a"): {}}, have)) == [label("b")]


def test_drift_gives_both_sides_of_each_field_that_differs() -> None:
    assert drift({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}) == ({"b": 3}, {"b": 2})


names = st.sampled_from("abcde")
values = st.one_of(st.none(), st.integers(0, 2), st.text("xy", max_size=2))
fields = st.dictionaries(st.sampled_from(["color", "text"]), values, max_size=2)
states = st.dictionaries(st.builds(label, names, st.sampled_from([API, WEB])), fields, max_size=6)


def applied(observed: State, made: list[Change]) -> dict[Address, Fields]:
    """What a server that does as it is told would hold afterwards."""
    state: dict[Address, Fields] = {address: dict(have) for address, have in observed.items()}
    for change in made:
        match change:
            case Create(address, after):
                state[address] = dict(after)
            case Update(address, _, after):
                state[address] = {**state[address], **after}
            case Move(address, source, _, after):
                state[address] = {**state.pop(source), **after}
            case Delete(address):
                del state[address]
    return state


@given(states, states)
def test_applying_the_difference_gives_what_is_desired(desired: State, observed: State) -> None:
    after = applied(observed, changes(desired, observed, "label"))
    assert set(after) == set(desired)
    for address, want in desired.items():
        assert {name: after[address].get(name) for name in want} == want


@given(states, states)
def test_a_second_difference_is_empty(desired: State, observed: State) -> None:
    after = applied(observed, changes(desired, observed, "label"))
    assert changes(desired, after, "label") == []


@given(states, states)
def test_unpruned_nothing_that_was_there_goes_away(desired: State, observed: State) -> None:
    assert set(applied(observed, changes(desired, observed))) == {*desired, *observed}


@given(states, names, names)
def test_a_rename_converges_too(observed: State, old: str, new: str) -> None:
    desired = {label(new): {"color": "1", "was": old}}
    after = applied(observed, changes(desired, observed, "label"))
    assert after[label(new)]["color"] == "1"
    assert changes(desired, after, "label") == []


@given(states, states)
def test_every_update_says_truly_what_was_there(desired: State, observed: State) -> None:
    for change in changes(desired, observed):
        if isinstance(change, Update):
            have = observed[change.address]
            assert change.before == {name: have.get(name) for name in change.after}
