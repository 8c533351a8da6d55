"""Send -> a Send that keeps GitHub's pace: waits where told to, and repeats only what is safe.

A read that met a passing fault is sent again. A write is sent once: whether a lost one
landed is found out by observing again, never by a second send.
Source: GitHub's "Rate limits for the REST API" and "Best practices for using the REST API".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from meta.github import Request, Response, Send

PASSING = frozenset({500, 502, 503, 504})
TRIES = 4
#: GitHub asks for at least a minute where a secondary limit names no time.
UNNAMED_WAIT = 60.0
#: Longer than this is no pause but an outage of the budget: the answer goes to the caller.
LONGEST_WAIT = 300.0


class Waits(Protocol):
    def wait(self, seconds: float) -> None: ...


def paced(send: Send, clock: Waits, *, say: Callable[[str], None] = lambda _: None) -> Send:
    """`send`, with refusals for pace waited out and reads repeated after passing faults."""

    def governed(request: Request) -> Response:
        for attempt in range(TRIES):
            response = send(request)
            pause = pause_after(request, response, attempt)
            if pause is None or pause > LONGEST_WAIT:
                return response
            say(f"waiting {pause:.0f} s: {response.status} from {request.method} {request.path}")
            clock.wait(pause)
        return send(request)

    return governed


def pause_after(request: Request, response: Response, attempt: int) -> float | None:
    """Seconds to wait before the same request is sent again; None where it is not."""
    if response.status in PASSING:
        return float(2**attempt) / 4 if is_read(request) else None
    if response.status not in (403, 429):
        return None
    told = response.headers.get("retry-after")
    if told is not None:
        return float(told)
    if response.status == 429 or "secondary rate limit" in str(response.body):
        return UNNAMED_WAIT * (attempt + 1)
    return None


def is_read(request: Request) -> bool:
    if request.path.endswith("/graphql"):
        return bool(str(request.body.get("query", "")).lstrip().startswith("query"))
    return request.method in ("GET", "HEAD")
