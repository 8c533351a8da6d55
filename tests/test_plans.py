"""Changes -> an order, and the checks that a plan is fit to apply."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meta.errors import PlanError
from meta.model import Address, Change, Create, Delete, Pending, Plan, Unseen, Update
from meta.plans import assemble, check_safe, ordered, select

KINDS = ("team", "repository", "label", "issue")


def at(key: str, kind: str = "label", scope: str = "acme/api") -> Address:
    return Address(scope, kind, key)


def create(key: str, *needs: str) -> Create:
    return Create(at(key), {}, tuple(at(need) for need in needs))


def keys(changes: list[Change]) -> str:
    return "".join(change.address.key for change in changes)


def test_what_needs_nothing_keeps_its_order() -> None:
    assert keys(ordered([create("c"), create("a"), create("b")])) == "cab"


def test_what_is_needed_comes_first() -> None:
    assert keys(ordered([create("c", "b"), create("b", "a"), create("a")])) == "abc"


def test_what_can_go_earlier_does_not_wait_for_others() -> None:
    given = [create("x", "z"), create("y"), create("z"), create("w")]
    assert keys(ordered(given)) == "yzxw"


def test_a_need_that_no_change_meets_is_met_already() -> None:
    assert keys(ordered([create("a", "there")])) == "a"


def test_what_is_needed_may_live_in_another_repository() -> None:
    parent = Create(at("1", "issue", "acme/web"), {})
    child = Create(at("2", "issue"), {}, (parent.address,))
    assert ordered([child, parent]) == [parent, child]


def test_a_circle_is_named() -> None:
    with pytest.raises(PlanError) as error:
        ordered([create("x"), create("a", "b"), create("b", "c"), create("c", "b")])
    assert str(error.value) == (
        "plan: these need each other: acme/api label b -> acme/api label c -> acme/api label b"
    )


def test_what_needs_itself_is_a_circle() -> None:
    with pytest.raises(PlanError) as error:
        ordered([create("a", "a")])
    assert str(error.value) == ("plan: these need each other: acme/api label a -> acme/api label a")


def test_deletes_come_last_and_in_the_reverse_order_of_kinds() -> None:
    given: list[Change] = [
        Delete(at("t", "team"), {}),
        Delete(at("a"), {}),
        Delete(at("b"), {}),
        Delete(at("i", "issue"), {}),
        create("c"),
    ]
    assert keys(list(assemble(given, kinds=KINDS).changes)) == "ciabt"


def test_two_plans_of_equal_changes_are_one_plan() -> None:
    one = assemble([create("a")], kinds=KINDS, stale=[at("s")], observed=3)
    assert one == assemble([create("a")], kinds=KINDS, observed=7)
    assert one != assemble([create("b")], kinds=KINDS)


def test_a_plan_keeps_what_it_is_told_besides() -> None:
    pending, unseen = Pending(at("f"), "url"), Unseen("acme/web", "team", "403")
    plan = assemble(
        [], kinds=KINDS, pending=[pending], stale=[at("s")], unseen=[unseen], observed=4
    )
    assert plan == Plan((), (pending,), (at("s"),), (unseen,), 4)
    assert (plan.stale, plan.unseen, plan.observed) == ((at("s"),), (unseen,), 4)


@st.composite
def graphs(draw: st.DrawFn) -> list[Change]:
    """Changes in any order, each needing some of those with a smaller number."""
    size = draw(st.integers(0, 12))
    links = {
        number: draw(st.sets(st.integers(0, number - 1), max_size=4)) if number else set()
        for number in range(size)
    }
    order = draw(st.permutations(range(size)))
    return [create(str(number), *(str(need) for need in links[number])) for number in order]


@given(graphs())
def test_any_graph_is_put_in_an_order_that_respects_every_need(given: list[Change]) -> None:
    order = ordered(given)
    assert sorted(keys([change]) for change in order) == sorted(keys([one]) for one in given)
    place = {change.address: index for index, change in enumerate(order)}
    assert all(place[need] < place[one.address] for one in order for need in one.needs)


@given(graphs())
def test_an_order_that_is_right_already_stays_as_it_is(given: list[Change]) -> None:
    order = ordered(given)
    assert ordered(order) == order


@given(graphs())
def test_of_those_that_are_ready_the_first_given_is_next(given: list[Change]) -> None:
    place = {change.address: index for index, change in enumerate(given)}
    done: set[Address] = set()
    for change in ordered(given):
        ready = [one for one in given if one.address not in done and done.issuperset(one.needs)]
        assert change == min(ready, key=lambda one: place[one.address])
        done.add(change.address)


@given(st.data(), graphs())
def test_a_circle_anywhere_is_found_and_is_one(data: st.DataObject, given: list[Change]) -> None:
    loop = [create("p", "q"), create("q", "r"), create("r", "p")]
    cut = data.draw(st.integers(0, len(given)))
    with pytest.raises(PlanError) as error:
        ordered([*given[:cut], *loop, *given[cut:]])
    steps = str(error.value).partition("each other: ")[2].split(" -> ")
    assert steps[0] == steps[-1]
    assert {step[-1] for step in steps} == {"p", "q", "r"}


def plan_of(*changes: Change, observed: int = 0) -> Plan:
    return Plan(tuple(changes), observed=observed)


def test_choosing_by_repository_is_by_a_glob_of_its_name() -> None:
    api, web = create("a"), Create(at("a", scope="acme/web"), {})
    team = Create(at("t", "team", "acme"), {})
    assert select(plan_of(team, api, web), repos="w*").changes == (web,)
    assert select(plan_of(team, api, web)).changes == (team, api, web)


def test_choosing_by_kind_leaves_the_others_out() -> None:
    label, issue = create("a"), Create(at("1", "issue"), {})
    assert select(plan_of(label, issue), kinds=["issue"]).changes == (issue,)


def test_what_needs_something_left_out_is_left_out_as_well() -> None:
    label = create("a")
    issue = Create(at("1", "issue"), {}, (label.address,))
    below = Create(at("2", "issue"), {}, (issue.address,))
    other = Create(at("3", "issue"), {}, (at("there"),))
    assert select(plan_of(label, issue, below, other), kinds=["issue"]).changes == (other,)


def test_choosing_keeps_what_the_plan_says_besides() -> None:
    plan = Plan((create("a"),), (Pending(at("f"), "u"),), (at("s"),), (), 9)
    chosen = select(plan, repos="none")
    assert (chosen.changes, chosen.pending, chosen.stale, chosen.observed) == (
        (),
        plan.pending,
        plan.stale,
        9,
    )


def deletes(number: int, observed: int) -> Plan:
    made = tuple(Delete(at(str(index)), {}) for index in range(number))
    return plan_of(*made, observed=observed)


@pytest.mark.parametrize(
    ("number", "observed"), [(0, 0), (1, 0), (1, 3), (2, 8), (10, 40), (10, 1000)]
)
def test_a_quarter_of_what_was_observed_and_ten_at_most_may_be_deleted(
    number: int, observed: int
) -> None:
    check_safe(deletes(number, observed))


@pytest.mark.parametrize(
    ("number", "observed", "most"), [(2, 0, 1), (2, 7, 1), (3, 8, 2), (11, 44, 10), (11, 1000, 10)]
)
def test_more_than_that_is_refused(number: int, observed: int, most: int) -> None:
    with pytest.raises(PlanError) as error:
        check_safe(deletes(number, observed))
    assert str(error.value) == (
        f"plan: {number} deletes of {observed} things observed, at most {most} allowed"
    )
    assert error.value.hint == "read the plan again; --allow-destructive lifts the limit"


def test_the_limit_is_lifted_when_that_is_asked_for() -> None:
    check_safe(deletes(50, 50), allow_destructive=True)


def test_creates_and_updates_are_never_too_many() -> None:
    many = [create(str(index)) for index in range(500)]
    check_safe(plan_of(*many, Update(at("u"), {"a": 1}, {"a": 2})))
