"""Rows of labels, milestones, issues and comments -> the JSON that GitHub shows of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from meta.twin import relations
from meta.twin.rest.shapes import repos, users
from meta.twin.store import Row
from meta.twin.web import Call

REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def association(call: Call, repo: Row, row: Row) -> str:
    """What an author is to the repository: as recorded, else what whoever has a token is."""
    usual = "MEMBER" if call.store.get("org", "", repo.scope) else "OWNER"
    return str(row.doc.get("association") or usual)


def label(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    return {
        "id": row.rest,
        "node_id": row.node,
        "url": f"{repos.api(call, repo)}/labels/{quote(row.doc['name'], safe='')}",
        "name": row.doc["name"],
        "color": row.doc["color"],
        "default": row.doc.get("default", False),
        "description": row.doc.get("description"),
    }


def milestone(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    url = f"{repos.api(call, repo)}/milestones/{row.key}"
    states = [
        holder.doc["state"]
        for kind in ("issue", "pull")
        for holder in call.store.where(kind, "milestone", row.id)
    ]
    return {
        "url": url,
        "html_url": f"{repos.web(call, repo)}/milestone/{row.key}",
        "labels_url": f"{url}/labels",
        "id": row.rest,
        "node_id": row.node,
        "number": int(row.key),
        "title": row.doc["title"],
        "description": row.doc.get("description"),
        "creator": users.simple(call, row.doc.get("creator")),
        "open_issues": states.count("open"),
        "closed_issues": states.count("closed"),
        "state": row.doc.get("state", "open"),
        "created_at": row.created,
        "updated_at": row.updated,
        "due_on": row.doc.get("due_on"),
        "closed_at": row.doc.get("closed_at"),
    }


def issue(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    """An issue, or the issue that a pull request is as well."""
    url = f"{repos.api(call, repo)}/issues/{row.key}"
    place = "pull" if row.kind == "pull" else "issues"
    shown = {
        "url": url,
        "repository_url": repos.api(call, repo),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "html_url": f"{repos.web(call, repo)}/{place}/{row.key}",
        "id": issue_id(row),
        "node_id": row.node,
        "number": int(row.key),
        **shared(call, repo, row),
        "state_reason": row.doc.get("state_reason"),
        "type": _type(call, row),
        "performed_via_github_app": None,
        "closed_by": users.simple(call, row.doc.get("closed_by")),
        "reactions": reactions(url),
        "sub_issues_summary": sub_issues_summary(call, row),
        "issue_dependencies_summary": relations.counts(call.store, row),
    }
    parent = call.store.by_id(row.doc["parent"]) if row.doc.get("parent") else None
    if parent:
        owner = repo_of(call, parent)
        shown["parent_issue_url"] = f"{repos.api(call, owner)}/issues/{parent.key}"
    return shown | (_pull_links(call, repo, row) if row.kind == "pull" else {})


def issue_type(row: Row) -> dict[str, Any]:
    return {
        "id": row.rest,
        "node_id": row.node,
        "name": row.doc["name"],
        "description": row.doc["description"],
        "color": row.doc["color"],
        "created_at": row.created,
        "updated_at": row.updated,
        "is_enabled": row.doc["is_enabled"],
    }


def issue_id(row: Row) -> int:
    """The database id of an issue; a pull request has one of its own beside it."""
    return 5_000_000_000 + row.id


def shared(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    """What issues and pull requests have in common."""
    people = [users.simple(call, login) for login in row.doc.get("assignees") or ()]
    found = (call.store.by_id(number) for number in row.doc.get("labels") or ())
    stone = call.store.by_id(row.doc["milestone"]) if row.doc.get("milestone") else None
    return {
        "title": row.doc["title"],
        "body": row.doc.get("body"),
        "state": row.doc["state"],
        "user": users.simple(call, row.doc["author"]),
        "labels": [label(call, repo, each) for each in found if each],
        "milestone": milestone(call, repo, stone) if stone else None,
        "assignee": people[0] if people else None,
        "assignees": people,
        "locked": False,
        "active_lock_reason": None,
        "comments": len(call.store.where("comment", "issue", row.id)),
        "created_at": row.created,
        "updated_at": row.updated,
        "closed_at": row.doc.get("closed_at"),
        "author_association": association(call, repo, row),
    }


def comment(call: Call, repo: Row, holder: Row, row: Row) -> dict[str, Any]:
    url = f"{repos.api(call, repo)}/issues/comments/{row.rest}"
    place = "pull" if holder.kind == "pull" else "issues"
    return {
        "url": url,
        "html_url": f"{repos.web(call, repo)}/{place}/{holder.key}#issuecomment-{row.rest}",
        "issue_url": f"{repos.api(call, repo)}/issues/{holder.key}",
        "id": row.rest,
        "node_id": row.node,
        "user": users.simple(call, row.doc["author"]),
        "created_at": row.created,
        "updated_at": row.updated,
        "body": row.doc["body"],
        "author_association": association(call, repo, row),
        "reactions": reactions(url),
        "performed_via_github_app": None,
    }


def reactions(url: str) -> dict[str, Any]:
    return {"url": f"{url}/reactions", "total_count": 0, **dict.fromkeys(REACTIONS, 0)}


def repo_of(call: Call, row: Row) -> Row:
    """The repository that an issue is in."""
    owner, _, name = row.scope.partition("/")
    return call.store.repo(owner, name)


def sub_issues_summary(call: Call, row: Row) -> dict[str, int]:
    states = [child.doc["state"] for child in call.store.where("issue", "parent", row.id)]
    closed = states.count("closed")
    percent = closed * 100 // len(states) if states else 0
    return {"total": len(states), "completed": closed, "percent_completed": percent}


def _type(call: Call, row: Row) -> dict[str, Any] | None:
    found = call.store.by_id(row.doc["type"]) if row.doc.get("type") else None
    return issue_type(found) if found else None


def _pull_links(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    html = f"{repos.web(call, repo)}/pull/{row.key}"
    links = {
        "url": f"{repos.api(call, repo)}/pulls/{row.key}",
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "merged_at": row.doc.get("merged_at"),
    }
    return {"draft": row.doc.get("draft", False), "pull_request": links}
