"""A repository's files: its front page, a folder, a file, the history of a branch."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from meta.twin import git
from meta.twin.graphql import code, objects
from meta.twin.page.issues import frame
from meta.twin.page.site import Site, chip
from meta.twin.store import NotFound, Row

READMES = ("readme.md", "readme", "readme.txt")
SHOWN = 512_000
HISTORY = 100


def repository(site: Site, repo: Row, _: list[str]) -> str:
    """The front page; an empty repository shows how to fill it."""
    branch = str(repo.doc["default_branch"])
    top = objects.find(repo, site.store.git_dir(repo), f"refs/heads/{branch}:")
    return site.render(
        "repository.html",
        repo=frame(site, repo, "code"),
        about=_about(site, repo),
        listing=_listing(site, repo, branch, top) if top else None,
        readme=_readme(top) if top else None,
        head=_head(site, repo, branch),
        branches=sorted(_branches(site, repo)),
    )


def tree(site: Site, repo: Row, rest: list[str]) -> str:
    """A folder of a branch; raises NotFound."""
    branch, path, thing = _find(site, repo, rest, "tree")
    return site.render(
        "tree.html",
        repo=frame(site, repo, "code"),
        trail=_trail(site, repo, branch, path),
        branch=branch,
        listing=_listing(site, repo, branch, thing),
        readme=_readme(thing),
    )


def blob(site: Site, repo: Row, rest: list[str]) -> str:
    """A file of a branch; raises NotFound."""
    branch, path, thing = _find(site, repo, rest, "blob")
    binary = code.is_binary(thing) or len(thing.content) > SHOWN
    return site.render(
        "blob.html",
        repo=frame(site, repo, "code"),
        trail=_trail(site, repo, branch, path),
        branch=branch,
        text=None if binary else thing.content.decode(),
        markdown=path.lower().endswith(".md"),
        size=len(thing.content),
    )


def commits(site: Site, repo: Row, rest: list[str]) -> str:
    """The latest commits of a branch; raises NotFound."""
    branch, _, _ = _find(site, repo, rest, "tree")
    folder = site.store.git_dir(repo)
    line = "%h%x00%an%x00%as%x00%s"
    listed = git.text(folder, "log", f"--max-count={HISTORY}", f"--format={line}", branch)
    rows = [
        dict(zip(("id", "author", "day", "subject"), row.split("\0"), strict=True))
        for row in listed.splitlines()
    ]
    return site.render("commits.html", repo=frame(site, repo, "code"), branch=branch, rows=rows)


def _about(site: Site, repo: Row) -> dict[str, Any]:
    scope = site.scope(repo)
    return {
        "description": repo.doc.get("description"),
        "homepage": repo.doc.get("homepage"),
        "topics": repo.doc.get("topics") or [],
        "labels": [chip(row) for row in site.store.rows("label", scope)],
        "milestones": [
            {
                "title": row.doc["title"],
                "url": f"{site.home(repo)}/milestone/{row.key}",
                "issues": len(site.store.where("issue", "milestone", row.id)),
            }
            for row in site.store.rows("milestone", scope)
        ],
        "environments": [row.doc["name"] for row in site.store.rows("environment", scope)],
        "rulesets": [row.doc["name"] for row in site.store.rows("ruleset", scope)],
        "clone": f"{site.base}{site.home(repo)}.git",
    }


def _branches(site: Site, repo: Row) -> dict[str, str]:
    folder = site.store.git_dir(repo)
    return git.branches(folder) if folder.is_dir() else {}


def _find(site: Site, repo: Row, rest: list[str], sort: str) -> tuple[str, str, objects.Thing]:
    """Branch (or commit), path and object: a branch's name may hold slashes, too."""
    folder = site.store.git_dir(repo)
    names = set(_branches(site, repo))
    for size in range(len(rest), 0, -1):
        name, path = "/".join(rest[:size]), "/".join(rest[size:])
        if name in names or size == 1:
            thing = objects.find(repo, folder, f"{name}:{path}")
            if thing and thing.sort == sort:
                return name, path, thing
    raise NotFound


def _listing(site: Site, repo: Row, branch: str, top: objects.Thing) -> list[dict[str, Any]]:
    """Folders first, then files, each by name."""
    found = sorted(objects.entries(top), key=lambda entry: (entry.sort != "tree", entry.name))
    home = site.home(repo)
    return [
        {
            "name": entry.name,
            "sort": entry.sort,
            "url": f"{home}/{entry.sort}/{quote(branch)}/{quote(entry.path)}",
            "size": entry.size,
        }
        for entry in found
    ]


def _trail(site: Site, repo: Row, branch: str, path: str) -> list[dict[str, str]]:
    """The folders above a path, the repository's own first, and the path's last part."""
    home = f"{site.home(repo)}/tree/{quote(branch)}"
    parts = path.split("/") if path else []
    folders = [
        {"name": part, "url": f"{home}/{quote('/'.join(parts[: at + 1]))}"}
        for at, part in enumerate(parts)
    ]
    return [{"name": repo.doc["name"], "url": home}, *folders]


def _readme(top: objects.Thing) -> dict[str, str] | None:
    named = {entry.name.lower(): entry for entry in objects.entries(top) if entry.sort == "blob"}
    entry = next((named[name] for name in READMES if name in named), None)
    if entry is None:
        return None
    thing = objects.Thing(top.repo, top.folder, entry.oid, "blob")
    return {"name": entry.name, "text": thing.content.decode(errors="replace")}


def _head(site: Site, repo: Row, branch: str) -> dict[str, str] | None:
    thing = objects.find(repo, site.store.git_dir(repo), f"refs/heads/{branch}")
    if thing is None:
        return None
    said = objects.commit(thing)
    return {
        "id": thing.oid[:7],
        "subject": said.message.partition("\n")[0],
        "author": said.author.name,
        "day": said.committer.date[:10],
        "url": f"{site.home(repo)}/commits/{quote(branch)}",
    }
