"""Files that should change -> the one pull request of a repository: all of its machinery.

The branch is fixed and the pull request is edited in place. A commit of a person's on the
branch is never overwritten: the proposal then waits for that person.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from meta.errors import GitHubError
from meta.github import Reader, Writer
from meta.model import Blob, Change, Outcome, Receipt

BRANCH = "meta/sync"
TITLE = "chore: sync with the fleet's manifest"
#: Commits of meta's own end with this line; a commit without it is a person's.
TRAILER = "Proposed-by: meta"


@dataclass(frozen=True, slots=True)
class Proposal:
    """An open pull request from the fixed branch; `head` is the commit it would bring in."""

    number: int
    url: str
    head: str


def find(gh: Reader, scope: str) -> Proposal | None:
    """The open proposal of a repository, if there is one."""
    owner = scope.partition("/")[0]
    rows = gh.get(f"/repos/{scope}/pulls", state="open", head=f"{owner}:{BRANCH}")
    for row in rows:
        if row["head"]["ref"] == BRANCH:
            return Proposal(row["number"], row["html_url"], row["head"]["sha"])
    return None


def propose(
    gh: Writer, change: Change, files: Mapping[str, Blob | None], conflicts: Sequence[str]
) -> Receipt:
    """Bring `files` (None: removed) onto the branch and open or edit its pull request."""
    scope = change.address.scope
    base = gh.get(f"/repos/{scope}")["default_branch"]
    head = gh.find(f"/repos/{scope}/git/ref/heads/{BRANCH}")
    if head and (person := person_on_branch(gh, scope, base)):
        detail = f"{person} committed to {BRANCH}; merge or delete the branch, then sync again"
        return Receipt(change, Outcome.WAITING, detail)
    commit(gh, scope, base, head is not None, files)
    proposal = opened(gh, scope, base, body(files, conflicts), draft=bool(conflicts))
    if conflicts:
        detail = f"conflicts in {', '.join(conflicts)}: resolve them in the draft pull request"
        return Receipt(change, Outcome.FAILED, detail, proposal.url)
    return Receipt(change, Outcome.PROPOSED, f"{len(files)} files", proposal.url)


def person_on_branch(gh: Reader, scope: str, base: str) -> str:
    """The author of a commit on the branch that is not meta's own, "" if there is none."""
    ahead = gh.get(f"/repos/{scope}/compare/{base}...{BRANCH}")["commits"]
    for row in ahead:
        if TRAILER not in row["commit"]["message"]:
            return str(row["commit"]["author"]["name"])
    return ""


def commit(
    gh: Writer, scope: str, base: str, exists: bool, files: Mapping[str, Blob | None]
) -> None:
    """One commit of `files` on top of the default branch, and the fixed branch at it."""
    git = f"/repos/{scope}/git"
    parent = gh.get(f"{git}/ref/heads/{base}")["object"]["sha"]
    below = gh.get(f"{git}/commits/{parent}")["tree"]["sha"]
    rows = [row(gh, scope, path, blob) for path, blob in sorted(files.items())]
    tree = gh.post(f"{git}/trees", {"base_tree": below, "tree": rows})["sha"]
    message = f"{TITLE}\n\n{TRAILER}"
    made = gh.post(f"{git}/commits", {"message": message, "tree": tree, "parents": [parent]})
    if exists:
        # Only meta's own commits are on it: see person_on_branch.
        gh.patch(f"{git}/refs/heads/{BRANCH}", {"sha": made["sha"], "force": True})
    else:
        gh.post(f"{git}/refs", {"ref": f"refs/heads/{BRANCH}", "sha": made["sha"]})


def row(gh: Writer, scope: str, path: str, blob: Blob | None) -> Mapping[str, Any]:
    """One line of the tree to make; what is not text goes up as a blob first."""
    if blob is None:
        return {"path": path, "mode": "100644", "type": "blob", "sha": None}
    line = {"path": path, "mode": blob.mode, "type": "blob"}
    if blob.data is None:
        return {**line, "sha": blob.sha}
    try:
        return {**line, "content": blob.data.decode()}
    except UnicodeDecodeError:
        content = base64.b64encode(blob.data).decode()
        answer = gh.post(f"/repos/{scope}/git/blobs", {"content": content, "encoding": "base64"})
        return {**line, "sha": answer["sha"]}


def opened(gh: Writer, scope: str, base: str, text: str, *, draft: bool) -> Proposal:
    """The pull request, made or edited in place."""
    pulls = f"/repos/{scope}/pulls"
    if (proposal := find(gh, scope)) is not None:
        gh.patch(f"{pulls}/{proposal.number}", {"title": TITLE, "body": text})
        return proposal
    words = {"title": TITLE, "head": BRANCH, "base": base, "body": text, "draft": draft}
    made = gh.post(pulls, words)
    if "number" not in made:
        raise GitHubError("opened no pull request", where=scope)
    return Proposal(made["number"], made["html_url"], made["head"]["sha"])


def body(files: Mapping[str, Blob | None], conflicts: Sequence[str]) -> str:
    changed = sorted(path for path, blob in files.items() if blob is not None)
    removed = sorted(path for path, blob in files.items() if blob is None)
    parts = [
        "The manifest declares these files. Merge to take them; closed, they are proposed again.",
        listed("Conflicts, shown in the files between markers", conflicts),
        listed("Changed or added", changed),
        listed("Removed", removed),
        "To keep a file as it is, declare it `seeded` under `files:` in the manifest.",
    ]
    return "\n\n".join(part for part in parts if part)


def listed(title: str, paths: Sequence[str]) -> str:
    return "\n".join([f"**{title}**", "", *(f"- `{path}`" for path in paths)]) if paths else ""
