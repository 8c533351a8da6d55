"""Fixtures: one twin for all tests, as furnished anew for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from meta.github import Reader, Server, Writer
    from meta.kinds import Look
    from meta.model import Manifest
    from tests.grounds import Ground

# How long an example takes says more about the machine than about the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def furnished_twin() -> Iterator[Ground]:
    # Not at the top: a test of what is pure needs no twin, and starts without one.
    from tests.grounds import furnished

    with furnished() as ground:
        yield ground


@pytest.fixture
def ground(furnished_twin: Ground) -> Ground:
    """acme/api with one commit, acme/web empty, acme/templates at three versions."""
    return furnished_twin.anew()


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
