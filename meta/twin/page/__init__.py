"""A path of the twin -> the HTML that a browser shows for it, None where there is no page."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from meta.twin.page import board, files, fleet, issues, pulls
from meta.twin.page.site import Site
from meta.twin.store import NotFound, Row, Store

Page = Callable[..., str | None]

#: What follows a repository's address -> what shows it.
REPOSITORY: dict[str, Page] = {
    "": files.repository,
    "issues": issues.index,
    "pulls": pulls.index,
    "pull": pulls.one,
    "tree": files.tree,
    "blob": files.blob,
    "commits": files.commits,
    "milestone": issues.milestone,
}


def render(store: Store, path: str, base: str) -> str | None:
    """The page at a path, which may still be percent-encoded. `base` is the twin's own URL."""
    site = Site(store, base.rstrip("/"))
    parts = [unquote(part) for part in path.strip("/").split("/") if part]
    try:
        return _page(site, parts)
    except NotFound:
        return None


def _page(site: Site, parts: list[str]) -> str | None:
    match parts:
        case []:
            return fleet.home(site)
        case ["orgs" | "users", owner, "projects", number]:
            return board.show(site, owner, number)
        case ["orgs" | "users", owner] | [owner]:
            return fleet.owner(site, owner)
        case [owner, name, *rest]:
            return _repository(site, site.store.repo(owner, name), rest)
    return None


def _repository(site: Site, repo: Row, rest: list[str]) -> str | None:
    first, *more = rest or [""]
    show = REPOSITORY.get(first)
    if show is None or (more and first in ("", "pulls")):
        return None
    return show(site, repo, more)
