"""A limit that is reached -> the answer that says so, in GitHub's shape. Pure."""

from __future__ import annotations

import math
from typing import Any

from meta.twin.web import Answer

DOCS = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"
SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)


def used_up(caller: str, number: int, *, graphql: bool, status: int = 403) -> Answer:
    """The primary limit: no Retry-After; the headers say when it begins anew."""
    who = f"user ID {number}" if number else caller
    message = f"API rate limit exceeded for {who}."
    if graphql:
        return in_200("RATE_LIMITED", message)
    return _said(status, message, DOCS)


def slow_down(status: int, wait: float | None) -> Answer:
    """A secondary limit, with the seconds to wait or without any."""
    told = {"Retry-After": str(max(1, math.ceil(wait)))} if wait is not None else {}
    answer = _said(status, SECONDARY, f"{DOCS}#about-secondary-rate-limits")
    return Answer(answer.status, answer.body, told)


def too_many_nodes(nodes: int, most: int) -> Answer:
    message = (
        f"This query requests up to {nodes:,} possible nodes which exceeds the maximum limit of"
        f" {most:,}."
    )
    return in_200("MAX_NODE_LIMIT_EXCEEDED", message)


def in_200(type: str, message: str) -> Answer:
    """A refusal of GraphQL: the status says nothing of it."""
    return Answer(200, {"errors": [{"type": type, "message": message}]})


def too_large() -> Answer:
    return in_200("RESOURCE_LIMITS_EXCEEDED", "Resource limits for this query exceeded.")


def timed_out() -> Answer:
    message = (
        "Something went wrong while executing your query. This may be the result of a timeout, or"
        " it could be a GitHub bug."
    )
    return Answer(502, {"data": None, "errors": [{"message": message}]})


def broken(status: int) -> Answer:
    """What stands in front of GitHub answers where GitHub does not."""
    message = {500: "Server Error", 502: "Server Error", 503: "Service unavailable"}
    return Answer(status, {"message": message.get(status, "We couldn't respond in time.")})


def _said(status: int, message: str, docs: str) -> Answer:
    body: dict[str, Any] = {"message": message, "documentation_url": docs, "status": str(status)}
    return Answer(status, body)
