"""The store as the pages see it: counts, addresses, and the frame around every page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from meta.twin.graphql.context import Context
from meta.twin.graphql.prose import html
from meta.twin.store import Row, Store
from meta.twin.web import ADMIN

HEX = re.compile(r"[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Site:
    """`base` is the twin's own URL; links within the pages are relative to it."""

    store: Store
    base: str

    @property
    def ctx(self) -> Context:
        return Context(self.store, ADMIN, self.base)

    def render(self, template: str, **values: Any) -> str:
        return _environment().get_template(template).render(site=self, **values)

    def login(self, owner: str) -> str:
        """How an owner writes itself."""
        return str(self.ctx.owner(owner).doc["login"])

    def home(self, repo: Row) -> str:
        """The path of a repository's page."""
        return f"/{quote(self.login(repo.scope))}/{quote(repo.doc['name'])}"

    def scope(self, repo: Row) -> str:
        return f"{repo.scope}/{repo.key}"

    def issue(self, row: Row) -> dict[str, Any]:
        """An issue as lists and cards show it."""
        repo = self.ctx.repo(row.scope)
        children = self.ctx.children(row)
        return {
            "row": row,
            "title": row.doc["title"],
            "number": int(row.key),
            "open": row.doc["state"] == "open",
            "repo": repo.doc["name"],
            "url": f"{self.home(repo)}/issues/{row.key}",
            "labels": self.labels(row),
            "total": len(children),
            "done": sum(child.doc["state"] != "open" for child in children),
        }

    def labels(self, row: Row) -> list[dict[str, str]]:
        rows = [self.store.by_id(number) for number in row.doc["labels"]]
        return [chip(label) for label in rows if label]


def chip(row: Row) -> dict[str, str]:
    """A label's name, its colour, and the colour of text that can be read on it."""
    color = str(row.doc["color"]) if HEX.fullmatch(str(row.doc["color"])) else "ededed"
    red, green, blue = (int(color[at : at + 2], 16) for at in (0, 2, 4))
    light = (299 * red + 587 * green + 114 * blue) / 1000 > 140
    return {"name": row.doc["name"], "color": color, "ink": "1b1f24" if light else "ffffff"}


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("meta.twin.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["markdown"] = lambda text: Markup(html(text or ""))  # noqa: S704 - made safe there
    made.filters["count"] = count
    made.filters["day"] = lambda moment: str(moment or "")[:10]
    style = (files("meta.twin.page") / "templates" / "style.css").read_text()
    made.globals["style"] = Markup(style)  # noqa: S704 - our own file
    return made


def count(number: int, word: str, words: str = "") -> str:
    """`1 issue`, `29 issues`, `1,200 issues`."""
    return f"{number:,} {word if number == 1 else words or word + 's'}"
