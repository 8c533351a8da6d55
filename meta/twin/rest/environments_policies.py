"""/deployment-branch-policies of an environment: which branches and tags may deploy to it."""

from __future__ import annotations

from typing import Any

from meta.twin.rest.labels import scope
from meta.twin.store import Row, row_id
from meta.twin.web import Answer, Call, Refusal, page, there, whole

KIND = "branch_policy"


def all_of(call: Call, repo: Row, environment_name: str) -> Answer:
    rows = call.store.rows(KIND, _place(call, repo, environment_name))
    return page(call, rows, _shown, "branch_policies")


def show(call: Call, repo: Row, environment_name: str, policy_id: str) -> dict[str, Any]:
    return _shown(_find(call, repo, environment_name, policy_id))


def create(call: Call, repo: Row, environment_name: str) -> Answer:
    """One that is there already is answered with where it is."""
    place, name = _place(call, repo, environment_name), call.text("name")
    kind = call.fields.get("type") or "branch"
    if kind not in ("branch", "tag"):
        raise Refusal(422, "Invalid request.\n\ntype must be branch or tag.")
    found = call.store.get(KIND, place, f"{kind}/{name}")
    if found:
        url = f"{call.api}{call.path}/{found.rest}"
        return Answer(303, None, {"Location": url})
    row = call.store.add(KIND, place, f"{kind}/{name}", {"name": name, "type": kind})
    return Answer(200, _shown(row))


def update(call: Call, repo: Row, environment_name: str, policy_id: str) -> dict[str, Any]:
    row = _find(call, repo, environment_name, policy_id)
    row.doc["name"] = call.text("name")
    row.key = f"{row.doc['type']}/{row.doc['name']}"
    call.store.save(row)
    return _shown(row)


def delete(call: Call, repo: Row, environment_name: str, policy_id: str) -> None:
    call.store.drop(_find(call, repo, environment_name, policy_id))


def _place(call: Call, repo: Row, name: str) -> str:
    """Only an environment that names its branches itself has policies; raises NotFound."""
    row = there(call.store.get("environment", scope(repo), name.lower()))
    policy = row.doc["deployment_branch_policy"] or {}
    there(row if policy.get("custom_branch_policies") or call.method == "GET" else None)
    return f"environment/{row.id}"


def _find(call: Call, repo: Row, name: str, number: str) -> Row:
    place = _place(call, repo, name)
    row = there(call.store.by_id(row_id(KIND, whole(number))))
    return there(row if row.kind == KIND and row.scope == place else None)


def _shown(row: Row) -> dict[str, Any]:
    shown = {"id": row.rest, "node_id": row.node}
    return {**shown, "name": row.doc["name"], "type": row.doc["type"]}


POLICIES = "/repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies"
ONE = f"{POLICIES}/{{policy_id}}"
ROUTES = [
    ("GET", POLICIES, all_of),
    ("POST", POLICIES, create),
    ("GET", ONE, show),
    ("PUT", ONE, update),
    ("DELETE", ONE, delete),
]
