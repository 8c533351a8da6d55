"""A repository on a server -> its milestones, issues and open pull requests, ready for a twin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meta.github import Reader
from meta.roadmap_graph import every

Row = Mapping[str, Any]
PAGE = """query($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(first: 50, after: $after, orderBy: {field: CREATED_AT, direction: ASC}) {
      pageInfo { hasNextPage endCursor }
      nodes {
        number title body state stateReason createdAt updatedAt closedAt authorAssociation
        author { login }
        issueType { name }
        milestone { number }
        labels(first: 100) { nodes { name } }
        assignees(first: 20) { nodes { login } }
        subIssues(first: 100) { nodes { number repository { nameWithOwner } } }
      }
    }
  }
}"""


def issues(gh: Reader, scope: str) -> tuple[list[Row], dict[str, list[str]]]:
    """The issues, oldest first, and the names of those below each: `acme/api#1`."""
    owner, _, name = scope.partition("/")

    def page(after: str | None) -> Any:
        return gh.query(PAGE, owner=owner, name=name, after=after)["repository"]["issues"]

    found, trees = [], {}
    for row in every(page):
        found.append(issue(row))
        below = [
            f"{one['repository']['nameWithOwner']}#{one['number']}"
            for one in row["subIssues"]["nodes"]
            if one
        ]
        if below:
            trees[f"{scope}#{row['number']}"] = below
    return found, trees


def issue(row: Row) -> Row:
    return {
        **{name: row[name] for name in ("number", "title", "body")},
        "state": row["state"].lower(),
        "state_reason": (row["stateReason"] or "").lower() or None,
        "created_at": row["createdAt"],
        "updated_at": row["updatedAt"],
        "closed_at": row["closedAt"],
        "association": row["authorAssociation"],
        "author": (row["author"] or {}).get("login"),
        "type": (row["issueType"] or {}).get("name"),
        "milestone": (row["milestone"] or {}).get("number"),
        "labels": [one["name"] for one in row["labels"]["nodes"]],
        "assignees": [one["login"] for one in row["assignees"]["nodes"]],
    }


def milestones(gh: Reader, path: str) -> Iterator[Row]:
    names = (
        *("number", "title", "description", "state", "due_on"),
        *("created_at", "updated_at", "closed_at"),
    )
    for row in gh.pages(f"{path}/milestones", state="all"):
        creator = (row.get("creator") or {}).get("login")
        yield {**{name: row.get(name) for name in names}, "creator": creator}


def pulls(gh: Reader, path: str, scope: str) -> Iterator[Row]:
    """Open ones between branches of the repository itself; a fork's commits are not copied."""
    names = ("number", "title", "body", "state", "draft", "created_at", "updated_at", "closed_at")
    for row in gh.pages(f"{path}/pulls", state="open"):
        if ((row["head"].get("repo") or {}).get("full_name") or "").lower() != scope.lower():
            continue
        yield {
            **{name: row.get(name) for name in names},
            "association": row.get("author_association"),
            "author": (row.get("user") or {}).get("login"),
            "milestone": (row.get("milestone") or {}).get("number"),
            "labels": [one["name"] for one in row["labels"]],
            "assignees": [one["login"] for one in row.get("assignees") or ()],
            "head": row["head"]["ref"],
            "base": row["base"]["ref"],
        }
