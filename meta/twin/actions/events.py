"""What happens on the twin -> runs of the workflows that listen to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import Any

from meta.twin import git, rules, webhooks
from meta.twin.actions import payloads, records, workflows
from meta.twin.actions.start import Occasion, listed, start
from meta.twin.actions.triggers import Event, starts
from meta.twin.store import Row, Store
from meta.twin.web import ADMIN

#: GitHub starts nothing for a push of more tags than this.
MOST_TAGS = 3
SKIP = ("[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]")
#: Whether it is a workflow that acts, with its own token: then only dispatches make runs.
_workflow_acts: ContextVar[bool] = ContextVar("workflow_acts", default=False)


@contextmanager
def by_workflow(acts: bool) -> Iterator[None]:
    """Marks what happens meanwhile as done by a workflow, or not."""
    mark = _workflow_acts.set(acts)
    try:
        yield
    finally:
        _workflow_acts.reset(mark)


def pushed(store: Store, repo: Row, moves: Sequence[rules.Move]) -> None:
    """Branches and tags that were moved: `push`, and `pull_request` where one follows."""
    webhooks.pushed(store, repo, moves)
    if not _listens(store):
        return
    tags = [move for move in moves if move.ref.startswith("refs/tags/")]
    for move in moves:
        if move.new == git.NOTHING or (move in tags and len(tags) > MOST_TAGS):
            continue
        if move.ref.startswith(("refs/heads/", "refs/tags/")):
            _push(store, repo, move)
        if move.ref.startswith("refs/heads/"):
            _follow(store, repo, move)


def pulled(store: Store, repo: Row, pull: Row, action: str) -> None:
    """A pull request that was opened, synchronized, reopened or closed.

    Its workflows are read from what merging it would give, or from its head where it conflicts.
    """
    webhooks.pulled(store, repo, pull, action)
    if not _listens(store):
        return
    folder = store.git_dir(repo)
    merged = _merge(folder, pull)
    event = Event("pull_request", action, pull.doc["base"], "", partial(_changed, folder, pull))
    occasion = Occasion(
        name="pull_request",
        event=payloads.pull(store, repo, pull, action),
        ref=f"refs/pull/{pull.key}/merge",
        sha=merged,
        head=pull.doc["head_sha"],
        actor=pull.doc["author"],
        title=pull.doc["title"],
        branch=pull.doc["head"],
        pulls=(pull.id,),
    )
    _fire(store, repo, event, occasion)


def dispatched(store: Store, repo: Row, kind: str, payload: dict[str, Any], actor: str) -> None:
    """A repository dispatch: on the default branch, whatever that is at the time."""
    branch = repo.doc["default_branch"]
    sha = git.branches(store.git_dir(repo)).get(branch)
    if store.workers is None or sha is None:
        return
    sent = {"action": kind, "branch": branch, "client_payload": payload}
    body = sent | payloads.about(store, repo, actor)
    occasion = Occasion(
        "repository_dispatch", body, f"refs/heads/{branch}", sha, actor, kind, branch
    )
    _fire(store, repo, Event("repository_dispatch", kind), occasion)


def deployed(store: Store, repo: Row, row: Row, shown: dict[str, Any]) -> None:
    """A deployment that was made: at its own commit, and on its branch or tag if it has one."""
    if not _listens(store):
        return
    folder, ref, actor = store.git_dir(repo), row.doc["ref"], row.doc["creator"]
    full = next(
        (
            place
            for place in (f"refs/heads/{ref}", f"refs/tags/{ref}")
            if git.resolve(folder, place)
        ),
        "",
    )
    body = {"deployment": shown} | payloads.about(store, repo, actor)
    branch = ref if full else None
    occasion = Occasion("deployment", body, full, row.doc["sha"], actor, "", branch)
    _fire(store, repo, Event("deployment", "created"), occasion)


def by_hand(
    store: Store, repo: Row, path: str, ref: str, sha: str, inputs: dict[str, Any], actor: str
) -> Row | None:
    """A workflow dispatch; None while Actions are off."""
    found = workflows.one(store.git_dir(repo), sha, path)
    if store.workers is None or found is None:
        return None
    short = ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    body = {"ref": ref, "workflow": path, "inputs": inputs} | payloads.about(store, repo, actor)
    occasion = Occasion("workflow_dispatch", body, ref, sha, actor, "", short, inputs=inputs)
    with records.whole(store):
        return start(store, repo, found, occasion)


def scheduled(store: Store, repo: Row, cron: str = "") -> list[Row]:
    """The time of a schedule has come: of one `cron`, or of every one."""
    branch = repo.doc["default_branch"]
    sha = git.branches(store.git_dir(repo)).get(branch)
    if store.workers is None or sha is None:
        return []
    made = []
    for found in _active(store, repo, sha):
        on = found.doc.get("on")
        times = (
            [str(each.get("cron")) for each in on.get("schedule") or []]
            if isinstance(on, dict)
            else []
        )
        for time in times:
            if cron in ("", time):
                body = {"schedule": time} | payloads.about(store, repo, ADMIN)
                ref = f"refs/heads/{branch}"
                occasion = Occasion("schedule", body, ref, sha, ADMIN, "", branch)
                made.append(start(store, repo, found, occasion))
    return made


def _listens(store: Store) -> bool:
    return store.workers is not None and not _workflow_acts.get()


def _push(store: Store, repo: Row, move: rules.Move) -> None:
    folder = store.git_dir(repo)
    sha = git.resolve(folder, move.new)
    if sha is None:
        return
    message = git.text(folder, "log", "-1", "--format=%B", sha)
    if any(word in message for word in SKIP):
        return
    branch = move.branch if move.ref.startswith("refs/heads/") else ""
    tag = move.ref.removeprefix("refs/tags/") if not branch else ""
    old = "" if move.old == git.NOTHING else move.old
    event = Event("push", "", branch, tag, partial(_between, folder, old, sha))
    body = payloads.push(store, repo, move, sha)
    occasion = Occasion("push", body, move.ref, sha, ADMIN, message, branch or tag)
    _fire(store, repo, event, occasion)


def _follow(store: Store, repo: Row, move: rules.Move) -> None:
    for pull in store.rows("pull", f"{repo.scope}/{repo.key}"):
        same = pull.doc["head"] == move.branch and pull.doc["head_sha"] == move.new
        if pull.doc["state"] == "open" and same:
            pulled(store, repo, pull, "synchronize")


def _fire(store: Store, repo: Row, event: Event, occasion: Occasion) -> None:
    with records.whole(store):
        for found in _active(store, repo, occasion.sha):
            # GitHub shows a push of a broken file as a run that failed.
            broken = bool(found.problem) and event.name == "push"
            if broken or (not found.problem and starts(found.doc.get("on"), event)):
                start(store, repo, found, occasion)


def _active(store: Store, repo: Row, sha: str) -> list[workflows.Workflow]:
    enabled = store.get("actions_permissions", f"repo/{repo.id}", "")
    if enabled and not enabled.doc["enabled"]:
        return []
    found = workflows.at(store.git_dir(repo), sha)
    return [each for each in found if listed(store, repo, each).doc["state"] == "active"]


def _between(folder: Path, old: str, new: str) -> Sequence[str]:
    """Files that a push touched; of a new branch, those of its last commit."""
    span = [old, new] if old else ["-m", "--root", new]
    listed = git.text(folder, "diff-tree", "-r", "--name-only", "--no-commit-id", "-z", *span)
    return [path for path in listed.split("\0") if path]


def _changed(folder: Path, pull: Row) -> Sequence[str]:
    span = f"{pull.doc['base_sha']}...{pull.doc['head_sha']}"
    return [
        path for path in git.text(folder, "diff", "--name-only", "-z", span).split("\0") if path
    ]


def _merge(folder: Path, pull: Row) -> str:
    """The commit that merging would give, kept at the ref that GitHub keeps it at."""
    base, head = pull.doc["base_sha"], pull.doc["head_sha"]
    try:
        tree = git.text(folder, "merge-tree", "--write-tree", base, head).splitlines()[0]
    except git.GitFailed:
        return str(head)
    who = {f"GIT_{each}_NAME": "GitHub" for each in ("AUTHOR", "COMMITTER")}
    who |= {f"GIT_{each}_EMAIL": "noreply@github.com" for each in ("AUTHOR", "COMMITTER")}
    words = f"Merge {head} into {base}"
    commit = git.text(folder, "commit-tree", tree, "-p", base, "-p", head, "-m", words, env=who)
    git.set_ref(folder, f"refs/pull/{pull.key}/merge", commit)
    return commit
