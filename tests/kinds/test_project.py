"""The board on a twin: its fields, links and cards, and what on it is people's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from meta.roadmap_graph import Operation, mutation
from tests.kinds.roadmaps import BOARD, Board, board

PLAN = (
    "## Step 1: Begin\n### Issue 1.1: Set up (**acme-api** and **acme-web**)\n"
    "- Sub-issue 1.1.1: Make\n- [x] Sub-issue 1.1.2: Plan\n"
    "## Step 2: Go on\n### Issue 2.1: Build (**acme-api**)\n"
)
STEP = """query($login: String!) { organization(login: $login) { projectsV2(first: 10) { nodes {
  id number title closed
  repositories(first: 10) { nodes { name } }
  items(first: 50) { nodes { id content { ... on Issue { title } } } }
  fields(first: 50) { nodes {
    ... on ProjectV2FieldCommon { id name dataType }
    ... on ProjectV2SingleSelectField { options { id name color description } }
  } }
} } } }"""


@pytest.fixture
def there() -> Iterator[Board]:
    with board() as one:
        yield one


def projects(there: Board) -> list[Any]:
    found = there.gh.query(STEP, login="acme")["organization"]["projectsV2"]["nodes"]
    return sorted(found, key=lambda row: int(row["number"]))


def field(there: Board, name: str) -> Any:
    (project,) = projects(there)
    return next(row for row in project["fields"]["nodes"] if row["name"] == name)


def do(there: Board, name: str, **words: Any) -> None:
    text, variables = mutation([Operation(name, words)])
    there.gh.mutate(text, **variables)


def give(there: Board, title: str, name: str, option: str) -> None:
    """Set a card's value by hand."""
    (project,) = projects(there)
    (item,) = [row for row in project["items"]["nodes"] if row["content"]["title"] == title]
    (chosen,) = [o["id"] for o in field(there, name)["options"] if o["name"] == option]
    words = {"projectId": project["id"], "itemId": item["id"], "fieldId": field(there, name)["id"]}
    value = {"singleSelectOptionId": chosen}
    do(there, "updateProjectV2ItemFieldValue", **words, value=value)


def shown(there: Board) -> dict[str, tuple[str | None, ...]]:
    names = ("Status", "Step", "Also")
    return {card["title"]: tuple(card.get(name) for name in names) for card in there.cards()}


def test_every_item_is_a_card_with_status_step_and_who_takes_part(there: Board) -> None:
    there.sync(PLAN)
    assert shown(there) == {
        "1.1 Set up": ("Todo", "Step 1: Begin", "acme-web"),
        "1.1.1 Make": ("Todo", "Step 1: Begin", None),
        "1.1.2 Plan": ("Done", "Step 1: Begin", None),
        "2.1 Build": ("Todo", "Step 2: Go on", None),
    }
    (project,) = projects(there)
    assert project["title"] == BOARD
    assert [row["name"] for row in project["repositories"]["nodes"]] == ["acme-api"]


def test_a_status_that_people_gave_stays(there: Board) -> None:
    there.sync(PLAN)
    give(there, "1.1.1 Make", "Status", "In Progress")
    there.sync(PLAN.replace("- Sub-issue 1.1.1", "- [x] Sub-issue 1.1.1"))
    assert shown(there)["1.1.1 Make"][0] == "In Progress"


def test_a_changed_step_or_partner_is_brought_back_and_an_old_one_cleared(there: Board) -> None:
    there.sync(PLAN)
    give(there, "1.1.1 Make", "Step", "Step 2: Go on")
    there.sync(PLAN.replace(" and **acme-web**", ""))
    assert shown(there)["1.1.1 Make"] == ("Todo", "Step 1: Begin", None)
    assert shown(there)["1.1 Set up"] == ("Todo", "Step 1: Begin", None)


