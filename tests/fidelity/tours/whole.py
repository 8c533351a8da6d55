"""A new twin -> every exchange of a walk through all that it offers over REST."""

from __future__ import annotations

from functools import cache

import httpx

from meta.twin.serve import served
from tests.fidelity.tours import apps, code, extras, more, people, planning, repositories, running
from tests.fidelity.tours.walk import Exchange, Walk

AREAS = (
    *people.AREAS,
    *repositories.AREAS,
    *code.AREAS,
    *planning.AREAS,
    *running.AREAS,
    *apps.AREAS,
    *more.AREAS,
    *extras.AREAS,
)


@cache
def exchanges() -> tuple[Exchange, ...]:
    """Made once; the areas are walked in their order, each on what those before it left."""
    auth = {"Authorization": "Bearer any-token"}
    with (
        served(runner=running.runner) as twin,
        httpx.Client(base_url=twin.url, headers=auth, timeout=30) as client,
    ):
        go = Walk(client)
        client.post("/_twin/orgs", json={"login": "Acme"}).raise_for_status()
        go("POST /orgs/Acme/repos", 201, json={"name": "tool", "auto_init": True})
        for area in AREAS:
            area(go)
    return tuple(go.exchanges)
