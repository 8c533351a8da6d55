"""/_twin: what only a twin has: its log, its faults, reset and snapshots."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from meta.twin import dials, loading, searching, snapshots
from meta.twin.actions import events, pool
from meta.twin.incoming import Incoming
from meta.twin.rest import issue_types
from meta.twin.store import NotFound, Store
from meta.twin.web import ADMIN, Answer, Refusal

if TYPE_CHECKING:
    from meta.twin.app import App

KINDS = ("org", "repo", "issue", "pull", "label", "milestone", "team", "project", "project_item")


async def answer(app: App, request: Incoming) -> Answer:
    """Never logged, and open to whoever reaches this machine's loopback."""
    try:
        return await _answer(app, request)
    except Refusal as refusal:
        return Answer(refusal.status, refusal.body)
    except NotFound:
        return Answer(404, {"message": "Not Found", "status": "404"})


async def _answer(app: App, request: Incoming) -> Answer:
    match (request.method, request.path.removeprefix("/_twin").strip("/")):
        case ("GET", ""):
            return Answer(200, _about(app))
        case ("GET", "requests"):
            return Answer(200, app.log.report())
        case ("DELETE", "requests"):
            app.log.clear()
            return Answer(204)
        case (_, name) if name in dials.NAMES:
            return await dials.answer(app, name, request)
        case (
            "POST",
            "orgs" | "load" | "search" | "schedule" | "reset" | "snapshot" | "restore" as name,
        ):
            done = await app.run(WORKS[name], request)
            if name == "reset":
                app.log.clear()
                app.fault.disarm()
                app.rules.clear()
                app.limits.clear()
                app.store.clock.machine()
            return done or Answer(204)
    raise Refusal(501, f"the twin has no {request.method} {request.path}")


def _about(app: App) -> dict[str, Any]:
    kinds = Counter({kind: len(app.store.rows(kind)) for kind in KINDS})
    about: dict[str, Any] = {"twin": True, "version": app.version, "data": str(app.store.folder)}
    about["clock"] = app.store.clock.report()
    return {**about, "counts": dict(kinds), "actions": pool.about(app.store)}


def _fields(request: Incoming) -> dict[str, Any]:
    try:
        body = json.loads(request.plain() or b"{}")
    except ValueError as error:
        raise Refusal(400, "Problems parsing JSON") from error
    if not isinstance(body, dict):
        raise Refusal(400, "Body should be a JSON object")
    return body


def _name(request: Incoming, field: str) -> str:
    name = _fields(request).get(field)
    if not isinstance(name, str) or not name:
        raise Refusal(422, f'"{field}" is missing')
    return name


def _add_org(store: Store, request: Incoming) -> Answer:
    """An organization that is there already is left as it is: asking twice is no error."""
    login = _name(request, "login")
    fields = _fields(request)
    with store.transaction():
        if store.get("user", "", login.lower()):
            raise Refusal(422, f"{login} is a user")
        found = store.get("org", "", login.lower())
        if found is None:
            doc = {"login": login, "name": fields.get("name"), "owner": ADMIN}
            found = store.add("org", "", login.lower(), doc)
            issue_types.begin(store, found)
    return Answer(201, {"login": found.doc["login"], "id": found.rest, "node_id": found.node})


def _load(store: Store, request: Incoming) -> Answer:
    loading.load(store, _fields(request))
    return Answer(204)


def _schedule(store: Store, request: Incoming) -> Answer:
    """The time of the schedules of a repository has come: of all, or of one `cron`."""
    fields, (owner, _, name) = _fields(request), _name(request, "repository").partition("/")
    with store.transaction():
        runs = events.scheduled(store, store.repo(owner, name), str(fields.get("cron") or ""))
    return Answer(200, {"runs": [run.rest for run in runs]})


def _search(store: Store, request: Incoming) -> Answer:
    """How many seconds after it was made something is found: `{"lag": seconds}`."""
    seconds = _fields(request).get("lag")
    if not isinstance(seconds, int | float) or seconds < 0:
        raise Refusal(422, 'this takes {"lag": seconds}')
    with store.transaction():
        searching.set_lag(store, seconds)
    return Answer(200, {"lag": seconds})


def _reset(store: Store, request: Incoming) -> Answer:
    snapshots.reset(store)
    pool.renew(store)
    return Answer(204)


def _snapshot(store: Store, request: Incoming) -> Answer:
    snapshots.snapshot(store, _name(request, "name"))
    return Answer(204)


def _restore(store: Store, request: Incoming) -> Answer:
    snapshots.restore(store, _name(request, "name"))
    pool.renew(store)
    return Answer(204)


WORKS = {
    "orgs": _add_org,
    "load": _load,
    "schedule": _schedule,
    "search": _search,
    "reset": _reset,
    "snapshot": _snapshot,
    "restore": _restore,
}
