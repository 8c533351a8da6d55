"""/forks of a repository: who copied it, and a copy of one's own."""

from __future__ import annotations

import shutil
from typing import Any

from meta.twin.rest import defaults
from meta.twin.rest.shapes import repos, users
from meta.twin.store import Exists, Row, now
from meta.twin.web import Answer, Call, Refusal, invalid, page

#: What a fork takes from where it is from.
TAKEN = ("description", "homepage", "language", "default_branch", "private", "visibility")


def all_of(call: Call, repo: Row) -> Answer:
    rows = call.store.where("repo", "parent", repo.id)
    newest = call.query.get("sort", "newest") != "oldest"
    return page(call, rows[::-1] if newest else rows, lambda row: repos.minimal(call, row))


def create(call: Call, repo: Row) -> Answer:
    """Here at once, where GitHub takes its time; one's own fork is answered again."""
    owner = _owner(call)
    name = str(call.fields.get("name") or repo.doc["name"])
    there = [row for row in call.store.where("repo", "parent", repo.id) if row.scope == owner.key]
    if there:
        return Answer(202, repos.full(call, there[0]))
    if owner.key == repo.scope:
        raise Refusal(403, "A repository cannot be forked to where it is.")
    doc: dict[str, Any] = {**defaults.repository(), **{key: repo.doc[key] for key in TAKEN}}
    doc |= {"name": name, "owner": owner.doc["login"], "parent": repo.id, "has_issues": False}
    try:
        made = call.store.add("repo", owner.key, name.lower(), doc | {"pushed_at": now()})
    except Exists as error:
        words = "name already exists on this account"
        raise invalid("Repository", "name", "custom", words) from error
    for label in defaults.LABELS:
        call.store.add("label", f"{made.scope}/{made.key}", label["name"].lower(), dict(label))
    folder = call.store.git_dir(made)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(call.store.git_dir(repo), folder)
    return Answer(202, repos.full(call, made))


def _owner(call: Call) -> Row:
    name = call.fields.get("organization")
    if not name:
        return users.account(call, call.user())
    found = call.store.get("org", "", str(name).lower())
    if found is None:
        raise invalid("Fork", "organization", "invalid")
    return found


FORKS = "/repos/{owner}/{repo}/forks"
ROUTES = [("GET", FORKS, all_of), ("POST", FORKS, create)]
