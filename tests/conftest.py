"""Fixtures: one twin for all tests, as furnished anew for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from meta.github import Reader, Request, Server, Writer
from meta.kinds import Look
from meta.model import Manifest
from tests.grounds import Ground, furnished


@pytest.fixture(scope="session")
def furnished_twin() -> Iterator[Ground]:
    with furnished() as ground:
        yield ground


@pytest.fixture
def ground(furnished_twin: Ground) -> Ground:
    """acme/api with one commit, acme/web empty, acme/templates at three versions."""
    one = furnished_twin
    one.send(Request("POST", "/_twin/restore", {"name": "furnished"}))
    one.send(Request("DELETE", "/_twin/requests"))
    return Ground(one.twin, one.server, one.send, one.look)


@pytest.fixture
def server(ground: Ground) -> Server:
    return ground.server


@pytest.fixture
def reader(ground: Ground) -> Reader:
    return ground.reader()


@pytest.fixture
def writer(ground: Ground) -> Writer:
    return ground.writer()


@pytest.fixture
def look(ground: Ground) -> Look:
    return ground.look


@pytest.fixture
def fleet(ground: Ground) -> Callable[..., Manifest]:
    """Entry text for acme/api (or `at=` another, "" for the owner) -> Manifest."""
    return ground.fleet
