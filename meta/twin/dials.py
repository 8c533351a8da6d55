"""/_twin/clock, limits, faults, tokens, apps: what a twin can be set to, as JSON."""

from __future__ import annotations

import json
import re
import secrets
from typing import TYPE_CHECKING, Any

from meta.twin import access, access_table, clock
from meta.twin.incoming import Incoming
from meta.twin.store import NotFound, Row, Store
from meta.twin.web import ADMIN, Answer, Refusal

if TYPE_CHECKING:
    from meta.twin.app import App

NAMES = ("clock", "limits", "faults", "tokens", "apps")
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,38}")
LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}")


async def answer(app: App, name: str, request: Incoming) -> Answer:
    """Raises Refusal for what is not to be set, or not to that."""
    try:
        match (request.method, name):
            case ("GET", "clock"):
                return Answer(200, app.store.clock.report())
            case ("POST", "clock"):
                clock.told(_fields(request), app.store.clock)
                return Answer(200, app.store.clock.report())
            case ("GET" | "POST" | "DELETE", "limits"):
                return _limits(app, request)
            case ("GET" | "POST" | "DELETE", "faults"):
                return _faults(app, request)
            case ("GET" | "POST" | "PUT", "tokens"):
                return await app.run(_tokens, request) or Answer(204)
            case ("POST", "apps"):
                return await app.run(_apps, request) or Answer(204)
    except ValueError as error:
        raise Refusal(422, str(error)) from error
    raise Refusal(501, f"the twin has no {request.method} {request.path}")


def _limits(app: App, request: Incoming) -> Answer:
    if request.method == "POST":
        app.limits.set(_fields(request))
    if request.method == "DELETE":
        app.limits.clear()
        return Answer(204)
    return Answer(200, app.limits.report())


def _faults(app: App, request: Incoming) -> Answer:
    if request.method == "DELETE":
        app.fault.disarm()
        app.rules.clear()
        return Answer(204)
    if request.method == "POST":
        fields = _fields(request)
        if "rules" in fields:
            app.rules.set(fields["rules"])
        else:
            app.fault.arm(*_strike(fields))
    rules = app.rules.report()
    return Answer(200, {**app.fault.report(), **({"rules": rules} if rules else {})})


def _strike(fields: dict[str, Any]) -> tuple[int, str]:
    at, when = fields.get("at"), fields.get("when", "before")
    if type(at) is not int or at < 1 or when not in ("before", "after"):
        raise ValueError('a fault is {"at": N, "when": "before" or "after"}, N from 1')
    return at, when


def _tokens(store: Store, request: Incoming) -> Answer:
    """PUT says whether unknown tokens are the administrator's; POST makes a token."""
    if request.method == "GET":
        return Answer(200, {"open": access.is_open(store), "tokens": len(store.rows("token"))})
    fields = _fields(request)
    if request.method == "PUT":
        if not isinstance(fields.get("open"), bool):
            raise ValueError('this takes {"open": true or false}')
        with store.transaction():
            access.set_open(store, fields["open"])
        return Answer(200, {"open": fields["open"]})
    with store.transaction():
        return Answer(201, _token(store, fields))


def _token(store: Store, fields: dict[str, Any]) -> dict[str, Any]:
    login, scopes = str(fields.get("login") or ADMIN), fields.get("scopes")
    permissions, seconds = fields.get("permissions"), fields.get("expires_in")
    if (scopes is None) == (permissions is None):
        raise ValueError('a token has either "scopes" or "permissions"')
    if seconds is not None and (type(seconds) not in (int, float) or seconds < 0):
        raise ValueError('"expires_in" is a number of seconds')
    _user(store, login)
    owner = str(fields.get("owner") or "").lower()
    expires = None if seconds is None else store.clock.seconds() + seconds
    token, row = access.make(
        store,
        "classic" if permissions is None else "fine",
        login,
        scopes=_scopes(scopes),
        permissions=_permissions(permissions),
        repos=access.repository_ids(store, fields.get("repositories"), owner),
        account=owner,
        expires=expires,
    )
    kept = ("login", "scopes", "permissions", "expires")
    return {"token": token, **{name: row.doc[name] for name in kept}}


def _user(store: Store, login: str) -> None:
    """The user of a login, made where it is new."""
    if not LOGIN.fullmatch(login):
        raise ValueError(f"{login!r} is no login")
    if store.get("org", "", login.lower()):
        raise ValueError(f"{login} is an organization")
    if store.get("user", "", login.lower()) is None:
        store.add("user", "", login.lower(), {"login": login, "name": None})


def _scopes(given: Any) -> list[str]:
    if given is not None and not (
        isinstance(given, list) and all(isinstance(scope, str) for scope in given)
    ):
        raise ValueError('"scopes" is a list of names')
    return list(given or ())


def _permissions(given: Any) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, dict) or not {*given.values()} <= {*access_table.LEVELS}:
        raise ValueError(f'"permissions" are names with one of {", ".join(access_table.LEVELS)}')
    return dict(given)


def _apps(store: Store, request: Incoming) -> Answer:
    """A new app, with its private key, that this answer alone holds."""
    from meta.twin.access_jwt import key_pair

    fields = _fields(request)
    slug, owner = str(fields.get("slug") or ""), str(fields.get("owner") or ADMIN)
    if not SLUG.fullmatch(slug) or any(row.doc["slug"] == slug for row in store.rows("app")):
        raise ValueError(f"{slug!r} is no slug of an app, or taken")
    private, public = key_pair()
    doc = {
        "slug": slug,
        "name": str(fields.get("name") or slug),
        "description": fields.get("description"),
        "owner": owner,
        "client_id": f"Iv23li{secrets.token_hex(7)}",
        "permissions": _permissions(fields.get("permissions") or {}),
        "events": list(fields.get("events") or ()),
        "public_key": public,
    }
    with store.transaction():
        app = store.add("app", "", slug, doc)
        bot = f"{slug}[bot]"
        store.add("user", "", bot, {"login": bot, "name": None})
        places = [_install(store, app, each) for each in fields.get("installations") or ()]
    shown = {"id": app.rest, "slug": slug, "client_id": doc["client_id"], "pem": private}
    return Answer(201, {**shown, "installations": places})


def _install(store: Store, app: Row, given: Any) -> dict[str, Any]:
    """Puts an app on an account: {"account", "repositories": names or none for all}."""
    if not isinstance(given, dict) or not isinstance(given.get("account"), str):
        raise ValueError('an installation is {"account": ..., "repositories": [...]}')
    key = given["account"].lower()
    if store.get("org", "", key) is None and store.get("user", "", key) is None:
        raise NotFound
    doc = {
        "app": app.id,
        "account": key,
        "permissions": app.doc["permissions"],
        "repos": access.repository_ids(store, given.get("repositories"), key),
    }
    row = store.add("installation", f"app:{app.id}", key, doc)
    return {"id": row.rest, "account": given["account"]}


def _fields(request: Incoming) -> dict[str, Any]:
    try:
        body = json.loads(request.plain() or b"{}")
    except ValueError as error:
        raise Refusal(400, "Problems parsing JSON") from error
    if not isinstance(body, dict):
        raise Refusal(400, "Body should be a JSON object")
    return body
