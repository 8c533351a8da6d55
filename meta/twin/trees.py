"""Trees of a bare repository: listed, and built from another one and a list of changes."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from meta.twin import git

KINDS = {
    "100644": "blob",
    "100755": "blob",
    "120000": "blob",
    "040000": "tree",
    "160000": "commit",
}


class Malformed(Exception):
    """An entry that no tree can hold."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a tree. `sha` is "" for a path to take away; `size` is in bytes, of blobs."""

    path: str
    mode: str
    kind: str
    sha: str
    size: int = 0


def listed(folder: Path, tree: str, *, deep: bool = False) -> list[Entry]:
    """The entries of a tree; `deep` with those of the trees in it."""
    flags = ["-r", "-t"] if deep else []
    text = git.text(folder, "ls-tree", "-z", "-l", *flags, tree)
    return [parse(line) for line in text.split("\0") if line]


def entry(folder: Path, given: Any) -> Entry:
    """An entry as clients write it, its content stored; raises Malformed."""
    if not isinstance(given, dict) or not given.get("path"):
        raise Malformed("tree.path is missing")
    path, mode, sha = str(given["path"]), str(given.get("mode", "")), given.get("sha")
    if any(part in ("", ".", "..", ".git") for part in path.split("/")):
        raise Malformed(f"tree.path contains a malformed path component: {path}")
    if given.get("content") is not None:
        sha = git.store_object(folder, "blob", str(given["content"]).encode())
    elif "sha" not in given:
        raise Malformed("Must supply either tree.sha or tree.content")
    if sha is None:
        return Entry(path, mode, "", "")
    if mode not in KINDS:
        raise Malformed(f"tree.mode is not valid: {mode}")
    if mode != "160000" and git.resolve(folder, str(sha), KINDS[mode]) is None:
        raise Malformed(f"tree.sha {sha} is not a valid {KINDS[mode]}")
    return Entry(path, mode, KINDS[mode], str(sha))


def build(folder: Path, base: str | None, entries: Sequence[Entry]) -> str:
    """The id of a tree that is another one with some paths put in or taken away.

    Works in an index of its own, so that many may build at once. Raises GitFailed.
    """
    with tempfile.TemporaryDirectory(prefix="twin-index-") as place:
        env = {"GIT_INDEX_FILE": str(Path(place) / "index")}
        git.run(folder, "read-tree", base or "--empty", env=env)
        lines = "".join(_line(entry) for entry in entries if entry.kind != "tree")
        command = ("update-index", "-z", "--add", "--replace", "--index-info")
        git.run(folder, *command, stdin=lines.encode(), env=env)
        for each in entries:
            if each.kind == "tree":
                git.run(folder, "read-tree", f"--prefix={each.path}/", each.sha, env=env)
        return git.text(folder, "write-tree", env=env)


def _line(entry: Entry) -> str:
    if not entry.sha:
        return f"0 {git.NOTHING}\t{entry.path}\0"
    return f"{entry.mode} {entry.sha}\t{entry.path}\0"


def parse(line: str) -> Entry:
    """One line of `git ls-tree -l -z`."""
    head, _, path = line.partition("\t")
    mode, kind, sha, size = head.split()
    return Entry(path, mode, kind, sha, int(size) if size.isdigit() else 0)
