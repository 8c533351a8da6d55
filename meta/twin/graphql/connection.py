"""Rows and paging arguments -> one page of them, as GitHub's connections give it. Pure."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any

from meta.twin.graphql.context import Problem

LIMIT = 100

#: How the words of `orderBy.field` read a row. What is not here is the order of making.
ORDERS: dict[str, Callable[[Any], Any]] = {
    "UPDATED_AT": lambda row: row.updated,
    "PUSHED_AT": lambda row: row.doc.get("pushed_at") or "",
    "NAME": lambda row: str(row.doc.get("name", "")).lower(),
    "TITLE": lambda row: str(row.doc.get("title", "")).lower(),
    "LOGIN": lambda row: str(row.doc.get("login", "")).lower(),
    "NUMBER": lambda row: int(row.key),
    "DUE_DATE": lambda row: row.doc.get("due_on") or "",
}


def ordered(rows: Sequence[Any], order: dict[str, str] | None) -> list[Any]:
    """Rows as `orderBy` wants them; equals stay in the order of making."""
    if not order:
        return list(rows)
    read = ORDERS.get(order["field"], lambda row: row.id)
    return sorted(rows, key=read, reverse=order["direction"] == "DESC")


def connection(
    rows: Sequence[Any],
    args: dict[str, Any],
    *,
    total: int | None = None,
    edge: Callable[[Any], dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """The page that `first`/`after` or `last`/`before` ask for; `edge` adds fields to an edge."""
    start, end = _bounds(len(rows), args)
    page = list(rows[start:end])

    def edges(*_: Any) -> list[dict[str, Any]]:
        more = edge or (lambda _row: {})
        return [
            {"cursor": cursor(start + n), "node": row, **more(row)} for n, row in enumerate(page)
        ]

    return {
        "nodes": page,
        "edges": edges,
        "totalCount": len(rows) if total is None else total,
        "pageInfo": {
            "hasNextPage": end < len(rows),
            "hasPreviousPage": start > 0,
            "startCursor": cursor(start) if page else None,
            "endCursor": cursor(end - 1) if page else None,
        },
    }


def cursor(position: int) -> str:
    return base64.b64encode(f"cursor:v2:{position}".encode()).decode()


def _position(text: str) -> int:
    try:
        return int(base64.b64decode(text, validate=True).decode().removeprefix("cursor:v2:"))
    except ValueError as error:
        raise Problem(f"`{text}` does not appear to be a valid cursor.") from error


def _bounds(length: int, args: dict[str, Any]) -> tuple[int, int]:
    start = _position(args["after"]) + 1 if args.get("after") else 0
    end = min(_position(args["before"]), length) if args.get("before") else length
    start = min(start, end)
    if args.get("first") is not None:
        end = min(end, start + args["first"])
    if args.get("last") is not None:
        start = max(start, end - args["last"])
    return start, end


def check_paging(name: str, args: dict[str, Any]) -> None:
    """Raises the Problem that GitHub answers where the size of a page is missing or too large."""
    sizes = {key: args[key] for key in ("first", "last") if args.get(key) is not None}
    if not sizes:
        raise Problem(
            f"You must provide a `first` or `last` value to properly paginate the `{name}`"
            " connection.",
            "MISSING_PAGINATION_BOUNDARIES",
        )
    for key, size in sizes.items():
        if size > LIMIT:
            raise Problem(
                f"Requesting {size} records on the `{name}` connection exceeds the `{key}` limit"
                f" of {LIMIT} records.",
                "EXCESSIVE_PAGINATION",
            )
        if size < 0:
            raise Problem(
                f"`{key}` on the `{name}` connection cannot be less than zero.",
                "ARGUMENT_LIMIT",
            )
