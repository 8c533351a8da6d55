"""Environments: what a job has to wait for before it may deploy, and who lets it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from meta.twin import git, rules
from meta.twin.actions import deployments, records
from meta.twin.actions.triggers import kept
from meta.twin.store import Row, Store


def holds_back(store: Store, job: Row) -> bool:
    """Whether a job waits for its environment; makes its deployment the first time."""
    if not job.doc["environment"]:
        return False
    run = records.run(store, job.doc["run"])
    repo = records.repo(store, run)
    row = environment(store, repo, job.doc["environment"]["name"])
    if job.doc["deployment"] is None:
        _deploy(store, run, job, row)
    job.doc["environment"]["id"] = row.id
    if not allows(store, repo, row, records.plan(store, run.id).doc["ref"]):
        # The runner is what fails a job, so that all that follows from it follows here, too.
        job.doc["refused"] = refusal(run, row)
        store.save(job)
        return False
    minutes, reviewers = row.doc["wait_timer"], row.doc["reviewers"]
    if not minutes and not reviewers:
        return False
    seconds = minutes * 60
    until = (store.clock.now() + timedelta(seconds=seconds)).isoformat()
    job.doc["status"] = "waiting"
    job.doc["gate"] = {"approved": not reviewers, "until": until if minutes else None}
    store.save(job)
    deployments.say(store, job.doc["deployment"], "waiting")
    if minutes and store.workers:
        store.workers.wake(run.id, seconds)
    return True


def environment(store: Store, repo: Row, name: str) -> Row:
    """One that a workflow names and nobody made comes into being unprotected."""
    scope, key = f"{repo.scope}/{repo.key}", name.lower()
    found = store.get("environment", scope, key)
    if found:
        return found
    doc = {"name": name, "wait_timer": 0, "prevent_self_review": False, "reviewers": []}
    return store.add("environment", scope, key, doc | {"deployment_branch_policy": None})


def allows(store: Store, repo: Row, row: Row, ref: str) -> bool:
    """Whether the branches and tags that may deploy to an environment include a ref."""
    policy = row.doc["deployment_branch_policy"]
    if not policy:
        return True
    kind, name = (
        ("tag", "refs/tags/") if ref.startswith("refs/tags/") else ("branch", "refs/heads/")
    )
    if policy["protected_branches"]:
        return kind == "branch" and _protected(store, repo, ref.removeprefix(name))
    own = store.rows("branch_policy", f"environment/{row.id}")
    names = [rule.doc["name"] for rule in own if rule.doc["type"] == kind]
    return any(kept([each], ref.removeprefix(name)) for each in names)


def refusal(run: Row, row: Row) -> str:
    where = run.doc["branch"] or run.doc["sha"]
    return (
        f'Branch "{where}" is not allowed to deploy to {row.doc["name"]} due to environment'
        " protection rules."
    )


def waiting(store: Store, run: Row) -> list[Row]:
    """Jobs of a run that wait for their environment."""
    return [job for job in records.jobs(store, run) if job.doc["status"] == "waiting"]


def is_open(job: Row, moment: datetime) -> bool:
    """Whether what a job waited for has come."""
    gate = job.doc["gate"] or {}
    until = gate.get("until")
    return bool(gate.get("approved")) and (not until or datetime.fromisoformat(until) <= moment)


def _deploy(store: Store, run: Row, job: Row, row: Row) -> None:
    doc: dict[str, Any] = {
        "sha": run.doc["sha"],
        "ref": run.doc["branch"] or run.doc["sha"],
        "environment": row.doc["name"],
        "creator": records.bot(store),
        "job": job.id,
    }
    job.doc["deployment"] = deployments.add(store, run.doc["repo"], doc).id


def _protected(store: Store, repo: Row, branch: str) -> bool:
    """Whether a ruleset of the repository guards a branch."""
    if branch not in git.branches(store.git_dir(repo)):
        return False
    return any(rules.active(store, repo, f"refs/heads/{branch}"))
