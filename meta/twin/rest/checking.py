"""A commit -> what statuses and check runs say of it, whoever made them."""

from __future__ import annotations

from meta.twin import git
from meta.twin.actions import records
from meta.twin.rest.labels import scope
from meta.twin.store import Row, Store
from meta.twin.web import Call, Refusal

GOOD = ("success", "neutral", "skipped")


def commit(call: Call, repo: Row, ref: str) -> str:
    """The commit that a branch, a tag or a part of its id names; raises Refusal."""
    folder = call.store.git_dir(repo)
    short = ref.removeprefix("heads/").removeprefix("tags/")
    sha = git.resolve(folder, ref) or git.resolve(folder, short)
    if sha is None:
        raise Refusal(422, f"No commit found for SHA: {ref}")
    return sha


def latest_statuses(store: Store, repo: Row, sha: str) -> list[Row]:
    """One of each context, the latest, oldest context first."""
    rows = store.rows("commit_status", records.of_commit(repo, sha))
    return list({row.doc["context"]: row for row in rows}.values())


def runs(store: Store, repo: Row, sha: str) -> list[Row]:
    """Workflow runs at a commit."""
    return [row for row in store.rows("run", scope(repo)) if row.doc["sha"] == sha]


def check_runs(store: Store, repo: Row, sha: str) -> list[Row]:
    """Check runs that clients made, then jobs of the latest attempts of workflow runs."""
    own = store.rows("check_run", records.of_commit(repo, sha))
    jobs = [job for run in runs(store, repo, sha) for job in records.jobs(store, run)]
    return own + jobs


def states(store: Store, repo: Row, sha: str) -> dict[str, str]:
    """Context or name -> success, failure, error or pending."""
    found = {row.doc["context"]: row.doc["state"] for row in latest_statuses(store, repo, sha)}
    for row in check_runs(store, repo, sha):
        found[row.doc["name"]] = _state(row)
    return found


def _state(row: Row) -> str:
    if row.doc["status"] != "completed":
        return "pending"
    return "success" if row.doc["conclusion"] in GOOD else "failure"
