"""A request -> what it counts for: resource, cost, points, contents that it makes. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from meta.twin import smart
from meta.twin.incoming import Incoming
from meta.twin.questions import Question, asked
from meta.twin.web import Refusal

READ, WRITE = 1, 5
GRAPHQL = ("/graphql", "/api/graphql")
#: REST paths whose POST makes something that people are told about.
CONTENT = re.compile(
    r"/repos/[^/]+/[^/]+/(issues|pulls|issues/\d+/comments|pulls/\d+/(comments|reviews)"
    r"|commits/[^/]+/comments|labels|milestones|releases|forks)"
    r"|/(orgs/[^/]+|user)/repos|/orgs/[^/]+/teams|/gists"
)
#: How the names of such mutations begin.
MAKES = ("create", "add", "copy", "convert")
#: What git and the look at the limits themselves cost.
FREE = ("/rate_limit",)


@dataclass(frozen=True, slots=True)
class Work:
    """`cost` counts against the hour, `points` against the minute."""

    resource: str = "core"
    cost: int = 1
    points: int = READ
    creations: int = 0
    nodes: int = 0
    question: Question | None = None

    @property
    def is_graphql(self) -> bool:
        return self.question is not None


def weighed(request: Incoming) -> Work:
    """What a request counts for; git over HTTP is not limited as the API is."""
    if smart.door(request.path) or request.path in FREE:
        return Work(cost=0, points=0)
    if request.path in GRAPHQL:
        return _graphql(question(request))
    if request.path.startswith("/search/"):
        return Work("search")
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return Work()
    made = request.method == "POST" and CONTENT.fullmatch(request.path.rstrip("/"))
    return Work(points=WRITE, creations=1 if made else 0)


def question(request: Incoming) -> Question:
    try:
        return asked(request.plain())
    except Refusal:
        return asked(b"")


def _graphql(question: Question) -> Work:
    makes = any(field.startswith(MAKES) for field in question.fields)
    return Work(
        "graphql",
        cost=question.cost,
        points=WRITE if question.mutation else READ,
        creations=1 if question.mutation and makes else 0,
        nodes=question.nodes,
        question=question,
    )
