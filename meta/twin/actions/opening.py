"""A node whose needs are over -> its jobs, queued, waiting or skipped."""

from __future__ import annotations

from typing import Any

from meta.twin import git
from meta.twin.actions import contexts, gates, groups, matrix, plans, records, results, workflows
from meta.twin.actions.evaluate import fill, holds, text, truthy
from meta.twin.actions.expressions import BadExpression
from meta.twin.actions.plans import ACTIVE, CALLING, DONE
from meta.twin.actions.records import Node, Plan
from meta.twin.actions.triggers import settings
from meta.twin.actions.work import Result
from meta.twin.store import NotFound, Row, Store


def open_node(store: Store, run: Row, plan: Plan, node: Node) -> list[int]:
    """Starts a node; who has to be cancelled for it. Raises BadExpression, ValueError."""
    seen = contexts.of_node(store, run, plan, node)
    job = plans.definition(plan, node)
    if not holds(job.get("if"), seen):
        node |= {"state": DONE, "result": "skipped"}
        if not run.doc["cancelled"]:
            _over(store, run, node, plans.display(plan, node, {}), "skipped")
        return []
    if "uses" in job:
        _call(store, run, plan, node, seen)
        return []
    strategy = fill(job.get("strategy") or {}, seen)
    combinations = matrix.combinations(strategy.get("matrix"))
    node |= {"state": ACTIVE, "jobs": [], "held": []}
    made = [_job(store, run, plan, node, seen | {"matrix": each}) for each in combinations]
    node["jobs"] = [row.id for row in made]
    gone: list[int] = []
    most = int(strategy.get("max-parallel") or len(made))
    node["held"] = [row.id for row in made[most:]]
    for row in made[:most]:
        gone += enter(store, row)
    return gone


def enter(store: Store, job: Row) -> list[int]:
    """Through the concurrency group of a job, if it has one, then its environment."""
    wanted = groups.Wish(**job.doc["wish"])
    if not wanted.name:
        admit(store, job)
        return []
    free, gone = groups.enter(store, job.doc["repo"], wanted, job.id)
    if free:
        admit(store, job)
    else:
        job.doc["status"] = "pending"
        store.save(job)
    return gone


def admit(store: Store, job: Row) -> None:
    """Through the environment of a job, if it has one, then to the runners."""
    if gates.holds_back(store, job):
        return
    job.doc["status"] = "queued"
    store.save(job)
    if store.workers:
        store.workers.offer(job.id)


def offer(store: Store, job: Row | None) -> None:
    """A job of a matrix that was held for `max-parallel`."""
    if job is not None and job.doc["status"] == "queued":
        enter(store, job)


def broken(store: Store, run: Row, node: Node, why: str) -> None:
    """A job that cannot begin: it failed, and its log says why."""
    job = _over(store, run, node, node["path"].replace("/", " / "), "failure")
    records.set_log(store, job, f"##[error]{why}\n")


def returned(store: Store, run: Row, plan: Plan, node: Node, below: list[Node]) -> dict[str, str]:
    """The outputs of a called workflow."""
    wanted = settings(plan["calls"][node["path"]]["workflow"].get("on"), "workflow_call")
    seen = contexts.of_node(store, run, plan, node)
    jobs = {each["name"]: {"result": each["result"], "outputs": each["outputs"]} for each in below}
    seen |= {"jobs": jobs, "inputs": plan["calls"][node["path"]]["inputs"]}
    rules = wanted.get("outputs") or {}
    return {name: text(rule.get("value", ""), seen) for name, rule in rules.items()}


def _over(store: Store, run: Row, node: Node, name: str, conclusion: str) -> Row:
    doc = {"path": node["path"], "name": name, "matrix": {}, "labels": [], "wish": {"name": ""}}
    job = records.add_job(store, run, doc | {"tolerated": False, "environment": None})
    node["jobs"] = [job.id]
    results.record(store, job, Result(conclusion))
    return job


def _job(store: Store, run: Row, plan: Plan, node: Node, seen: dict[str, Any]) -> Row:
    job = plans.definition(plan, node)
    wanted = groups.wish(fill(job.get("concurrency"), seen))
    doc = {
        "path": node["path"],
        "name": plans.display(plan, node, seen),
        "matrix": seen["matrix"],
        "labels": _labels(fill(job.get("runs-on"), seen)),
        "tolerated": truthy(fill(job.get("continue-on-error"), seen)),
        "environment": _environment(fill(job.get("environment"), seen)),
        "group": wanted.name,
        "wish": {"name": wanted.name, "cancel": wanted.cancel, "queue": wanted.queue},
    }
    return records.add_job(store, run, doc)


def _labels(given: Any) -> list[str]:
    if isinstance(given, dict):
        given = given.get("labels") or given.get("group")
    return [str(each) for each in given] if isinstance(given, list) else [str(given)]


def _environment(given: Any) -> dict[str, str] | None:
    if not given:
        return None
    if isinstance(given, dict):
        name = str(given.get("name") or "")
        return {"name": name, "url": str(given.get("url") or "")} if name else None
    return {"name": str(given), "url": ""}


def _call(store: Store, run: Row, plan: Plan, node: Node, seen: dict[str, Any]) -> None:
    """Puts the jobs of a called workflow into the plan, below the job that calls it."""
    job = plans.definition(plan, node)
    found = _find(store, run, plan, str(job["uses"]))
    if node["path"].count("/") + 1 >= plans.DEEPEST:
        raise BadExpression(f"workflows call each other more than {plans.DEEPEST} deep")
    if found.problem:
        raise BadExpression(f"{job['uses']}: {found.problem}")
    given = fill(job.get("with") or {}, seen)
    plan["calls"][node["path"]] = {
        "workflow": found.doc,
        "inputs": plans.inputs(found.doc, "workflow_call", given),
        "secrets": job.get("secrets") or {},
        "title": plans.display(plan, node, seen),
    }
    node["state"] = CALLING
    plan["nodes"] |= plans.nodes(found.doc["jobs"], node["path"])


def _find(store: Store, run: Row, plan: Plan, uses: str) -> workflows.Workflow:
    """The workflow of `./path` or `owner/name/path@ref`; raises BadExpression."""
    repo, commit, path = records.repo(store, run), plan["sha"], uses.removeprefix("./")
    if not uses.startswith("./"):
        place, _, ref = uses.partition("@")
        owner, name, path = (*place.split("/", 2), "", "")[:3]
        try:
            repo = store.repo(owner, name)
        except NotFound as error:
            raise BadExpression(f"the twin has no repository {owner}/{name}: {uses}") from error
        commit = git.resolve(store.git_dir(repo), ref) or ""
    found = workflows.one(store.git_dir(repo), commit, path)
    if found is None or "workflow_call" not in (found.doc.get("on") or {}):
        raise BadExpression(f"there is no workflow to call at {uses}")
    return found
