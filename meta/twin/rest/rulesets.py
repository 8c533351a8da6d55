"""/rulesets of a repository and the rules in force on a branch; pushes obey them (rules.py)."""

from __future__ import annotations

from typing import Any

from meta.twin import rules
from meta.twin.rest.labels import scope
from meta.twin.rest.shapes import repos
from meta.twin.store import NotFound, Row, row_id
from meta.twin.web import Answer, Call, invalid, page, there, whole

ENFORCEMENTS = ("active", "evaluate", "disabled")
TARGETS = ("branch", "tag", "push")
FIELDS = ("name", "target", "enforcement", "bypass_actors", "conditions", "rules")
RULES = (
    *("creation", "update", "deletion", "required_linear_history", "merge_queue"),
    *("required_deployments", "required_signatures", "pull_request", "required_status_checks"),
    *("non_fast_forward", "commit_message_pattern", "commit_author_email_pattern"),
    *("committer_email_pattern", "branch_name_pattern", "tag_name_pattern", "workflows"),
    *("code_scanning", "copilot_code_review", "file_path_restriction", "max_file_path_length"),
    *("file_extension_restriction", "max_file_size"),
)

#: What GitHub fills in where a rule's parameters leave it out.
DEFAULTS: dict[str, dict[str, Any]] = {
    "pull_request": {
        "required_approving_review_count": 0,
        "dismiss_stale_reviews_on_push": False,
        "required_reviewers": [],
        "require_code_owner_review": False,
        "require_last_push_approval": False,
        "required_review_thread_resolution": False,
        "allowed_merge_methods": ["merge", "squash", "rebase"],
    },
    "required_status_checks": {
        "strict_required_status_checks_policy": False,
        "do_not_enforce_on_create": False,
        "required_status_checks": [],
    },
    "update": {"update_allows_fetch_and_merge": False},
}


def all_of(call: Call, repo: Row) -> Answer:
    """Lists leave conditions, rules and bypass actors out, as GitHub's do."""
    rows = call.store.rows("ruleset", scope(repo))
    return page(call, rows, lambda row: _shown(call, repo, row))


def show(call: Call, repo: Row, number: str) -> dict[str, Any]:
    return _whole(call, repo, _find(call, repo, number))


def create(call: Call, repo: Row) -> Answer:
    call.text("name"), call.text("enforcement")
    doc: dict[str, Any] = {"target": "branch", "bypass_actors": [], "rules": []}
    doc |= {"conditions": {"ref_name": {"include": [], "exclude": []}}}
    _change(call, repo, doc, 0)
    key = str(call.store.next_number(f"{scope(repo)}#rulesets"))
    row = call.store.add("ruleset", scope(repo), key, doc)
    return Answer(201, _whole(call, repo, row))


def update(call: Call, repo: Row, number: str) -> dict[str, Any]:
    row = _find(call, repo, number)
    _change(call, repo, row.doc, row.id)
    call.store.save(row)
    return _whole(call, repo, row)


def delete(call: Call, repo: Row, number: str) -> None:
    call.store.drop(_find(call, repo, number))


def of_branch(call: Call, repo: Row, branch: str) -> Answer:
    """Every rule in force on a branch, with the ruleset that it comes from."""
    found = [
        rule | _source(repo) | {"ruleset_id": row.rest}
        for row in rules.active(call.store, repo, rules.HEADS + branch)
        for rule in row.doc["rules"]
    ]
    return page(call, found, lambda rule: rule)


def _find(call: Call, repo: Row, number: str) -> Row:
    row = there(call.store.by_id(row_id("ruleset", whole(number))))
    if row.kind != "ruleset" or row.scope != scope(repo):
        raise NotFound
    return row


def _source(repo: Row) -> dict[str, str]:
    kind = {"ruleset_source_type": "Repository"}
    return kind | {"ruleset_source": repos.full_name(repo)}


def _shown(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    links = {
        "self": {"href": f"{repos.api(call, repo)}/rulesets/{row.rest}"},
        "html": {"href": f"{repos.web(call, repo)}/rules/{row.rest}"},
    }
    return {
        "id": row.rest,
        "name": row.doc["name"],
        "target": row.doc["target"],
        "source_type": "Repository",
        "source": repos.full_name(repo),
        "enforcement": row.doc["enforcement"],
        "node_id": row.node,
        "_links": links,
        "created_at": row.created,
        "updated_at": row.updated,
    }


def _whole(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    more = {"conditions": row.doc["conditions"], "rules": row.doc["rules"]}
    if call.login:
        bypass = "always" if rules.bypassed(row.doc) else "never"
        more |= {"bypass_actors": row.doc["bypass_actors"], "current_user_can_bypass": bypass}
    return _shown(call, repo, row) | more


def _change(call: Call, repo: Row, doc: dict[str, Any], own: int) -> None:
    doc |= {name: call.fields[name] for name in FIELDS if call.fields.get(name) is not None}
    for name, allowed in (("enforcement", ENFORCEMENTS), ("target", TARGETS)):
        if doc[name] not in allowed:
            raise invalid("RepositoryRuleset", name, "invalid")
    for row in call.store.rows("ruleset", scope(repo)):
        if row.id != own and row.doc["name"].lower() == doc["name"].lower():
            raise invalid("RepositoryRuleset", "name", "custom", "Name must be unique")
    doc["rules"] = [_rule(rule) for rule in doc["rules"]]
    doc["bypass_actors"] = [{"bypass_mode": "always", **each} for each in doc["bypass_actors"]]
    names = (doc["conditions"] or {}).get("ref_name") or {}
    both = {"include": names.get("include") or [], "exclude": names.get("exclude") or []}
    doc["conditions"] = {"ref_name": both}


def _rule(rule: Any) -> dict[str, Any]:
    kind = rule.get("type") if isinstance(rule, dict) else None
    if kind not in RULES:
        raise invalid("RepositoryRuleset", "rules", "invalid", f"Invalid rule '{kind}'")
    given = rule.get("parameters") or {}
    parameters = {**DEFAULTS.get(kind, {}), **given}
    return {"type": kind, **({"parameters": parameters} if parameters else {})}


RULESETS = "/repos/{owner}/{repo}/rulesets"
ROUTES = [
    ("GET", RULESETS, all_of),
    ("POST", RULESETS, create),
    ("GET", f"{RULESETS}/{{number}}", show),
    ("PUT", f"{RULESETS}/{{number}}", update),
    ("DELETE", f"{RULESETS}/{{number}}", delete),
    ("GET", "/repos/{owner}/{repo}/rules/branches/{branch*}", of_branch),
]
