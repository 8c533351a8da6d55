"""/hooks of a repository or an organization: make, change, ping, what was delivered."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from meta.twin import rules, webhooks
from meta.twin.git import branches
from meta.twin.rest.shapes import repos
from meta.twin.store import NotFound, Row, row_id
from meta.twin.web import Answer, Call, Refusal, invalid, page, there, whole

HIDDEN = "********"
CONFIG = ("url", "content_type", "secret", "insecure_ssl")
MOST = 20


def all_of(call: Call, holder: Row) -> Answer:
    rows = call.store.rows(webhooks.HOOK, webhooks.scope_of(holder))
    return page(call, rows, lambda row: _shown(call, holder, row))


def show(call: Call, holder: Row, number: str) -> dict[str, Any]:
    return _shown(call, holder, _find(call, holder, number))


def create(call: Call, holder: Row) -> Answer:
    place, fields = webhooks.scope_of(holder), call.fields
    if fields.get("name", "web") != "web":
        raise invalid("Hook", "name", "custom", 'The "name" can only be "web"')
    given = fields.get("config") or {}
    known = call.store.rows(webhooks.HOOK, place)
    if any(row.doc["config"]["url"] == given.get("url") for row in known):
        raise _refused("Hook already exists on this repository")
    if len(known) >= MOST:
        raise _refused(f"The webhook cannot be created: there are {MOST} already")
    doc: dict[str, Any] = {"active": True, "events": ["push"], "config": {}}
    doc |= {"target": "organization" if holder.kind == "org" else "repository"}
    doc |= {"api": call.api, "web": call.web}
    _change(doc, fields)
    row = call.store.add(webhooks.HOOK, place, str(call.store.next_number(place)), doc)
    _greet(call, holder, row)
    shown = _shown(call, holder, row)
    return Answer(201, shown, {"Location": shown["url"]})


def update(call: Call, holder: Row, number: str) -> dict[str, Any]:
    row, fields = _find(call, holder, number), call.fields
    events = fields.get("events") or row.doc["events"]
    events = [*events, *(fields.get("add_events") or ())]
    gone = {*(fields.get("remove_events") or ())}
    _change(row.doc, fields | {"events": [each for each in events if each not in gone]})
    call.store.save(row)
    return _shown(call, holder, row)


def delete(call: Call, holder: Row, number: str) -> None:
    row = _find(call, holder, number)
    call.store.drop_scope(f"hook:{row.id}")
    call.store.drop(row)


def config(call: Call, holder: Row, number: str) -> dict[str, Any]:
    return _config(_find(call, holder, number))


def change_config(call: Call, holder: Row, number: str) -> dict[str, Any]:
    row = _find(call, holder, number)
    _change(row.doc, {"config": row.doc["config"] | call.fields})
    call.store.save(row)
    return _config(row)


def ping(call: Call, holder: Row, number: str) -> None:
    _greet(call, holder, _find(call, holder, number))


def test(call: Call, repo: Row, number: str) -> None:
    """The last push again."""
    _find(call, repo, number)
    branch = repo.doc["default_branch"]
    tip = branches(call.store.git_dir(repo)).get(branch)
    if tip:
        webhooks.pushed(call.store, repo, [rules.Move(rules.HEADS + branch, tip, tip)])


def deliveries(call: Call, holder: Row, number: str) -> Answer:
    """Newest first."""
    row = _find(call, holder, number)
    found = call.store.rows(webhooks.DELIVERY, f"hook:{row.id}")[::-1]
    return page(call, found, lambda each: _item(holder, each))


def delivery(call: Call, holder: Row, number: str, delivery_id: str) -> dict[str, Any]:
    row = _find_delivery(call, holder, number, delivery_id)
    return {
        **_item(holder, row),
        "url": there(call.store.by_id(int(row.scope.partition(":")[2]))).doc["config"]["url"],
        "request": {"headers": row.doc["headers"], "payload": row.doc["payload"]},
        "response": {"headers": row.doc["answer"], "payload": row.doc["text"]},
    }


def again(call: Call, holder: Row, number: str, delivery_id: str) -> Answer:
    row, hook = _find_delivery(call, holder, number, delivery_id), _find(call, holder, number)
    webhooks.queue(call.store, hook, row.doc["event"], row.doc["action"], row.doc["payload"])
    newest = call.store.rows(webhooks.DELIVERY, f"hook:{hook.id}")[-1]
    newest.doc |= {"again": True, "guid": row.doc["guid"]}
    call.store.save(newest)
    return Answer(202, {})


def _greet(call: Call, holder: Row, row: Row) -> None:
    body: dict[str, Any] = {"zen": "Keep it logically awesome.", "hook_id": row.rest}
    body["hook"] = _shown(call, holder, row)
    if holder.kind == "repo":
        body["repository"] = repos.minimal(call, holder)
    webhooks.queue(call.store, row, "ping", None, body)


def _change(doc: dict[str, Any], fields: dict[str, Any]) -> None:
    given = fields.get("config")
    if given is not None or not doc["config"]:
        url = str((given or {}).get("url") or "")
        if urlsplit(url).scheme not in ("http", "https"):
            raise _refused("Sorry, the URL protocol is not supported")
        kept = {name: given[name] for name in CONFIG if given and given.get(name) is not None}
        if kept.get("secret") == HIDDEN:
            kept["secret"] = doc["config"].get("secret", "")
        doc["config"] = {"content_type": "form", "insecure_ssl": "0", **kept}
    if fields.get("active") is not None:
        doc["active"] = bool(fields["active"])
    if fields.get("events"):
        doc["events"] = sorted({str(each) for each in fields["events"]})


def _shown(call: Call, holder: Row, row: Row) -> dict[str, Any]:
    org = holder.kind == "org"
    place = f"{call.api}/orgs/{holder.doc['login']}" if org else repos.api(call, holder)
    url = f"{place}/hooks/{row.rest}"
    last = call.store.rows(webhooks.DELIVERY, f"hook:{row.id}")[-1:]
    code = last[0].doc["code"] if last else None
    status = "unused" if not last else "active"
    said = {
        "code": code or None,
        "status": status,
        "message": last[0].doc["status"] if last else None,
    }
    more = {} if org else {"test_url": f"{url}/tests", "last_response": said}
    return {
        "type": "Organization" if org else "Repository",
        "id": row.rest,
        "name": "web",
        "active": row.doc["active"],
        "events": row.doc["events"],
        "config": _config(row),
        "updated_at": row.updated,
        "created_at": row.created,
        "url": url,
        "ping_url": f"{url}/pings",
        "deliveries_url": f"{url}/deliveries",
        **more,
    }


def _config(row: Row) -> dict[str, Any]:
    kept: dict[str, Any] = row.doc["config"]
    return kept | ({"secret": HIDDEN} if kept.get("secret") else {})


def _item(holder: Row, row: Row) -> dict[str, Any]:
    return {
        "id": row.rest,
        "guid": row.doc["guid"],
        "delivered_at": row.doc["at"],
        "redelivery": row.doc["again"],
        "duration": row.doc["seconds"],
        "status": row.doc["status"],
        "status_code": row.doc["code"],
        "event": row.doc["event"],
        "action": row.doc["action"],
        "installation_id": None,
        "repository_id": holder.rest if holder.kind == "repo" else None,
        "throttled_at": None,
    }


def _find(call: Call, holder: Row, number: str) -> Row:
    row = there(call.store.by_id(row_id(webhooks.HOOK, whole(number))))
    if row.kind != webhooks.HOOK or row.scope != webhooks.scope_of(holder):
        raise NotFound
    return row


def _find_delivery(call: Call, holder: Row, number: str, delivery_id: str) -> Row:
    hook = _find(call, holder, number)
    row = there(call.store.by_id(row_id(webhooks.DELIVERY, whole(delivery_id))))
    if row.kind != webhooks.DELIVERY or row.scope != f"hook:{hook.id}":
        raise NotFound
    return row


def _refused(words: str) -> Refusal:
    error = {"resource": "Hook", "code": "custom", "message": words}
    return Refusal(422, "Validation Failed", [error])


def _routes(place: str) -> list[Any]:
    one = f"{place}/{{number}}"
    return [
        ("GET", place, all_of),
        ("POST", place, create),
        ("GET", one, show),
        ("PATCH", one, update),
        ("DELETE", one, delete),
        ("GET", f"{one}/config", config),
        ("PATCH", f"{one}/config", change_config),
        ("POST", f"{one}/pings", ping),
        ("GET", f"{one}/deliveries", deliveries),
        ("GET", f"{one}/deliveries/{{delivery_id}}", delivery),
        ("POST", f"{one}/deliveries/{{delivery_id}}/attempts", again),
    ]


REPO = "/repos/{owner}/{repo}/hooks"
ROUTES = [
    *_routes(REPO),
    ("POST", f"{REPO}/{{number}}/tests", test),
    *_routes("/orgs/{org}/hooks"),
]
