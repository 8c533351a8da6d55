"""Milestones on a twin: one a step and repository, the same one whatever the step is called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.kinds.roadmaps import Board, board

PLAN = (
    "## Step 1: Begin\n### Issue 1.1: Set up (**acme-api**)\n- Sub-issue 1.1.1: Tell in meta repo\n"
    "## Step 2: Go on\n### Issue 2.1: Build (**acme-api**)\n"
)


@pytest.fixture
def there() -> Iterator[Board]:
    with board() as one:
        yield one


def milestones(there: Board, name: str) -> list[Any]:
    rows = there.gh.pages(f"/repos/acme/{name}/milestones", state="all")
    return sorted(rows, key=lambda row: int(row["number"]))


def test_each_repository_has_the_steps_that_have_items_in_it(there: Board) -> None:
    there.sync(PLAN)
    titles = {name: [row["title"] for row in milestones(there, name)] for name in there.names}
    assert titles == {
        "acme-meta": ["Step 1: Begin"],
        "acme-api": ["Step 1: Begin", "Step 2: Go on"],
        "acme-web": [],
    }
    assert milestones(there, "acme-meta")[0]["description"] == (
        f"Step 1 of the execution plan.\n\n<!-- meta:step={there.id('1')} -->"
    )


def test_a_reworded_step_stays_the_same_milestone_and_stays_closed(there: Board) -> None:
    there.sync(PLAN)
    before = milestones(there, "acme-api")[0]
    there.gh.patch(f"/repos/acme/acme-api/milestones/{before['number']}", {"state": "closed"})
    there.sync(PLAN.replace("Step 1: Begin", "Step 1: Begin well"))
    after = milestones(there, "acme-api")
    assert [row["title"] for row in after] == ["Step 1: Begin well", "Step 2: Go on"]
    assert (after[0]["id"], after[0]["state"]) == (before["id"], "closed")


def test_steps_that_change_numbers_keep_their_milestones(there: Board) -> None:
    there.sync(PLAN)
    before = {row["title"].partition(": ")[2]: row["id"] for row in milestones(there, "acme-api")}
    there.sync(
        "## Step 1: Go on\n### Issue 1.1: Build (**acme-api**)\n"
        "## Step 2: Begin\n### Issue 2.1: Set up (**acme-api**)\n"
        "- Sub-issue 2.1.1: Tell in meta repo\n"
    )
    after = {row["title"]: row["id"] for row in milestones(there, "acme-api")}
    assert after == {"Step 1: Go on": before["Go on"], "Step 2: Begin": before["Begin"]}


def test_one_of_the_right_title_that_lost_its_marker_is_taken_over(there: Board) -> None:
    there.sync(PLAN)
    before = milestones(there, "acme-api")[0]
    path = f"/repos/acme/acme-api/milestones/{before['number']}"
    there.gh.patch(path, {"description": "mine"})
    there.sync(PLAN)
    assert milestones(there, "acme-api")[0] == {
        **before,
        "updated_at": milestones(there, "acme-api")[0]["updated_at"],
    }
