"""Secrets of an organization, a repository and an environment: sealed in, never given out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from meta.twin.actions import seals
from meta.twin.rest import sealed
from meta.twin.rest.sealed import LARGEST, Finder
from meta.twin.store import Row
from meta.twin.web import Answer, Call, Handler, Refusal, page, there

KIND = "secret"


def public_key(find: Finder) -> Handler:
    def handler(call: Call, row: Row, environment_name: str = "") -> dict[str, str]:
        find(call, row, environment_name)
        with call.store.transaction():
            key = seals.key(call.store)
        return {"key_id": seals.name(key), "key": key.doc["public"]}

    return handler


def all_of(find: Finder) -> Handler:
    def handler(call: Call, row: Row, environment_name: str = "") -> Answer:
        place = find(call, row, environment_name)
        rows = sorted(call.store.rows(KIND, place.scope), key=lambda each: each.key)
        return page(call, rows, lambda each: sealed.shown(place, each, KIND), "secrets")

    return handler


def show(find: Finder) -> Handler:
    def handler(call: Call, row: Row, secret_name: str, environment_name: str = "") -> Any:
        place = find(call, row, environment_name)
        found = there(call.store.get(KIND, place.scope, secret_name.upper()))
        return sealed.shown(place, found, KIND)

    return handler


def put(find: Finder) -> Handler:
    def handler(call: Call, row: Row, secret_name: str, environment_name: str = "") -> Answer:
        place, name = find(call, row, environment_name), sealed.valid_name(secret_name)
        old = call.store.get(KIND, place.scope, name)
        doc = {"name": name, "sealed": _sealed(call)}
        doc |= sealed.visibility(call, place, old.doc if old else {})
        if old is None:
            call.store.add(KIND, place.scope, name, doc)
            return Answer(201, {})
        old.doc = doc
        call.store.save(old)
        return Answer(204)

    return handler


def delete(find: Finder) -> Handler:
    def handler(call: Call, row: Row, secret_name: str, environment_name: str = "") -> None:
        place = find(call, row, environment_name)
        call.store.drop(there(call.store.get(KIND, place.scope, secret_name.upper())))

    return handler


def of_organization(call: Call, repo: Row) -> Answer:
    place = sealed.of_repo(call, repo, "")
    rows = sealed.reached(call, repo, KIND)
    return page(call, rows, lambda each: sealed.shown(place, each, KIND), "secrets")


def chosen(call: Call, org: Row, secret_name: str) -> Answer:
    return sealed.chosen(call, org, KIND, secret_name)


def choose(call: Call, org: Row, secret_name: str) -> None:
    sealed.choose(call, org, KIND, secret_name)


def _sealed(call: Call) -> str:
    """What was sent, once the twin has seen that it can open it."""
    text, key = call.text("encrypted_value"), call.text("key_id")
    if key != seals.name(seals.key(call.store)):
        raise Refusal(422, "key_id does not match the public key of this place")
    try:
        value = seals.opened(call.store, text)
    except ValueError as error:
        raise Refusal(422, f"encrypted_value is {error}") from error
    if len(value.encode()) > LARGEST:
        raise Refusal(422, "Secrets are limited to 48 KB")
    return text


def _routes(base: str, find: Finder) -> list[tuple[str, str, Callable[..., Any]]]:
    one = f"{base}/secrets/{{secret_name}}"
    return [
        ("GET", f"{base}/secrets", all_of(find)),
        ("GET", f"{base}/secrets/public-key", public_key(find)),
        ("GET", one, show(find)),
        ("PUT", one, put(find)),
        ("DELETE", one, delete(find)),
    ]


CHOSEN = "/orgs/{org}/actions/secrets/{secret_name}/repositories"
ROUTES = [
    *(route for base, find in sealed.PLACES for route in _routes(base, find)),
    ("GET", CHOSEN, chosen),
    ("PUT", CHOSEN, choose),
    ("GET", "/repos/{owner}/{repo}/actions/organization-secrets", of_organization),
]
