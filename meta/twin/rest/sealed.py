"""Where secrets and variables are: of an organization, a repository or an environment."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from meta.twin.actions.contexts import reaches
from meta.twin.rest.labels import scope
from meta.twin.rest.shapes import repos
from meta.twin.store import Row, row_id
from meta.twin.web import Answer, Call, Refusal, page, there

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
LARGEST = 48 * 1024
VISIBILITIES = ("all", "private", "selected")


@dataclass(frozen=True, slots=True)
class Place:
    """`scope` in the store; `shared` where a visibility says which repositories see it."""

    scope: str
    url: str
    shared: bool = False


Finder = Callable[[Call, Row, str], Place]


def of_org(call: Call, org: Row, _: str) -> Place:
    return Place(f"org/{org.key}", f"{call.api}/orgs/{org.doc['login']}/actions", shared=True)


def of_repo(call: Call, repo: Row, _: str) -> Place:
    return Place(f"repo/{repo.id}", f"{repos.api(call, repo)}/actions")


def of_environment(call: Call, repo: Row, name: str) -> Place:
    row = there(call.store.get("environment", scope(repo), name.lower()))
    return Place(f"environment/{row.id}", f"{repos.api(call, repo)}/environments/{name}")


#: What a path starts with, and whose things are there.
PLACES: tuple[tuple[str, Finder], ...] = (
    ("/orgs/{org}/actions", of_org),
    ("/repos/{owner}/{repo}/actions", of_repo),
    ("/repos/{owner}/{repo}/environments/{environment_name}", of_environment),
)


def valid_name(name: str) -> str:
    """As GitHub keeps it, in capitals; raises Refusal."""
    if not NAME.fullmatch(name) or name.upper().startswith("GITHUB_"):
        words = (
            "Secret names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or"
            " underscores (_). Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or"
            " underscores (_), and not with GITHUB_."
        )
        raise Refusal(422, words)
    return name.upper()


def visibility(call: Call, place: Place, old: dict[str, Any]) -> dict[str, Any]:
    """Which repositories of an organization see a thing; nothing to say elsewhere."""
    if not place.shared:
        return {}
    given = call.fields.get("visibility", old.get("visibility"))
    if given not in VISIBILITIES:
        raise Refusal(
            422, f"Invalid request.\n\nvisibility must be one of {', '.join(VISIBILITIES)}."
        )
    numbers = call.fields.get("selected_repository_ids")
    chosen = old.get("repos", []) if numbers is None else [row_id("repo", int(n)) for n in numbers]
    return {"visibility": given, "repos": chosen}


def shown(place: Place, row: Row, kind: str) -> dict[str, Any]:
    """What of a thing anyone may see, beside its value."""
    doc = {"name": row.doc["name"], "created_at": row.created, "updated_at": row.updated}
    if not place.shared:
        return doc
    doc["visibility"] = row.doc["visibility"]
    if row.doc["visibility"] == "selected":
        url = f"{place.url}/{kind}s/{row.doc['name']}/repositories"
        doc["selected_repositories_url"] = url
    return doc


def reached(call: Call, repo: Row, kind: str) -> list[Row]:
    """Things of the organization that a repository sees."""
    return [row for row in call.store.rows(kind, f"org/{repo.scope}") if reaches(row, repo)]


def chosen(call: Call, org: Row, kind: str, name: str) -> Answer:
    """The repositories that were selected for a thing."""
    row = _selected(call, org, kind, name)
    rows = [repo for each in row.doc["repos"] if (repo := call.store.by_id(each))]
    return page(call, rows, lambda repo: repos.minimal(call, repo), "repositories")


def choose(call: Call, org: Row, kind: str, name: str) -> None:
    row = _selected(call, org, kind, name)
    numbers = call.fields.get("selected_repository_ids") or []
    row.doc["repos"] = [row_id("repo", int(number)) for number in numbers]
    call.store.save(row)


def _selected(call: Call, org: Row, kind: str, name: str) -> Row:
    row = there(call.store.get(kind, f"org/{org.key}", name.upper()))
    if row.doc["visibility"] != "selected":
        raise Refusal(409, "Visibility is not set to selected repositories")
    return row
