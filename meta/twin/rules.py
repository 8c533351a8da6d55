"""The rulesets of a repository and refs about to move -> the rules that this would break."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from meta.twin import git
from meta.twin.store import Row, Store

HEADS = git.HEADS
TAGS = "refs/tags/"

#: Who the twin's administrator is: an owner of the organization, with the role of an admin (5).
OWNER = (("OrganizationAdmin", None), ("RepositoryRole", 5))


@dataclass(frozen=True, slots=True)
class Move:
    """A full ref name and the ids before and after; git.NOTHING stands for no object."""

    ref: str
    old: str
    new: str

    @property
    def branch(self) -> str:
        """ "" for what is no branch."""
        return self.ref.removeprefix(HEADS) if self.ref.startswith(HEADS) else ""


def active(store: Store, repo: Row, ref: str) -> Iterator[Row]:
    """The rulesets in force on a ref, oldest first."""
    for row in store.rows("ruleset", f"{repo.scope}/{repo.key}"):
        if row.doc["enforcement"] == "active" and _covers(row.doc, ref, repo.doc["default_branch"]):
            yield row


def looks_at_history(store: Store, repo: Row, moves: Iterable[Move]) -> bool:
    """Whether a rule needs the new commits to be there before it can say yes."""
    return any(
        (move.branch and classic(store, repo, move.branch))
        or any(
            rule["type"] == "non_fast_forward"
            for ruleset in active(store, repo, move.ref)
            for rule in ruleset.doc["rules"]
        )
        for move in moves
    )


def broken(store: Store, repo: Row, moves: Iterable[Move]) -> tuple[str, ...]:
    """What GitHub says to a direct push, a line each; empty where every move may be made."""
    lines: list[str] = []
    for move in moves:
        old = _old_reasons(store, repo, move)
        if old:
            lines += [f"error: GH006: Protected branch update failed for {move.ref}.", ""]
            lines += [f"- {reason}" for reason in old]
        reasons = _reasons(store, repo, move)
        if reasons:
            lines += [f"error: GH013: Repository rule violations found for {move.ref}.", ""]
            lines += [f"- {reason}" for reason in reasons]
    return tuple(lines)


def _reasons(store: Store, repo: Row, move: Move) -> list[str]:
    if _is_frozen(store, repo, move):
        return ["Cannot change the tag of an immutable release."]
    rulesets = (row for row in active(store, repo, move.ref) if not bypassed(row.doc))
    found = (_reason(store, repo, move, rule) for row in rulesets for rule in row.doc["rules"])
    return list(dict.fromkeys(reason for reason in found if reason))


def classic(store: Store, repo: Row, branch: str) -> Row | None:
    """The classic protection of a branch."""
    return store.get("protection", f"{repo.scope}/{repo.key}", branch)


def _old_reasons(store: Store, repo: Row, move: Move) -> list[str]:
    """What a classic protection says; the twin's administrator obeys all of it only if told to."""
    row = classic(store, repo, move.branch) if move.branch else None
    if row is None or move.old == git.NOTHING:
        return []
    if move.new == git.NOTHING:
        return [] if row.doc["allow_deletions"] else ["Cannot delete a protected branch"]
    folder, found = store.git_dir(repo), []
    if not row.doc["allow_force_pushes"] and not git.is_ancestor(folder, move.old, move.new):
        found.append("Cannot force-push to this branch")
    if row.doc["enforce_admins"] and row.doc["lock_branch"]:
        found.append("Branch is locked")
    if row.doc["enforce_admins"] and row.doc["required_pull_request_reviews"]:
        found.append("Changes must be made through a pull request.")
    return found


def _is_frozen(store: Store, repo: Row, move: Move) -> bool:
    if not move.ref.startswith(TAGS) or move.old == git.NOTHING:
        return False
    tag = move.ref.removeprefix(TAGS)
    rows = store.rows("release", f"{repo.scope}/{repo.key}")
    return any(row.doc["immutable"] and row.doc["tag_name"] == tag for row in rows)


def _reason(store: Store, repo: Row, move: Move, rule: dict[str, Any]) -> str:
    created, deleted = move.old == git.NOTHING, move.new == git.NOTHING
    match rule["type"]:
        case "creation" if created:
            return "Cannot create ref due to creations being restricted."
        case "deletion" if deleted:
            return "Cannot delete this branch"
        case "update" if not created and not deleted:
            return "Cannot update this protected ref."
        case "pull_request" if not created and not deleted:
            return "Changes must be made through a pull request."
        case "non_fast_forward" if not created and not deleted:
            forward = git.is_ancestor(store.git_dir(repo), move.old, move.new)
            return "" if forward else "Cannot force-push to this branch"
    return ""


def bypassed(doc: dict[str, Any]) -> bool:
    """Whether the twin's administrator need not obey a ruleset."""
    return any(
        actor.get("bypass_mode", "always") == "always"
        and any(
            actor.get("actor_type") == kind and number in (None, actor.get("actor_id"))
            for kind, number in OWNER
        )
        for actor in doc["bypass_actors"]
    )


def _covers(doc: dict[str, Any], ref: str, default: str) -> bool:
    if not ref.startswith(TAGS if doc["target"] == "tag" else HEADS):
        return False
    names = (doc.get("conditions") or {}).get("ref_name") or {}
    included, excluded = names.get("include") or [], names.get("exclude") or []
    return _named(included, ref, default) and not _named(excluded, ref, default)


def _named(patterns: Iterable[str], ref: str, default: str) -> bool:
    for pattern in patterns:
        match pattern:
            case "~ALL":
                return True
            case "~DEFAULT_BRANCH":
                if ref == HEADS + default:
                    return True
            case _ if re.fullmatch(_expression(pattern), ref):
                return True
    return False


def _expression(pattern: str) -> str:
    """A pattern of refs, where * stays within a segment and **/ crosses them, as a regex."""
    parts = re.split(r"(\*\*/|\*|\?)", pattern)
    wild = {"**/": "(?:[^/]+/)*", "*": "[^/]*", "?": "[^/]"}
    return "".join(wild.get(part, re.escape(part)) for part in parts)
