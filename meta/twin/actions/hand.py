"""A queued job -> the work that a runner is handed, with its secrets and its token."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from meta.twin.actions import contexts, deployments, plans, records, seals, tokens
from meta.twin.actions.evaluate import fill, text
from meta.twin.actions.records import OVER, Node, Plan
from meta.twin.actions.work import Job, Result
from meta.twin.store import NotFound, Row, Store, now

RUNNER = "twin"


def begin(
    store: Store,
    number: int,
    folder: Path,
    stopped: threading.Event,
    report: Callable[[int, Result], None],
) -> Job | None:
    """Marks a job as begun; None where there is nothing to do any more."""
    with store.transaction():
        job = store.by_id(number)
        if job is None or job.doc["status"] != "queued":
            return None
        try:
            run = records.run(store, job.doc["run"])
            repo = records.repo(store, run)
        except NotFound:
            store.drop(job)
            return None
        if run.doc["status"] == OVER:
            return None
        job.doc |= {"status": "in_progress", "started_at": now(), "runner": RUNNER}
        store.save(job)
        run.doc["status"] = "in_progress"
        store.save(run)
        if job.doc["deployment"]:
            log = _address(store, run, repo, job)
            deployments.say(store, job.doc["deployment"], "in_progress", log_url=log)
        return _job(store, run, repo, job, folder, stopped, report)


def _job(
    store: Store,
    run: Row,
    repo: Row,
    job: Row,
    folder: Path,
    stopped: threading.Event,
    report: Callable[[int, Result], None],
) -> Job:
    plan = records.plan(store, run.id).doc
    node = plan["nodes"][job.doc["path"]]
    environment = int((job.doc["environment"] or {}).get("id", 0))
    token = tokens.make(store, repo.id, job.id)
    github = contexts.github(store, run, plan)
    github |= {"job": node["name"], "workspace": "", "action": "", "token": token}
    seen = contexts.of_node(store, run, plan, node)
    secrets = _secrets(store, run, plan, node, environment) | {"GITHUB_TOKEN": token}
    number = job.id
    return Job(
        id=number,
        name=job.doc["name"],
        path=job.doc["path"],
        definition=plans.definition(plan, node),
        workflow=plans.workflow(plan, node),
        matrix=job.doc["matrix"],
        needs=seen["needs"],
        inputs=seen["inputs"],
        github=github,
        secrets=secrets,
        variables=contexts.variables(store, run, environment),
        repository=store.git_dir(repo),
        folder=folder / f"job-{number}",
        report=lambda result: report(number, result),
        stopped=stopped,
    )


def _address(store: Store, run: Row, repo: Row, job: Row) -> str:
    """Where a browser finds a job."""
    url = store.workers.url if store.workers else ""
    return f"{url}/{repo.doc['owner']}/{repo.doc['name']}/actions/runs/{run.rest}/job/{job.rest}"


def _secrets(store: Store, run: Row, plan: Plan, node: Node, environment: int) -> dict[str, str]:
    """What a job may see: a called workflow sees what its caller hands on."""
    whole = _opened(store, contexts.secrets(store, run))
    own = _opened(store, contexts.secrets(store, run, environment)) if environment else {}
    nearer = {name: value for name, value in own.items() if whole.get(name) != value}
    return _handed(plan, node["call"], whole) | nearer


def _handed(plan: Plan, call: str, whole: dict[str, str]) -> dict[str, str]:
    if not call:
        return whole
    outer = _handed(plan, plan["nodes"][call]["call"], whole)
    given: Any = plan["calls"][call]["secrets"]
    if given == "inherit":
        return outer
    return {name: text(fill(each, {"secrets": outer}), {}) for name, each in given.items()}


def _opened(store: Store, sealed: dict[str, str]) -> dict[str, str]:
    return {name: seals.opened(store, each) for name, each in sealed.items()}