def test_a_new_step_joins_the_options_and_wipes_no_value(there: Board) -> None:
    there.sync(PLAN)
    step, (project,) = field(there, "Step"), projects(there)
    own = [{name: o[name] for name in ("name", "color", "description")} for o in step["options"]]
    options = [*own, {"name": "Later", "color": "PINK", "description": "ours"}]
    do(there, "updateProjectV2Field", fieldId=step["id"], singleSelectOptions=options)
    there.sync(PLAN)
    note = there.gh.post("/repos/acme/acme-api/issues", {"title": "A person's own"})
    do(there, "addProjectV2ItemById", projectId=project["id"], contentId=note["node_id"])
    give(there, "A person's own", "Step", "Later")
    there.sync(PLAN + "## Step 3: End\n### Issue 3.1: Close (**acme-web**)\n")
    assert [(o["name"], o["color"]) for o in field(there, "Step")["options"]] == [
        ("Step 1: Begin", "BLUE"),
        ("Step 2: Go on", "GREEN"),
        ("Step 3: End", "YELLOW"),
        ("Later", "PINK"),
    ]
    steps = {title: values[1] for title, values in shown(there).items()}
    assert steps == {
        "1.1 Set up": "Step 1: Begin",
        "1.1.1 Make": "Step 1: Begin",
        "1.1.2 Plan": "Step 1: Begin",
        "2.1 Build": "Step 2: Go on",
        "3.1 Close": "Step 3: End",
        "A person's own": "Later",
    }


def test_a_reworded_step_is_the_same_option_and_its_cards_follow(there: Board) -> None:
    there.sync(PLAN)
    receipts = there.sync(PLAN.replace("Step 1: Begin", "Step 1: Begin well"))
    assert {r.change.address.kind for r in receipts} == {"project", "milestone"}
    assert [o["name"] for o in field(there, "Step")["options"]] == [
        "Step 1: Begin well",
        "Step 2: Go on",
    ]
    assert shown(there)["1.1.1 Make"][1] == "Step 1: Begin well"


def test_a_closed_board_of_the_same_title_is_left_alone(there: Board) -> None:
    there.sync(PLAN)
    (old,) = projects(there)
    do(there, "updateProjectV2", projectId=old["id"], closed=True)
    there.sync(PLAN)
    assert [(row["closed"], len(row["items"]["nodes"])) for row in projects(there)] == [
        (True, 4),
        (False, 4),
    ]


def test_a_card_taken_off_the_board_comes_back(there: Board) -> None:
    there.sync(PLAN)
    (project,) = projects(there)
    item = project["items"]["nodes"][0]
    do(there, "deleteProjectV2Item", projectId=project["id"], itemId=item["id"])
    there.sync(PLAN)
    assert len(shown(there)) == 4


def test_a_board_whose_people_renamed_todo_still_converges(there: Board) -> None:
    there.sync(PLAN)
    status = field(there, "Status")
    options = [{"name": "Open", "color": "GRAY", "description": ""}]
    do(there, "updateProjectV2Field", fieldId=status["id"], singleSelectOptions=options)
    there.sync(PLAN + "### Issue 2.2: Late (**acme-web**)\n")
    assert shown(there)["2.2 Late"] == (None, "Step 2: Go on", None)


def test_a_field_that_people_took_away_comes_back_with_its_values(there: Board) -> None:
    there.sync(PLAN)
    for name in ("Step", "Also"):
        do(there, "deleteProjectV2Field", fieldId=field(there, name)["id"])
    there.sync(PLAN)
    assert shown(there)["1.1 Set up"] == ("Todo", "Step 1: Begin", "acme-web")


def test_the_board_is_linked_to_a_repository_once_items_live_there(there: Board) -> None:
    there.sync(PLAN)
    there.sync(PLAN + "### Issue 2.2: Late (**acme-web**)\n")
    (project,) = projects(there)
    names = {row["name"] for row in project["repositories"]["nodes"]}
    assert names == {"acme-api", "acme-web"}
