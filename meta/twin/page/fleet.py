"""The front page: owners, their repositories and boards, and how much there is of all."""

from __future__ import annotations

from typing import Any

from meta.twin.page.site import Site
from meta.twin.store import NotFound, Row


def home(site: Site) -> str:
    owners = [_owner(site, row) for row in _owners(site)]
    return site.render("home.html", owners=[one for one in owners if one], total=_total(site))


def owner(site: Site, login: str) -> str:
    """One owner alone; raises NotFound."""
    shown = _owner(site, site.ctx.owner(login), always=True)
    if shown is None:
        raise NotFound
    return site.render("owner.html", owner=shown, total=_total(site, login.lower()))


def _owners(site: Site) -> list[Row]:
    return [*site.store.rows("org"), *site.store.rows("user")]


def _owner(site: Site, row: Row, always: bool = False) -> dict[str, Any] | None:
    """Repositories by name and boards by number; None for a user who has neither."""
    repos = sorted(site.store.rows("repo", row.key), key=lambda repo: repo.key)
    boards = site.store.rows("project", row.key)
    if row.kind == "user" and not (repos or boards or always):
        return None
    return {
        "login": row.doc["login"],
        "description": row.doc.get("description"),
        "repos": [_repo(site, repo) for repo in repos if not repo.doc.get("is_template")],
        "templates": [_repo(site, repo) for repo in repos if repo.doc.get("is_template")],
        "boards": [_board(site, row, board) for board in boards],
    }


def _repo(site: Site, repo: Row) -> dict[str, Any]:
    scope = site.scope(repo)
    issues = site.store.rows("issue", scope)
    pulls = site.store.rows("pull", scope)
    return {
        "name": repo.doc["name"],
        "url": site.home(repo),
        "description": repo.doc.get("description"),
        "topics": repo.doc.get("topics") or [],
        "private": bool(repo.doc.get("private")),
        "archived": bool(repo.doc.get("archived")),
        "branch": repo.doc["default_branch"],
        "open": sum(row.doc["state"] == "open" for row in issues),
        "pulls": sum(row.doc["state"] == "open" for row in pulls),
        "milestones": len(site.store.rows("milestone", scope)),
    }


def _board(site: Site, owner: Row, board: Row) -> dict[str, Any]:
    sort = "orgs" if owner.kind == "org" else "users"
    return {
        "title": board.doc["title"],
        "description": board.doc.get("shortDescription"),
        "url": f"/{sort}/{owner.doc['login']}/projects/{board.key}",
        "held": len(site.store.rows("project_item", f"project:{board.id}")),
        "closed": board.doc["closed"],
    }


def _total(site: Site, owner: str = "") -> dict[str, int]:
    """Counts over one owner, or over all."""

    def mine(kind: str) -> list[Row]:
        rows = site.store.rows(kind)
        return [row for row in rows if not owner or row.scope.partition("/")[0] == owner]

    issues = mine("issue")
    below = sum(row.doc["parent"] is not None for row in issues)
    return {
        "repositories": sum(not row.doc.get("is_template") for row in mine("repo")),
        "issues": len(issues) - below,
        "sub_issues": below,
        "milestones": len(mine("milestone")),
        "boards": len(mine("project")),
    }
