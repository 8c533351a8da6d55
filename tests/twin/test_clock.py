"""The twin's time: the machine's until it is set by hand, and then what everything is dated by."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest

from meta.connect import connect

NOON = "2031-05-06T12:00:00Z"


@pytest.fixture
def noon(gh):
    """A twin whose clock stands at noon of a day to come."""
    gh.post("/_twin/clock", json={"mode": "manual", "now": NOON}).raise_for_status()
    yield gh
    gh.post("/_twin/clock", json={"mode": "machine"}).raise_for_status()


def test_it_is_the_machines_time_at_first(gh):
    shown = gh.get("/_twin/clock").json()
    assert shown["mode"] == "machine"
    assert abs(shown["seconds"] - time.time()) < 60
    dated = parsedate_to_datetime(gh.get("/meta").headers["date"])
    assert abs((dated - datetime.now(UTC)).total_seconds()) < 60


def test_everything_is_dated_by_a_clock_that_is_set(noon):
    repo = noon.post("/orgs/Acme/repos", json={"name": "tool", "auto_init": True}).json()
    issue = noon.post("/repos/Acme/tool/issues", json={"title": "one"}).json()
    closed = noon.patch("/repos/Acme/tool/issues/1", json={"state": "closed"})
    commit = noon.get("/repos/Acme/tool/commits/main").json()["commit"]
    dates = [repo["created_at"], repo["pushed_at"], issue["created_at"], issue["updated_at"]]
    dates += [closed.json()["closed_at"], commit["committer"]["date"]]
    assert dates == [NOON] * 6
    assert closed.headers["date"] == "Tue, 06 May 2031 12:00:00 GMT"


def test_a_clock_that_is_set_stands_still_until_it_is_advanced(noon):
    noon.post("/repos/Acme/none/issues", json={"title": "one"})
    assert noon.get("/_twin/clock").json()["now"] == NOON
    moved = noon.post("/_twin/clock", json={"advance": 90.5}).json()
    assert (moved["mode"], moved["now"]) == ("manual", "2031-05-06T12:01:30Z")
    assert noon.post("/orgs/Acme/repos", json={"name": "late"}).json()["created_at"] == moved["now"]


def test_advancing_makes_the_machines_clock_a_manual_one(gh):
    moved = gh.post("/_twin/clock", json={"advance": 3600}).json()
    assert moved["mode"] == "manual"
    assert 3500 < moved["seconds"] - time.time() < 3700
    assert gh.post("/_twin/clock", json={"mode": "machine"}).json()["mode"] == "machine"


def test_the_twin_says_which_clock_it_has(noon):
    assert noon.get("/_twin").json()["clock"]["mode"] == "manual"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"mode": "late"},
        {"mode": "machine", "advance": 1},
        {"advance": -1},
        {"advance": "long"},
        {"now": "yesterday"},
    ],
)
def test_a_clock_that_cannot_be_is_refused(gh, body):
    assert gh.post("/_twin/clock", json=body).status_code == 422
    assert gh.get("/_twin/clock").json()["mode"] == "machine"


def test_meta_waits_by_moving_the_clock_of_a_twin_that_is_set(noon, twin):
    rule = {"route": "/user", "count": 2, "action": {"status": 403, "retry_after": 200}}
    noon.post("/_twin/faults", json={"rules": [rule]})
    before = time.monotonic()
    assert connect("github.com", {}, api_url=twin.url).login == "twin-admin"
    assert time.monotonic() - before < 30
    assert noon.get("/_twin/clock").json()["now"] == "2031-05-06T12:06:40Z"
