"""/repos and where repositories are made: create, show, change, rename, delete, topics."""

from __future__ import annotations

import re
import shutil
from typing import Any

from meta.twin import git, relations
from meta.twin.rest import defaults, firstcommit, security
from meta.twin.rest.shapes import repos as shapes
from meta.twin.rest.shapes import users as shapes_users
from meta.twin.rest.users import visible
from meta.twin.store import Exists, Row, now
from meta.twin.web import Answer, Call, Refusal, invalid, page

NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
TOPIC = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")
MOST_TOPICS = 20
TAKEN = "name already exists on this account"
NO_BRANCH = (
    "The branch {} was not found. Please push that ref first or create it via the Git Data API."
)
BAD_TOPIC = (
    "Topics must start with a lowercase letter or number, consist of 50 characters or less, "
    "and can include hyphens."
)


def of_org(call: Call, org: Row) -> Answer:
    return page(call, visible(call, org), lambda repo: shapes.minimal(call, repo))


def show(call: Call, repo: Row) -> dict[str, Any]:
    return shapes.full(call, repo)


def create_in_org(call: Call, org: Row) -> Answer:
    return _create(call, org)


def create_own(call: Call) -> Answer:
    return _create(call, shapes_users.account(call, call.user()))


def _create(call: Call, owner: Row) -> Answer:
    name = _valid_name(call.text("name"))
    doc = {**defaults.repository(), "name": name, "owner": owner.doc["login"]}
    doc["pushed_at"] = now()
    _change(doc, call.fields)
    try:
        repo = call.store.add("repo", owner.key, name.lower(), doc)
    except Exists as error:
        raise invalid("Repository", "name", "custom", TAKEN) from error
    old = call.store.get("moved", owner.key, name.lower())
    if old:
        call.store.drop(old)
    for label in defaults.LABELS:
        call.store.add("label", f"{repo.scope}/{repo.key}", label["name"].lower(), dict(label))
    git.init(call.store.git_dir(repo), doc["default_branch"])
    if call.fields.get("auto_init"):
        firstcommit.make(call, repo)
    shown = shapes.full(call, repo)
    return Answer(201, shown, {"Location": shown["url"]})


def update(call: Call, repo: Row) -> dict[str, Any]:
    fields = call.fields
    branch = fields.get("default_branch")
    if branch and branch != repo.doc["default_branch"]:
        if branch not in git.branches(call.store.git_dir(repo)):
            raise invalid("Repository", "default_branch", "invalid", NO_BRANCH.format(branch))
        repo.doc["default_branch"] = branch
        git.run(call.store.git_dir(repo), "symbolic-ref", "HEAD", f"refs/heads/{branch}")
    _change(repo.doc, fields)
    if fields.get("name") and fields["name"] != repo.doc["name"]:
        _rename(call, repo, _valid_name(fields["name"]))
    call.store.save(repo)
    return shapes.full(call, repo)


def delete(call: Call, repo: Row) -> None:
    relations.forget_repo(call.store, repo)
    call.store.drop_scope(f"{repo.scope}/{repo.key}")
    for kind in ("team_repo", "moved"):
        for row in call.store.where(kind, "repo", repo.id):
            call.store.drop(row)
    call.store.drop(repo)
    shutil.rmtree(call.store.git_dir(repo), ignore_errors=True)


def topics(call: Call, repo: Row) -> dict[str, Any]:
    return {"names": repo.doc["topics"]}


def set_topics(call: Call, repo: Row) -> dict[str, Any]:
    names = call.fields.get("names")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Refusal(422, 'Invalid request.\n\n"names" wasn\'t supplied.')
    lowered = list(dict.fromkeys(name.lower() for name in names))
    if len(lowered) > MOST_TOPICS:
        words = f"A repository cannot have more than {MOST_TOPICS} topics."
        raise Refusal(422, "Validation Failed", [words])
    if not all(TOPIC.fullmatch(name) for name in lowered):
        raise Refusal(422, "Validation Failed", [BAD_TOPIC])
    repo.doc["topics"] = lowered
    call.store.save(repo)
    return topics(call, repo)


def _valid_name(name: str) -> str:
    """GitHub puts a dash for every run of characters that it does not allow."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", name).removesuffix(".git")
    if not NAME.fullmatch(name) or name in (".", ".."):
        raise invalid("Repository", "name", "custom", "name is not valid")
    return name


def _change(doc: dict[str, Any], fields: dict[str, Any]) -> None:
    """Takes the settings that GitHub knows; other fields are passed over, as GitHub does."""
    for name, kind in defaults.SETTINGS.items():
        value = fields.get(name)
        if value is None:
            continue
        if not isinstance(value, kind):
            raise Refusal(
                422, f"Invalid request.\n\nFor '{name}', {value!r} is not a {kind.__name__}."
            )
        doc[name] = value
    for name in ("description", "homepage"):
        if name in fields:
            doc[name] = fields[name] or None
    for name, allowed in defaults.CHOICES.items():
        if doc[name] not in allowed:
            raise invalid("Repository", name, "invalid")
    security.take(doc, fields.get("security_and_analysis"))
    _see(doc, fields)


def _see(doc: dict[str, Any], fields: dict[str, Any]) -> None:
    """`private` and `visibility` are two names of one setting."""
    if fields.get("visibility"):
        if fields["visibility"] not in ("public", "private", "internal"):
            raise invalid("Repository", "visibility", "invalid")
        doc["visibility"] = fields["visibility"]
        doc["private"] = doc["visibility"] != "public"
    elif "private" in fields:
        doc["private"] = bool(fields["private"])
        doc["visibility"] = "private" if doc["private"] else "public"


def _rename(call: Call, repo: Row, name: str) -> None:
    old, before, folder = f"{repo.scope}/{repo.key}", repo.key, call.store.git_dir(repo)
    repo.doc["name"], repo.key = name, name.lower()
    if repo.key == before:
        return
    try:
        call.store.save(repo)
    except Exists as error:
        raise invalid("Repository", "name", "custom", TAKEN) from error
    call.store.rescope(old, f"{repo.scope}/{repo.key}")
    stale = call.store.get("moved", repo.scope, repo.key)
    if stale:
        call.store.drop(stale)
    call.store.add("moved", repo.scope, before, {"repo": repo.id, "rest": repo.rest})
    folder.rename(call.store.git_dir(repo))


ROUTES = [
    ("GET", "/orgs/{org}/repos", of_org),
    ("POST", "/orgs/{org}/repos", create_in_org),
    ("POST", "/user/repos", create_own),
    ("GET", "/repos/{owner}/{repo}", show),
    ("PATCH", "/repos/{owner}/{repo}", update),
    ("DELETE", "/repos/{owner}/{repo}", delete),
    ("GET", "/repos/{owner}/{repo}/topics", topics),
    ("PUT", "/repos/{owner}/{repo}/topics", set_topics),
]
