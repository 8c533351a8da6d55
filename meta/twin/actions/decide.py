"""Approvals, cancellations and second attempts: what people do to a run."""

from __future__ import annotations

from datetime import datetime

from meta.twin.actions import advance, deployments, gates, groups, plans, records, results
from meta.twin.actions.start import enter
from meta.twin.actions.work import Result
from meta.twin.store import Row, Store, now


def review(store: Store, run: Row, environments: list[int], state: str, who: str, why: str) -> None:
    """Lets the jobs of environments go on, or fails them: state is approved or rejected."""
    jobs = [
        job for job in gates.waiting(store, run) if job.doc["environment"]["id"] in environments
    ]
    doc = {"environments": environments, "state": state, "user": who, "comment": why}
    number = store.next_number(f"approvals/{run.id}")
    store.add("approval", records.inside(run.id), str(number), doc)
    for job in jobs:
        if state == "approved":
            job.doc["gate"]["approved"] = True
            store.save(job)
        else:
            results.record(store, job, Result("failure", log=f"##[error]{_rejected(job, who)}\n"))
            advance.after_job(store, job)
    release(store, run.id)


def release(store: Store, number: int) -> None:
    """Sends jobs to the runners that have waited for their environment long enough."""
    with records.whole(store):
        run = store.by_id(number)
        if run is None or run.kind != "run":
            return
        for job in gates.waiting(store, run):
            if gates.is_open(job, store.clock.now()):
                job.doc |= {"status": "queued", "gate": None}
                store.save(job)
                deployments.say(store, job.doc["deployment"], "queued")
                if store.workers:
                    store.workers.offer(job.id)
        advance.advance(store, run.id)


def again(store: Store, run: Row, jobs: list[Row] | None = None) -> None:
    """A new attempt of a run that is over: of some jobs and what depends on them, or of all."""
    row = records.plan(store, run.id)
    every = {node["path"] for node in plans.order(row.doc) if not node["call"]}
    chosen = every if jobs is None else {job.doc["path"] for job in jobs}
    reset = plans.after(row.doc, chosen)
    old = records.jobs(store, run)
    _remember(store, run)
    run.doc |= {"attempt": run.doc["attempt"] + 1, "status": "queued", "conclusion": None}
    run.doc |= {"cancelled": False, "started_at": now()}
    _reset(row, reset)
    for job in old:
        if job.doc["path"] not in reset:
            _carry(store, run, row, job)
    store.save(row)
    store.add("live_run", f"repo/{run.doc['repo']}", str(run.id), {})
    enter(store, run, groups.Wish(run.doc["group"], **run.doc["wish"]))


def failed(store: Store, run: Row) -> list[Row]:
    """Jobs of the latest attempt that did not end well."""
    bad = ("failure", "cancelled", "timed_out")
    return [job for job in records.jobs(store, run) if job.doc["conclusion"] in bad]


def _reset(row: Row, paths: set[str]) -> None:
    nodes = row.doc["nodes"]
    for path in paths & set(nodes):
        # What a called workflow put into the plan comes again once it is called again.
        if nodes[path]["call"]:
            del nodes[path]
        else:
            nodes[path] = plans.blank(nodes[path])


def _remember(store: Store, run: Row) -> None:
    doc = {**run.doc, "updated": run.updated}
    store.add("attempt", records.inside(run.id), str(run.doc["attempt"]), doc)


def _carry(store: Store, run: Row, plan: Row, job: Row) -> None:
    """A job that went well before is part of the new attempt as it is."""
    made = records.add_job(store, run, {**job.doc, "attempt": run.doc["attempt"], "group": ""})
    records.set_log(store, made, records.log(store, job))
    node = plan.doc["nodes"][job.doc["path"]]
    node["jobs"] = [made.id if each == job.id else each for each in node["jobs"]]


def _rejected(job: Row, who: str) -> str:
    return f"Deployment to {job.doc['environment']['name']} was rejected by {who}."


def waits(store: Store, number: int) -> list[float]:
    """Seconds until each timer of an environment is over, that jobs of a run wait for."""
    untils = (job.doc["gate"]["until"] for job in gates.waiting(store, records.run(store, number)))
    moment = store.clock.now()
    left = ((datetime.fromisoformat(each) - moment).total_seconds() for each in untils if each)
    return [max(seconds, 0.0) for seconds in left]
