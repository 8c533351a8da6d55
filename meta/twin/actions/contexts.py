"""A run and a node of its plan -> what their expressions may look at."""

from __future__ import annotations

from typing import Any

from meta.twin.actions import records
from meta.twin.actions.records import Node, Plan
from meta.twin.store import Row, Store

#: What the needs of a job come down to, the worst first.
WORST = ("failure", "cancelled", "skipped")


def github(store: Store, run: Row, plan: Plan) -> dict[str, Any]:
    """The context of that name, but for its token."""
    repo = records.repo(store, run)
    url = store.workers.url if store.workers else ""
    event, ref = plan["event"], plan["ref"]
    pull = event.get("pull_request") or {}
    full = f"{repo.doc['owner']}/{repo.doc['name']}"
    return {
        "event_name": run.doc["event"],
        "event": event,
        "ref": ref,
        "ref_name": ref.removeprefix("refs/heads/")
        .removeprefix("refs/tags/")
        .removeprefix("refs/pull/"),
        "ref_type": "tag" if ref.startswith("refs/tags/") else "branch",
        "sha": plan["sha"],
        "repository": full,
        "repository_owner": repo.doc["owner"],
        "repository_id": str(repo.rest),
        "run_id": str(run.rest),
        "run_number": str(run.doc["number"]),
        "run_attempt": str(run.doc["attempt"]),
        "actor": run.doc["actor"],
        "triggering_actor": run.doc["actor"],
        "workflow": run.doc["name"],
        "workflow_ref": f"{full}/{run.doc['path']}@{ref}",
        "workflow_sha": plan["sha"],
        "head_ref": (pull.get("head") or {}).get("ref", ""),
        "base_ref": (pull.get("base") or {}).get("ref", ""),
        "server_url": url,
        "api_url": url,
        "graphql_url": f"{url}/graphql",
    }


def of_run(store: Store, run: Row, plan: Plan) -> dict[str, Any]:
    """For `run-name` and the concurrency of a workflow."""
    inputs = plan["inputs"]
    return {"github": github(store, run, plan), "inputs": inputs, "vars": variables(store, run)}


def of_node(store: Store, run: Row, plan: Plan, node: Node) -> dict[str, Any]:
    """For the `if`, the matrix and the names of a job; `status` is what its needs came to."""
    called = plan["calls"].get(node["call"])
    return {
        **of_run(store, run, plan),
        "inputs": called["inputs"] if called else plan["inputs"],
        "needs": needs(plan, node),
        "status": status(run, plan, node),
        "strategy": {},
        "matrix": {},
    }


def needs(plan: Plan, node: Node) -> dict[str, Any]:
    """Result and outputs of the jobs that a job names, by their own names."""
    found = ((name, plan["nodes"][local(node, name)]) for name in node["needs"])
    return {name: {"result": each["result"], "outputs": each["outputs"]} for name, each in found}


def local(node: Node, name: str) -> str:
    """The path of a job beside a node: a called workflow's jobs are below the one that calls."""
    return f"{node['call']}/{name}" if node["call"] else name


def status(run: Row, plan: Plan, node: Node) -> str:
    """success, or the worst of what any job before this one came to."""
    if run.doc["cancelled"]:
        return "cancelled"
    found = {plan["nodes"][each]["result"] for each in before(plan, node)}
    return next((each for each in WORST if each in found), "success")


def before(plan: Plan, node: Node) -> set[str]:
    """The paths of everything that a node depends on, however far."""
    found: set[str] = set()
    wanted = [local(node, name) for name in node["needs"]]
    while wanted:
        path = wanted.pop()
        if path not in found:
            found.add(path)
            other = plan["nodes"][path]
            wanted += [local(other, name) for name in other["needs"]]
    return found


def variables(store: Store, run: Row, environment: int = 0) -> dict[str, str]:
    """Configuration variables: the nearer to the job, the stronger."""
    rows = _reaching(store, "variable", run, environment)
    return {row.doc["name"]: row.doc["value"] for row in rows}


def secrets(store: Store, run: Row, environment: int = 0) -> dict[str, str]:
    """Sealed values by name, the nearer to the job, the stronger."""
    rows = _reaching(store, "secret", run, environment)
    return {row.doc["name"]: row.doc["sealed"] for row in rows}


def _reaching(store: Store, kind: str, run: Row, environment: int) -> list[Row]:
    repo = records.repo(store, run)
    shared = [row for row in store.rows(kind, f"org/{repo.scope}") if reaches(row, repo)]
    own = store.rows(kind, f"repo/{repo.id}")
    return shared + own + (store.rows(kind, f"environment/{environment}") if environment else [])


def reaches(row: Row, repo: Row) -> bool:
    """Whether a repository sees a secret or a variable of its organization."""
    match row.doc["visibility"]:
        case "selected":
            return repo.id in row.doc["repos"]
        case "private":
            return bool(repo.doc["private"])
    return True
