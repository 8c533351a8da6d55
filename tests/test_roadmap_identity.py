"""Who is who: ids follow their items through every sort of edit, and are never given twice."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping

from hypothesis import given
from hypothesis import strategies as st

from meta.model import Item
from meta.roadmap import parse
from meta.roadmap_identity import Ledger, Record, identify


def ids() -> Callable[[], str]:
    """a, b, c and so on."""
    count = itertools.count()
    return lambda: f"{next(count):a>8}".translate(str.maketrans("0123456789", "bcdefghijk"))


def read(text: str) -> tuple[Item, ...]:
    return parse(text, path="plan.md", home="home", repos=("home", "api", "web"))


def followed(before: str, after: str) -> Mapping[str, str | None]:
    """Number afterwards -> number before of the same item, None for a new one."""
    fresh = ids()
    old, ledger = identify(read(before), Ledger(), fresh)
    new, _ = identify(read(after), ledger, fresh)
    numbers = {item.id: item.number for item in old}
    return {item.number: numbers.get(item.id) for item in new}


def test_the_second_time_everything_keeps_its_id() -> None:
    text = "## Step 1: A\n### Issue 1.1: B\n- Sub-issue 1.1.1: C\n- Sub-issue 1.1.2: C\n"
    fresh = ids()
    once, ledger = identify(read(text), Ledger(), fresh)
    twice, again = identify(read(text), ledger, fresh)
    assert twice == once
    assert again == ledger
    assert len({item.id for item in once}) == 4
    assert ledger.doc


def test_a_reworded_item_is_the_same_item() -> None:
    before = "## Step 1: A\n### Issue 1.1: B\n- Sub-issue 1.1.1: C\n"
    after = "## Step 1: Z\n### Issue 1.1: Y\n- Sub-issue 1.1.1: X\n"
    assert followed(before, after) == {"1": "1", "1.1": "1.1", "1.1.1": "1.1.1"}


def test_an_item_put_in_between_is_new_and_the_others_follow_their_titles() -> None:
    before = "## Step 1: A\n### Issue 1.1: B\n- Sub-issue 1.1.1: C\n- Sub-issue 1.1.2: D\n"
    after = (
        "## Step 1: A\n### Issue 1.1: B\n- Sub-issue 1.1.1: C\n"
        "- Sub-issue 1.1.2: New\n- Sub-issue 1.1.3: D\n"
    )
    found = followed(before, after)
    assert (found["1.1.1"], found["1.1.2"], found["1.1.3"]) == ("1.1.1", None, "1.1.2")


def test_two_that_change_places_change_numbers_only() -> None:
    before = "## Step 1: A\n### Issue 1.1: B\n### Issue 1.2: C\n"
    after = "## Step 1: A\n### Issue 1.1: C\n### Issue 1.2: B\n"
    assert followed(before, after) == {"1": "1", "1.1": "1.2", "1.2": "1.1"}


def test_a_step_put_before_others_moves_equal_titles_along_with_their_parents() -> None:
    def steps(names: str) -> str:
        return "".join(
            f"## Step {n}: {name}\n### Issue {n}.1: Docs of {name}\n- Sub-issue {n}.1.1: Tell\n"
            for n, name in enumerate(names, 1)
        )

    found = followed(steps("ABC"), steps("ANBC"))
    assert found == {
        **{"1": "1", "1.1": "1.1", "1.1.1": "1.1.1"},
        **{"2": None, "2.1": None, "2.1.1": None},
        **{"3": "2", "3.1": "2.1", "3.1.1": "2.1.1"},
        **{"4": "3", "4.1": "3.1", "4.1.1": "3.1.1"},
    }


def test_equal_titles_are_told_apart_by_their_repositories() -> None:
    head = "## Step 1: A\n### Issue 1.1: B\n"
    before = head + "- Sub-issue 1.1.1: Lay out (**api**)\n- Sub-issue 1.1.2: Lay out (**web**)\n"
    after = head + (
        "- Sub-issue 1.1.1: New (**home**)\n"
        "- Sub-issue 1.1.2: Lay out (**api**)\n- Sub-issue 1.1.3: Lay out (**web**)\n"
    )
    found = followed(before, after)
    assert (found["1.1.2"], found["1.1.3"]) == ("1.1.1", "1.1.2")


def test_an_item_moved_below_another_issue_is_the_same_item() -> None:
    before = "## Step 1: A\n### Issue 1.1: B\n- Sub-issue 1.1.1: C\n### Issue 1.2: D\n"
    after = "## Step 1: A\n### Issue 1.1: B\n### Issue 1.2: D\n- Sub-issue 1.2.1: C\n"
    assert followed(before, after)["1.2.1"] == "1.1.1"


def test_an_item_that_left_is_remembered_as_gone_and_known_when_it_returns() -> None:
    full, less = (
        "## Step 1: A\n### Issue 1.1: B\n### Issue 1.2: C\n",
        "## Step 1: A\n### Issue 1.2: C\n",
    )
    fresh = ids()
    first, ledger = identify(read(full), Ledger(), fresh)
    gone = next(item.id for item in first if item.title == "B")
    _, ledger = identify(read(less), ledger, fresh)
    assert ledger.items[gone] == Record("issue", "1.1", "B", "home", gone=True)
    _, ledger = identify(read(less), ledger, fresh)
    assert ledger.items[gone].gone
    back, ledger = identify(read(full), ledger, fresh)
    assert next(item.id for item in back if item.title == "B") == gone
    assert not ledger.items[gone].gone


def test_another_item_at_a_number_that_is_gone_gets_an_id_of_its_own() -> None:
    fresh = ids()
    _, ledger = identify(read("## Step 1: A\n### Issue 1.1: B\n"), Ledger(), fresh)
    _, ledger = identify(read("## Step 1: A\n"), ledger, fresh)
    new, ledger = identify(read("## Step 1: A\n### Issue 1.1: Other\n"), ledger, fresh)
    assert len(ledger.items) == 3
    assert ledger.items[new[1].id].title == "Other"


def test_an_id_that_was_ever_given_is_not_given_again() -> None:
    ledger = Ledger("dddddddd", {"aaaaaaaa": Record("issue", "9.9", "Gone", "home", gone=True)})
    offered = iter(["aaaaaaaa", "bbbbbbbb", "bbbbbbbb", "cccccccc"])
    items, _ = identify(read("## Step 1: A\n### Issue 1.1: B\n"), ledger, lambda: next(offered))
    assert [item.id for item in items] == ["bbbbbbbb", "cccccccc"]


SHAPES = st.lists(st.lists(st.integers(0, 4), max_size=4), min_size=1, max_size=4)


def tree(shape: list[list[int]]) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """A plan of that shape in which every title is there once."""
    names = (f"Title {n}" for n in itertools.count())
    return [
        (next(names), [(next(names), [next(names) for _ in range(k)]) for k in issues])
        for issues in shape
    ]


def written(plan: list[tuple[str, list[tuple[str, list[str]]]]]) -> str:
    lines = []
    for n, (step, issues) in enumerate(plan, 1):
        lines.append(f"## Step {n}: {step}")
        for m, (issue, subs) in enumerate(issues, 1):
            lines.append(f"### Issue {n}.{m}: {issue}")
            lines += [f"- Sub-issue {n}.{m}.{k}: {sub}" for k, sub in enumerate(subs, 1)]
    return "\n".join(lines) + "\n"


@given(SHAPES, st.randoms(use_true_random=False))
def test_any_shuffling_and_renumbering_leaves_each_item_its_id(
    shape: list[list[int]], chance: random.Random
) -> None:
    plan, fresh = tree(shape), ids()
    before, ledger = identify(read(written(plan)), Ledger(), fresh)
    issues = [issue for _, inside in plan for issue in inside]
    subs = [sub for _, inside in issues for sub in inside]
    for inside in (plan, issues, subs):
        chance.shuffle(inside)
    moved = [(step, [(issue, []) for issue, _ in inside]) for step, inside in plan]
    spread = [(step, []) for step, _ in moved]
    for issue, _ in issues:
        chance.choice(spread)[1].append((issue, []))
    places = [place for _, inside in spread for place in inside]
    for sub in subs:
        chance.choice(places)[1].append(sub)
    after, _ = identify(read(written(spread)), ledger, fresh)
    assert {item.title: item.id for item in after} == {item.title: item.id for item in before}


@given(SHAPES, SHAPES)
def test_whatever_becomes_of_a_plan_no_two_items_share_an_id(
    one: list[list[int]], other: list[list[int]]
) -> None:
    fresh = ids()
    before, ledger = identify(read(written(tree(one))), Ledger(), fresh)
    after, later = identify(read(written(tree(other))), ledger, fresh)
    assert len({item.id for item in after}) == len(after)
    assert {item.id for item in before} <= set(later.items)
    assert {id for id, record in later.items.items() if not record.gone} == {it.id for it in after}
