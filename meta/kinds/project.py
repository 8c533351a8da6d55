"""The board: one project of the owner, found by its title among the open ones.

meta adds a single-select field `Step` and a text field `Also`. Options that people added to
`Step` stay, and so does everything else about the board.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from typing import Any

from meta.errors import GitHubError
from meta.github import Reader, Ref, Writer
from meta.model import Address, Change, Create, Entry, Fields
from meta.roadmap_block import step_id, step_title
from meta.roadmap_graph import Operation, batches, every, mutation

SCOPE = "owner"
SECTION = "roadmap"
NAME = "project"
CHANGES = ("create", "update")
SCHEMA: Mapping[str, Any] = {}
EXAMPLE = """
roadmap:
  board: Roadmap
  plan: |
    ## Step 1: Begin
    ### Issue 1.1: Set up
"""
THEN = """
roadmap:
  board: Roadmap
  plan: |
    ## Step 1: Begin well
    ### Issue 1.1: Set up
    ## Step 2: Go on
    ### Issue 2.1: Build
"""
COLORS = ("BLUE", "GREEN", "YELLOW", "ORANGE", "RED", "PINK", "PURPLE", "GRAY")
BOARDS = """query($login: String!, $after: String) {
  repositoryOwner(login: $login) {
    id
    ... on ProjectV2Owner {
      projectsV2(first: 100, after: $after, orderBy: {field: NUMBER, direction: ASC}) {
        pageInfo { hasNextPage endCursor }
        nodes { id number title closed }
      }
    }
  }
}"""
FIELDS = """query($id: ID!) {
  node(id: $id) {
    ... on ProjectV2 {
      fields(first: 100) {
        nodes {
          ... on ProjectV2FieldCommon { id name dataType }
          ... on ProjectV2SingleSelectField { options { id name color description } }
        }
      }
    }
  }
}"""
VALUES = """query($id: ID!, $after: String) {
  node(id: $id) {
    ... on ProjectV2 {
      items(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id
          fieldValueByName(name: "Step") {
            ... on ProjectV2ItemFieldSingleSelectValue { name optionId }
          }
        }
      }
    }
  }
}"""


def desired(entry: Entry) -> Iterator[tuple[Address, Fields]]:
    names = {item.id: step_title(item) for item in entry.items if item.level == "step"}
    yield Address(entry.scope, NAME, entry.spec[SECTION]["board"]), {"Step": names, "Also": "TEXT"}


def observe(gh: Reader, entry: Entry) -> Iterator[tuple[Address, Fields]]:
    def page(after: str | None) -> Any:
        owner = gh.query(BOARDS, login=entry.scope, after=after)["repositoryOwner"] or {}
        gh.refs[Address(entry.scope, "owner", entry.scope)] = Ref(owner.get("id", ""))
        return owner.get("projectsV2")

    for address, fields in desired(entry):
        for row in every(page):
            if row["title"] == address.key and not row["closed"]:
                gh.refs[address] = Ref(row["id"], row["number"])
                found = read_fields(gh, address, fields["Step"])
                yield address, observed(found, fields["Step"])
                return


def observed(found: Mapping[str, Any], steps: Mapping[str, str]) -> Fields:
    """The options that are the plan's steps, and what sort of field `Also` is."""
    options = found.get("Step", {}).get("options", ())
    also = found.get("Also", {}).get("dataType", "")
    own = {id: option["name"] for option in options if (id := step_of(option, steps))}
    return {"Step": own, "Also": also}


def step_of(option: Mapping[str, str], steps: Mapping[str, str]) -> str:
    """The step that an option stands for: by its marker, else by its name; "" for none."""
    marked = step_id(option["description"])
    if marked:
        return marked if marked in steps else ""
    return next((id for id, name in steps.items() if name == option["name"]), "")


