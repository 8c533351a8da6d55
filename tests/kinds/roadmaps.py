"""A plan in Markdown, kept on a twin by the real engine: what the tests of its kinds share."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from meta import engine
from meta.github import Reader, Request, Send, Server, Writer, over_http
from meta.kinds import KINDS, Look
from meta.model import Entry, Item, Manifest, Plan, Receipt, Roadmap
from meta.roadmap import parse
from meta.roadmap_identity import Ledger, identify
from meta.twin.serve import served

OWNER, HOME, BOARD = "acme", "acme-meta", "Roadmap"
NAMES = (HOME, "acme-api", "acme-web")
ROADMAP = ("repository", "label", "milestone", "project", "link", "issue", "card")


@dataclass
class Board:
    """One plan over time, on one twin."""

    send: Send
    server: Server
    ledger: Ledger = field(default_factory=Ledger)
    numbers: Iterator[int] = field(default_factory=itertools.count)
    items: tuple[Item, ...] = ()
    names: Sequence[str] = NAMES
    owner: str = OWNER
    home: str = HOME
    labels: Mapping[str, Any] = field(default_factory=lambda: {"roadmap": {"color": "0e8a16"}})

    def new_id(self) -> str:
        return f"{next(self.numbers):08d}".translate(str.maketrans("0189", "abcd"))

    def plan(self, text: str) -> tuple[Plan, Reader]:
        items = parse(text, path="plan.md", home=self.home, repos=self.names)
        self.items, self.ledger = identify(items, self.ledger, self.new_id)
        spec = {"labels": self.labels} if self.labels else {}
        entries = tuple(Entry(f"{self.owner}/{name}", spec) for name in self.names)
        roadmap = Roadmap("plan.md", BOARD)
        manifest = Manifest("repos.yaml", self.owner, "", entries, self.home, roadmap)
        reader = Reader(self.send, self.server)
        kinds = {name: KINDS[name] for name in KINDS if name in ROADMAP}
        return engine.plan(
            engine.fleet(manifest, self.items), reader, kinds, cast(Look, None)
        ), reader

    def sync(self, text: str) -> list[Receipt]:
        """Plan and apply; every receipt is done, and the plan after it is empty."""
        receipts = self.apply(text)
        assert [str(r) for r in receipts if r.outcome != "done"] == []
        again, _ = self.plan(text)
        assert [(c.address, c.before, c.after) for c in again.changes] == []
        assert again.unseen == ()
        return receipts

    def apply(self, text: str) -> list[Receipt]:
        plan, reader = self.plan(text)
        gh = Writer(self.send, self.server)
        gh.refs.update(reader.refs)
        return list(engine.apply(plan, gh, KINDS))

    @property
    def gh(self) -> Writer:
        return Writer(self.send, self.server)

    def id(self, number: str) -> str:
        return next(item.id for item in self.items if item.number == number)

    def issues(self, name: str) -> list[Any]:
        """A repository's issues as REST shows them, oldest first."""
        path = f"/repos/{self.owner}/{name}/issues"
        return sorted(self.gh.pages(path, state="all"), key=lambda row: int(row["number"]))

    def titles(self, name: str) -> list[str]:
        return [row["title"] for row in self.issues(name)]

    def children(self, name: str, title: str) -> list[str]:
        """The titles of an issue's sub-issues in their order."""
        number = next(row["number"] for row in self.issues(name) if row["title"] == title)
        path = f"/repos/{self.owner}/{name}/issues/{number}/sub_issues"
        return [row["title"] for row in self.gh.pages(path)]

    def cards(self) -> list[dict[str, str]]:
        """What the board shows, by title."""
        data = self.gh.query(CARDS, login=self.owner)
        (project,) = data["organization"]["projectsV2"]["nodes"]
        return sorted(
            (
                {
                    "title": row["content"]["title"],
                    **{
                        value["field"]["name"]: value.get("name") or value.get("text")
                        for value in row["fieldValues"]["nodes"]
                        if value.get("field")
                    },
                }
                for row in project["items"]["nodes"]
            ),
            key=lambda card: card["title"],
        )


CARDS = """query($login: String!) {
  organization(login: $login) { projectsV2(first: 10) { nodes { items(first: 100) { nodes {
    content { ... on Issue { title } }
    fieldValues(first: 20) { nodes {
      ... on ProjectV2ItemFieldSingleSelectValue {
        name field { ... on ProjectV2FieldCommon { name } }
      }
      ... on ProjectV2ItemFieldTextValue {
        text field { ... on ProjectV2FieldCommon { name } }
      }
    } }
  } } } } }
}"""


@contextmanager
def board() -> Iterator[Board]:
    with served() as twin:
        server = Server(twin.url, twin.url, "token")
        send = over_http(server)
        send(Request("POST", "/_twin/orgs", {"login": OWNER}))
        yield Board(send, server)
