"""Parts of a recorded organization -> rows with the same numbers, times and authors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from meta.twin import git, loading_boards, loading_issues
from meta.twin.loading_issues import Fields, person
from meta.twin.rest import defaults
from meta.twin.rest.shapes.teams import LEVELS
from meta.twin.store import Exists, NotFound, Row, Store
from meta.twin.web import ADMIN, Refusal

SETTINGS = (*defaults.SETTINGS, "description", "homepage", "topics", "private", "visibility")


def load(store: Store, fields: Fields) -> None:
    """Takes one part: `organization`, then each `repository`, then the `tree`, then each `board`.

    A repository's branches are pushed before its part is loaded. Raises Refusal, and then
    nothing of the part is there.
    """
    parts = [name for name in PARTS if isinstance(fields.get(name), Mapping)]
    if len(parts) != 1:
        raise Refusal(422, f"name one of {', '.join(PARTS)}")
    try:
        with store.transaction():
            PARTS[parts[0]](store, fields[parts[0]])
    except Exists as error:
        raise Refusal(422, f"there is a {error} on this twin already") from error
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal(422, f"the {parts[0]} is not complete: {error!r}") from error


def organization(store: Store, fields: Fields) -> None:
    """The organization with its issue types and teams, and its repositories, empty so far."""
    login = str(fields["login"])
    if store.rows("repo", login.lower()):
        raise Refusal(422, f"{login} has repositories on this twin already")
    org = store.get("org", "", login.lower())
    if org is None:
        said = {name: fields.get(name) for name in ("name", "description")}
        org = store.add("org", "", login.lower(), {"login": login, **said, "owner": ADMIN})
    for kind in fields.get("types", ()):
        if store.get("issue_type", org.key, str(kind["name"]).lower()) is None:
            doc = {name: kind.get(name) for name in ("name", "color", "description", "is_enabled")}
            store.add("issue_type", org.key, str(kind["name"]).lower(), doc)
    _teams(store, org, fields.get("teams", ()))
    for each in fields.get("repositories", ()):
        doc = {**defaults.repository(), "name": each["name"], "owner": login}
        doc["default_branch"] = each["default_branch"]
        repo = store.add("repo", org.key, str(each["name"]).lower(), doc)
        git.init(store.git_dir(repo), doc["default_branch"])


def _teams(store: Store, org: Row, rows: Iterable[Fields]) -> None:
    made = {}
    for row in rows:
        doc = {name: row.get(name) for name in ("name", "description", "privacy")}
        doc |= {"permission": "pull", "notification_setting": "notifications_enabled"}
        doc |= {"parent": None, "members": [ADMIN]}
        made[row["slug"]] = store.add("team", org.key, str(row["slug"]), doc)
    for row in rows:
        if row.get("parent") in made:
            made[row["slug"]].doc["parent"] = made[row["parent"]].id
            store.save(made[row["slug"]])


def repository(store: Store, fields: Fields) -> None:
    """Everything in a repository but its files."""
    repo = _named(store, str(fields["full_name"]))
    repo.doc |= {name: fields[name] for name in SETTINGS if fields.get(name) is not None}
    store.save(repo)
    scope = f"{repo.scope}/{repo.key}"
    for row in fields.get("labels", ()):
        doc = {name: row.get(name) for name in ("name", "color", "description", "default")}
        store.add("label", scope, str(row["name"]).lower(), doc)
    for row in fields.get("milestones", ()):
        loading_issues.milestone(store, scope, row)
    for row in fields.get("issues", ()):
        loading_issues.issue(store, repo, row)
    for row in fields.get("pulls", ()):
        loading_issues.pull(store, repo, row)
    store.reach(scope, int(fields.get("last") or 0))
    _protect(store, repo, fields)


def _protect(store: Store, repo: Row, fields: Fields) -> None:
    """Environments, rulesets, and what teams may do."""
    scope = f"{repo.scope}/{repo.key}"
    for row in fields.get("environments", ()):
        doc = {name: row.get(name) for name in ("name", "deployment_branch_policy")}
        doc |= {"wait_timer": row.get("wait_timer", 0), "prevent_self_review": False}
        doc["prevent_self_review"] = bool(row.get("prevent_self_review"))
        doc["reviewers"] = list(_reviewers(store, repo, row.get("reviewers", ())))
        store.add("environment", scope, str(row["name"]).lower(), doc)
    for row in fields.get("rulesets", ()):
        names = ("name", "target", "enforcement", "bypass_actors", "conditions", "rules")
        key = str(store.next_number(f"{scope}#rulesets"))
        doc = {name: row[name] for name in names}
        doc["conditions"] = {"ref_name": {"include": [], "exclude": []}} | (doc["conditions"] or {})
        store.add("ruleset", scope, key, doc)
    for row in fields.get("teams", ()):
        team = store.get("team", repo.scope, str(row["slug"]))
        if team is not None:
            level = row["permission"] if row["permission"] in LEVELS else "pull"
            grant = {"team": team.id, "repo": repo.id, "permission": level}
            store.add("team_repo", f"team:{team.id}", str(repo.id), grant)


def _reviewers(store: Store, repo: Row, rows: Iterable[Fields]) -> Iterator[dict[str, Any]]:
    for each in rows:
        team = each["type"] == "Team"
        place, name = (repo.scope, str(each["name"])) if team else ("", person(store, each["name"]))
        found = store.get("team" if team else "user", place, name.lower())
        if found is not None:
            yield {"type": each["type"], "row": found.id}


def _named(store: Store, full_name: str) -> Row:
    owner, _, name = full_name.partition("/")
    try:
        return store.repo(owner, name)
    except NotFound:
        raise Refusal(422, f"{full_name} is not on this twin") from None


PARTS: dict[str, Callable[[Store, Fields], None]] = {
    "organization": organization,
    "repository": repository,
    "tree": loading_issues.tree,
    "board": loading_boards.board,
}
