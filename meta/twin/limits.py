"""Who asks and what for -> whether the hour, the minute and the crowd leave room for it.

Always counted, so that the headers are true; refused only where a limit is on. Source: GitHub's
"Rate limits for the REST API" and "Rate limits and query limits for the GraphQL API".
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from typing import Any

from meta.twin import limits_words as words
from meta.twin.clock import Clock
from meta.twin.limits_work import Work
from meta.twin.web import Answer

HOUR = 3600.0
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What is on, and GitHub's numbers. `retry_after` says whether a secondary limit names a time.

    A caller of its own allowance (nobody, an installation) has that instead of `core`.
    """

    primary: bool = False
    secondary: bool = False
    core: int = 5000
    graphql: int = 5000
    search: int = 30
    nodes: int = 500_000
    concurrent: int = 100
    rest_points: int = 900
    graphql_points: int = 2000
    creations_per_minute: int = 80
    creations_per_hour: int = 500
    retry_after: bool = True
    status: int = 403


@dataclass(slots=True)
class Window:
    """The allowance of a caller for one resource, since its first request."""

    limit: int
    reset: float
    used: int = 0


@dataclass(slots=True)
class Spent:
    """Moments and points of the last hour; the newest is last."""

    rest: deque[tuple[float, int]] = field(default_factory=deque)
    graphql: deque[tuple[float, int]] = field(default_factory=deque)
    creations: deque[tuple[float, int]] = field(default_factory=deque)


@dataclass(slots=True)
class Charge:
    """What one request took; `refusal` is the answer where it may not go on."""

    work: Work
    window: Window
    resource: str
    refusal: Answer | None = None

    def refund(self) -> None:
        """For an answer that GitHub does not count: 304, and the look at the limits itself."""
        self.window.used = max(0, self.window.used - self.work.cost)

    def headers(self) -> dict[str, str]:
        left = max(0, self.window.limit - self.window.used)
        return {
            "X-RateLimit-Limit": str(self.window.limit),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": str(int(self.window.reset)),
            "X-RateLimit-Used": str(self.window.used),
            "X-RateLimit-Resource": self.resource,
        }


class Limits:
    """The counts of one twin. They are kept in memory: a restart begins a new hour."""

    def __init__(self, clock: Clock) -> None:
        self.settings = Settings()
        self.open = 0
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[tuple[str, str], Window] = {}
        self._spent: dict[str, Spent] = {}

    def set(self, given: dict[str, Any]) -> None:
        """Changes some settings and forgets all counts; raises ValueError for what is none."""
        known = asdict(Settings())
        for name, value in given.items():
            if name not in known or type(value) is not type(known[name]) or value < 0:
                raise ValueError(f"{name!r} is no limit, or {value!r} no value of it")
        with self._lock:
            self.settings = Settings(**{**asdict(self.settings), **given})
            self._windows, self._spent = {}, {}

    def clear(self) -> None:
        """As they are at first: off, and nothing counted."""
        with self._lock:
            self.settings, self._windows, self._spent = Settings(), {}, {}

    def report(self) -> dict[str, Any]:
        return asdict(self.settings)

    def charge(self, caller: str, number: int, allowance: int | None, work: Work) -> Charge:
        """Counts one request of a caller, or says why it may not be; `number` is the user's id."""
        with self._lock:
            window = self._window(caller, work.resource, allowance)
            made = Charge(work, window, work.resource)
            made.refusal = self._refused(made, caller, number)
            if made.refusal is None:
                window.used += work.cost
                self._spend(caller, work)
            return made

    def left(self, caller: str, resource: str, allowance: int | None) -> Window:
        """The allowance as it stands, without counting anything."""
        with self._lock:
            return self._window(caller, resource, allowance)

    def _refused(self, charge: Charge, caller: str, number: int) -> Answer | None:
        rules, work, window = self.settings, charge.work, charge.window
        if rules.nodes and work.nodes > rules.nodes:
            return words.too_many_nodes(work.nodes, rules.nodes)
        if rules.primary and work.cost and window.used + work.cost > window.limit:
            return words.used_up(caller, number, graphql=work.is_graphql)
        if not rules.secondary:
            return None
        wait = self._wait(caller, work)
        if wait is None:
            return None
        return words.slow_down(rules.status, wait if rules.retry_after else None)

    def _wait(self, caller: str, work: Work) -> float | None:
        """Seconds until a secondary limit lets the request through; None where it does now."""
        rules, spent = self.settings, self._spent.setdefault(caller, Spent())
        if self.open > rules.concurrent:
            return MINUTE
        points = rules.graphql_points if work.is_graphql else rules.rest_points
        run = spent.graphql if work.is_graphql else spent.rest
        checks = [(run, MINUTE, points, work.points)]
        if work.creations:
            checks += [(spent.creations, MINUTE, rules.creations_per_minute, work.creations)]
            checks += [(spent.creations, HOUR, rules.creations_per_hour, work.creations)]
        waits = [self._over(*check) for check in checks]
        return max((wait for wait in waits if wait is not None), default=None)

    def _over(
        self, run: deque[tuple[float, int]], span: float, most: int, more: int
    ) -> float | None:
        """Seconds until `more` fit into what was spent over a span; None where they do."""
        now = self._clock.seconds()
        total = more + sum(points for moment, points in run if moment > now - span)
        for moment, points in run:
            if total <= most:
                break
            if moment > now - span:
                total -= points
                wait = moment + span - now
                if total <= most:
                    return wait
        return span if total > most else None

    def _spend(self, caller: str, work: Work) -> None:
        now, spent = self._clock.seconds(), self._spent.setdefault(caller, Spent())
        (spent.graphql if work.is_graphql else spent.rest).append((now, work.points))
        if work.creations:
            spent.creations.append((now, work.creations))
        for run, span in ((spent.rest, MINUTE), (spent.graphql, MINUTE), (spent.creations, HOUR)):
            while run and run[0][0] <= now - span:
                run.popleft()

    def _window(self, caller: str, resource: str, allowance: int | None) -> Window:
        limit = {"graphql": self.settings.graphql, "search": self.settings.search}.get(resource)
        limit = (allowance or self.settings.core) if limit is None else limit
        span = MINUTE if resource == "search" else HOUR
        now, key = self._clock.seconds(), (caller, resource)
        if key not in self._windows or self._windows[key].reset <= now:
            self._windows[key] = Window(limit, now + span)
        return self._windows[key]


@dataclass(frozen=True, slots=True)
class Meter:
    """What the running request is counted as; for the answers that tell it."""

    limits: Limits
    charge: Charge
    caller: str
    allowance: int | None


_METER: ContextVar[Meter | None] = ContextVar("meter", default=None)


def meter() -> Meter | None:
    return _METER.get()


@contextmanager
def metered(meter: Meter) -> Iterator[None]:
    token = _METER.set(meter)
    try:
        yield
    finally:
        _METER.reset(token)
