"""A pull request -> what people said of it, and what still stands in the way of merging it."""

from __future__ import annotations

from typing import Any

from meta.twin import access_roles, rules
from meta.twin.store import Row, Store

KIND = "review"
#: Verdicts; comments say nothing for or against.
OPINIONS = ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")


def of(store: Store, pull: Row) -> list[Row]:
    """Every review, oldest first."""
    return store.rows(KIND, f"reviews:{pull.id}")


def opinions(store: Store, pull: Row) -> dict[str, Row]:
    """The last verdict of each reviewer."""
    said = [row for row in of(store, pull) if row.doc["state"] in OPINIONS]
    return {row.doc["author"]: row for row in said}


def latest(store: Store, pull: Row) -> list[Row]:
    """The last review of each reviewer that is not pending."""
    said = [row for row in of(store, pull) if row.doc["state"] != "PENDING"]
    return list({row.doc["author"]: row for row in said}.values())


def decision(store: Store, repo: Row, pull: Row) -> str | None:
    """GitHub's one word for what those who may write say; None where no review is required."""
    needed = approvals_needed(store, repo, pull)
    if needed == 0:
        return None
    states = [
        row.doc["state"]
        for login, row in opinions(store, pull).items()
        if access_roles.at_least(access_roles.role(store, login, repo), "push")
    ]
    if "CHANGES_REQUESTED" in states:
        return "CHANGES_REQUESTED"
    return "APPROVED" if states.count("APPROVED") >= needed else "REVIEW_REQUIRED"


def approvals_needed(store: Store, repo: Row, pull: Row) -> int:
    counts = [
        int(each.get("required_approving_review_count") or 0)
        for each in _parameters(store, repo, pull, "pull_request")
    ]
    return max(counts, default=0)


def checks_needed(store: Store, repo: Row, pull: Row) -> list[str]:
    """The contexts that must be green."""
    found = [
        str(check["context"])
        for each in _parameters(store, repo, pull, "required_status_checks")
        for check in each["required_status_checks"]
    ]
    return list(dict.fromkeys(found))


def methods_allowed(store: Store, repo: Row, pull: Row) -> set[str]:
    """The ways of merging that rules leave: all, where they say nothing."""
    left = {"merge", "squash", "rebase"}
    for each in _parameters(store, repo, pull, "pull_request"):
        left &= set(each.get("allowed_merge_methods") or left)
    return left


def in_the_way(store: Store, repo: Row, pull: Row, states: dict[str, str]) -> list[str]:
    """Why rules keep it from being merged, a line each; `states` are those of its head."""
    needed, lines = approvals_needed(store, repo, pull), []
    word = decision(store, repo, pull)
    if word == "CHANGES_REQUESTED":
        lines.append("Changes have been requested by reviewers with write access.")
    elif word == "REVIEW_REQUIRED":
        reviews = "1 approving review is" if needed == 1 else f"{needed} approving reviews are"
        lines.append(f"At least {reviews} required by reviewers with write access.")
    for name in checks_needed(store, repo, pull):
        state = states.get(name, "expected")
        if state != "success":
            words = {"expected": "expected", "pending": "in progress"}.get(state, "failing")
            lines.append(f'Required status check "{name}" is {words}.')
    return lines


def follow(store: Store, repo: Row, pull: Row) -> None:
    """New commits: approvals of what was before are dismissed where a rule says so."""
    if not any(
        each.get("dismiss_stale_reviews_on_push")
        for each in _parameters(store, repo, pull, "pull_request")
    ):
        return
    for row in opinions(store, pull).values():
        if row.doc["state"] == "APPROVED":
            row.doc["state"] = "DISMISSED"
            store.save(row)


def _parameters(store: Store, repo: Row, pull: Row, kind: str) -> list[dict[str, Any]]:
    """What every rule of a sort says about the branch that a pull request goes into."""
    branch = str(pull.doc["base"])
    found = [
        rule.get("parameters") or {}
        for row in rules.active(store, repo, rules.HEADS + branch)
        if not rules.bypassed(row.doc)
        for rule in row.doc["rules"]
        if rule["type"] == kind
    ]
    classic = rules.classic(store, repo, branch)
    # Whoever acts on a twin administers it, and a classic rule need not hold for those.
    if classic and classic.doc["enforce_admins"]:
        found += _as_rule(classic.doc, kind)
    return found


def _as_rule(doc: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """A classic protection in the words of a ruleset's rule."""
    asked, checks = doc["required_pull_request_reviews"], doc["required_status_checks"]
    if kind == "pull_request" and asked:
        stale = {"dismiss_stale_reviews_on_push": asked["dismiss_stale_reviews"]}
        return [asked | stale]
    if kind == "required_status_checks" and checks:
        return [{"required_status_checks": checks["checks"]}]
    return []
