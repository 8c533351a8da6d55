"""A pull request's row -> the forms in which GitHub shows it."""

from __future__ import annotations

from typing import Any

from meta.twin import git, reviews
from meta.twin.rest import checking
from meta.twin.rest.shapes import issues, repos, teams, users
from meta.twin.store import Row, Store
from meta.twin.web import Call


def simple(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    """The form of lists."""
    url, doc = f"{repos.api(call, repo)}/pulls/{row.key}", row.doc
    html = f"{repos.web(call, repo)}/pull/{row.key}"
    asked = [call.store.get("team", repo.scope, slug) for slug in doc["team_reviewers"]]
    return {
        "url": url,
        "id": row.rest,
        "node_id": row.node,
        "number": int(row.key),
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        **_addresses(call, repo, row),
        **issues.shared(call, repo, row),
        "merged_at": doc["merged_at"],
        "merge_commit_sha": doc["merge_commit_sha"],
        "requested_reviewers": [users.simple(call, login) for login in doc["reviewers"]],
        "requested_teams": [teams.team(call, each) for each in asked if each],
        "head": _side(call, repo, doc["head"], doc["head_sha"]),
        "base": _side(call, repo, doc["base"], doc["base_sha"]),
        "_links": _links(call, repo, row),
        "auto_merge": _auto_merge(call, doc),
        "draft": doc["draft"],
    }


def full(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    """The form of one pull request that was asked for."""
    folder, doc = call.store.git_dir(repo), row.doc
    open_ = doc["state"] == "open"
    clean = mergeable(call.store, repo, row) if open_ else None
    span = f"{doc['base_sha']}...{doc['head_sha']}"
    lines = git.text(folder, "diff", "--numstat", span).splitlines()
    added, gone = (sum(_number(line.split("\t")[at]) for line in lines) for at in (0, 1))
    count = git.text(folder, "rev-list", "--count", f"{doc['base_sha']}..{doc['head_sha']}")
    return {
        **simple(call, repo, row),
        "merged": doc["merged"],
        "mergeable": clean,
        "rebaseable": clean,
        "mergeable_state": _state(call.store, repo, row, clean),
        "merged_by": users.simple(call, doc["merged_by"]),
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": int(count),
        "additions": added,
        "deletions": gone,
        "changed_files": len(lines),
    }


def mergeable(store: Store, repo: Row, row: Row) -> bool:
    """Whether git can merge the two sides without a conflict."""
    sides = (row.doc["base_sha"], row.doc["head_sha"])
    try:
        git.run(store.git_dir(repo), "merge-tree", "--write-tree", *sides)
    except git.GitFailed:
        return False
    return True


def _auto_merge(call: Call, doc: dict[str, Any]) -> dict[str, Any] | None:
    how = doc.get("auto_merge")
    if not how:
        return None
    return {
        "enabled_by": users.simple(call, how["by"]),
        "merge_method": how["method"],
        "commit_title": how.get("commit_title") or "",
        "commit_message": how.get("commit_message") or "",
    }


def _state(store: Store, repo: Row, row: Row, clean: bool | None) -> str:
    if clean is None:
        return "unknown"
    if not clean:
        return "dirty"
    if row.doc["draft"]:
        return "draft"
    states = checking.states(store, repo, row.doc["head_sha"])
    if reviews.in_the_way(store, repo, row, states):
        return "blocked"
    return "unstable" if {"failure", "error", "pending"} & set(states.values()) else "clean"


def _side(call: Call, repo: Row, branch: str, sha: str) -> dict[str, Any]:
    return {
        "label": f"{repo.doc['owner']}:{branch}",
        "ref": branch,
        "sha": sha,
        "user": users.simple(call, repo.doc["owner"]),
        "repo": repos.plain(call, repo),
    }


def _addresses(call: Call, repo: Row, row: Row) -> dict[str, str]:
    api = repos.api(call, repo)
    return {
        "issue_url": f"{api}/issues/{row.key}",
        "commits_url": f"{api}/pulls/{row.key}/commits",
        "review_comments_url": f"{api}/pulls/{row.key}/comments",
        "review_comment_url": f"{api}/pulls/comments{{/number}}",
        "comments_url": f"{api}/issues/{row.key}/comments",
        "statuses_url": f"{api}/statuses/{row.doc['head_sha']}",
    }


def _links(call: Call, repo: Row, row: Row) -> dict[str, dict[str, str]]:
    addresses = _addresses(call, repo, row)
    places = {
        "self": f"{repos.api(call, repo)}/pulls/{row.key}",
        "html": f"{repos.web(call, repo)}/pull/{row.key}",
        "issue": addresses["issue_url"],
        "comments": addresses["comments_url"],
        "review_comments": addresses["review_comments_url"],
        "review_comment": addresses["review_comment_url"],
        "commits": addresses["commits_url"],
        "statuses": addresses["statuses_url"],
    }
    return {name: {"href": place} for name, place in places.items()}


def _number(text: str) -> int:
    """Lines of a file; git counts none in binary files."""
    return int(text) if text.isdigit() else 0
