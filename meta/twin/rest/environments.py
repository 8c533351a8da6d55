"""/environments of a repository: list, show, set (as a whole), delete."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from meta.twin.rest.labels import scope
from meta.twin.rest.shapes import repos, teams, users
from meta.twin.store import Row, row_id
from meta.twin.web import Answer, Call, Refusal, invalid, page, there

LONGEST_WAIT = 43_200
MOST_REVIEWERS = 6


def all_of(call: Call, repo: Row) -> Answer:
    rows = call.store.rows("environment", scope(repo))
    return page(call, rows, lambda row: _shown(call, repo, row), "environments")


def show(call: Call, repo: Row, name: str) -> dict[str, Any]:
    return _shown(call, repo, _find(call, repo, name))


def put(call: Call, repo: Row, name: str) -> dict[str, Any]:
    """What a call leaves out goes back to nothing: an environment is set as a whole."""
    doc = {
        "name": name,
        "wait_timer": _wait(call.fields.get("wait_timer")),
        "prevent_self_review": bool(call.fields.get("prevent_self_review")),
        "reviewers": _reviewers(call),
        "deployment_branch_policy": _policy(call.fields.get("deployment_branch_policy")),
    }
    row = call.store.get("environment", scope(repo), name.lower())
    if row is None:
        row = call.store.add("environment", scope(repo), name.lower(), doc)
    else:
        row.doc |= doc | {"name": row.doc["name"]}
        call.store.save(row)
    return _shown(call, repo, row)


def delete(call: Call, repo: Row, name: str) -> None:
    call.store.drop(_find(call, repo, name))


def _find(call: Call, repo: Row, name: str) -> Row:
    return there(call.store.get("environment", scope(repo), name.lower()))


def _wait(minutes: Any) -> int:
    if minutes is None:
        return 0
    if not isinstance(minutes, int) or not 0 <= minutes <= LONGEST_WAIT:
        raise Refusal(422, f"Invalid request.\n\nwait_timer must be between 0 and {LONGEST_WAIT}.")
    return minutes


def _policy(policy: Any) -> dict[str, bool] | None:
    if policy is None:
        return None
    names = ("protected_branches", "custom_branch_policies")
    kept = {name: bool(policy.get(name)) for name in names}
    if kept["protected_branches"] == kept["custom_branch_policies"]:
        message = "protected_branches and custom_branch_policies cannot have the same value"
        raise invalid("Environment", "deployment_branch_policy", "custom", message)
    return kept


def _reviewers(call: Call) -> list[dict[str, Any]]:
    """Kind and row of each; raises Refusal for whoever is not there."""
    given = call.fields.get("reviewers") or []
    if len(given) > MOST_REVIEWERS:
        raise Refusal(422, f"Invalid request.\n\nAt most {MOST_REVIEWERS} reviewers.")
    found = []
    for each in given:
        kind = {"User": "user", "Team": "team"}.get(each.get("type"), "")
        row = call.store.by_id(row_id(kind, each.get("id") or 0))
        if row is None or row.kind != kind:
            raise invalid("Environment", "reviewers", "invalid")
        found.append({"type": each["type"], "row": row.id})
    return found


def _shown(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    name = quote(row.doc["name"], safe="")
    log = f"{repos.web(call, repo)}/deployments/activity_log?environments_filter={name}"
    return {
        "id": row.rest,
        "node_id": row.node,
        "name": row.doc["name"],
        "url": f"{repos.api(call, repo)}/environments/{name}",
        "html_url": log,
        "created_at": row.created,
        "updated_at": row.updated,
        "can_admins_bypass": True,
        "protection_rules": _protection(call, row),
        "deployment_branch_policy": row.doc["deployment_branch_policy"],
    }


def _protection(call: Call, row: Row) -> list[dict[str, Any]]:
    """Only what is set, in GitHub's order."""
    rules: list[dict[str, Any]] = []
    if row.doc["wait_timer"]:
        rules.append({"type": "wait_timer", "wait_timer": row.doc["wait_timer"]})
    if row.doc["reviewers"] or row.doc["prevent_self_review"]:
        reviewers = [shown for each in row.doc["reviewers"] if (shown := reviewer(call, each))]
        prevented = row.doc["prevent_self_review"]
        rule = {"type": "required_reviewers", "prevent_self_review": prevented}
        rules.append({**rule, "reviewers": reviewers})
    if row.doc["deployment_branch_policy"]:
        rules.append({"type": "branch_policy"})
    ids = (row.rest * 10 + at for at in range(len(rules)))
    return [
        {"id": number, "node_id": f"GA_{number}", **rule}
        for number, rule in zip(ids, rules, strict=True)
    ]


def reviewer(call: Call, each: dict[str, Any]) -> dict[str, Any] | None:
    row = call.store.by_id(each["row"])
    if row is None:
        return None
    shown = users.short(call, row) if row.kind == "user" else teams.simple(call, row)
    return {"type": each["type"], "reviewer": shown}


ENVIRONMENTS = "/repos/{owner}/{repo}/environments"
ROUTES = [
    ("GET", ENVIRONMENTS, all_of),
    ("GET", f"{ENVIRONMENTS}/{{name*}}", show),
    ("PUT", f"{ENVIRONMENTS}/{{name*}}", put),
    ("DELETE", f"{ENVIRONMENTS}/{{name*}}", delete),
]
