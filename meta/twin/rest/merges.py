"""/pulls/{number}/merge: a pull request merged, squashed or rebased by git."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

from meta.twin import git, reviews, rules, webhooks
from meta.twin.rest import checking, refs
from meta.twin.rest.firstcommit import identity
from meta.twin.rest.labels import scope
from meta.twin.rest.pulls import ONE, find
from meta.twin.rest.shapes import commits
from meta.twin.rest.shapes.pulls import mergeable
from meta.twin.store import NotFound, Row, Store, now
from meta.twin.web import Call, Refusal

CLOSING = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)\b", re.IGNORECASE)
METHODS = {
    "merge": "allow_merge_commit",
    "squash": "allow_squash_merge",
    "rebase": "allow_rebase_merge",
}


def is_merged(call: Call, repo: Row, number: str) -> None:
    if not find(call, repo, number).doc["merged"]:
        raise NotFound


def merge(call: Call, repo: Row, number: str) -> dict[str, Any]:
    row = find(call, repo, number)
    method = call.fields.get("merge_method") or "merge"
    _refuse(call, repo, row, method)
    folder, old = call.store.git_dir(repo), row.doc["base_sha"]
    made = _rebased(folder, row) if method == "rebase" else _committed(call, repo, row, method)
    row.doc |= {"state": "closed", "closed_at": now(), "merged": True, "merge_commit_sha": made}
    row.doc |= {"merged_at": now(), "merged_by": call.user(), "closed_by": call.user()}
    call.store.save(row)
    webhooks.pulled(call.store, repo, row, "closed")
    _close_named(call, repo, row)
    refs.carry_out(call, repo, rules.Move(rules.HEADS + row.doc["base"], old, made))
    if repo.doc["delete_branch_on_merge"]:
        branch = rules.HEADS + row.doc["head"]
        refs.carry_out(call, repo, rules.Move(branch, row.doc["head_sha"], git.NOTHING))
    return {"sha": made, "merged": True, "message": "Pull Request successfully merged"}


def in_the_way(store: Store, repo: Row, row: Row, method: str) -> list[str]:
    """Why it cannot be merged so right now; empty where it can."""
    lines = forbidden(store, repo, row, method)
    if not mergeable(store, repo, row):
        lines.append("Pull Request has merge conflicts")
    return lines


def forbidden(store: Store, repo: Row, row: Row, method: str) -> list[str]:
    """What the rules of the branch that it goes into say against it."""
    lines = reviews.in_the_way(store, repo, row, checking.states(store, repo, row.doc["head_sha"]))
    if method not in reviews.methods_allowed(store, repo, row):
        lines.append(f"{method.capitalize()} merges are not allowed into this branch.")
    return lines


def _refuse(call: Call, repo: Row, row: Row, method: str) -> None:
    sha = call.fields.get("sha")
    if sha and sha != row.doc["head_sha"]:
        raise Refusal(409, "Head branch was modified. Review and try the merge again.")
    if row.doc["state"] != "open" or row.doc["draft"]:
        raise Refusal(405, "Pull Request is not mergeable")
    if method not in METHODS:
        raise Refusal(422, f"Invalid request.\n\n'{method}' is not a merge method.")
    if not repo.doc[METHODS[method]]:
        raise Refusal(405, f"{method.capitalize()} merges are not allowed on this repository.")
    lines = forbidden(call.store, repo, row, method)
    if lines:
        raise Refusal(405, "Repository rule violations found\n\n" + "\n".join(lines))


def _committed(call: Call, repo: Row, row: Row, method: str) -> str:
    """The commit of a merge or a squash; raises Refusal where the sides are in conflict."""
    folder, doc = call.store.git_dir(repo), row.doc
    sides = (doc["base_sha"], doc["head_sha"])
    try:
        tree = git.text(folder, "merge-tree", "--write-tree", *sides)
    except git.GitFailed as error:
        raise Refusal(405, "Pull Request has merge conflicts") from error
    title, body = _words(folder, row, method)
    title = call.fields.get("commit_title") or title
    body = call.fields.get("commit_message", body)
    parents = sides if method == "merge" else sides[:1]
    flags = [word for parent in parents for word in ("-p", parent)]
    words = f"{title}\n\n{body}".strip().encode()
    made = git.run(folder, "commit-tree", tree, *flags, stdin=words, env=identity())
    return made.decode().strip()


def _words(folder: Path, row: Row, method: str) -> tuple[str, str]:
    """GitHub's title and text of the commit, with its default settings."""
    doc = row.doc
    if method == "merge":
        owner = row.scope.partition("/")[0]
        return f"Merge pull request #{row.key} from {owner}/{doc['head']}", doc["title"]
    found = commits.read(folder, "--reverse", f"{doc['base_sha']}..{doc['head_sha']}")
    if len(found) == 1:
        title, _, body = found[0].message.partition("\n")
        return f"{title} (#{row.key})", body.strip()
    body = "\n\n".join(f"* {commit.message}" for commit in found)
    return f"{doc['title']} (#{row.key})", body


def _rebased(folder: Path, row: Row) -> str:
    """The last of the commits put anew on the base; raises Refusal where one does not fit."""
    with tempfile.TemporaryDirectory(prefix="twin-rebase-") as place:
        tree = Path(place) / "tree"
        git.run(folder, "worktree", "add", "-q", "--detach", str(tree), row.doc["head_sha"])
        try:
            git.run(tree, "rebase", "-q", "--no-ff", row.doc["base_sha"], env=_committer())
            return git.text(tree, "rev-parse", "HEAD")
        except git.GitFailed as error:
            raise Refusal(405, "This branch can't be rebased") from error
        finally:
            git.run(folder, "worktree", "remove", "--force", str(tree))


def _committer() -> dict[str, str]:
    """Authors stay who they are."""
    return {name: value for name, value in identity().items() if "COMMITTER" in name}


def _close_named(call: Call, repo: Row, row: Row) -> None:
    """Issues that a pull request into the default branch says it closes."""
    if row.doc["base"] != repo.doc["default_branch"]:
        return
    for number in CLOSING.findall(row.doc["body"] or ""):
        issue = call.store.get("issue", scope(repo), number)
        if issue and issue.doc["state"] == "open":
            issue.doc |= {"state": "closed", "state_reason": "completed", "closed_at": now()}
            issue.doc["closed_by"] = call.login
            call.store.save(issue)


ROUTES = [("GET", f"{ONE}/merge", is_merged), ("PUT", f"{ONE}/merge", merge)]
