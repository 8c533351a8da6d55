"""Pull requests of a repository, and one with the lines that it changes."""

from __future__ import annotations

from typing import Any

from meta.twin import git
from meta.twin.graphql.repositories import pull_state
from meta.twin.page.issues import around, frame
from meta.twin.page.site import Site
from meta.twin.store import NotFound, Row

#: No file shows more lines of its diff than this.
LINES = 400
DIFF = ("-c", "core.quotePath=false", "diff", "--no-color", "--no-ext-diff", "--no-renames")


def index(site: Site, repo: Row, _: list[str]) -> str:
    rows = site.store.rows("pull", site.scope(repo))
    return site.render(
        "pulls.html",
        repo=frame(site, repo, "pulls"),
        pulls=[_shown(site, repo, row) for row in reversed(rows)],
    )


def one(site: Site, repo: Row, rest: list[str]) -> str:
    """Raises NotFound."""
    row = site.store.get("pull", site.scope(repo), rest[0]) if rest else None
    if row is None:
        raise NotFound
    files = _files(site, repo, row)
    return site.render(
        "pull.html",
        repo=frame(site, repo, "pulls"),
        pull=_shown(site, repo, row),
        row=row,
        files=files,
        added=sum(file["added"] for file in files),
        removed=sum(file["removed"] for file in files),
        **around(site, repo, row),
    )


def _shown(site: Site, repo: Row, row: Row) -> dict[str, Any]:
    return {
        "title": row.doc["title"],
        "number": int(row.key),
        "state": "draft" if _is_draft(row) else pull_state(row).lower(),
        "url": f"{site.home(repo)}/pull/{row.key}",
        "labels": site.labels(row),
        "head": row.doc["head"],
        "base": row.doc["base"],
        "author": row.doc["author"],
        "day": row.created[:10],
    }


def _is_draft(row: Row) -> bool:
    return bool(row.doc.get("draft")) and row.doc["state"] == "open"


def _files(site: Site, repo: Row, row: Row) -> list[dict[str, Any]]:
    """Each changed file with its lines; a file that git calls binary has none."""
    folder = site.store.git_dir(repo)
    span = f"{row.doc['base_sha']}...{row.doc['head_sha']}"
    try:
        said = git.run(folder, *DIFF, span)
    except git.GitFailed:
        return []
    text = said.decode(errors="replace")
    return [_file(part) for part in text.split("\ndiff --git ") if part.strip()]


def _file(part: str) -> dict[str, Any]:
    """One file's part of a diff: its path, its hunks, and how many lines go and come."""
    head, at, body = part.partition("\n@@")
    lines = [_line(line) for line in f"{at.strip()}{body}".splitlines()]
    return {
        "path": _path(head),
        "lines": lines[:LINES],
        "more": max(0, len(lines) - LINES),
        "added": sum(line["sort"] == "add" for line in lines),
        "removed": sum(line["sort"] == "cut" for line in lines),
    }


def _path(head: str) -> str:
    """The path after the change, or the one before it for a file that goes."""
    lines = head.splitlines()
    named = [line[6:] for line in lines[1:] if line.startswith(("+++ b/", "--- a/"))]
    return named[-1] if named else lines[0].rpartition(" b/")[2]


def _line(text: str) -> dict[str, str]:
    sorts = {"+": "add", "-": "cut", "@": "hunk", "\\": "note"}
    return {"sort": sorts.get(text[:1], "same"), "text": text}
