"""/orgs/{org}/teams/{slug}/repos and /repos/{owner}/{repo}/teams: what a team may do where."""

from __future__ import annotations

from typing import Any

from meta.twin.rest.shapes import repos, teams
from meta.twin.rest.teams import TEAMS, find
from meta.twin.store import NotFound, Row
from meta.twin.web import Answer, Call, invalid, page, there

#: The form of an answer about one repository, asked for by the client.
DETAILED = "application/vnd.github.v3.repository+json"


def of_team(call: Call, org: Row, slug: str) -> Answer:
    grants = call.store.rows("team_repo", f"team:{find(call, org, slug).id}")
    return page(call, grants, lambda grant: _shown(call, grant))


def of_repo(call: Call, repo: Row) -> Answer:
    call.user()
    rows = call.store.where("team_repo", "repo", repo.id)
    return page(call, rows, lambda grant: _team(call, grant))


def show(call: Call, org: Row, slug: str, owner: str, repo: str) -> Answer:
    row = find(call, org, slug)
    grant = there(call.store.get("team_repo", f"team:{row.id}", _key(call, owner, repo)))
    if DETAILED in call.headers.get("accept", ""):
        return Answer(200, _shown(call, grant))
    return Answer(204)


def put(call: Call, org: Row, slug: str, owner: str, repo: str) -> None:
    row, place = find(call, org, slug), call.store.repo(owner, repo)
    if place.scope != org.key:
        raise invalid("Team", "repository", "custom", "The repository is not the organization's")
    level = call.fields.get("permission", row.doc["permission"])
    level = {"read": "pull", "write": "push"}.get(level, level)
    if level not in teams.LEVELS:
        raise invalid("Team", "permission", "invalid")
    grant = call.store.get("team_repo", f"team:{row.id}", str(place.id))
    doc = {"team": row.id, "repo": place.id, "permission": level}
    if grant is None:
        call.store.add("team_repo", f"team:{row.id}", str(place.id), doc)
    else:
        grant.doc = doc
        call.store.save(grant)


def delete(call: Call, org: Row, slug: str, owner: str, repo: str) -> None:
    row = find(call, org, slug)
    grant = call.store.get("team_repo", f"team:{row.id}", _key(call, owner, repo))
    if grant:
        call.store.drop(grant)


def _key(call: Call, owner: str, name: str) -> str:
    return str(call.store.repo(owner, name).id)


def _shown(call: Call, grant: Row) -> dict[str, Any]:
    repo = call.store.by_id(grant.doc["repo"])
    if repo is None:
        raise NotFound
    level = grant.doc["permission"]
    granted = {"permissions": teams.permissions(level), "role_name": teams.role(level)}
    return repos.minimal(call, repo) | granted


def _team(call: Call, grant: Row) -> dict[str, Any]:
    row, level = there(call.store.by_id(grant.doc["team"])), grant.doc["permission"]
    return teams.team(call, row) | {"permission": level, "permissions": teams.permissions(level)}


ONE = f"{TEAMS}/{{slug}}/repos/{{owner}}/{{repo}}"
ROUTES = [
    ("GET", f"{TEAMS}/{{slug}}/repos", of_team),
    ("GET", ONE, show),
    ("PUT", ONE, put),
    ("DELETE", ONE, delete),
    ("GET", "/repos/{owner}/{repo}/teams", of_repo),
]
