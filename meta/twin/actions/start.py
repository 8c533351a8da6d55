"""A workflow and what set it off -> a run in the store, on its way or waiting for its group."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from meta.twin.actions import advance, contexts, groups, plans, records
from meta.twin.actions.evaluate import fill, text
from meta.twin.actions.expressions import BadExpression
from meta.twin.actions.workflows import Workflow
from meta.twin.store import Row, Store, now

LONGEST_TITLE = 256


@dataclass(frozen=True, slots=True)
class Occasion:
    """`event` is its payload; `ref` is whole, and `sha` what `GITHUB_SHA` is to say.

    `head` is the commit that GitHub shows the run at, `branch` what it shows it on.
    """

    name: str
    event: dict[str, Any]
    ref: str
    sha: str
    actor: str
    title: str = ""
    branch: str | None = None
    head: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
    pulls: tuple[int, ...] = ()


def listed(store: Store, repo: Row, found: Workflow) -> Row:
    """The row of a workflow file, made when it is first seen."""
    scope = f"{repo.scope}/{repo.key}"
    row = store.get("workflow", scope, found.path)
    if row is None:
        doc = {"repo": repo.id, "path": found.path, "name": found.name, "state": "active"}
        return store.add("workflow", scope, found.path, doc)
    if row.doc["name"] != found.name:
        row.doc["name"] = found.name
        store.save(row)
    return row


def start(store: Store, repo: Row, found: Workflow, occasion: Occasion) -> Row:
    """A new run; one that cannot even begin is over at once, as `startup_failure`."""
    run = _row(store, repo, listed(store, repo, found), occasion)
    plan = {
        "workflow": found.doc,
        "event": occasion.event,
        "inputs": occasion.inputs,
        "ref": occasion.ref,
        "sha": occasion.sha,
        "calls": {},
        "nodes": plans.nodes(found.doc.get("jobs") or {}) if not found.problem else {},
    }
    store.add("run_plan", records.inside(run.id), "", plan)
    store.add("live_run", f"repo/{repo.id}", str(run.id), {})
    try:
        if found.problem:
            raise BadExpression(found.problem)
        wanted = _prepare(store, run, plan)
    except BadExpression as error:
        run.doc["problem"] = str(error)
        advance.end(store, run, "startup_failure")
        return run
    enter(store, run, wanted)
    return run


def enter(store: Store, run: Row, wanted: groups.Wish) -> None:
    """Through the group of the workflow, if it has one, and on."""
    run.doc["group"] = wanted.name
    run.doc["wish"] = {"cancel": wanted.cancel, "queue": wanted.queue}
    gone: list[int] = []
    if wanted.name:
        free, gone = groups.enter(store, run.doc["repo"], wanted, run.id)
        run.doc["status"] = "queued" if free else "pending"
    store.save(run)
    for each in gone:
        advance.cancel_any(store, each)
    advance.advance(store, run.id)


def _prepare(store: Store, run: Row, plan: dict[str, Any]) -> groups.Wish:
    seen = contexts.of_run(store, run, plan)
    named = plan["workflow"].get("run-name")
    if named:
        run.doc["title"] = text(named, seen)[:LONGEST_TITLE] or run.doc["title"]
    return groups.wish(fill(plan["workflow"].get("concurrency"), seen))


def _row(store: Store, repo: Row, workflow: Row, occasion: Occasion) -> Row:
    number = store.next_number(f"runs/{repo.id}/{workflow.doc['path']}")
    moment = now()
    doc = {
        "repo": repo.id,
        "workflow": workflow.id,
        "path": workflow.doc["path"],
        "name": workflow.doc["name"],
        "title": (occasion.title or workflow.doc["name"]).splitlines()[0][:LONGEST_TITLE],
        "event": occasion.name,
        "branch": occasion.branch,
        "sha": occasion.head or occasion.sha,
        "number": number,
        "attempt": 1,
        "status": "queued",
        "conclusion": None,
        "cancelled": False,
        "actor": occasion.actor,
        "started_at": moment,
        "group": "",
        "wish": {},
        "pulls": list(occasion.pulls),
    }
    key = str(store.next_number(f"runs/{repo.id}"))
    return store.add("run", f"{repo.scope}/{repo.key}", key, doc)
