"""Configuration variables of an organization, a repository and an environment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from meta.twin.rest import sealed
from meta.twin.rest.sealed import LARGEST, Finder, Place
from meta.twin.store import Exists, Row
from meta.twin.web import Answer, Call, Handler, Refusal, page, there

KIND = "variable"


def all_of(find: Finder) -> Handler:
    def handler(call: Call, row: Row, environment_name: str = "") -> Answer:
        place = find(call, row, environment_name)
        rows = sorted(call.store.rows(KIND, place.scope), key=lambda each: each.key)
        return page(call, rows, lambda each: _shown(place, each), "variables")

    return handler


def show(find: Finder) -> Handler:
    def handler(call: Call, row: Row, name: str, environment_name: str = "") -> Any:
        place = find(call, row, environment_name)
        return _shown(place, there(call.store.get(KIND, place.scope, name.upper())))

    return handler


def create(find: Finder) -> Handler:
    def handler(call: Call, row: Row, environment_name: str = "") -> Answer:
        place, name = find(call, row, environment_name), sealed.valid_name(call.text("name"))
        doc = {"name": name, "value": _value(call.text("value"))}
        try:
            call.store.add(KIND, place.scope, name, doc | sealed.visibility(call, place, {}))
        except Exists as error:
            raise Refusal(409, "Already exists - Variable already exists") from error
        return Answer(201, {})

    return handler


def update(find: Finder) -> Handler:
    def handler(call: Call, row: Row, name: str, environment_name: str = "") -> None:
        place = find(call, row, environment_name)
        found = there(call.store.get(KIND, place.scope, name.upper()))
        if call.fields.get("name"):
            found.doc["name"] = found.key = sealed.valid_name(call.text("name"))
        if "value" in call.fields:
            found.doc["value"] = _value(call.text("value"))
        found.doc |= sealed.visibility(call, place, found.doc)
        call.store.save(found)

    return handler


def delete(find: Finder) -> Handler:
    def handler(call: Call, row: Row, name: str, environment_name: str = "") -> None:
        place = find(call, row, environment_name)
        call.store.drop(there(call.store.get(KIND, place.scope, name.upper())))

    return handler


def of_organization(call: Call, repo: Row) -> Answer:
    place = sealed.of_repo(call, repo, "")
    rows = sealed.reached(call, repo, KIND)
    return page(call, rows, lambda each: _shown(place, each), "variables")


def chosen(call: Call, org: Row, name: str) -> Answer:
    return sealed.chosen(call, org, KIND, name)


def choose(call: Call, org: Row, name: str) -> None:
    sealed.choose(call, org, KIND, name)


def _shown(place: Place, row: Row) -> dict[str, Any]:
    return {"value": row.doc["value"], **sealed.shown(place, row, KIND)}


def _value(text: str) -> str:
    if len(text.encode()) > LARGEST:
        raise Refusal(422, "Variables are limited to 48 KB")
    return text


def _routes(base: str, find: Finder) -> list[tuple[str, str, Callable[..., Any]]]:
    one = f"{base}/variables/{{name}}"
    return [
        ("GET", f"{base}/variables", all_of(find)),
        ("POST", f"{base}/variables", create(find)),
        ("GET", one, show(find)),
        ("PATCH", one, update(find)),
        ("DELETE", one, delete(find)),
    ]


CHOSEN = "/orgs/{org}/actions/variables/{name}/repositories"
ROUTES = [
    *(route for base, find in sealed.PLACES for route in _routes(base, find)),
    ("GET", CHOSEN, chosen),
    ("PUT", CHOSEN, choose),
    ("GET", "/repos/{owner}/{repo}/actions/organization-variables", of_organization),
]
