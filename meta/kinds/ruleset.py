"""Rulesets that protect branches: reviews, required checks, history.

Only the rules that the manifest can name are meta's; others in the same ruleset are kept.
Source: GitHub REST, "Repository rulesets".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from meta.github import Reader, Ref, Writer
from meta.model import Address, Change, Create, Delete, Entry, Fields

SECTION = "rulesets"
NAME = "ruleset"
CHANGES = ("create", "update", "delete")
SCHEMA = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "properties": {
            "enforcement": {"enum": ["active", "disabled", "evaluate"]},
            "include": {"type": "array", "items": {"type": "string"}, "minItems": 1},
            "approvals": {"type": "integer", "minimum": 0, "maximum": 10},
            "checks": {"type": "array", "items": {"type": "string"}},
            "linear_history": {"type": "boolean"},
            "block_force_push": {"type": "boolean"},
            "block_deletion": {"type": "boolean"},
        },
        "additionalProperties": False,
    },
}
EXAMPLE = """
rulesets:
  main: {include: [~DEFAULT_BRANCH], approvals: 1, checks: [ci], block_deletion: true}
  old: {include: [refs/heads/old], block_force_push: true}
"""
THEN = """
rulesets:
  main: {include: [~DEFAULT_BRANCH], approvals: 2, checks: [ci, docs], linear_history: true}
"""
#: field of the manifest -> the rule's type on GitHub
SWITCHES = {
    "linear_history": "required_linear_history",
    "block_force_push": "non_fast_forward",
    "block_deletion": "deletion",
}
OURS = frozenset({*SWITCHES.values(), "pull_request", "required_status_checks"})
REVIEW = {
    "dismiss_stale_reviews_on_push": True,
    "require_code_owner_review": False,
    "require_last_push_approval": False,
    "required_review_thread_resolution": True,
}


def desired(entry: Entry) -> Iterator[tuple[Address, Fields]]:
    for name, fields in entry.spec[SECTION].items():
        yield Address(entry.scope, NAME, name), {"enforcement": "active", **(fields or {})}


def needs(entry: Entry, address: Address, fields: Fields) -> Iterator[Address]:
    """The files: a check is required once its workflow is there, a review once main is."""
    yield Address(entry.scope, "files", "tree")


def observe(gh: Reader, entry: Entry) -> Iterator[tuple[Address, Fields]]:
    for row in gh.pages(f"/repos/{entry.scope}/rulesets", includes_parents="false"):
        address = Address(entry.scope, NAME, row["name"])
        gh.refs[address] = Ref(database=row["id"])
        yield address, declared(gh.get(f"/repos/{entry.scope}/rulesets/{row['id']}"))


def declared(row: Mapping[str, Any]) -> Fields:
    """GitHub's list of rules -> the fields that the manifest names."""
    rules = {rule["type"]: rule.get("parameters") or {} for rule in row.get("rules") or ()}
    checks = rules.get("required_status_checks", {}).get("required_status_checks", ())
    names = (row.get("conditions") or {}).get("ref_name") or {}
    fields = {
        "enforcement": row["enforcement"],
        "include": list(names.get("include") or ()),
        "checks": [check["context"] for check in checks],
        **{name: rule in rules for name, rule in SWITCHES.items()},
    }
    if "pull_request" in rules:
        fields["approvals"] = rules["pull_request"].get("required_approving_review_count", 0)
    return fields


def apply(gh: Writer, change: Change) -> None:
    rulesets = f"/repos/{change.address.scope}/rulesets"
    if isinstance(change, Create):
        gh.post(rulesets, body(change.address.key, change.after, {}))
        return
    path = f"{rulesets}/{gh.refs[change.address].database}"
    if isinstance(change, Delete):
        gh.delete(path)
        return
    current = gh.get(path)
    gh.put(path, body(change.address.key, {**declared(current), **change.after}, current))


def body(name: str, fields: Fields, current: Mapping[str, Any]) -> Mapping[str, Any]:
    """The whole ruleset as GitHub takes it: ours by `fields`, the rest as in `current`."""
    names = (current.get("conditions") or {}).get("ref_name") or {}
    include = fields.get("include") or ["~DEFAULT_BRANCH"]
    return {
        "name": name,
        "target": "branch",
        "enforcement": fields["enforcement"],
        "bypass_actors": current.get("bypass_actors") or [],
        "conditions": {"ref_name": {"include": include, "exclude": names.get("exclude") or []}},
        "rules": [*rules(fields, current.get("rules") or ())],
    }


def rules(fields: Fields, current: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    yield from (rule for rule in current if rule["type"] not in OURS)
    yield from ({"type": rule} for name, rule in SWITCHES.items() if fields.get(name))
    have = {rule["type"]: rule.get("parameters") or {} for rule in current}
    if "approvals" in fields:
        count = {"required_approving_review_count": fields["approvals"]}
        review = {**REVIEW, **have.get("pull_request", {}), **count}
        yield {"type": "pull_request", "parameters": review}
    if fields.get("checks"):
        strict = {"strict_required_status_checks_policy": False}
        wanted = {"required_status_checks": [{"context": name} for name in fields["checks"]]}
        checks = {**strict, **have.get("required_status_checks", {}), **wanted}
        yield {"type": "required_status_checks", "parameters": checks}
