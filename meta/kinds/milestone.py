"""Milestones: one for each step of the plan that has items in a repository.

They are found again by a hidden marker in the description, so that a renamed step stays the
same milestone. State and due date are people's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meta.errors import GitHubError
from meta.github import Reader, Ref, Writer
from meta.model import Address, Change, Create, Entry, Fields, Item, Update
from meta.roadmap_block import step_id, step_text, step_title

SECTION = "roadmap"
NAME = "milestone"
CHANGES = ("create", "update")
SCHEMA: Mapping[str, Any] = {}
EXAMPLE = """
roadmap:
  board: Roadmap
  plan: |
    ## Step 1: Begin
    ### Issue 1.1: Set up
    - Sub-issue 1.1.1: Find a place
"""
THEN = """
roadmap:
  board: Roadmap
  plan: |
    ## Step 1: Begin well
    ### Issue 1.1: Set up
    - Sub-issue 1.1.1: Find a place
"""


def desired(entry: Entry) -> Iterator[tuple[Address, Fields]]:
    for step in steps(entry):
        fields = {"title": step_title(step), "description": step_text(step)}
        yield Address(entry.scope, NAME, step.id), fields


def steps(entry: Entry) -> Iterator[Item]:
    """The steps that have an item living here."""
    here = {
        item.number.partition(".")[0]
        for item in entry.items
        if item.level != "step" and item.home == entry.name
    }
    return (item for item in entry.items if item.level == "step" and item.number in here)


def observe(gh: Reader, entry: Entry) -> Iterator[tuple[Address, Fields]]:
    """By marker; one of the right title that lacks a marker is taken over."""
    rows = list(gh.pages(f"/repos/{entry.scope}/milestones", state="all"))
    found: dict[str, Any] = {}
    for row in sorted(rows, key=lambda row: int(row["number"])):
        if id := step_id(row["description"]):
            found.setdefault(id, row)
    unmarked = {row["title"]: row for row in rows if not step_id(row["description"])}
    for step in steps(entry):
        if step.id not in found and step_title(step) in unmarked:
            found[step.id] = unmarked[step_title(step)]
    for id, row in found.items():
        address = Address(entry.scope, NAME, id)
        remember(gh, address, row)
        description = (row["description"] or "").replace("\r\n", "\n")
        yield address, {"title": row["title"], "description": description}


def apply(gh: Writer, change: Change) -> None:
    milestones = f"/repos/{change.address.scope}/milestones"
    match change:
        case Create(address, after):
            remember(gh, address, gh.post(milestones, dict(after)))
        case Update(address, _, after):
            if address not in gh.refs:
                raise GitHubError("the milestone was not seen in this run", where=str(address))
            gh.patch(f"{milestones}/{gh.refs[address].number}", dict(after))


def remember(gh: Reader, address: Address, row: Any) -> None:
    gh.refs[address] = Ref(row["node_id"], row["number"], row["id"])
