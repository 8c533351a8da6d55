"""GET /user, /users, /meta, /rate_limit, /zen: who calls, and what the server is."""

from __future__ import annotations

from typing import Any

from meta.twin.limits import Meter, meter
from meta.twin.rest.root import addresses
from meta.twin.rest.shapes import repos as shapes_repos
from meta.twin.rest.shapes import users as shapes
from meta.twin.store import Row
from meta.twin.web import Answer, Call, Refusal, page

KEYS = (
    *("core", "graphql", "search", "code_search", "integration_manifest", "source_import"),
    *("actions_runner_registration", "code_scanning_autofix", "code_scanning_upload"),
    *("dependency_sbom", "dependency_snapshots", "scim"),
)


def me(call: Call) -> dict[str, Any]:
    return shapes.private(call, shapes.account(call, call.user()))


def show(call: Call, username: str) -> dict[str, Any]:
    row = shapes.account(call, username)
    is_me = call.login != "" and row.key == call.login.lower()
    return shapes.private(call, row) if is_me else shapes.full(call, row)


def repos(call: Call, username: str) -> Answer:
    row = shapes.account(call, username)
    return page(call, visible(call, row), lambda repo: shapes_repos.minimal(call, repo))


def my_repos(call: Call) -> Answer:
    """Whoever has a token owns everything that is on a twin."""
    call.user()
    rows = call.store.rows("repo")
    return page(call, rows, lambda repo: shapes_repos.full(call, repo) | {"temp_clone_token": ""})


def my_orgs(call: Call) -> Answer:
    call.user()
    return page(call, call.store.rows("org"), lambda row: org_simple(call, row))


def user_orgs(call: Call, username: str) -> Answer:
    shapes.account(call, username)
    return page(call, call.store.rows("org"), lambda row: org_simple(call, row))


def visible(call: Call, account: Row) -> list[Row]:
    rows = call.store.rows("repo", account.key)
    return rows if call.login else [row for row in rows if not row.doc["private"]]


def org_simple(call: Call, row: Row) -> dict[str, Any]:
    whole = shapes.organization(call, row)
    names = ("login", "id", "node_id", "url", "repos_url", "events_url", "hooks_url", "issues_url")
    more = ("members_url", "public_members_url", "avatar_url", "description")
    return {name: whole[name] for name in (*names, *more)}


def about(_: Call) -> dict[str, Any]:
    return {"verifiable_password_authentication": False, "installed_version": "3.20.0"}


def rate_limit(call: Call) -> dict[str, Any]:
    """What is left of each allowance; asking costs nothing."""
    metered = meter()
    if metered is None:
        raise Refusal(501, "nobody counts requests here")
    resources = {key: _left(metered, key) for key in KEYS}
    rate = {name: value for name, value in resources["core"].items() if name != "resource"}
    return {"resources": resources, "rate": rate}


def _left(metered: Meter, key: str) -> dict[str, Any]:
    window = metered.limits.left(metered.caller, key, metered.allowance)
    left = max(0, window.limit - window.used)
    counts = {"limit": window.limit, "used": window.used, "remaining": left}
    return {**counts, "reset": int(window.reset), "resource": key}


ROUTES = [
    ("GET", "/", addresses),
    ("GET", "/meta", about),
    ("GET", "/rate_limit", rate_limit),
    ("GET", "/user", me),
    ("GET", "/user/repos", my_repos),
    ("GET", "/user/orgs", my_orgs),
    ("GET", "/users/{username}", show),
    ("GET", "/users/{username}/repos", repos),
    ("GET", "/users/{username}/orgs", user_orgs),
]
