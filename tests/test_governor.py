"""GitHub's pace is kept: waits as told, reads again after passing faults, writes once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from meta.github import Request, Response
from meta.governor import paced

READ, WRITE = Request("GET", "/user"), Request("POST", "/orgs/acme/repos", {"name": "x"})
QUERY = Request("POST", "/graphql", {"query": "\n query { viewer { login } }"})
MUTATION = Request("POST", "/graphql", {"query": "mutation { x }"})
FINE = Response(200, {"ok": True})
SECONDARY = Response(403, {"message": "You have exceeded a secondary rate limit."})
NO_ACCESS = Response(403, {"message": "Resource not accessible by personal access token"})


class Script:
    """A server that gives one answer after another, the last one for ever, and counts."""

    def __init__(self, *answers: Response) -> None:
        self.answers = list(answers)
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> Response:
        self.asked.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Watch:
    """A clock that lets time pass at once, and remembers how much."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)


def sent(request: Request, *answers: Response) -> tuple[Response, int, list[float]]:
    """The answer that came through, how often was asked, and what was waited in between."""
    script, watch = Script(*answers), Watch()
    return paced(script, watch)(request), len(script.asked), watch.waits


def refused(status: int, headers: Mapping[str, str], body: Any = None) -> Response:
    return Response(status, body, headers)


def test_what_is_answered_goes_straight_through() -> None:
    assert sent(READ, FINE) == (FINE, 1, [])


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("request_", [READ, QUERY], ids=["get", "query"])
def test_a_read_is_sent_again_after_a_passing_fault(request_: Request, status: int) -> None:
    assert sent(request_, Response(status), Response(status), FINE) == (FINE, 3, [0.25, 0.5])


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("request_", [WRITE, MUTATION], ids=["post", "mutation"])
def test_a_write_is_never_sent_again_after_a_fault(request_: Request, status: int) -> None:
    assert sent(request_, Response(status), FINE) == (Response(status), 1, [])


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_no_way_of_writing_is_taken_for_a_read(method: str) -> None:
    assert sent(Request(method, "/x", {}), Response(502), FINE) == (Response(502), 1, [])


def test_a_fault_that_does_not_pass_is_answered_in_the_end() -> None:
    answer, asked, waits = sent(READ, Response(502))
    assert (answer.status, asked, waits) == (502, 5, [0.25, 0.5, 1.0, 2.0])


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
def test_it_waits_as_long_as_it_is_told(request_: Request, status: int) -> None:
    told = refused(status, {"retry-after": "17"})
    assert sent(request_, told, FINE) == (FINE, 2, [17.0])


def test_a_secondary_limit_that_names_no_time_is_waited_out_by_the_minute() -> None:
    assert sent(WRITE, SECONDARY, SECONDARY, FINE) == (FINE, 3, [60.0, 120.0])


def test_too_many_requests_that_name_no_time_are_waited_out_by_the_minute() -> None:
    assert sent(READ, Response(429), FINE) == (FINE, 2, [60.0])


@pytest.mark.parametrize("request_", [QUERY, MUTATION], ids=["query", "mutation"])
def test_graphql_that_refuses_for_pace_in_an_answer_that_looks_fine_is_waited_for(
    request_: Request,
) -> None:
    told = refused(200, {"retry-after": "7"}, {"errors": [{"type": "RATE_LIMITED"}]})
    assert sent(request_, told, FINE) == (FINE, 2, [7.0])


@pytest.mark.parametrize(
    "body",
    [
        {"errors": [{"type": "NOT_FOUND"}]},
        {"errors": [{"type": "RATE_LIMITED"}, {"type": "NOT_FOUND"}]},
        {"errors": [{"type": "RATE_LIMITED"}], "data": {"a": 1}},
        {"errors": [{"type": "RESOURCE_LIMITS_EXCEEDED"}]},
    ],
)
def test_other_errors_of_graphql_are_not_waited_for(body: Any) -> None:
    assert sent(QUERY, Response(200, body), FINE) == (Response(200, body), 1, [])


@pytest.mark.parametrize("status", [200, 403, 429])
def test_an_allowance_that_is_used_up_is_waited_for_by_the_servers_clock(status: int) -> None:
    headers = {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": "1935838800",
        "date": "Tue, 06 May 2031 12:59:00 GMT",
    }
    told = refused(status, headers, {"errors": [{"type": "RATE_LIMITED"}]})
    assert sent(QUERY, told, FINE) == (FINE, 2, [61.0])


def test_a_refusal_that_is_not_about_pace_is_not_waited_for() -> None:
    assert sent(READ, NO_ACCESS, FINE) == (NO_ACCESS, 1, [])


def test_a_wait_of_hours_is_not_begun() -> None:
    told = refused(403, {"retry-after": "3600"})
    assert sent(READ, told, FINE) == (told, 1, [])


@pytest.mark.parametrize("status", [400, 401, 404, 409, 422])
def test_what_would_fail_again_is_not_sent_again(status: int) -> None:
    assert sent(READ, Response(status), FINE) == (Response(status), 1, [])


def test_the_same_request_is_sent_again() -> None:
    script = Script(Response(502), FINE)
    paced(script, Watch())(QUERY)
    assert script.asked == [QUERY, QUERY]


def test_it_says_what_it_waits_for() -> None:
    said: list[str] = []
    paced(Script(refused(429, {"retry-after": "5"}), FINE), Watch(), say=said.append)(READ)
    assert said == ["waiting 5 s: 429 from GET /user"]
