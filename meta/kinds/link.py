"""Links: the board is shown in every repository that holds items of the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meta.errors import GitHubError
from meta.github import Reader, Writer
from meta.model import Address, Change, Entry, Fields
from meta.roadmap_graph import Operation, every, mutation

SECTION = "roadmap"
NAME = "link"
CHANGES = ("create",)
SCHEMA: Mapping[str, Any] = {}
EXAMPLE = """
roadmap:
  board: Roadmap
  plan: |
    ## Step 1: Begin
    ### Issue 1.1: Set up
"""
THEN = EXAMPLE
BOARDS = """query($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    projectsV2(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { title closed }
    }
  }
}"""


def desired(entry: Entry) -> Iterator[tuple[Address, Fields]]:
    if any(item.home == entry.name for item in entry.items):
        yield Address(entry.scope, NAME, entry.spec[SECTION]["board"]), {}


def needs(entry: Entry, address: Address, fields: Fields) -> Iterator[Address]:
    yield Address(entry.owner, "project", address.key)


def observe(gh: Reader, entry: Entry) -> Iterator[tuple[Address, Fields]]:
    def page(after: str | None) -> Any:
        data = gh.query(BOARDS, owner=entry.owner, name=entry.name, after=after)
        return data["repository"]["projectsV2"]

    for address, fields in desired(entry):
        if any(row["title"] == address.key and not row["closed"] for row in every(page)):
            yield address, fields


def apply(gh: Writer, change: Change) -> None:
    owner, _, name = change.address.scope.partition("/")
    board = gh.refs.get(Address(owner, "project", change.address.key))
    repository = gh.refs.get(Address(change.address.scope, "repository", name))
    if board is None or repository is None:
        raise GitHubError("board or repository was not seen in this run", where=str(change.address))
    words = {"projectId": board.node, "repositoryId": repository.node}
    text, variables = mutation([Operation("linkProjectV2ToRepository", words)])
    gh.mutate(text, **variables)
