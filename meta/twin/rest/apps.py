"""/app, /apps, /installation: GitHub Apps, where they are installed, and the tokens they get."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from meta.twin import access, access_table
from meta.twin.clock import stamp
from meta.twin.rest.shapes import repos as shapes_repos
from meta.twin.rest.shapes import users as shapes
from meta.twin.store import NotFound, Row
from meta.twin.web import Answer, Call, Refusal, page, there, whole

#: How long an installation's token is good for, in seconds.
GOOD_FOR = 3600
UNREAD = "A JSON web token could not be decoded"
TOO_MUCH = "The permissions requested are not granted to this installation."
NOT_THERE = (
    "There is at least one repository that does not exist or is not accessible to the parent"
    " installation."
)


def me(call: Call) -> dict[str, Any]:
    return _app(call, _self())


def by_slug(call: Call, slug: str) -> dict[str, Any]:
    rows = call.store.rows("app")
    return _app(call, there(next((row for row in rows if row.doc["slug"] == slug), None)))


def installations(call: Call) -> Answer:
    app = _self()
    rows = call.store.rows("installation", f"app:{app.id}")
    return page(call, rows, lambda row: _installation(call, row))


def installation(call: Call, number: str) -> dict[str, Any]:
    return _installation(call, _own(call, number))


def uninstall(call: Call, number: str) -> None:
    call.store.drop(_own(call, number))


def of_account(call: Call, org: Row) -> dict[str, Any]:
    return _installation(call, _at(call, org.key))


def of_user(call: Call, username: str) -> dict[str, Any]:
    return _installation(call, _at(call, username.lower()))


def of_repo(call: Call, repo: Row) -> dict[str, Any]:
    found = _at(call, repo.scope)
    if found.doc["repos"] is not None and repo.id not in found.doc["repos"]:
        raise NotFound
    return _installation(call, found)


def create_token(call: Call, number: str) -> Answer:
    """A token for an installation, with no more than the app was given there."""
    row, fields = _own(call, number), call.fields
    permissions = _narrowed(row.doc["permissions"], fields.get("permissions"))
    repos = _chosen(call, row)
    expires = int(call.store.clock.seconds()) + GOOD_FOR
    token, _ = access.make(
        call.store,
        "installation",
        f"{_self().doc['slug']}[bot]",
        permissions=permissions,
        repos=repos,
        account=row.doc["account"],
        installation=row.id,
        expires=expires,
    )
    body: dict[str, Any] = {
        "token": token,
        "expires_at": stamp(datetime.fromtimestamp(expires, UTC)),
        "permissions": {"metadata": "read", **permissions},
        "repository_selection": "all" if repos is None else "selected",
    }
    if repos is not None:
        found = (call.store.by_id(each) for each in repos)
        body["repositories"] = [shapes_repos.minimal(call, repo) for repo in found if repo]
    return Answer(201, body)


def revoke(call: Call) -> None:
    caller = access.current()
    if caller.sort != "installation" or caller.row is None:
        raise Refusal(401, "Bad credentials")
    call.store.drop(caller.row)


def repositories(call: Call) -> Answer:
    """What the installation whose token this is has access to."""
    caller = access.current()
    if caller.sort != "installation":
        raise Refusal(403, "You must authenticate with an installation access token")
    rows = call.store.rows("repo", caller.account)
    inside = [row for row in rows if caller.repos is None or row.id in caller.repos]
    answer = page(call, inside, lambda repo: shapes_repos.minimal(call, repo), "repositories")
    answer.body["repository_selection"] = "all" if caller.repos is None else "selected"
    return answer


def _self() -> Row:
    """The app that calls; raises Refusal for any other token."""
    caller = access.current()
    if caller.sort != "app" or caller.row is None:
        raise Refusal(401, UNREAD)
    return caller.row


def _own(call: Call, number: str) -> Row:
    scope = f"app:{_self().id}"
    rows = call.store.rows("installation", scope)
    return there(next((row for row in rows if row.rest == whole(number)), None))


def _at(call: Call, account: str) -> Row:
    return there(call.store.get("installation", f"app:{_self().id}", account))


def _narrowed(given: dict[str, str], wanted: Any) -> dict[str, str]:
    """Raises Refusal for a permission, or a level of it, that the installation has not."""
    if wanted in (None, {}):
        return given
    if not isinstance(wanted, dict):
        raise Refusal(422, "Invalid request.\n\nFor 'permissions', an object is wanted.")
    for name, level in wanted.items():
        needed = access_table.Need((name,), str(level))
        if level not in access_table.LEVELS or not access_table.covers(given, needed):
            raise Refusal(422, TOO_MUCH)
    return dict(wanted)


def _chosen(call: Call, row: Row) -> list[int] | None:
    """The repositories of a new token, by name or by id; None for all of the installation."""
    names, ids, held = call.fields.get("repositories"), call.fields.get("repository_ids"), row.doc
    if names is None and ids is None:
        return list(held["repos"]) if held["repos"] is not None else None
    every = call.store.rows("repo", held["account"])
    keys = {str(name).lower() for name in names or ()} | {*(ids or ())}
    found = [repo for repo in every if repo.key in keys or repo.rest in keys]
    outside = held["repos"] is not None and any(repo.id not in held["repos"] for repo in found)
    if len(found) < len(keys) or outside:
        raise Refusal(422, NOT_THERE)
    return [repo.id for repo in found]


def _app(call: Call, row: Row) -> dict[str, Any]:
    doc = row.doc
    return {
        "id": row.rest,
        "slug": doc["slug"],
        "client_id": doc["client_id"],
        "node_id": row.node,
        "owner": shapes.simple(call, doc["owner"]),
        "name": doc["name"],
        "description": doc["description"],
        "external_url": f"{call.web}/apps/{doc['slug']}",
        "html_url": f"{call.web}/apps/{doc['slug']}",
        "created_at": row.created,
        "updated_at": row.updated,
        "permissions": {"metadata": "read", **doc["permissions"]},
        "events": doc["events"],
        "installations_count": len(call.store.rows("installation", f"app:{row.id}")),
    }


def _installation(call: Call, row: Row) -> dict[str, Any]:
    app, account = there(call.store.by_id(row.doc["app"])), shapes.account(call, row.doc["account"])
    url = f"{call.api}/app/installations/{row.rest}"
    return {
        "id": row.rest,
        "account": shapes.short(call, account),
        "repository_selection": "all" if row.doc["repos"] is None else "selected",
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": f"{call.api}/installation/repositories",
        "html_url": f"{call.web}/organizations/{row.doc['account']}/settings/installations"
        f"/{row.rest}",
        "app_id": app.rest,
        "app_slug": app.doc["slug"],
        "client_id": app.doc["client_id"],
        "target_id": account.rest,
        "target_type": "Organization" if account.kind == "org" else "User",
        "permissions": {"metadata": "read", **row.doc["permissions"]},
        "events": app.doc["events"],
        "created_at": row.created,
        "updated_at": row.updated,
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": None,
        "suspended_at": None,
    }


ONE = "/app/installations/{number}"
ROUTES = [
    ("GET", "/app", me),
    ("GET", "/apps/{slug}", by_slug),
    ("GET", "/app/installations", installations),
    ("GET", ONE, installation),
    ("DELETE", ONE, uninstall),
    ("POST", f"{ONE}/access_tokens", create_token),
    ("GET", "/orgs/{org}/installation", of_account),
    ("GET", "/users/{username}/installation", of_user),
    ("GET", "/repos/{owner}/{repo}/installation", of_repo),
    ("GET", "/installation/repositories", repositories),
    ("DELETE", "/installation/token", revoke),
]
