"""A sync through lost answers, broken reads and limits ends as one that nobody disturbed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.crash import Ground, Whole
from tests.crash_dump import differences
from tests.forks import Forks
from tests.running import Remote, twin
from tests.test_crash import MANIFEST, PLAN, TEMPLATE, pushed

#: All but git, whose pushes nothing of this is for.
API = "^/(repos|orgs|graphql)"
NOON = "2031-05-06T12:00:00Z"


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    """The twin that a killed sync is tried on, with a clock that stands."""
    with twin(tmp_path_factory.mktemp("twin") / "data") as remote:
        remote.ask("POST", "/_twin/clock", {"now": NOON})
        remote.ask("POST", "/_twin/orgs", {"login": "acme"})
        pushed(remote, tmp_path_factory.mktemp("source"), "templates", TEMPLATE, tag="v1.0.0")
        old = {"README.md": "# By hand\n", "main.c": "int main() {}\n"}
        pushed(remote, tmp_path_factory.mktemp("old"), "acme-old", old)
        yield remote


@pytest.fixture(scope="module")
def ground(remote: Remote, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder, scratch = tmp_path_factory.mktemp("fleet"), tmp_path_factory.mktemp("scratch")
    (folder / "repos.yaml").write_text(MANIFEST)
    (folder / "plan.md").write_text(PLAN)
    with Forks() as forks:
        yield Ground(remote, forks, folder, ("sync", "--yes"), owner="acme", scratch=scratch)


@pytest.fixture(scope="module")
def whole(ground: Ground) -> Whole:
    return ground.whole()


@pytest.fixture
def start(ground: Ground, whole: Whole) -> Iterator[Ground]:
    """The ground as it was at first, and again afterwards, without faults and limits."""
    ground.restore()
    ground.remote.ask("POST", "/_twin/clock", {"now": NOON})
    yield ground
    ground.remote.ask("DELETE", "/_twin/limits")
    ground.remote.ask("DELETE", "/_twin/faults")


def rules(ground: Ground, *given: dict[str, Any]) -> None:
    ground.remote.ask("POST", "/_twin/faults", {"rules": [*given]})


def hits(ground: Ground) -> list[int]:
    return [rule["hits"] for rule in ground.remote.get("/_twin/faults")["rules"]]


def passed(ground: Ground) -> float:
    """Seconds of the twin's clock since noon."""
    ground.remote.ask("POST", "/_twin/clock", {"advance": 0})
    return float(ground.remote.get("/_twin/clock")["seconds"]) - 1935835200


def wrong(ground: Ground, whole: Whole) -> list[str]:
    """What differs from the run that nobody disturbed, and what one more run writes."""
    found = list(differences(whole.after, ground.dump()))
    ground.remote.ask("DELETE", "/_twin/faults")
    ground.remote.ask("DELETE", "/_twin/requests")
    third = ground.run()
    if ground.remote.writes:
        found.append(f"the third run writes {ground.remote.writes} times\n{third.out}")
    return found


@pytest.mark.slow
def test_a_sync_that_loses_the_answer_to_any_of_its_writes_is_finished_by_the_next(
    ground: Ground, whole: Whole
) -> None:
    found = []
    for number in range(whole.writes):
        ground.restore()
        lost = {"write": True, "after": number, "count": 1, "action": {"lose_response": True}}
        rules(ground, lost)
        ground.run()
        assert hits(ground) == [1], f"write {number + 1} is never reached"
        ground.remote.ask("DELETE", "/_twin/faults")
        again = ground.run()
        row = whole.log[number]
        if again.code != whole.run.code:
            found.append(f"{row['method']} {row['path']}: the next run ends with {again.code}")
        found += [f"{row['method']} {row['path']}: {each}" for each in wrong(ground, whole)]
    assert not found, "\n\n".join(found)


def test_reads_that_fail_in_passing_are_asked_again(start: Ground, whole: Whole) -> None:
    broken = [
        {"route": API, "write": False, "after": after, "count": 2, "action": {"status": status}}
        for after, status in ((2, 502), (6, 503), (10, 504), (14, 500))
    ]
    rules(start, *broken)
    before = time.monotonic()
    run = start.run()
    assert run.code == whole.run.code, run
    assert hits(start) == [2, 2, 2, 2]
    assert time.monotonic() - before < 60
    assert wrong(start, whole) == []


def test_questions_that_fail_in_passing_are_asked_again(start: Ground, whole: Whole) -> None:
    late = {"route": "/graphql", "write": False, "count": 1, "action": {"status": 502}}
    limited = {"route": "/graphql", "count": 1, "action": {"graphql": "RATE_LIMITED"}}
    rules(start, late, {**limited, "after": 1})
    run = start.run()
    assert run.code == whole.run.code, run
    assert hits(start) == [1, 1]
    assert wrong(start, whole) == []


@pytest.mark.parametrize(("told", "least"), [({"retry_after": 120}, 360), ({}, 180)])
def test_a_secondary_limit_is_waited_out_in_the_twins_time(
    start: Ground, whole: Whole, told: dict[str, int], least: int
) -> None:
    refused = {"route": API, "action": {"status": 403, **told}}
    rules(
        start,
        *({"write": True, "after": after, "count": 1, **refused} for after in (0, 4)),
        {"write": False, "after": 9, "count": 1, **refused},
    )
    run = start.run()
    assert run.code == whole.run.code, run
    assert hits(start) == [1, 1, 1]
    assert passed(start) >= least
    assert wrong(start, whole) == []


def test_a_sync_beyond_the_limits_waits_and_makes_nothing_twice(
    start: Ground, whole: Whole
) -> None:
    limits = {"secondary": True, "creations_per_minute": 2, "rest_points": 60}
    start.remote.ask("POST", "/_twin/limits", limits)
    run = start.run()
    assert run.code == whole.run.code, run
    statuses = [row["status"] for row in start.remote.log["log"]]
    assert statuses.count(403) >= 2
    assert passed(start) >= 60
    start.remote.ask("DELETE", "/_twin/limits")
    assert wrong(start, whole) == []
