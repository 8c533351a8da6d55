"""Links on a twin: the board is shown where items live, and only there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kinds.roadmaps import BOARD, Board, board

PLAN = "## Step 1: Begin\n### Issue 1.1: Set up (**acme-api**)\n"
LINKED = """query($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { projectsV2(first: 10) { nodes { title } } }
}"""


@pytest.fixture
def there() -> Iterator[Board]:
    with board() as one:
        yield one


def linked(there: Board) -> dict[str, list[str]]:
    found = {}
    for name in there.names:
        data = there.gh.query(LINKED, owner="acme", name=name)["repository"]["projectsV2"]
        found[name] = [row["title"] for row in data["nodes"]]
    return found


def test_the_board_is_linked_to_the_repositories_that_hold_items(there: Board) -> None:
    there.sync(PLAN)
    assert linked(there) == {"acme-meta": [], "acme-api": [BOARD], "acme-web": []}


def test_a_repository_that_gets_its_first_item_gets_the_link_too(there: Board) -> None:
    there.sync(PLAN)
    there.sync(PLAN + "- Sub-issue 1.1.1: Draw (**acme-web**)\n")
    assert linked(there) == {"acme-meta": [], "acme-api": [BOARD], "acme-web": [BOARD]}
