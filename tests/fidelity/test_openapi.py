"""GitHub's OpenAPI description is what every answer of the twin's REST routes has to fit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from meta.twin import rest
from meta.twin.routes import match, table
from tests.fidelity.openapi import description
from tests.fidelity.tours.walk import Exchange
from tests.fidelity.tours.whole import exchanges

pytestmark = pytest.mark.slow

ROUTES = [(method, path) for area in rest.AREAS for method, path, _ in area.ROUTES]
TREE = table((method, path, (method, path)) for method, path in ROUTES)

LED = "where the redirect of a download leads; GitHub's leads to another server"

#: Routes that GitHub answers and its description leaves out, each with what shows it.
UNDESCRIBED = {
    "GET /{owner}/{repo}/raw/{ref}/{path*}": "where `download_url` of contents leads",
    "GET /repos/{owner}/{repo}/contents": "the description has it with a path, which may be empty",
    "GET /repos/{owner}/{repo}/statuses/{ref}": "the old address of a commit's statuses",
    "GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/zip/content": LED,
    "GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs/text": LED,
    "GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/logs/zip": LED,
    "GET /repos/{owner}/{repo}/git/refs": "older clients list references there (gone since 2020)",
    "GET /repos/{owner}/{repo}/git/refs/{ref*}": "where the `url` of a reference leads",
}

#: A team by its number, as its `url` names it; PyGithub goes there for all that it does with one.
NUMBERED = "/organizations/{number}/team/{team}"

#: What GitHub answers against its own description: operation, status, place -> what shows it.
EXCEPTIONS: dict[tuple[str, int, str], str] = {
    ("apps/list-installations", 200, "*.account"): (
        "`allOf` of a user and an enterprise, which nothing can be; for one installation it is"
        " `anyOf`"
    ),
    ("repos/create-or-update-file-contents", 409, ""): (
        "`oneOf` of two shapes, of which the second takes whatever fits the first"
    ),
}


def route(exchange: Exchange) -> str:
    """The twin's own name for what was asked."""
    found = match(TREE, exchange.method, exchange.path)
    return " ".join(found[0]) if found else ""  # type: ignore[arg-type]


def faults() -> Iterator[tuple[tuple[str, int, str], str]]:
    for exchange in exchanges():
        operation = description().operation(exchange.method, exchange.path)
        if operation is None:
            continue
        for where, what in description().faults(operation, exchange.status, exchange.body):
            place = (operation.name, exchange.status, where)
            if place not in EXCEPTIONS:
                yield place, what


def test_every_answer_fits_githubs_description() -> None:
    assert list(faults()) == []


def test_the_tour_reaches_every_route() -> None:
    reached = {route(exchange) for exchange in exchanges() if exchange.status < 400}
    refusing = {"GET /repos/{owner}/{repo}/branches/{branch}/protection"}  # none is protected
    every = {f"{method} {path}" for method, path in ROUTES}
    assert sorted(every - reached - refusing) == [], "add these to tests/fidelity/tours"


def test_every_route_is_an_operation_of_github() -> None:
    strange = {
        route(exchange)
        for exchange in exchanges()
        if description().operation(exchange.method, exchange.path) is None
    }
    assert {each for each in strange if NUMBERED not in each} == set(UNDESCRIBED)


def test_an_exception_is_still_needed() -> None:
    needed = {
        (operation.name, exchange.status, where)
        for exchange in exchanges()
        if (operation := description().operation(exchange.method, exchange.path))
        for where, _ in description().faults(operation, exchange.status, exchange.body)
    }
    assert set(EXCEPTIONS) - needed == set()