def read_fields(gh: Reader, board: Address, steps: Mapping[str, str]) -> Mapping[str, Any]:
    """The board's fields by name. A step's option is remembered under the step's present title."""
    rows = gh.query(FIELDS, id=gh.refs[board].node)["node"]["fields"]["nodes"]
    for field in rows:
        place = f"{board.key}/{field['name']}"
        gh.refs[Address(board.scope, "field", place)] = Ref(field["id"])
        for option in field.get("options", ()):
            step = step_of(option, steps) if field["name"] == "Step" else ""
            name = steps.get(step, option["name"])
            gh.refs[Address(board.scope, "option", f"{place}/{name}")] = Ref(option["id"])
    return {field["name"]: field for field in rows}


def apply(gh: Writer, change: Change) -> None:
    board, after = change.address, change.after
    if isinstance(change, Create):
        owner = gh.refs.get(Address(board.scope, "owner", board.scope))
        if owner is None or not owner.node:
            raise GitHubError("there is no such owner", where=str(board))
        words = {"ownerId": owner.node, "title": board.key}
        text, variables = mutation([Operation("createProjectV2", words, "projectV2 { id number }")])
        made = gh.mutate(text, **variables)["a0"]["projectV2"]
        gh.refs[board] = Ref(made["id"], made["number"])
    steps = after.get("Step", {})
    found = read_fields(gh, board, steps)
    if steps and "Step" in found:
        set_options(gh, board, found["Step"], steps)
    missing = [new_field(gh, board, name, after[name]) for name in after if name not in found]
    if missing:
        text, variables = mutation(missing)
        gh.mutate(text, **variables)
    read_fields(gh, board, steps)


def new_field(gh: Reader, board: Address, name: str, value: Any) -> Operation:
    words = {"projectId": gh.refs[board].node, "name": name}
    if name == "Also":
        return Operation("createProjectV2Field", {**words, "dataType": value})
    options = {"dataType": "SINGLE_SELECT", "singleSelectOptions": with_steps((), value)}
    return Operation("createProjectV2Field", {**words, **options})


def with_steps(
    options: Sequence[Mapping[str, str]], steps: Mapping[str, str]
) -> list[Mapping[str, str]]:
    """All options to send: the plan's steps in its order, then the ones that are people's."""
    there = {step_of(option, steps): option["color"] for option in options}
    own = [
        {
            "name": name,
            "color": there.get(id, color),
            "description": f"<!-- meta:step={id} -->",
        }
        for (id, name), color in zip(steps.items(), cycle(COLORS), strict=False)
    ]
    kept = ("name", "color", "description")
    others = [option for option in options if not step_of(option, steps)]
    return [*own, *({name: option[name] for name in kept} for option in others)]


def set_options(
    gh: Writer, board: Address, field: Mapping[str, Any], steps: Mapping[str, str]
) -> None:
    """GitHub replaces the whole set and forgets the values of options that it gave a new id:
    they are noted before, and set again."""
    id = gh.refs[board].node
    before = {option["id"]: option for option in field["options"]}
    values = [
        (row["id"], row["fieldValueByName"]) for row in every(lambda after: page(gh, id, after))
    ]
    words = {"fieldId": field["id"], "singleSelectOptions": with_steps(field["options"], steps)}
    text, variables = mutation([Operation("updateProjectV2Field", words)])
    gh.mutate(text, **variables)
    now = {
        option["name"]: option["id"] for option in read_fields(gh, board, steps)["Step"]["options"]
    }
    lost = []
    for item, value in values:
        old = before.get((value or {}).get("optionId", ""))
        if old is not None and old["id"] not in now.values():
            new = now[steps.get(step_of(old, steps), old["name"])]
            lost.append(chosen(id, item, field["id"], new))
    for few in batches(lost):
        text, variables = mutation(few)
        gh.mutate(text, **variables)


def page(gh: Reader, id: str, after: str | None) -> Any:
    return gh.query(VALUES, id=id, after=after)["node"]["items"]


def chosen(project: str, item: str, field: str, option: str) -> Operation:
    words = {"projectId": project, "itemId": item, "fieldId": field}
    value = {"singleSelectOptionId": option}
    return Operation("updateProjectV2ItemFieldValue", {**words, "value": value})
