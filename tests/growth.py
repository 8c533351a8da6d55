"""A folder -> the data of a twin with many repositories, made without asking it for each."""

from __future__ import annotations

import os
from pathlib import Path

from meta import git
from meta.model import Blob
from meta.twin import git as twin_git
from meta.twin import loading
from meta.twin.store import Store

REPOSITORIES, FILES, ISSUES = 1000, 20, 10


def grow(data: Path) -> None:
    """1,000 repositories of `acme` with 20 files and 10 issues each."""
    store = Store(data)
    names = [f"tool-{number}" for number in range(REPOSITORIES)]
    rows = [{"name": name, "default_branch": "main"} for name in names]
    with store.transaction():
        loading.load(store, {"organization": {"login": "acme", "repositories": rows}})
        first = store.git_dir(store.repo("acme", names[0]))
        pattern = committed(first)
        for name in names:
            folder = store.git_dir(store.repo("acme", name))
            if folder != first:
                share(first, folder, pattern)
            loading.load(store, {"repository": repository(name)})
    store.close()


def committed(folder: Path) -> str:
    """The id of one commit of 20 files, in one pack."""
    tree = {
        f"src/part{number % 4}/file{number}.txt": Blob.of(f"{number}\n".encode() * 40)
        for number in range(FILES)
    }
    feed = git.stream(tree, "main", "All of it")
    twin_git.run(folder, "fast-import", "--quiet", stdin=feed)
    twin_git.run(folder, "repack", "-q", "-a", "-d")
    return twin_git.branches(folder)["main"]


def share(source: Path, folder: Path, commit: str) -> None:
    """The same objects, as links: an object never changes."""
    (folder / "objects" / "pack").mkdir(exist_ok=True)
    for path in (source / "objects" / "pack").iterdir():
        os.link(path, folder / "objects" / "pack" / path.name)
    (folder / "refs" / "heads").mkdir()
    (folder / "refs" / "heads" / "main").write_text(f"{commit}\n")


def repository(name: str) -> dict[str, object]:
    moment = "2026-01-01T00:00:00Z"
    times = {"created_at": moment, "updated_at": moment}
    labels = [
        {"name": word, "color": "d73a4a", "description": f"About {word}", "default": False}
        for word in ("bug", "feature", "question", "roadmap")
    ]
    issues = [
        {
            **times,
            **{"number": number, "title": f"{number} of {name}", "state": "open"},
            **{"body": f"What has to be done in {name}.\n" * 10, "author": "ada"},
            "labels": ["roadmap"],
        }
        for number in range(1, ISSUES + 1)
    ]
    return {"full_name": f"acme/{name}", "private": False, "labels": labels, "issues": issues}
