"""A request -> who calls, whether the limits let it through, what the doors answer, its headers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from meta.twin import access, access_rules, clock, doors
from meta.twin.incoming import Incoming
from meta.twin.limits import Limits, Meter, metered
from meta.twin.limits_work import GRAPHQL, question, weighed
from meta.twin.store import Store
from meta.twin.view import Denied, seen_as
from meta.twin.web import Answer, Refusal

#: What an answer of a twin says in any case, but for what its caller and its budget add.
MEDIA = {
    "X-GitHub-Media-Type": "github.v3; format=json",
    "X-GitHub-Api-Version-Selected": "2022-11-28",
}


def through(
    store: Store,
    request: Incoming,
    limits: Limits,
    *,
    given: Answer | None = None,
    stale: float = 0,
) -> tuple[Answer, int]:
    """The answer as bytes with all headers, and what it cost of the hour's allowance.

    `given` stands for what would be carried out. Lists miss what was made in the last `stale`
    seconds.
    """
    with clock.using(store.clock):
        try:
            caller = access.caller(store, request)
        except Refusal as refusal:
            return _whole(request, Answer(refusal.status, refusal.body), {}), 0
        charge = limits.charge(caller.key, caller.number, caller.allowance, weighed(request))
        if charge.refusal is not None:
            answer = charge.refusal
        elif given is not None:
            answer = given
        else:
            meter = Meter(limits, charge, caller.key, caller.allowance)
            with access.calling(caller), metered(meter):
                answer = _answer(store, request, caller, stale)
        answer = _whole(request, answer, caller.headers())
        if answer.status == 304:
            charge.refund()
        cost = 0 if charge.refusal or answer.status == 304 else charge.work.cost
        headers = {**charge.headers(), **answer.headers}
        return Answer(answer.status, answer.body, headers), cost


def _answer(store: Store, request: Incoming, caller: access.Caller, stale: float) -> Answer:
    seen = access.view(store, caller, _since(store, stale) if stale else "")
    if request.path in GRAPHQL:
        refused = access_rules.of_graphql(caller, question(request))
        if refused is not None:
            return refused
    try:
        access_rules.check(store, caller, seen, request)
        with seen_as(seen):
            return doors.answer(store, request)
    except Refusal as refusal:
        return Answer(refusal.status, refusal.body)
    except Denied as denied:
        closed = Refusal(404 if caller.sort == "classic" else 403, str(denied))
        return Answer(closed.status, closed.body)


def _since(store: Store, stale: float) -> str:
    return clock.stamp(datetime.fromtimestamp(store.clock.seconds() - stale, UTC))


def _whole(request: Incoming, answer: Answer, more: Mapping[str, str]) -> Answer:
    """The answer's body as bytes, with its ETag, or 304 where the client knows it already."""
    status, body = answer.status, as_bytes(answer.body)
    headers = {**MEDIA, **more, **answer.headers}
    if request.method in ("GET", "HEAD") and status == 200 and not isinstance(answer.body, bytes):
        headers["ETag"] = f'W/"{hashlib.sha256(body).hexdigest()}"'
        headers["Cache-Control"] = "private, max-age=60, s-maxage=60"
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            status, body = 304, b""
    if body and "Content-Type" not in headers:
        headers["Content-Type"] = "application/json; charset=utf-8"
    return Answer(status, body, headers)


def as_bytes(body: Any) -> bytes:
    if body is None:
        return b""
    return body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
