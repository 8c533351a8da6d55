"""/commits and /compare of a repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from meta.twin import git
from meta.twin.rest.shapes import commits as shapes
from meta.twin.rest.shapes import repos
from meta.twin.store import NotFound, Row
from meta.twin.web import Answer, Call, Refusal, page

#: The tree that holds nothing, which a first commit is compared with.
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
MOST = 250


def all_of(call: Call, repo: Row) -> Answer:
    folder = filled(call, repo)
    start = find(folder, call.query.get("sha") or repo.doc["default_branch"])
    asked = [
        f"--{name}={call.query[name]}"
        for name in ("since", "until", "author")
        if name in call.query
    ]
    ids = git.text(folder, "rev-list", *asked, start, "--", *_path(call)).splitlines()
    return page(call, ids, lambda sha: shapes.full(call, repo, shapes.one(folder, sha)))


def show(call: Call, repo: Row, ref: str) -> Any:
    folder = filled(call, repo)
    sha = find(folder, ref)
    if "sha" in call.headers.get("accept", "").split("."):
        return Answer(200, sha.encode(), {"Content-Type": "application/vnd.github.sha"})
    commit = shapes.one(folder, sha)
    old = commit.parents[0] if commit.parents else EMPTY_TREE
    files = shapes.files(call, repo, old, sha)
    return shapes.full(call, repo, commit) | {"stats": stats(files), "files": files}


def compare(call: Call, repo: Row, span: str) -> dict[str, Any]:
    folder = filled(call, repo)
    names = [name.rpartition(":")[2] for name in span.split("...")]
    if len(names) != 2:
        raise NotFound
    base, head = (find(folder, name) for name in names)
    fork = git.text(folder, "merge-base", base, head)
    ahead = shapes.read(folder, "--reverse", f"{base}..{head}")
    behind = len(git.text(folder, "rev-list", f"{head}..{base}").splitlines())
    web = f"{repos.web(call, repo)}/compare/{span}"
    return {
        "url": f"{repos.api(call, repo)}/compare/{span}",
        "html_url": web,
        "permalink_url": f"{repos.web(call, repo)}/compare/{base}...{head}",
        "diff_url": f"{web}.diff",
        "patch_url": f"{web}.patch",
        "base_commit": shapes.full(call, repo, shapes.one(folder, base)),
        "merge_base_commit": shapes.full(call, repo, shapes.one(folder, fork)),
        "status": _status(len(ahead), behind),
        "ahead_by": len(ahead),
        "behind_by": behind,
        "total_commits": len(ahead),
        "commits": [shapes.full(call, repo, commit) for commit in ahead[:MOST]],
        "files": shapes.files(call, repo, fork, head),
    }


def filled(call: Call, repo: Row) -> Path:
    """Where the repository's objects are; raises Refusal while it has no branch."""
    folder = call.store.git_dir(repo)
    if not git.branches(folder):
        raise Refusal(409, "Git Repository is empty.")
    return folder


def find(folder: Path, name: str) -> str:
    """The commit that a branch, tag or id stands for; raises Refusal."""
    sha = git.resolve(folder, name)
    if sha is None:
        raise Refusal(
            422 if len(name) == len(git.NOTHING) else 404, f"No commit found for SHA: {name}"
        )
    return sha


def stats(files: list[dict[str, Any]]) -> dict[str, int]:
    added, gone = (sum(file[name] for file in files) for name in ("additions", "deletions"))
    return {"total": added + gone, "additions": added, "deletions": gone}


def _path(call: Call) -> list[str]:
    return [call.query["path"]] if call.query.get("path") else []


def _status(ahead: int, behind: int) -> str:
    if ahead and behind:
        return "diverged"
    return "ahead" if ahead else "behind" if behind else "identical"


COMMITS = "/repos/{owner}/{repo}/commits"
ROUTES = [
    ("GET", COMMITS, all_of),
    ("GET", f"{COMMITS}/{{ref*}}", show),
    ("GET", "/repos/{owner}/{repo}/compare/{span*}", compare),
]
