"""A request -> page, git, GraphQL or REST, and what that door answers."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

from meta.twin import rest, smart
from meta.twin.actions.admission import admitted
from meta.twin.incoming import Incoming
from meta.twin.rest import assets
from meta.twin.store import Store
from meta.twin.view import Denied
from meta.twin.web import DOCS, Answer, Call, Refusal

GRAPHQL = ("/graphql", "/api/graphql")
READS = ("GET", "HEAD")
#: Where a body is a file as it is, not JSON.
UPLOAD = re.compile(r"/repos/[^/]+/[^/]+/releases/\d+/assets")
LOG = logging.getLogger(__name__)
SIGN_IN = "This endpoint requires you to be authenticated."


def page(store: Store, request: Incoming) -> Answer | None:
    """HTML for a browser, None where the twin has no page of that address."""
    from meta.twin.page import render

    html = render(store, request.path, request.web)
    if html is None:
        return None
    return Answer(200, html.encode(), {"Content-Type": "text/html; charset=utf-8"})


def is_write(request: Incoming) -> bool:
    """Whether it may change anything: a query of GraphQL and a fetch of git do not."""
    if request.path in GRAPHQL:
        return b"mutation" in request.body and _is_mutation(request)
    if smart.door(request.path):
        # Before a large push git asks with an empty one whether it may.
        return smart.is_push(request) and request.body != b"0000"
    return request.method not in READS


def answer(store: Store, request: Incoming) -> Answer:
    """What GitHub would answer; its refusals are answers too."""
    try:
        with admitted(store, request, write=is_write(request)) as login:
            return _answer(store, request, login)
    except Refusal as refusal:
        return Answer(refusal.status, refusal.body)
    except Denied:
        raise
    except Exception:  # a failure of the twin's own: the client hears 500, its log says why
        LOG.exception("%s %s failed", request.method, request.path)
        return Answer(500, {"message": "Server Error", "status": "500"})


def _answer(store: Store, request: Incoming, login: str) -> Answer:
    if smart.door(request.path):
        return smart.answer(store, request)
    if request.method in READS and (found := assets.download(store, request.path, login)):
        return found
    body = _json(request)
    if request.path in GRAPHQL:
        return _graphql(store, request, body)
    return rest.answer(_call(store, request, body, login))


def _call(store: Store, request: Incoming, body: Any, login: str) -> Call:
    return Call(
        store=store,
        method="GET" if request.method == "HEAD" else request.method,
        path=request.path,
        query=request.query,
        body=body,
        login=login,
        api=request.api,
        web=request.web,
        headers=request.headers,
    )


def _json(request: Incoming) -> Any:
    if not request.body:
        return None
    if request.method == "POST" and UPLOAD.fullmatch(request.path):
        return request.plain()
    try:
        return json.loads(request.plain())
    except ValueError as error:
        raise Refusal(400, "Problems parsing JSON") from error


def _graphql(store: Store, request: Incoming, body: Any) -> Answer:
    from meta.twin import graphql

    if request.method != "POST":
        raise Refusal(404, "Not Found")
    if not request.login:
        return Answer(401, {"message": SIGN_IN, "documentation_url": DOCS, "status": "401"})
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        raise Refusal(400, "A query attribute must be specified and must be a string.")
    return Answer(200, graphql.answer(store, body, request.login, request.web))


def _is_mutation(request: Incoming) -> bool:
    from meta.twin import graphql

    try:
        body = json.loads(request.plain())
        return isinstance(body, dict) and graphql.is_mutation(body)
    except (Refusal, ValueError):
        return False
