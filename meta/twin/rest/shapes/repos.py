"""A repository's row -> the forms in which GitHub shows it."""

from __future__ import annotations

from typing import Any

from meta.twin.rest import security
from meta.twin.rest.shapes import users
from meta.twin.store import Row
from meta.twin.web import Call

#: What GitHub's address templates for a repository end in.
TEMPLATES = {
    "forks": "/forks",
    "keys": "/keys{/key_id}",
    "collaborators": "/collaborators{/collaborator}",
    "teams": "/teams",
    "hooks": "/hooks",
    "issue_events": "/issues/events{/number}",
    "events": "/events",
    "assignees": "/assignees{/user}",
    "branches": "/branches{/branch}",
    "tags": "/tags",
    "blobs": "/git/blobs{/sha}",
    "git_tags": "/git/tags{/sha}",
    "git_refs": "/git/refs{/sha}",
    "trees": "/git/trees{/sha}",
    "statuses": "/statuses/{sha}",
    "languages": "/languages",
    "stargazers": "/stargazers",
    "contributors": "/contributors",
    "subscribers": "/subscribers",
    "subscription": "/subscription",
    "commits": "/commits{/sha}",
    "git_commits": "/git/commits{/sha}",
    "comments": "/comments{/number}",
    "issue_comment": "/issues/comments{/number}",
    "contents": "/contents/{+path}",
    "compare": "/compare/{base}...{head}",
    "merges": "/merges",
    "archive": "/{archive_format}{/ref}",
    "downloads": "/downloads",
    "issues": "/issues{/number}",
    "pulls": "/pulls{/number}",
    "milestones": "/milestones{/number}",
    "notifications": "/notifications{?since,all,participating}",
    "labels": "/labels{/name}",
    "releases": "/releases{/id}",
    "deployments": "/deployments",
}
SHOWN = (
    *("homepage", "language", "is_template", "topics", "has_issues", "has_projects"),
    *("has_wiki", "has_pages", "has_downloads", "has_discussions", "archived", "disabled"),
    *("visibility", "pushed_at", "allow_forking", "web_commit_signoff_required"),
    *("default_branch", "license"),
)
MERGING = (
    *("allow_squash_merge", "allow_merge_commit", "allow_rebase_merge", "allow_auto_merge"),
    *("delete_branch_on_merge", "allow_update_branch", "use_squash_pr_title_as_default"),
    *("squash_merge_commit_title", "squash_merge_commit_message"),
    *("merge_commit_title", "merge_commit_message"),
)
PERMISSIONS = ("admin", "maintain", "push", "triage", "pull")


def full_name(row: Row) -> str:
    return f"{row.doc['owner']}/{row.doc['name']}"


def api(call: Call, row: Row) -> str:
    return f"{call.api}/repos/{full_name(row)}"


def web(call: Call, row: Row) -> str:
    return f"{call.web}/{full_name(row)}"


def plain(call: Call, row: Row) -> dict[str, Any]:
    """The form that stands inside a pull request."""
    opened = _open_issues(call, row)
    return {
        "id": row.rest,
        "node_id": row.node,
        "name": row.doc["name"],
        "full_name": full_name(row),
        "private": row.doc["private"],
        "owner": users.simple(call, row.doc["owner"]),
        "description": row.doc["description"],
        "fork": bool(row.doc.get("parent")),
        **_addresses(call, row),
        "created_at": row.created,
        "updated_at": row.updated,
        **{name: row.doc[name] for name in SHOWN},
        "size": 0,
        "forks_count": 0,
        "stargazers_count": 0,
        "watchers_count": 0,
        "open_issues_count": opened,
        "forks": 0,
        "watchers": 0,
        "open_issues": opened,
        "mirror_url": None,
        "disabled": False,
    }


def minimal(call: Call, row: Row) -> dict[str, Any]:
    """The form of lists."""
    policy = {"has_pull_requests": True, "pull_request_creation_policy": "all"}
    return {**plain(call, row), **policy, **_permissions(call)}


def full(call: Call, row: Row) -> dict[str, Any]:
    """The form of one repository that was asked for."""
    owner = call.store.get("org", "", row.scope)
    return {
        **minimal(call, row),
        **{name: row.doc[name] for name in MERGING},
        **({"organization": users.short(call, owner)} if owner else {}),
        "custom_properties": row.doc["custom_properties"],
        **_forked(call, row),
        **({"security_and_analysis": security.analysis(row)} if call.login else {}),
        "temp_clone_token": None,
        "network_count": 0,
        "subscribers_count": 1,
    }


def _forked(call: Call, row: Row) -> dict[str, Any]:
    """Where a fork is from, and where that is from in the end; neither while they are there."""
    line: list[Row] = []
    while row.doc.get("parent") and (found := call.store.by_id(row.doc["parent"])):
        line.append(row := found)
    shown = [minimal(call, each) for each in (*line[:1], *line[-1:])]
    return dict(zip(("parent", "source"), shown, strict=False))


def _permissions(call: Call) -> dict[str, Any]:
    granted = dict.fromkeys(PERMISSIONS, True)
    return {"permissions": granted, "role_name": "admin"} if call.login else {}


def _addresses(call: Call, row: Row) -> dict[str, str]:
    url, html = api(call, row), web(call, row)
    host = call.web.partition("://")[2]
    return {
        "url": url,
        "html_url": html,
        **{f"{name}_url": url + tail for name, tail in TEMPLATES.items()},
        "git_url": f"git://{host}/{full_name(row)}.git",
        "ssh_url": f"git@{host.partition(':')[0]}:{full_name(row)}.git",
        "clone_url": f"{html}.git",
        "svn_url": html,
    }


def _open_issues(call: Call, row: Row) -> int:
    """GitHub counts open pull requests among them."""
    return call.store.count_open(f"{row.scope}/{row.key}")
