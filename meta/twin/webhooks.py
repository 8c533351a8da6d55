"""What happened -> deliveries to the webhooks that listen to it, signed, to this machine alone."""

from __future__ import annotations

import hmac
import http.client
import ipaddress
import json
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode, urlsplit

from meta.twin import git, rules
from meta.twin.actions import payloads
from meta.twin.rest.shapes import issues as shapes_issues
from meta.twin.rest.shapes import releases as shapes_releases
from meta.twin.store import Row, Store, now
from meta.twin.web import ADMIN, Call

HOOK, DELIVERY = "hook", "delivery"
SECONDS = 10
LONGEST = 65_536
AWAY = "not sent: a twin delivers to addresses of this machine only"
Payload = Callable[[Call], dict[str, Any]]


def pushed(store: Store, repo: Row, moves: Sequence[rules.Move]) -> None:
    for move in moves:
        sha = git.resolve(store.git_dir(repo), move.new) if move.new != git.NOTHING else None
        if sha is not None:
            _fire(store, repo, "push", None, _push(store, repo, move, sha))


def _push(store: Store, repo: Row, move: rules.Move, sha: str) -> Payload:
    return lambda call: payloads.push(store, repo, move, sha, call)


def pulled(store: Store, repo: Row, pull: Row, action: str) -> None:
    _fire(
        store, repo, "pull_request", action, lambda c: payloads.pull(store, repo, pull, action, c)
    )


def issued(store: Store, repo: Row, row: Row, action: str) -> None:
    """An issue that was opened, edited, closed or reopened."""

    def payload(call: Call) -> dict[str, Any]:
        shown = {"action": action, "issue": shapes_issues.issue(call, repo, row)}
        return shown | payloads.about(store, repo, ADMIN, call)

    _fire(store, repo, "issues", action, payload)


def released(store: Store, repo: Row, row: Row, action: str) -> None:
    def payload(call: Call) -> dict[str, Any]:
        shown = {"action": action, "release": shapes_releases.release(call, repo, row)}
        return shown | payloads.about(store, repo, ADMIN, call)

    _fire(store, repo, "release", action, payload)


def scope_of(holder: Row) -> str:
    """Where the hooks of a repository or an organization are; a rename does not move them."""
    return f"{holder.kind}-hooks:{holder.id}"


def queue(store: Store, hook: Row, event: str, action: str | None, body: dict[str, Any]) -> None:
    """Sends once the running transaction is over, and not at all where that fails."""
    plain = json.dumps(body)
    typed = hook.doc["config"].get("content_type", "form") == "json"
    sent = plain if typed else urlencode({"payload": plain})
    guid = str(uuid.uuid4())
    doc = {
        "event": event,
        "action": action,
        "guid": guid,
        "sent": sent,
        "payload": body,
        "headers": _headers(hook, event, guid, sent, typed=typed),
        "code": 0,
        "status": "pending",
        "answer": {},
        "text": "",
        "seconds": 0.0,
        "again": False,
        "at": now(),
    }
    number = store.next_number(f"hook:{hook.id}")
    row = store.add(DELIVERY, f"hook:{hook.id}", str(number), doc)
    threading.Thread(target=_send, args=(store, hook.id, row.id), daemon=True).start()


def _fire(store: Store, repo: Row, event: str, action: str | None, payload: Payload) -> None:
    org = store.get("org", "", repo.scope)
    holders = [repo, org] if org else [repo]
    for hook in (row for holder in holders for row in store.rows(HOOK, scope_of(holder))):
        if hook.doc["active"] and {"*", event} & {*hook.doc["events"]}:
            call = Call(store, "GET", "/", {}, None, ADMIN, hook.doc["api"], hook.doc["web"])
            queue(store, hook, event, action, payload(call))


def _headers(hook: Row, event: str, guid: str, sent: str, *, typed: bool) -> dict[str, str]:
    form = "application/json" if typed else "application/x-www-form-urlencoded"
    made = {
        "Accept": "*/*",
        "Content-Type": form,
        "User-Agent": "GitHub-Hookshot/twin",
        "X-GitHub-Delivery": guid,
        "X-GitHub-Event": event,
        "X-GitHub-Hook-ID": str(hook.rest),
        "X-GitHub-Hook-Installation-Target-ID": hook.scope.partition(":")[2],
        "X-GitHub-Hook-Installation-Target-Type": hook.doc["target"],
    }
    secret = hook.doc["config"].get("secret")
    if secret:
        for name, sort in (("X-Hub-Signature", "sha1"), ("X-Hub-Signature-256", "sha256")):
            digest = hmac.new(secret.encode(), sent.encode(), sort).hexdigest()
            made[name] = f"{sort}={digest}"
    return made


def _send(store: Store, hook: int, number: int) -> None:
    with suppress(sqlite3.ProgrammingError):  # the twin was closed meanwhile
        with store.lock:
            row, holder = store.by_id(number), store.by_id(hook)
        if row is None or holder is None:
            return
        begun = time.monotonic()
        row.doc |= _posted(holder.doc["config"]["url"], row.doc["headers"], row.doc["sent"])
        row.doc["seconds"] = round(time.monotonic() - begun, 3)
        with store.transaction():
            if store.by_id(number):
                store.save(row)


def _posted(url: str, headers: dict[str, str], sent: str) -> dict[str, Any]:
    """What came back: code, status, headers and text; code 0 where nothing did."""
    parts = urlsplit(url)
    if not is_here(parts.hostname or ""):
        return {"code": 0, "status": AWAY}
    try:
        link = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=SECONDS)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        link.request("POST", target, sent.encode(), headers)
        answer = link.getresponse()
        text = answer.read(LONGEST).decode(errors="replace")
        link.close()
    except (OSError, http.client.HTTPException) as error:
        return {"code": 0, "status": f"failed to connect: {error}"}
    status = "OK" if answer.status < 300 else f"Invalid HTTP Response: {answer.status}"
    return {"code": answer.status, "status": status, "answer": dict(answer.headers), "text": text}


def is_here(host: str) -> bool:
    """Whether a host is this machine's loopback."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
