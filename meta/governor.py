"""Send -> a Send that keeps GitHub's pace: waits where told to, and repeats only what is safe.

A read that met a passing fault is sent again. A write is sent once: whether a lost one
landed is found out by observing again, never by a second send.
Source: GitHub's "Rate limits for the REST API" and "Best practices for using the REST API".
"""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

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
    if response.status not in (403, 429) and not rate_limited(response.body):
        return None
    told = response.headers.get("retry-after")
    if told is not None:
        return float(told)
    if response.headers.get("x-ratelimit-remaining") == "0":
        return until_reset(response)
    if response.status != 403 or "secondary rate limit" in str(response.body):
        return UNNAMED_WAIT * (attempt + 1)
    return None


def rate_limited(body: Any) -> bool:
    """Whether GraphQL refused for pace, which it says in an answer that looks fine: nothing of
    such a request was carried out."""
    errors = body.get("errors") if isinstance(body, dict) and not body.get("data") else None
    return (
        isinstance(errors, list)
        and bool(errors)
        and all(isinstance(error, dict) and error.get("type") == "RATE_LIMITED" for error in errors)
    )


def until_reset(response: Response) -> float:
    """Seconds until the allowance begins anew, by the server's own clock."""
    try:
        reset = float(response.headers["x-ratelimit-reset"])
        now = parsedate_to_datetime(response.headers["date"]).timestamp()
    except (KeyError, ValueError):
        return UNNAMED_WAIT
    return max(1.0, reset - now + 1)


def is_read(request: Request) -> bool:
    if request.path.endswith("/graphql"):
        return bool(str(request.body.get("query", "")).lstrip().startswith("query"))
    return request.method in ("GET", "HEAD")
