"""Recorded milestones, issues and pull requests -> rows that keep number, times and author."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meta.twin import git
from meta.twin.rest import issues
from meta.twin.store import Row, Store

Fields = Mapping[str, Any]
#: Who stands for an account that is gone, on GitHub as well.
GONE = "ghost"


def milestone(store: Store, scope: str, row: Fields) -> None:
    names = ("number", "title", "state", "description", "due_on", "closed_at")
    doc = {name: row.get(name) for name in names}
    doc["creator"] = person(store, row.get("creator"))
    store.add("milestone", scope, str(row["number"]), doc, times(row))
    store.reach(f"{scope}#milestones", int(row["number"]))


def issue(
    store: Store, repo: Row, row: Fields, kind: str = "issue", more: Fields | None = None
) -> None:
    """Labels, milestone and type by their names; what is not there is left out."""
    scope = f"{repo.scope}/{repo.key}"
    labels = [store.get("label", scope, str(name).lower()) for name in row.get("labels", ())]
    stage = store.get("milestone", scope, str(row.get("milestone")))
    sort = store.get("issue_type", repo.scope, str(row.get("type")).lower())
    names = ("number", "title", "body", "state", "state_reason", "closed_at")
    doc = {
        **issues.blank(person(store, row.get("author"))),
        **{name: row.get(name) for name in names},
        "labels": [label.id for label in labels if label],
        "assignees": [person(store, login) for login in row.get("assignees", ())],
        "milestone": stage.id if stage else None,
        "type": sort.id if sort else None,
        "association": row.get("association") or "OWNER",
        **(more or {}),
    }
    store.add(kind, scope, str(row["number"]), doc, times(row))
    store.reach(scope, int(row["number"]))


def pull(store: Store, repo: Row, row: Fields) -> None:
    """An open pull request between two branches that the repository has; others are left out."""
    folder = store.git_dir(repo)
    tips = git.branches(folder)
    head, base = str(row["head"]), str(row["base"])
    if head not in tips or base not in tips:
        return
    more: dict[str, Any] = {
        **dict.fromkeys(("merged_at", "merged_by", "merge_commit_sha")),
        **{"merged": False, "draft": bool(row.get("draft"))},
        **{"head": head, "base": base, "head_sha": tips[head], "base_sha": tips[base]},
        **{"reviewers": [], "team_reviewers": []},
    }
    issue(store, repo, row, "pull", more)
    git.set_ref(folder, f"refs/pull/{row['number']}/head", tips[head])


def tree(store: Store, fields: Fields) -> None:
    """Which issues stand below which, in order: `{"acme/api#1": ["acme/web#7", ...]}`."""
    for above, below in fields.items():
        parent = named(store, above)
        for order, name in enumerate(below, start=1):
            child = named(store, name)
            if parent and child:
                child.doc |= {"parent": parent.id, "sub_order": order}
                store.save(child, touch=False)


def named(store: Store, name: str) -> Row | None:
    """The issue or pull request that `owner/repository#number` names."""
    scope, _, number = name.lower().partition("#")
    return store.get("issue", scope, number) or store.get("pull", scope, number)


def person(store: Store, login: str | None) -> str:
    """The login of whoever acted, who is known from then on."""
    login = login or GONE
    if store.get("user", "", login.lower()) is None:
        store.add("user", "", login.lower(), {"login": login, "name": None})
    return login


def times(row: Fields) -> tuple[str, str]:
    return str(row["created_at"]), str(row["updated_at"])
