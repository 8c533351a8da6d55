"""A workflow -> the nodes of a run's plan: its jobs, and those of what it calls. Pure."""

from __future__ import annotations

from typing import Any

from meta.twin.actions.evaluate import Contexts, fill, text_of
from meta.twin.actions.matrix import title
from meta.twin.actions.records import Node, Plan
from meta.twin.actions.triggers import settings
from meta.twin.actions.workflows import needs

PENDING, ACTIVE, CALLING, DONE = "pending", "active", "calling", "done"
#: GitHub's limit on workflows that call workflows.
DEEPEST = 10


def nodes(jobs: dict[str, Any], call: str = "") -> dict[str, Node]:
    """One node for each job; `call` is the path of the job that called them."""
    made = {}
    for name, job in jobs.items():
        path = f"{call}/{name}" if call else name
        made[path] = blank({"path": path, "name": name, "call": call, "needs": needs(job)})
    return made


def blank(node: Node) -> Node:
    """A node as it is before its job: nothing came of it yet."""
    kept = {name: node[name] for name in ("path", "name", "call", "needs")}
    return {**kept, "state": PENDING, "result": "", "outputs": {}, "jobs": [], "held": []}


def definition(plan: Plan, node: Node) -> dict[str, Any]:
    """The job of a node, as its workflow has it."""
    job = workflow(plan, node)["jobs"][node["name"]]
    return dict(job)


def workflow(plan: Plan, node: Node) -> dict[str, Any]:
    """The workflow that a node's job is in."""
    found = plan["calls"][node["call"]]["workflow"] if node["call"] else plan["workflow"]
    return dict(found)


def display(plan: Plan, node: Node, contexts: Contexts) -> str:
    """What a job is called: its own name, or its key and combination; after its caller's."""
    job = definition(plan, node)
    combination = contexts.get("matrix") or {}
    named = job.get("name")
    own = text_of(fill(named, contexts)) if named else title(node["name"], combination)
    if named and combination and "${{" not in str(named):
        own = title(own, combination)
    return f"{plan['calls'][node['call']]['title']} / {own}" if node["call"] else own


def inputs(workflow: dict[str, Any], event: str, given: dict[str, Any]) -> dict[str, Any]:
    """What was given, with the workflow's own defaults; raises ValueError for what is missing.

    Of numbers and yes or no, a text becomes one.
    """
    wanted = settings(workflow.get("on"), event).get("inputs") or {}
    unknown = set(given) - set(wanted)
    if unknown:
        raise ValueError(f"Unexpected inputs provided: {sorted(unknown)}")
    return {name: _input(name, rule or {}, given.get(name)) for name, rule in wanted.items()}


def _input(name: str, rule: dict[str, Any], given: Any) -> Any:
    found = rule.get("default") if given is None else given
    if found in (None, "") and rule.get("required"):
        raise ValueError(f"Required input '{name}' not provided")
    match rule.get("type", "string"):
        case "boolean":
            return found in (True, "true")
        case "number":
            return float(found or 0)
        case "choice" if found and found not in rule.get("options", []):
            raise ValueError(f"Provided value '{found}' for input '{name}' not in the list")
    return "" if found is None else text_of(found)


def order(plan: Plan) -> list[Node]:
    return list(plan["nodes"].values())


def inner(plan: Plan, node: Node) -> list[Node]:
    """The jobs of the workflow that a node calls."""
    return [each for each in order(plan) if each["call"] == node["path"]]


def after(plan: Plan, paths: set[str]) -> set[str]:
    """Paths, and everything that depends on them, below them or around them."""
    found = set(paths)
    while True:
        more = {each["path"] for each in order(plan) if _depends(each, found)} - found
        if not more:
            return found
        found |= more


def _depends(node: Node, paths: set[str]) -> bool:
    prefix = f"{node['call']}/" if node["call"] else ""
    needed = any(prefix + name in paths for name in node["needs"])
    # A job that calls a workflow goes again with its jobs, and they with it.
    below = any(path.startswith(node["path"] + "/") for path in paths)
    return needed or below or node["call"] in paths
