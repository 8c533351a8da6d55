"""Commits and differences of a bare repository -> the JSON that GitHub shows of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from meta.twin import git
from meta.twin.ids import hidden
from meta.twin.rest.shapes import repos, users
from meta.twin.store import Row
from meta.twin.web import ADMIN, Call

#: Field by field, each commit ended by NUL; the message is last, since it may hold anything else.
FORMAT = "%H%x1f%T%x1f%P%x1f%an%x1f%ae%x1f%at%x1f%cn%x1f%ce%x1f%ct%x1f%B"
UNSIGNED = {"verified": False, "reason": "unsigned", "signature": None, "payload": None}


@dataclass(frozen=True, slots=True)
class Commit:
    """Times are UTC as GitHub writes them; parents are ids."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: dict[str, str]
    committer: dict[str, str]
    message: str


def read(folder: Path, *what: str) -> list[Commit]:
    """The commits that `git log` finds, newest first; raises GitFailed."""
    listed = git.run(folder, "log", "-z", f"--format={FORMAT}", *what, "--")
    return [_commit(text) for text in listed.decode(errors="replace").split("\0") if text]


def one(folder: Path, sha: str) -> Commit:
    return read(folder, "-1", sha)[0]


def small(call: Call, repo: Row, commit: Commit) -> dict[str, Any]:
    """The form of git data."""
    url = f"{repos.api(call, repo)}/git"
    return {
        "sha": commit.sha,
        "node_id": node(repo, commit.sha),
        "url": f"{url}/commits/{commit.sha}",
        "html_url": f"{repos.web(call, repo)}/commit/{commit.sha}",
        "author": commit.author,
        "committer": commit.committer,
        "tree": {"sha": commit.tree, "url": f"{url}/trees/{commit.tree}"},
        "message": commit.message,
        "parents": _parents(call, repo, commit, "git/commits"),
        "verification": {**UNSIGNED, "verified_at": None},
    }


def full(call: Call, repo: Row, commit: Commit) -> dict[str, Any]:
    """The form of lists of commits."""
    inside = small(call, repo, commit)
    url = f"{repos.api(call, repo)}/commits/{commit.sha}"
    kept = ("author", "committer", "message", "tree", "url", "verification")
    return {
        "sha": commit.sha,
        "node_id": inside["node_id"],
        "commit": {**{name: inside[name] for name in kept}, "comment_count": 0},
        "url": url,
        "html_url": inside["html_url"],
        "comments_url": f"{url}/comments",
        "author": _user(call, commit.author),
        "committer": _user(call, commit.committer),
        "parents": _parents(call, repo, commit, "commits"),
    }


def node(repo: Row, sha: str) -> str:
    return "C_kwDO" + hidden(f"commit/{repo.id}/{sha}")


def files(call: Call, repo: Row, old: str, new: str) -> list[dict[str, Any]]:
    """What differs between two commits or trees, file by file, with patches."""
    folder = call.store.git_dir(repo)
    span = ("-M", "--no-ext-diff", "--no-color", old, new, "--")
    patches = _patches(git.run(folder, "diff", *span).decode(errors="replace"))
    counts = _counts(git.text(folder, "diff", "--numstat", "-z", *span))
    raw = git.text(folder, "diff", "--raw", "--abbrev=40", "-z", *span).split("\0")
    shown = []
    for (head, name, before), (added, gone), patch in zip(_raw(raw), counts, patches, strict=True):
        shown.append(_file(call, repo, new, head, name, before, added, gone, patch))
    return shown


def _file(
    call: Call,
    repo: Row,
    new: str,
    head: str,
    name: str,
    before: str,
    added: int,
    gone: int,
    patch: str,
) -> dict[str, Any]:
    _, _, old_sha, new_sha, letter = head.split(" ")
    words = {"A": "added", "D": "removed", "R": "renamed", "C": "copied"}
    sha = old_sha if letter == "D" else new_sha
    return {
        "sha": sha,
        "filename": name,
        "status": words.get(letter[0], "modified"),
        "additions": added,
        "deletions": gone,
        "changes": added + gone,
        "blob_url": f"{repos.web(call, repo)}/blob/{new}/{name}",
        "raw_url": f"{repos.web(call, repo)}/raw/{new}/{name}",
        "contents_url": f"{repos.api(call, repo)}/contents/{name}?ref={new}",
        **({"patch": patch} if patch else {}),
        **({"previous_filename": before} if before else {}),
    }


def _raw(parts: list[str]) -> Iterator[tuple[str, str, str]]:
    """Head, name, and the name before a rename, of each file of `git diff --raw -z`."""
    words = iter(part for part in parts if part)
    for head in words:
        first = next(words)
        renamed = head.rsplit(" ", 1)[-1][0] in "RC"
        yield (head, next(words), first) if renamed else (head, first, "")


def _counts(text: str) -> Iterator[tuple[int, int]]:
    """Lines added and removed, of each file of `git diff --numstat -z`; binary files have none."""
    words = iter(text.split("\0"))
    for word in words:
        if not word:
            continue
        added, gone, name = word.split("\t", 2)
        if not name:
            next(words), next(words)
        yield (int(added), int(gone)) if added != "-" else (0, 0)


def _patches(text: str) -> Iterator[str]:
    """The hunks of each file, without the lines that name it."""
    for part in ("\n" + text).split("\ndiff --git ")[1:]:
        at = part.find("\n@@ ")
        yield part[at + 1 :].rstrip("\n") if at >= 0 else ""


def _commit(text: str) -> Commit:
    sha, tree, parents, *people, message = text.split("\x1f", 9)
    author, committer = person(*people[:3]), person(*people[3:])
    return Commit(sha, tree, tuple(parents.split()), author, committer, message.rstrip("\n"))


def person(name: str, email: str, seconds: str) -> dict[str, str]:
    date = datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"name": name, "email": email, "date": date}


def _user(call: Call, person: dict[str, str]) -> dict[str, Any] | None:
    """The account behind an address; the twin knows that of its administrator."""
    known = person["email"].partition("@")[0] == ADMIN
    return users.simple(call, ADMIN) if known else None


def _parents(call: Call, repo: Row, commit: Commit, place: str) -> list[dict[str, str]]:
    return [
        {
            "sha": sha,
            "url": f"{repos.api(call, repo)}/{place}/{sha}",
            "html_url": f"{repos.web(call, repo)}/commit/{sha}",
        }
        for sha in commit.parents
    ]
