"""A project -> its board: a column for each status, a table of steps by repository."""

from __future__ import annotations

from collections import Counter
from typing import Any

from meta.twin.graphql import items as values
from meta.twin.graphql import projects
from meta.twin.graphql.context import Context
from meta.twin.page.site import Site
from meta.twin.store import NotFound, Row

#: Columns and steps of items that have none.
NONE = "None"


def show(site: Site, owner: str, number: str) -> str:
    """Raises NotFound."""
    board = site.store.get("project", owner.lower(), number)
    if board is None:
        raise NotFound
    ctx = site.ctx
    found = [_card(site, ctx, item, board) for item in projects.items(board, ctx)]
    cards = sorted(found, key=lambda card: _order(card["step"]))
    return site.render(
        "board.html",
        title=board.doc["title"],
        description=board.doc.get("shortDescription"),
        readme=board.doc.get("readme"),
        owner=site.login(owner),
        cards=cards,
        columns=_columns(board, ctx, cards),
        steps=_steps(cards),
        repos=sorted({card["repo"] for card in cards if card["repo"]}),
    )


def _card(site: Site, ctx: Context, item: Row, board: Row) -> dict[str, Any]:
    held = values.content(item, ctx)
    status = _value(item, ctx, board, "Status", "name")
    if not isinstance(held, Row):
        title = held["title"] if held else "An item that is gone"
        return {"title": title, "status": status, "repo": "", "step": NONE, "sub": False}
    shown = site.issue(held) if held.kind == "issue" else _pull(site, held)
    step = _value(item, ctx, board, "Step", "name") or _value(item, ctx, board, "Step", "text")
    stone = site.store.by_id(held.doc["milestone"]) if held.doc.get("milestone") else None
    return {
        **shown,
        "status": status,
        "step": step or (stone.doc["title"] if stone else NONE),
        "sub": held.doc.get("parent") is not None,
    }


def _pull(site: Site, row: Row) -> dict[str, Any]:
    repo = site.ctx.repo(row.scope)
    return {
        "title": row.doc["title"],
        "number": int(row.key),
        "open": row.doc["state"] == "open",
        "repo": repo.doc["name"],
        "url": f"{site.home(repo)}/pull/{row.key}",
        "labels": site.labels(row),
        "total": 0,
        "done": 0,
    }


def _value(item: Row, ctx: Context, board: Row, name: str, key: str) -> str:
    """What the item has in a field, as text; empty for nothing."""
    field = projects.field_named(board, ctx, name)
    found = values.value(item, field, ctx) if field else None
    return str((found or {}).get(key) or "")


def _columns(board: Row, ctx: Context, cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """In the order of the options; what has no status comes first, if there is such."""
    field = projects.field_named(board, ctx, "Status")
    options = field.doc["options"] if field else []
    named = [{"name": one["name"], "color": one["color"].lower()} for one in options]
    columns = [{"name": "", "color": "gray"}, *named]
    filled = [
        {**column, "cards": [card for card in cards if card["status"] == column["name"]]}
        for column in columns
    ]
    return [column for column in filled if column["cards"] or column["name"]]


def _steps(cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row for each step: its items in all, those done, and how many in which repository."""
    names = list(dict.fromkeys(card["step"] for card in cards))
    rows = []
    for name in names:
        own = [card for card in cards if card["step"] == name]
        done = sum(not card.get("open", True) for card in own)
        by = Counter(card["repo"] for card in own)
        rows.append({"name": name, "cards": own, "done": done, "by": by})
    return rows


def _order(step: str) -> tuple[int, int, str]:
    """Steps by the number in their name, those without one behind, none at the end."""
    digits = "".join(char if char.isdigit() else " " for char in step).split()
    return (step == NONE, int(digits[0]) if digits else 1 << 30, step)
