"""What GitHub answered to PyGithub's authors, and what the twin answers to the same requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import httpx
import pytest

from meta.twin import rest, snapshots
from meta.twin.routes import match, table
from meta.twin.serve import Twin, served
from meta.twin.store import Exists
from tests.fidelity import outside
from tests.fidelity.likeness import differences
from tests.fidelity.openapi import description
from tests.fidelity.recordings import Recorded, recorded
from tests.fidelity.stage import Stage

pytestmark = pytest.mark.slow

TREE = table(
    (method, path, (method, path)) for area in rest.AREAS for method, path, _ in area.ROUTES
)
LISTED = Path(__file__).with_name("disagreements.txt")

#: Routes whose subjects the stage does not furnish: their recordings are not replayed.
UNFURNISHED = re.compile(
    r"/actions/|/check-|/hooks|/apps?\b|/installation|/protection|/collaborators|/organizations/"
    r"|/deployments|/environments/\{environment_name\}|/assets|/contents/|/reviews|/members"
    r"|/invitations|/requested_reviewers|/dependencies|/keys|/autolinks|/properties|/pages"
    r"|/releases/|/statuses|/git/(blobs|tags|trees|commits)|/merge$|/teams|_invitations"
    r"|/search/|/forks|/automated-security-fixes|/vulnerability-alerts"
)
#: GitHub itself was down, or took the token for a bad one.
BROKEN = (401, 403, 500, 502, 503)


@cache
def results() -> dict[str, str]:
    """Each exchange that was replayed, by name: "" where both agree, else how they differ."""
    with served() as twin, httpx.Client(base_url=twin.url, timeout=60) as client:
        return dict(_results(twin, Stage(twin, client)))


def _results(twin: Twin, stage: Stage) -> Iterator[tuple[str, str]]:
    for file in recorded(outside.recordings()):
        snapshots.reset(twin.store)
        stage.begin(file)
        for one in file:
            found = match(TREE, one.method, one.path)
            if found and one.status not in BROKEN and _is_furnished(one, found[0][1]):  # type: ignore[index]
                yield one.name, _difference(stage, one, found[1])


def _is_furnished(one: Recorded, route: str) -> bool:
    """Not where a reference that may have slashes takes in what is another operation of GitHub."""
    operation = description().operation(one.method, one.path)
    same = operation is None or operation.path.count("/") == route.count("/")
    return same and not UNFURNISHED.search(route)


def _difference(stage: Stage, one: Recorded, parts: dict[str, str]) -> str:
    try:
        status, body = stage.ask(one, parts)
    except (Exists, KeyError, ValueError, OSError) as error:
        return f"cannot be furnished: {error!r}"
    if status != one.status:
        return f"{status}, not {one.status}"
    operation = description().operation(one.method, one.path)
    if operation is None or one.body is None:
        return ""
    return "; ".join(differences(description(), operation, status, one.body, body))


def listed() -> set[str]:
    """The exchanges that are known to differ, from under their reasons."""
    lines = LISTED.read_text("utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def test_no_recorded_exchange_differs_but_those_that_are_listed() -> None:
    differ = {name: how for name, how in results().items() if how and name not in listed()}
    assert differ == {}


def test_nine_of_ten_of_at_least_five_hundred_agree() -> None:
    agree = sum(how == "" for how in results().values())
    assert len(results()) >= 500
    assert agree / len(results()) >= 0.9
