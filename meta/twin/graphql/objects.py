"""A bare repository and a name -> the git object behind it, read and taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path

from meta.twin import git
from meta.twin.store import Row

WORDS = {"blob": "Blob", "tree": "Tree", "commit": "Commit", "tag": "Tag"}
GITLINK = 0o160000


@dataclass(frozen=True, slots=True)
class Thing:
    """One git object of a repository; `path` is where it was found, "" for nowhere."""

    repo: Row
    folder: Path
    oid: str
    sort: str
    path: str = ""

    @property
    def typename(self) -> str:
        return WORDS[self.sort]

    @property
    def content(self) -> bytes:
        return _content(self.folder, self.oid)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a tree; `size` is 0 for what is no file."""

    tree: Thing
    name: str
    mode: int
    sort: str
    oid: str
    size: int

    @property
    def path(self) -> str:
        return f"{self.tree.path}/{self.name}".lstrip("/")


@dataclass(frozen=True, slots=True)
class Signature:
    """Who wrote a commit, and when as ISO 8601 with the writer's own offset."""

    name: str
    email: str
    date: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit's own text, taken apart."""

    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str


def find(repo: Row, folder: Path, expression: str) -> Thing | None:
    """What an expression such as `main:docs/README.md` names, None for nothing."""
    if "\n" in expression or not folder.is_dir():
        return None
    said = git.run(folder, "cat-file", "--batch-check", stdin=f"{expression}\n".encode())
    oid, _, rest = said.decode(errors="replace").rstrip("\n").partition(" ")
    sort = rest.partition(" ")[0]
    if sort not in WORDS:
        return None
    # A tree or file is known by its path only where the expression says it.
    return Thing(repo, folder, oid, sort, expression.partition(":")[2].strip("/"))


@lru_cache(maxsize=2048)
def _content(folder: Path, oid: str) -> bytes:
    """An object's bytes. They never change under one id, so they are read once."""
    said = git.run(folder, "cat-file", "--batch", stdin=f"{oid}\n".encode())
    return said[said.index(b"\n") + 1 : -1]


def entries(tree: Thing) -> list[Entry]:
    """A tree's lines in git's order."""
    said = git.run(tree.folder, "ls-tree", "-l", "-z", tree.oid)
    return [_entry(tree, line) for line in said.decode(errors="replace").split("\0") if line]


def _entry(tree: Thing, line: str) -> Entry:
    head, _, name = line.partition("\t")
    mode, sort, oid, size = head.split()
    return Entry(tree, name, int(mode, 8), sort, oid, 0 if size == "-" else int(size))


def commit(thing: Thing) -> Commit:
    """What a commit says of itself."""
    head, _, message = thing.content.decode(errors="replace").partition("\n\n")
    lines = [line.partition(" ") for line in head.splitlines() if not line.startswith(" ")]
    found = {key: value for key, _, value in lines}
    return Commit(
        tree=found["tree"],
        parents=tuple(value for key, _, value in lines if key == "parent"),
        author=_signature(found["author"]),
        committer=_signature(found["committer"]),
        message=message.rstrip("\n"),
    )


def _signature(text: str) -> Signature:
    who, _, when = text.rpartition("> ")
    name, _, email = who.rpartition("<")
    seconds, _, offset = when.partition(" ")
    return Signature(name.strip(), email, _moment(int(seconds), offset))


def _moment(seconds: int, offset: str) -> str:
    sign = -1 if offset.startswith("-") else 1
    shift = timedelta(hours=int(offset[1:3]), minutes=int(offset[3:5])) * sign
    at = datetime.fromtimestamp(seconds, UTC).astimezone(timezone(shift))
    return at.isoformat().replace("+00:00", "Z")
