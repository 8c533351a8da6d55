"""Issues of a repository as a tree, one issue with what is above and below it."""

from __future__ import annotations

from typing import Any

from meta.twin.page.site import Site
from meta.twin.store import NotFound, Row


def index(site: Site, repo: Row, rest: list[str]) -> str:
    """The list, or the one issue that `rest` names; raises NotFound."""
    if rest:
        return _one(site, repo, rest)
    rows = site.store.rows("issue", site.scope(repo))
    here = {row.id for row in rows}
    tops = [row for row in rows if row.doc["parent"] not in here]
    return site.render(
        "issues.html",
        repo=frame(site, repo, "issues"),
        heading="Issues",
        text=None,
        trees=[_tree(site, row) for row in tops],
        open=sum(row.doc["state"] == "open" for row in rows),
        total=len(rows),
    )


def milestone(site: Site, repo: Row, rest: list[str]) -> str:
    """The issues of a milestone; raises NotFound."""
    row = site.store.get("milestone", site.scope(repo), rest[0]) if len(rest) == 1 else None
    if row is None:
        raise NotFound
    rows = site.store.where("issue", "milestone", row.id)
    here = {each.id for each in rows}
    return site.render(
        "issues.html",
        repo=frame(site, repo, "issues"),
        heading=row.doc["title"],
        text=row.doc.get("description"),
        trees=[_tree(site, each) for each in rows if each.doc["parent"] not in here],
        open=sum(each.doc["state"] == "open" for each in rows),
        total=len(rows),
    )


def _one(site: Site, repo: Row, rest: list[str]) -> str:
    row = site.store.get("issue", site.scope(repo), rest[0]) if len(rest) == 1 else None
    if row is None:
        raise NotFound
    above = site.store.by_id(row.doc["parent"]) if row.doc["parent"] else None
    return site.render(
        "issue.html",
        repo=frame(site, repo, "issues"),
        issue=site.issue(row),
        row=row,
        parent=site.issue(above) if above else None,
        children=[_tree(site, child) for child in site.ctx.children(row)],
        **around(site, repo, row),
    )


def around(site: Site, repo: Row, row: Row) -> dict[str, Any]:
    """What stands beside an issue or pull request: comments, milestone, boards."""
    stone = site.store.by_id(row.doc["milestone"]) if row.doc.get("milestone") else None
    items = site.store.where("project_item", "content", row.id)
    boards = [site.store.by_id(int(item.scope.partition(":")[2])) for item in items]
    owner = site.login(repo.scope)
    return {
        "comments": site.store.where("comment", "issue", row.id),
        "milestone": {
            "title": stone.doc["title"],
            "url": f"{site.home(repo)}/milestone/{stone.key}",
        }
        if stone
        else None,
        "boards": [
            {"title": board.doc["title"], "url": f"/orgs/{owner}/projects/{board.key}"}
            for board in boards
            if board
        ],
    }


def frame(site: Site, repo: Row, tab: str) -> dict[str, Any]:
    """What the head of every page of a repository shows; `tab` is the one that is open."""
    scope = site.scope(repo)
    return {
        "owner": site.login(repo.scope),
        "name": repo.doc["name"],
        "url": site.home(repo),
        "tab": tab,
        "branch": repo.doc["default_branch"],
        "private": bool(repo.doc.get("private")),
        "archived": bool(repo.doc.get("archived")),
        "issues": _open(site.store.rows("issue", scope)),
        "pulls": _open(site.store.rows("pull", scope)),
    }


def _open(rows: list[Row]) -> int:
    return sum(row.doc["state"] == "open" for row in rows)


def _tree(site: Site, row: Row) -> dict[str, Any]:
    """An issue with its sub-issues below it, wherever they live."""
    below = [_tree(site, child) for child in site.ctx.children(row)]
    above = site.store.by_id(row.doc["parent"]) if row.doc["parent"] else None
    return {**site.issue(row), "children": below, "parent": site.issue(above) if above else None}
