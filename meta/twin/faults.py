"""Rules and a request -> what goes wrong with it: late, refused, cut off, lost, or stale."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass, field
from typing import Any

from meta.twin import limits_words as words
from meta.twin.incoming import Incoming
from meta.twin.limits_work import GRAPHQL, question
from meta.twin.web import Answer

STATUSES = (403, 429, 500, 502, 503, 504)
TYPES = ("RATE_LIMITED", "RESOURCE_LIMITS_EXCEEDED")
#: Rules about the size of a GraphQL document.
SIZES = ("max_aliases", "max_mutations", "max_nodes_time")
#: Seconds from 0, but for `skew`, which may go back.
NUMBERS = ("latency_ms", "stale", "skew", "retry_after")
SHAPE = (
    'a rule is {"method", "route", "write", "count", "after", "action": {...}}, or one of '
    + ", ".join(SIZES)
)


@dataclass(frozen=True, slots=True)
class Harm:
    """What goes wrong with one request. `answer` comes instead of carrying it out.

    `reset` cuts the connection before it is carried out, `lose` afterwards; times are seconds.
    """

    latency: float = 0.0
    answer: Answer | None = None
    reset: bool = False
    lose: bool = False
    stale: float = 0.0
    skew: float = 0.0


@dataclass(slots=True)
class Rule:
    """`count` requests, after the first `after` that fit; all of them where `count` is None.

    `write` is True for what may change something, False for what only reads, None for both.
    """

    given: dict[str, Any]
    method: str = ""
    route: str = ""
    write: bool | None = None
    count: int | None = None
    after: int = 0
    action: dict[str, Any] = field(default_factory=dict)
    seen: int = 0
    hits: int = 0

    def fits(self, request: Incoming, *, write: bool) -> bool:
        if self.method and self.method != request.method:
            return False
        if self.write not in (None, write):
            return False
        return not self.route or any(_like(self.route, name) for name in _names(request))

    def strikes(self) -> bool:
        """To be asked once for each request that fits."""
        self.seen += 1
        due = self.seen > self.after and (self.count is None or self.hits < self.count)
        self.hits += due
        return due

    def report(self) -> dict[str, Any]:
        return {**self.given, "seen": self.seen, "hits": self.hits}


class Rules:
    """The rules of one twin, in their order; used from the event loop alone."""

    def __init__(self) -> None:
        self.all: list[Rule] = []

    def set(self, given: Any) -> None:
        """Puts these in the place of all others; raises ValueError, having changed nothing."""
        if not isinstance(given, list) or not given:
            raise ValueError('"rules" is a list of rules')
        self.all = [read(each) for each in given]

    def clear(self) -> None:
        self.all = []

    def report(self) -> list[dict[str, Any]]:
        return [rule.report() for rule in self.all]

    def harm(self, request: Incoming, *, write: bool) -> Harm | None:
        """What the first rule that strikes does to a request."""
        for rule in self.all:
            if (
                not rule.fits(request, write=write)
                or not _too_large(rule, request)
                or not rule.strikes()
            ):
                continue
            return _harm(rule, request)
        return None


def read(given: Any) -> Rule:
    """A rule out of its JSON; raises ValueError."""
    if not isinstance(given, dict):
        raise ValueError(SHAPE)
    sizes = {name: given[name] for name in SIZES if name in given}
    action = given.get("action", sizes)
    known = {"method", "route", "write", "count", "after", "action", *SIZES}
    if (
        set(given) - known
        or not isinstance(action, dict)
        or not action
        or (sizes and "action" in given)
    ):
        raise ValueError(SHAPE)
    _check_action(action)
    for name in ("count", "after"):
        if given.get(name) is not None and (type(given[name]) is not int or given[name] < 0):
            raise ValueError(f'"{name}" is a number of requests')
    if given.get("write") not in (None, True, False):
        raise ValueError('"write" is true or false')
    route = str(given.get("route") or "")
    _check_route(route)
    return Rule(
        given,
        method=str(given.get("method") or "").upper(),
        route=route,
        write=given.get("write"),
        count=given.get("count"),
        after=given.get("after") or 0,
        action=action,
    )


def _check_action(action: dict[str, Any]) -> None:
    allowed = {"status", "graphql", "reset", "lose_response", *NUMBERS, *SIZES}
    wrong = sorted(set(action) - allowed)
    if wrong:
        raise ValueError(f"no action is named {', '.join(wrong)}")
    if "status" in action and action["status"] not in STATUSES:
        raise ValueError(f'"status" is one of {", ".join(map(str, STATUSES))}')
    if "graphql" in action and action["graphql"] not in TYPES:
        raise ValueError(f'"graphql" is one of {", ".join(TYPES)}')
    for name in (*NUMBERS, *SIZES):
        value = action.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f'"{name}" is a number')
        if value < 0 and name != "skew":
            raise ValueError(f'"{name}" is a number from 0')


def _check_route(route: str) -> None:
    try:
        re.compile(route) if _is_regex(route) else None
    except re.error as error:
        raise ValueError(f'"route" is no regular expression: {error}') from error


def _harm(rule: Rule, request: Incoming) -> Harm:
    action = rule.action
    return Harm(
        latency=action.get("latency_ms", 0) / 1000,
        answer=_answer(action, request),
        reset=bool(action.get("reset")),
        lose=bool(action.get("lose_response")),
        stale=float(action.get("stale", 0)),
        skew=float(action.get("skew", 0)),
    )


def _answer(action: dict[str, Any], request: Incoming) -> Answer | None:
    match action:
        case {"max_aliases": _} | {"max_mutations": _}:
            return words.too_large()
        case {"max_nodes_time": _}:
            return words.timed_out()
        case {"graphql": "RATE_LIMITED"}:
            return words.used_up("this token", 0, graphql=True)
        case {"graphql": _}:
            return words.too_large()
        case {"status": 403 | 429 as status}:
            return words.slow_down(status, action.get("retry_after"))
        case {"status": 502 | 504} if request.path in GRAPHQL:
            return Answer(action["status"], words.timed_out().body)
        case {"status": status}:
            return words.broken(status)
    return None


def _too_large(rule: Rule, request: Incoming) -> bool:
    """Whether a document is beyond what a rule about sizes lets through; True for other rules."""
    sizes = {name: rule.action[name] for name in SIZES if name in rule.action}
    if not sizes:
        return True
    if request.path not in GRAPHQL:
        return False
    asks = question(request)
    changes = len(asks.fields) if asks.mutation else 0
    found = {"max_aliases": asks.aliases, "max_mutations": changes, "max_nodes_time": asks.nodes}
    return any(found[name] > most for name, most in sizes.items())


def _names(request: Incoming) -> tuple[str, ...]:
    """What a route may name: the path; for GraphQL also the operation and its root fields."""
    if request.path not in GRAPHQL:
        return (request.path,)
    asks = question(request)
    return (request.path, asks.name, *asks.fields)


def _like(route: str, name: str) -> bool:
    """`route` is a regular expression where it begins with ^, else a glob or a plain name."""
    if _is_regex(route):
        return re.search(route, name) is not None
    return fnmatch.fnmatchcase(name, route)


def _is_regex(route: str) -> bool:
    return route.startswith("^")
