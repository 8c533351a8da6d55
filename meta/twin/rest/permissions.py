"""What Actions may do in a repository and an organization."""

from __future__ import annotations

from typing import Any

from meta.twin.actions import records
from meta.twin.store import Row
from meta.twin.web import Call, Refusal

KIND = "actions_permissions"
ALLOWED = ("all", "local_only", "selected")
REACH = ("all", "none", "selected")
DEFAULT = {
    "enabled": True,
    "enabled_repositories": "all",
    "allowed_actions": "all",
    "sha_pinning_required": False,
    "default_workflow_permissions": "read",
    "can_approve_pull_request_reviews": False,
    "access_level": "none",
    "github_owned_allowed": True,
    "verified_allowed": True,
    "patterns_allowed": [],
}
WORKFLOW = ("default_workflow_permissions", "can_approve_pull_request_reviews")
SELECTED = ("github_owned_allowed", "verified_allowed", "patterns_allowed")


def of_repo(call: Call, repo: Row) -> dict[str, Any]:
    return _some(call, repo, "enabled", "allowed_actions", "sha_pinning_required")


def set_repo(call: Call, repo: Row) -> None:
    if not isinstance(call.fields.get("enabled"), bool):
        raise Refusal(422, 'Invalid request.\n\n"enabled" wasn\'t supplied.')
    _set(call, repo, "enabled", "allowed_actions", "sha_pinning_required")


def of_org(call: Call, org: Row) -> dict[str, Any]:
    return _some(call, org, "enabled_repositories", "allowed_actions", "sha_pinning_required")


def set_org(call: Call, org: Row) -> None:
    call.text("enabled_repositories")
    _set(call, org, "enabled_repositories", "allowed_actions", "sha_pinning_required")


def workflow(call: Call, row: Row) -> dict[str, Any]:
    return _some(call, row, *WORKFLOW)


def set_workflow(call: Call, row: Row) -> None:
    _set(call, row, *WORKFLOW)


def selected(call: Call, row: Row) -> dict[str, Any]:
    _only_where_selected(call, row)
    return _some(call, row, *SELECTED)


def set_selected(call: Call, row: Row) -> None:
    _only_where_selected(call, row)
    _set(call, row, *SELECTED)


def access(call: Call, repo: Row) -> dict[str, Any]:
    return _some(call, repo, "access_level")


def set_access(call: Call, repo: Row) -> None:
    _set(call, repo, "access_level")


def _place(row: Row) -> str:
    return f"repo/{row.id}" if row.kind == "repo" else f"org/{row.key}"


def _doc(call: Call, row: Row) -> dict[str, Any]:
    found = call.store.get(KIND, _place(row), "")
    return {**DEFAULT, **(found.doc if found else {})}


def _some(call: Call, row: Row, *names: str) -> dict[str, Any]:
    doc = _doc(call, row)
    shown = {name: doc[name] for name in names}
    return shown if doc["enabled"] or "enabled" not in names else {"enabled": False}


def _set(call: Call, row: Row, *names: str) -> None:
    given = {name: call.fields[name] for name in names if call.fields.get(name) is not None}
    choices = {
        "allowed_actions": ALLOWED,
        "enabled_repositories": REACH,
        "default_workflow_permissions": ("read", "write"),
        "access_level": ("none", "user", "organization"),
    }
    for name, value in given.items():
        wrong = value not in choices[name] if name in choices else not _fits(name, value)
        if wrong:
            raise Refusal(422, f"Invalid request.\n\n{value!r} is not a {name}.")
    records.put(call.store, KIND, _place(row), "", _doc(call, row) | given)


def _fits(name: str, value: Any) -> bool:
    return isinstance(value, type(DEFAULT[name]))


def _only_where_selected(call: Call, row: Row) -> None:
    if _doc(call, row)["allowed_actions"] != "selected":
        raise Refusal(409, "Conflict: allowed_actions is not set to selected.")


REPO, ORG = "/repos/{owner}/{repo}/actions/permissions", "/orgs/{org}/actions/permissions"
BOTH = (
    ("workflow", workflow, set_workflow),
    ("selected-actions", selected, set_selected),
)
ROUTES = [
    ("GET", REPO, of_repo),
    ("PUT", REPO, set_repo),
    ("GET", f"{REPO}/access", access),
    ("PUT", f"{REPO}/access", set_access),
    ("GET", ORG, of_org),
    ("PUT", ORG, set_org),
    *(("GET", f"{base}/{tail}", get) for base in (REPO, ORG) for tail, get, _ in BOTH),
    *(("PUT", f"{base}/{tail}", put) for base in (REPO, ORG) for tail, _, put in BOTH),
]
