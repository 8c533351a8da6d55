"""Method and path -> the handler that answers, and what its path says. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from meta.twin.web import Handler

#: `{name}` stands for one segment of a path, `{name*}` for the rest of it.
Route = tuple[str, str, Handler]
Table = dict[str, Any]


def table(routes: Iterable[Route]) -> Table:
    """A tree by segment; a handler sits under its method at the node of its path."""
    root: Table = {}
    for method, path, handler in routes:
        node = root
        names = []
        for segment in path.strip("/").split("/"):
            if segment.startswith("{"):
                names.append(segment.strip("{}*"))
                segment = "*" if segment.endswith("*}") else "?"
            node = node.setdefault(f"/{segment}", {})
        node[method] = (handler, tuple(names))
    return root


def match(tree: Table, method: str, path: str) -> tuple[Handler, dict[str, str]] | None:
    """The handler for a path as it came, with its parts decoded; None where there is none."""
    segments = [unquote(part) for part in path.strip("/").split("/")]
    found = _walk(tree, method, segments, ())
    if found is None:
        return None
    (handler, names), values = found
    return handler, dict(zip(names, values, strict=True))


def _walk(node: Table, method: str, segments: list[str], values: tuple[str, ...]) -> Any:
    if not segments:
        return (node[method], values) if method in node else None
    head, rest = segments[0], segments[1:]
    for branch, more in ((f"/{head}", ()), ("/?", (head,))):
        if branch in node and (branch != "/?" or head):
            found = _walk(node[branch], method, rest, (*values, *more))
            if found:
                return found
    if "/*" in node and method in node["/*"]:
        return node["/*"][method], (*values, "/".join(segments))
    return None
