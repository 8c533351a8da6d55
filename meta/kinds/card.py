"""Cards: every issue and sub-issue of the plan on the board, with its step and who takes part.

`Status` is given once, Todo or (ticked in the plan) Done; from then on it is people's. The
repository that the board shows is GitHub's own: it follows the issue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meta.github import Reader, Ref, Writer
from meta.model import Address, Change, Create, Entry, Fields, Pending
from meta.roadmap_block import also, counted, step_title
from meta.roadmap_graph import Operation, every, mutation

SCOPE = "owner"
SECTION = "roadmap"
NAME = "card"
CHANGES = ("create", "update")
SCHEMA: Mapping[str, Any] = {}
EXAMPLE = """
roadmap:
  board: Roadmap
  plan: |
    ## Step 1: Begin
    ### Issue 1.1: Set up
    - [x] Sub-issue 1.1.1: Find a place
    ## Step 2: Go on
    ### Issue 2.1: Build
"""
THEN = """
roadmap:
  board: Roadmap
  plan: |
    ## Step 1: Begin
    ### Issue 1.1: Set up
    ## Step 2: Go on
    ### Issue 2.1: Build
    - [x] Sub-issue 2.1.1: Find a place
"""
PAGE = """query($id: ID!, $after: String) {
  node(id: $id) {
    ... on ProjectV2 {
      items(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id
          content { ... on Issue { body authorAssociation createdAt } }
          status: fieldValueByName(name: "Status") {
            ... on ProjectV2ItemFieldSingleSelectValue { name }
          }
          step: fieldValueByName(name: "Step") {
            ... on ProjectV2ItemFieldSingleSelectValue { name optionId }
          }
          also: fieldValueByName(name: "Also") { ... on ProjectV2ItemFieldTextValue { text } }
        }
      }
    }
  }
}"""


def desired(entry: Entry) -> Iterator[tuple[Address, Fields]]:
    steps = {item.number: step_title(item) for item in entry.items if item.level == "step"}
    for item in entry.items:
        if item.level != "step":
            yield (
                card(entry, item.id),
                {
                    "Status": "Done" if item.done else "Todo",
                    "Step": steps[item.number.partition(".")[0]],
                    "Also": also(item),
                },
            )


def card(entry: Entry, id: str) -> Address:
    return Address(entry.scope, NAME, f"{entry.spec[SECTION]['board']}/{id}")


def needs(entry: Entry, address: Address, fields: Fields) -> Iterator[Address]:
    board, _, id = address.key.rpartition("/")
    yield Address(entry.scope, "project", board)
    for item in entry.items:
        if item.id == id:
            yield Address(f"{entry.scope}/{item.home}", "issue", id)


def resolve(
    entry: Entry, address: Address, desired: Fields, observed: Fields | None, look: object
) -> tuple[Fields, Pending | None]:
    """Once a card has a status, it is people's."""
    if observed is None or observed["Status"] == "":
        return desired, None
    return {name: value for name, value in desired.items() if name != "Status"}, None


def observe(gh: Reader, entry: Entry) -> Iterator[tuple[Address, Fields]]:
    board = gh.refs.get(Address(entry.scope, "project", entry.spec[SECTION]["board"]))
    if board is None:
        return
    rows = every(lambda after: gh.query(PAGE, id=board.node, after=after)["node"]["items"])
    cards = [{**row, **row["content"]} for row in rows if (row["content"] or {}).get("body")]
    known = {item.id for item in entry.items}
    titles = step_options(gh, entry)
    for id, row in counted(sorted(cards, key=lambda row: str(row["createdAt"])), known).items():
        address = card(entry, id)
        gh.refs[address] = Ref(row["id"])
        step = row["step"] or {}
        yield (
            address,
            {
                "Status": (row["status"] or {}).get("name") or no_status(gh, entry),
                "Step": titles.get(step.get("optionId", ""), step.get("name", "")),
                "Also": (row["also"] or {}).get("text") or "",
            },
        )


def step_options(gh: Reader, entry: Entry) -> Mapping[str, str]:
    """Option id -> the step's present title: a reworded step is not another step."""
    place = f"{entry.spec[SECTION]['board']}/Step/"
    return {
        ref.node: address.key.removeprefix(place)
        for address, ref in gh.refs.items()
        if address.kind == "option" and address.key.startswith(place)
    }


def no_status(gh: Reader, entry: Entry) -> str:
    """ "" where a status can be given; a board whose people renamed Todo cannot be given one."""
    todo = Address(entry.scope, "option", f"{entry.spec[SECTION]['board']}/Status/Todo")
    return "" if todo in gh.refs else "none"


def apply(gh: Writer, change: Change) -> None:
    board = Address(change.address.scope, "project", change.address.key.rpartition("/")[0])
    project = gh.known_as(board)
    if isinstance(change, Create) and change.address not in gh.refs:
        issue = next(gh.known_as(need) for need in change.needs if need.kind == "issue")
        words = {"projectId": project, "contentId": issue}
        text, variables = mutation([Operation("addProjectV2ItemById", words, "item { id }")])
        gh.refs[change.address] = Ref(gh.mutate(text, **variables)["a0"]["item"]["id"])
    item = {"projectId": project, "itemId": gh.known_as(change.address)}
    operations = [
        operation
        for name, value in change.after.items()
        if (operation := written(gh, board, item, name, value, blank=isinstance(change, Create)))
    ]
    if operations:
        text, variables = mutation(operations)
        gh.mutate(text, **variables)


def written(
    gh: Reader, board: Address, item: Mapping[str, str], name: str, value: str, *, blank: bool
) -> Operation | None:
    """What gives a card one value; None where there is nothing to do, or no such option."""
    field = gh.known_as(Address(board.scope, "field", f"{board.key}/{name}"))
    words = {**item, "fieldId": field}
    if name == "Also" and not value:
        return None if blank else Operation("clearProjectV2ItemFieldValue", words)
    if name == "Also":
        return Operation("updateProjectV2ItemFieldValue", {**words, "value": {"text": value}})
    option = Address(board.scope, "option", f"{board.key}/{name}/{value}")
    if name == "Status" and option not in gh.refs:
        return None
    chosen = {"singleSelectOptionId": gh.known_as(option)}
    return Operation("updateProjectV2ItemFieldValue", {**words, "value": chosen})
