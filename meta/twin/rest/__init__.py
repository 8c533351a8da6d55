"""A call -> what GitHub's REST API answers: one table of routes, one module per area."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlencode

from meta.twin.rest import (
    actions,
    apps,
    assets,
    autolinks,
    branches,
    collaborators,
    comments,
    commits,
    contents,
    dependencies,
    deploykeys,
    environments,
    forks,
    gitdata,
    hooks,
    issue_labels,
    issue_types,
    issues,
    labels,
    members,
    merges,
    milestones,
    orgs,
    pages_settings,
    properties,
    protection,
    pulls,
    refs,
    releases,
    repos,
    reviews,
    rulesets,
    search,
    security,
    subissues,
    team_repos,
    teams,
    users,
)
from meta.twin.routes import match, table
from meta.twin.store import Exists, NotFound, Row, row_id
from meta.twin.web import Answer, Call, Refusal

AREAS = (
    actions,
    assets,
    autolinks,
    apps,
    branches,
    collaborators,
    comments,
    commits,
    contents,
    dependencies,
    deploykeys,
    environments,
    forks,
    gitdata,
    hooks,
    issue_labels,
    issue_types,
    issues,
    labels,
    members,
    merges,
    milestones,
    orgs,
    pages_settings,
    properties,
    protection,
    pulls,
    refs,
    releases,
    repos,
    reviews,
    rulesets,
    search,
    security,
    subissues,
    team_repos,
    teams,
    users,
)
TABLE = table(route for area in AREAS for route in area.ROUTES)

#: A repository that is archived can be read, unarchived and deleted.
OPEN_IN_ARCHIVE = ("GET", "DELETE")


def answer(call: Call) -> Answer:
    """Carries a call out, whole or not at all; raises Refusal."""
    found = match(TABLE, call.method, _by_name(call))
    if found is None:
        raise Refusal(501, f"the twin has no {call.method} {call.path}")
    handler, parts = found
    try:
        if call.method == "GET":
            return _answer(handler(call, *_subjects(call, parts), **parts))
        call.user()
        with call.store.transaction():
            return _answer(handler(call, *_subjects(call, parts), **parts))
    except NotFound as error:
        raise Refusal(404, "Not Found") from error
    except Exists as error:
        raise Refusal(422, "Validation Failed", [{"code": "already_exists"}]) from error
    except Moved as moved:
        return moved.answer


class Moved(Exception):
    """The repository has another name now."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def _answer(given: Any) -> Answer:
    if isinstance(given, Answer):
        return given
    return Answer(204) if given is None else Answer(200, given)


def _by_name(call: Call) -> str:
    """The path, with a repository that is named by its id named by its owner and name."""
    first, _, rest = call.path.strip("/").partition("/")
    number, _, tail = rest.partition("/")
    if first != "repositories" or not number.isdigit():
        return call.path
    repo = call.store.by_id(row_id("repo", int(number)))
    if repo is None or repo.kind != "repo":
        raise Refusal(404, "Not Found")
    return f"/repos/{repo.scope}/{repo.key}" + (f"/{tail}" if tail else "")


def _subjects(call: Call, parts: dict[str, str]) -> tuple[Row, ...]:
    """The rows that a path starts with, taken out of its parts: repository or organization."""
    if "owner" in parts and "repo" in parts and call.path.startswith(("/repos/", "/repositories/")):
        return (_repo(call, parts.pop("owner"), parts.pop("repo")),)
    if "org" in parts:
        return (call.store.org(parts.pop("org")),)
    return ()


def _repo(call: Call, owner: str, name: str) -> Row:
    repo = call.store.get("repo", owner.lower(), name.lower())
    if repo is None:
        raise _elsewhere(call, owner, name)
    if repo.doc["private"] and not call.login:
        raise NotFound
    unarchived = call.method == "PATCH" and call.fields.get("archived") is False
    if repo.doc["archived"] and call.method not in OPEN_IN_ARCHIVE and not unarchived:
        raise Refusal(403, "Repository was archived so is read-only.")
    return repo


def _elsewhere(call: Call, owner: str, name: str) -> Exception:
    """A redirect where the name was another's before, else NotFound."""
    old = call.store.get("moved", owner.lower(), name.lower())
    if old is None:
        return NotFound()
    tail = "/".join(unquote(part) for part in call.path.strip("/").split("/")[3:])
    query = f"?{urlencode(call.query)}" if call.query else ""
    url = f"{call.api}/repositories/{row_id_of(old)}" + (f"/{tail}" if tail else "") + query
    message = "Moved Permanently" if call.method == "GET" else "Temporary Redirect"
    status = 301 if call.method == "GET" else 307
    return Moved(Answer(status, {"message": message, "url": url}, {"Location": url}))


def row_id_of(moved: Row) -> int:
    return int(moved.doc["rest"])
