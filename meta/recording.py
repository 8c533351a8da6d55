"""A live organization, read only -> the same organization on a twin, to rehearse on. Wiring.

Not taken: secrets and variables, comments, releases, closed pull requests, webhooks, runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from meta import git, recording_board, recording_issues
from meta.errors import GitHubError, MetaError
from meta.github import Reader, Writer

Row = Mapping[str, Any]
#: GraphQL refuses within an answer of 200; 410 is for issues that are switched off.
REFUSED = (200, 403, 404, 410)
#: Settings of a repository as REST names them.
SETTINGS = (
    *("full_name", "description", "homepage", "topics", "private", "visibility", "archived"),
    *("has_issues", "has_projects", "has_wiki", "has_discussions", "is_template", "allow_forking"),
    *("allow_squash_merge", "allow_merge_commit", "allow_rebase_merge", "allow_auto_merge"),
    *("delete_branch_on_merge", "allow_update_branch", "web_commit_signoff_required"),
    *("use_squash_pr_title_as_default", "squash_merge_commit_title", "merge_commit_title"),
    *("squash_merge_commit_message", "merge_commit_message", "custom_properties"),
)


def copy(source: Reader, twin: Writer, owner: str, say: Callable[[str], None]) -> None:
    """Copy an organization from `source`, where nothing is written, to a twin without it.

    Raises MetaError where there is no such organization, or the twin has one with repositories.
    """
    found = source.find(f"/orgs/{owner}")
    if found is None:
        raise MetaError(
            f"there is no organization {owner!r} on {source.server.api_url}",
            where="--from",
            hint="name an organization that the token may read",
        )
    names = [row["full_name"] for row in source.pages(f"/orgs/{owner}/repos")]
    rows = [source.get(f"/repos/{name}") for name in names]
    load(twin, {"organization": organization(source, found, rows)})
    trees: dict[str, Any] = {}
    for row in rows:
        commits(source, twin, row["full_name"])
        part, below = repository(source, row, say)
        load(twin, {"repository": part})
        trees |= below
        counted = f"{len(part['issues'])} issues, {len(part['labels'])} labels"
        say(f"{row['full_name']}: {counted}, {len(part['rulesets'])} rulesets")
    load(twin, {"tree": trees})
    for board in readable(recording_board.boards(source, owner), f"{owner}: boards", say):
        load(twin, {"board": board})
        say(f"board {board['title']!r}: {len(board['items'])} items")


def load(twin: Writer, part: Row) -> None:
    try:
        twin.post("/_twin/load", part)
    except GitHubError as error:
        if error.status != 422:
            raise
        hint = "empty the twin with `meta twin reset`, or serve another --data folder"
        raise MetaError(error.message, where=twin.server.api_url, hint=hint) from None


def readable(rows: Iterable[Row], what: str, say: Callable[[str], None]) -> Iterator[Row]:
    """The rows, none where the token may not see them or GitHub has none: that is said."""
    try:
        yield from rows
    except GitHubError as error:
        if error.status not in REFUSED or "rate limit" in error.message.lower():
            raise
        say(f"{what} are left out: {error.message}")


def organization(gh: Reader, found: Row, rows: list[Row]) -> Row:
    owner = found["login"]
    return {
        **{name: found.get(name) for name in ("login", "name", "description")},
        "types": gh.find(f"/orgs/{owner}/issue-types") or [],
        "teams": [
            {
                **{name: row[name] for name in ("name", "slug", "description", "privacy")},
                "parent": (row.get("parent") or {}).get("slug"),
            }
            for row in gh.pages(f"/orgs/{owner}/teams")
        ],
        "repositories": [{name: row[name] for name in ("name", "default_branch")} for row in rows],
    }


def commits(source: Reader, twin: Writer, scope: str) -> None:
    git.copy_refs(
        f"{source.server.git_url}/{scope}.git",
        f"{twin.server.git_url}/{scope}.git",
        token=source.server.token,
        target_token=twin.server.token,
    )


def repository(
    gh: Reader, row: Row, say: Callable[[str], None]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Everything in a repository but its files, and which of its issues have which below them."""
    scope, path = row["full_name"], f"/repos/{row['full_name']}"
    issues, trees = recording_issues.issues(gh, scope)
    parts = {
        "labels": gh.pages(f"{path}/labels"),
        "milestones": recording_issues.milestones(gh, path),
        "pulls": recording_issues.pulls(gh, path, scope),
        "environments": environments(gh, path),
        "rulesets": rulesets(gh, path),
        "teams": access(gh, path),
    }
    found = {name: [*readable(rows, f"{scope}: {name}", say)] for name, rows in parts.items()}
    settings = {name: row[name] for name in SETTINGS if name in row}
    last = max((one["number"] for one in newest(gh, path)), default=0)
    return {**settings, **found, "issues": issues, "last": last}, trees


def newest(gh: Reader, path: str) -> Any:
    """The issue or pull request with the highest number, in a list."""
    try:
        return gh.get(f"{path}/issues", state="all", sort="created", direction="desc", per_page=1)
    except GitHubError as error:
        if error.status in REFUSED:
            return []
        raise


def access(gh: Reader, path: str) -> Iterator[Row]:
    for row in gh.pages(f"{path}/teams"):
        yield {name: row[name] for name in ("slug", "permission")}


def environments(gh: Reader, path: str) -> Iterator[Row]:
    for row in gh.pages(f"{path}/environments", inside="environments"):
        rules = {rule["type"]: rule for rule in row.get("protection_rules") or ()}
        review = rules.get("required_reviewers", {})
        policy = row.get("deployment_branch_policy")
        yield {
            "name": row["name"],
            "deployment_branch_policy": policy,
            "wait_timer": rules.get("wait_timer", {}).get("wait_timer", 0),
            "prevent_self_review": review.get("prevent_self_review", False),
            "reviewers": [
                {
                    "type": one["type"],
                    "name": one["reviewer"].get("slug") or one["reviewer"]["login"],
                }
                for one in review.get("reviewers", ())
                if one["reviewer"]
            ],
        }


def rulesets(gh: Reader, path: str) -> Iterator[Row]:
    """The repository's own; who may pass them by is told to its administrators alone."""
    for row in gh.pages(f"{path}/rulesets", includes_parents="false"):
        full = gh.get(f"{path}/rulesets/{row['id']}")
        names = ("name", "target", "enforcement", "conditions", "rules")
        kept = {name: full.get(name) for name in names}
        yield {
            **kept,
            "rules": kept["rules"] or [],
            "bypass_actors": full.get("bypass_actors") or [],
        }
