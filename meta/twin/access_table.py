"""Method and path -> the permission that a token needs for it. Pure.

Source: GitHub's "Permissions required for fine-grained personal access tokens", and "Scopes for
OAuth apps".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

READS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Need:
    """Any one of `permissions` at `level`; `role` is what the user needs in the repository.

    `open` is whether anyone may do it in a public repository.
    """

    permissions: tuple[str, ...]
    level: str
    role: str = "pull"
    open: bool = False


#: What follows /repos/OWNER/NAME, the permission to read it, that to write it, the writer's role.
REPOSITORY = (
    (r"/(labels|milestones|assignees)\b.*", "issues pull_requests", "issues pull_requests", "push"),
    (r"/issues/\d+/(labels|assignees)\b.*", "issues pull_requests", "issues pull_requests", "push"),
    (r"/issues(/comments)?", "issues", "issues", "pull"),
    (r"/issues/\d+/comments", "issues pull_requests", "issues pull_requests", "pull"),
    (r"/issues\b.*", "issues", "issues", "push"),
    (r"/pulls/\d+/(merge|update-branch)", "contents", "contents", "push"),
    (r"/pulls/\d+/reviews\b.*", "pull_requests", "pull_requests", "pull"),
    (r"/pulls\b.*", "pull_requests", "pull_requests", "push"),
    (r"/commits/.+/status(es)?", "statuses", "statuses", "push"),
    (r"/commits/.+/check-(runs|suites)", "checks", "checks", "push"),
    (r"/branches/.+/(protection\b.*|rename)", "administration", "administration", "admin"),
    (
        r"/(contents|git|commits|compare|readme|merges|releases|tags|branches|tarball|zipball"
        r"|dispatches)\b.*",
        "contents",
        "contents",
        "push",
    ),
    (r"/environments/[^/]+/(secrets|variables)\b.*", "environments", "environments", "admin"),
    (r"/environments\b.*", "actions", "administration", "admin"),
    (r"/deployments\b.*", "deployments", "deployments", "push"),
    (r"/statuses\b.*", "statuses", "statuses", "push"),
    (r"/check-(runs|suites)\b.*", "checks", "checks", "push"),
    (r"/actions/secrets\b.*", "secrets", "secrets", "push"),
    (r"/actions/variables\b.*", "variables", "variables", "push"),
    (r"/actions/permissions\b.*", "administration", "administration", "admin"),
    (r"/actions\b.*", "actions", "actions", "push"),
    (r"/hooks\b.*", "repository_hooks", "repository_hooks", "admin"),
    (
        r"/(keys|autolinks|vulnerability-alerts|automated-security-fixes|invitations)\b.*",
        "administration",
        "administration",
        "admin",
    ),
    (r"/pages\b.*", "pages", "pages", "admin"),
    (r"/properties\b.*", "metadata", "repository_custom_properties", "admin"),
    (r".*", "metadata", "administration", "admin"),
)
#: What follows /orgs/LOGIN.
ORGANIZATION = (
    (r"/(teams|members|memberships|invitations)\b.*", "members", "members"),
    (r"/repos", "metadata", "administration"),
    (r"/hooks\b.*", "organization_hooks", "organization_hooks"),
    (r"/actions/secrets\b.*", "organization_secrets", "organization_secrets"),
    (r"/actions/variables\b.*", "organization_actions_variables", "organization_actions_variables"),
    (r"/properties\b.*", "organization_custom_properties", "organization_custom_properties"),
    (r"/rulesets\b.*", "organization_administration", "organization_administration"),
    (r".*", "metadata", "organization_administration"),
)
#: What anyone may read in a public repository.
PUBLIC = frozenset(
    {"metadata", "contents", "issues", "pull_requests", "actions", "deployments", "statuses"}
) | {"checks"}
#: The permission that a mutation needs, by what its name holds; the first that fits.
MUTATIONS = (
    ("ProjectV2", "organization_projects"),
    ("PullRequest", "pull_requests"),
    ("AutoMerge", "pull_requests"),
    ("Commit", "contents"),
    ("Ref", "contents"),
    ("Issue", "issues"),
    ("Label", "issues"),
    ("Comment", "issues"),
    ("Assignee", "issues"),
    ("Milestone", "issues"),
)
LEVELS = ("none", "read", "write", "admin")


def need(method: str, path: str) -> Need | None:
    """What a path needs; None for what is open to every token."""
    level = "read" if method in READS else "write"
    parts = path.strip("/").split("/", 3)
    tail = "/" + parts[-1] if len(parts) > 3 else ""
    match parts:
        case ["repos", _, _, *_]:
            _, reads, writes, role = next(row for row in REPOSITORY if re.fullmatch(row[0], tail))
            names = tuple((reads if level == "read" else writes).split())
            if level == "read":
                return Need(names, level, open=bool(PUBLIC & {*names}))
            return Need(names, level, role)
        case ["orgs", _, *rest]:
            below = "/" + "/".join(rest) if rest else ""
            _, reads, writes = next(row for row in ORGANIZATION if re.fullmatch(row[0], below))
            return Need((reads if level == "read" else writes,), level, "admin")
        case ["user", "repos"] if level == "write":
            return Need(("administration",), level, "admin")
    return None


def mutation(name: str) -> Need:
    found = (permission for part, permission in MUTATIONS if part in name)
    return Need((next(found, "administration"),), "write")


def covers(permissions: dict[str, str], needed: Need) -> bool:
    """Whether what a token has is enough; reading what a repository is, every token may."""
    least = LEVELS.index(needed.level)
    held = {"metadata": "read", **permissions}
    return any(
        LEVELS.index(held.get(name, "none")) >= least
        for name in needed.permissions
        if held.get(name, "none") in LEVELS
    )
