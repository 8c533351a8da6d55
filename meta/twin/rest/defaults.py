"""What GitHub gives a new repository: its settings and its nine labels. Pure."""

from __future__ import annotations

from typing import Any

#: Settings that a client may change, and their type.
SETTINGS: dict[str, type] = {
    **dict.fromkeys(("has_issues", "has_projects", "has_wiki", "has_discussions"), bool),
    **dict.fromkeys(("is_template", "archived", "allow_forking"), bool),
    **dict.fromkeys(("allow_squash_merge", "allow_merge_commit", "allow_rebase_merge"), bool),
    **dict.fromkeys(("allow_auto_merge", "delete_branch_on_merge", "allow_update_branch"), bool),
    **dict.fromkeys(("use_squash_pr_title_as_default", "web_commit_signoff_required"), bool),
    **dict.fromkeys(("squash_merge_commit_title", "squash_merge_commit_message"), str),
    **dict.fromkeys(("merge_commit_title", "merge_commit_message"), str),
    "custom_properties": dict,
}
CHOICES = {
    "squash_merge_commit_title": ("PR_TITLE", "COMMIT_OR_PR_TITLE"),
    "squash_merge_commit_message": ("PR_BODY", "COMMIT_MESSAGES", "BLANK"),
    "merge_commit_title": ("PR_TITLE", "MERGE_MESSAGE"),
    "merge_commit_message": ("PR_BODY", "PR_TITLE", "BLANK"),
}
ON = (
    *("has_issues", "has_projects", "has_wiki", "has_downloads", "allow_forking"),
    *("allow_squash_merge", "allow_merge_commit", "allow_rebase_merge"),
)
OFF = (
    *("private", "has_discussions", "has_pages", "is_template", "archived", "disabled"),
    *("allow_auto_merge", "delete_branch_on_merge", "allow_update_branch"),
    *("use_squash_pr_title_as_default", "web_commit_signoff_required"),
)

#: Name, colour and description, as GitHub has them.
LABELS: tuple[dict[str, Any], ...] = tuple(
    {"name": name, "color": color, "description": description, "default": True}
    for name, color, description in (
        ("bug", "d73a4a", "Something isn't working"),
        ("documentation", "0075ca", "Improvements or additions to documentation"),
        ("duplicate", "cfd3d7", "This issue or pull request already exists"),
        ("enhancement", "a2eeef", "New feature or request"),
        ("good first issue", "7057ff", "Good for newcomers"),
        ("help wanted", "008672", "Extra attention is needed"),
        ("invalid", "e4e669", "This doesn't seem right"),
        ("question", "d876e3", "Further information is requested"),
        ("wontfix", "ffffff", "This will not be worked on"),
    )
)


def repository() -> dict[str, Any]:
    """Everything of a new repository but its name and owner."""
    return {
        **dict.fromkeys(ON, True),
        **dict.fromkeys(OFF, False),
        "description": None,
        "homepage": None,
        "language": None,
        "license": None,
        "topics": [],
        "visibility": "public",
        "default_branch": "main",
        "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
        "squash_merge_commit_message": "COMMIT_MESSAGES",
        "merge_commit_title": "MERGE_MESSAGE",
        "merge_commit_message": "PR_TITLE",
        "custom_properties": {},
        "pushed_at": None,
    }
