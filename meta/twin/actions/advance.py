"""A run -> the same run further on: what can start starts, what is over ends."""

from __future__ import annotations

from meta.twin.actions import contexts, groups, opening, plans, records, results
from meta.twin.actions.expressions import BadExpression
from meta.twin.actions.plans import DONE
from meta.twin.actions.records import OVER, Node, Plan
from meta.twin.actions.work import Result
from meta.twin.settling import settled
from meta.twin.store import Row, Store, now


def advance(store: Store, number: int) -> None:
    """Does all that can be done now; runs that are over or pending stay as they are."""
    with records.whole(store):
        run = records.run(store, number)
        if run.doc["status"] in (OVER, "pending"):
            return
        row = records.plan(store, number)
        gone: list[int] = []
        while any(_step(store, run, row.doc, node, gone) for node in plans.order(row.doc)):
            pass
        store.save(row)
        _settle(store, run, row.doc)
        for each in gone:
            cancel_any(store, each)


def finish(store: Store, number: int, result: Result) -> None:
    """Takes what a runner came to; a job that was over already stays as it was."""
    with records.whole(store):
        job = store.by_id(number)
        if job is None or job.doc["status"] == OVER:
            return
        results.record(store, job, result)
        after_job(store, job)


def after_job(store: Store, job: Row) -> None:
    """What follows once a job is over: its group, its matrix, its run."""
    _leave(store, job)
    row = records.plan(store, job.doc["run"])
    node = row.doc["nodes"][job.doc["path"]]
    rule = plans.definition(row.doc, node).get("strategy") or {}
    bad = job.doc["conclusion"] == "failure" and not job.doc["tolerated"]
    if bad and rule.get("fail-fast", True) is not False:
        _end_jobs(store, [store.by_id(each) for each in node["jobs"]])
    if node["held"]:
        opening.offer(store, store.by_id(node["held"].pop(0)))
        store.save(row)
    advance(store, job.doc["run"])


def cancel(store: Store, run: Row) -> None:
    """Ends what has not begun, stops what has, and lets `always()` go on."""
    if run.doc["status"] == OVER:
        return
    pending = run.doc["status"] == "pending"
    run.doc["cancelled"] = True
    run.doc["status"] = "queued"
    store.save(run)
    if pending:
        end(store, run, "cancelled")
        return
    row = records.plan(store, run.id)
    for node in plans.order(row.doc):
        node["held"] = []
    store.save(row)
    _end_jobs(store, list(records.jobs(store, run)))
    advance(store, run.id)


def cancel_any(store: Store, number: int) -> None:
    """Ends the run or the job that a newer one of its group takes the place of."""
    row = store.by_id(number)
    if row is not None and row.kind == "run":
        cancel(store, row)
    elif row is not None and row.doc["status"] != OVER:
        _end_jobs(store, [row])
        if row.doc["status"] == OVER:
            advance(store, row.doc["run"])


def end(store: Store, run: Row, conclusion: str) -> None:
    run.doc |= {"status": OVER, "conclusion": conclusion, "ended_at": now()}
    store.save(run)
    live = store.get("live_run", f"repo/{run.doc['repo']}", str(run.id))
    if live:
        store.drop(live)
    if run.doc["group"]:
        _wake(store, groups.leave(store, run.doc["repo"], run.doc["group"], run.id))
    repo = store.by_id(run.doc["repo"])
    if repo:
        settled(store, repo, run.doc["sha"])


def _step(store: Store, run: Row, plan: Plan, node: Node, gone: list[int]) -> bool:
    """Whether a node went on; `gone` collects who has to be cancelled for it."""
    match node["state"]:
        case "pending":
            wanted = (plan["nodes"][contexts.local(node, name)] for name in node["needs"])
            if any(each["state"] != DONE for each in wanted):
                return False
            gone += _open(store, run, plan, node)
            return True
        case "active":
            jobs = [row for each in node["jobs"] if (row := store.by_id(each))]
            if any(row.doc["status"] != OVER for row in jobs):
                return False
            _close(node, jobs)
            return True
        case "calling":
            below = plans.inner(plan, node)
            if any(each["state"] != DONE for each in below):
                return False
            _return(store, run, plan, node, below)
            return True
    return False


def _open(store: Store, run: Row, plan: Plan, node: Node) -> list[int]:
    try:
        return opening.open_node(store, run, plan, node)
    except (BadExpression, ValueError) as error:
        node |= {"state": DONE, "result": "failure"}
        opening.broken(store, run, node, str(error))
        return []


def _close(node: Node, jobs: list[Row]) -> None:
    found = [
        "success"
        if job.doc["tolerated"] and job.doc["conclusion"] == "failure"
        else job.doc["conclusion"]
        for job in jobs
    ]
    outputs: dict[str, str] = {}
    for job in jobs:
        outputs |= {name: text for name, text in job.doc["outputs"].items() if text}
    node |= {"state": DONE, "result": _worst(found), "outputs": outputs}


def _return(store: Store, run: Row, plan: Plan, node: Node, below: list[Node]) -> None:
    """What a called workflow gives back to the job that called it."""
    node |= {"state": DONE, "result": _worst([each["result"] for each in below])}
    node["outputs"] = opening.returned(store, run, plan, node, below)


def _worst(results: list[str]) -> str:
    if results and all(each == "skipped" for each in results):
        return "skipped"
    bad = ("failure", "cancelled", "timed_out", "action_required")
    return next((each for each in bad if each in results), "success")


def _settle(store: Store, run: Row, plan: Plan) -> None:
    """Status and conclusion of a run, as they follow from its jobs."""
    nodes = plans.order(plan)
    jobs = records.jobs(store, run)
    if all(node["state"] == DONE for node in nodes):
        top = [node["result"] for node in nodes if not node["call"]]
        end(store, run, "cancelled" if run.doc["cancelled"] else _worst(top))
        return
    found = {job.doc["status"] for job in jobs}
    begun = OVER in found or "in_progress" in found
    status = "waiting" if "waiting" in found and not found & {"queued", "in_progress"} else ""
    status = status or ("in_progress" if begun else "pending" if found == {"pending"} else "queued")
    # `pending` is kept for runs that wait for their own group.
    run.doc["status"] = "queued" if status == "pending" else status
    store.save(run)


def _end_jobs(store: Store, jobs: list[Row | None]) -> None:
    """Jobs that have not begun are over; those that have are told to stop."""
    for job in jobs:
        if job is None or job.doc["status"] == OVER:
            continue
        if job.doc["status"] == "in_progress":
            if store.workers:
                store.workers.stop(job.id)
            continue
        results.record(store, job, Result("cancelled"))
        _leave(store, job)


def _leave(store: Store, job: Row) -> None:
    if job.doc["group"]:
        _wake(store, groups.leave(store, job.doc["repo"], job.doc["group"], job.id))


def _wake(store: Store, number: int | None) -> None:
    """A run or a job whose turn has come in its group."""
    row = store.by_id(number) if number is not None else None
    if row is None:
        return
    if row.kind == "run":
        row.doc["status"] = "queued"
        store.save(row)
        advance(store, row.id)
    elif row.doc["status"] == "pending":
        opening.admit(store, row)
