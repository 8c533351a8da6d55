"""A twin of 1,000 repositories -> how fast it answers its commonest routes, starts and endures.

The client is Python on the same machine, and takes its share of what is measured.
"""

from __future__ import annotations

import http.client
import itertools
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from meta.kinds import issue
from tests import crowd, growth

Asked = tuple[str, str, Any]  # method, path, body
REPO = "/repos/acme/tool-{}"
ALL = """fragment all on Repository {
  issues(first: 50, orderBy: {field: CREATED_AT, direction: ASC}) { nodes {
    id number title body authorAssociation
    milestone { description } labels(first: 20) { nodes { name } }
    parent { body subIssues(first: 50) { nodes { id title } } }
  } }
  labels(first: 100) { nodes { name color description } }
  milestones(first: 100) { nodes { title description } }
}"""


def read(path: str) -> Callable[[int], Asked]:
    """The same of one repository after another."""
    return lambda turn: ("GET", path.format(turn % growth.REPOSITORIES), None)


def page(turn: int) -> Asked:
    words = {"owner": "acme", "name": f"tool-{turn % growth.REPOSITORIES}"}
    return "POST", "/graphql", {"query": issue.PAGE, "variables": words}


def together(_: int) -> Asked:
    """100 repositories, with everything that kinds read by GraphQL, as one query."""
    aliased = " ".join(
        f'r{number}: repository(owner: "acme", name: "tool-{number}") {{ ...all }}'
        for number in range(100)
    )
    return "POST", "/graphql", {"query": f"query {{ {aliased} }} {ALL}"}


def made(turn: int) -> Asked:
    name = f"{REPO.format(turn % growth.REPOSITORIES)}/issues"
    return "POST", name, {"title": f"Turn {turn}", "body": "What to do", "labels": ["bug"]}


def edited(turn: int) -> Asked:
    path = f"{REPO.format(turn % growth.REPOSITORIES)}/labels/bug"
    return "PATCH", path, {"color": f"{turn % 0xFFFFFF:06x}"}


ROUTES: dict[str, Callable[[int], Asked]] = {
    "GET a repository": read(REPO),
    "GET its labels": read(f"{REPO}/labels?per_page=100"),
    "GET its 10 issues": read(f"{REPO}/issues?state=all&per_page=100"),
    "GET one issue": read(f"{REPO}/issues/7"),
    "GET its tree of 20 files": read(f"{REPO}/git/trees/HEAD?recursive=1"),
    "GET a file": read(f"{REPO}/contents/src/part1/file1.txt"),
    "GET 100 of 1,000 repositories": read("/orgs/acme/repos?per_page=100"),
    "GraphQL: the issues as `meta plan` asks": page,
    "GraphQL: 100 repositories in one query": together,
    "POST an issue": made,
    "PATCH a label": edited,
}


def timed(url: str, ask: Callable[[int], Asked], seconds: float) -> list[float]:
    """How long each of the requests took, one after another on one connection."""
    line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    took: list[float] = []
    until = time.perf_counter() + seconds
    for turn in itertools.count():
        method, path, body = ask(turn)
        sent = None if body is None else json.dumps(body)
        begun = time.perf_counter()
        line.request(method, path, sent, {"Authorization": "Bearer any"})
        answer = line.getresponse()
        text = answer.read()
        took.append(time.perf_counter() - begun)
        assert answer.status < 300, text
        assert method != "POST" or b'"errors"' not in text, text
        if time.perf_counter() > until:
            line.close()
            return took
    return took


def lines(seconds: float, long: float) -> Iterator[str]:
    """`seconds` for each route, `long` for the crowd."""
    with tempfile.TemporaryDirectory(prefix="twin-bench-") as name:
        data = Path(name) / "large"
        growth.grow(data)
        with crowd.twin(data) as running:
            yield f"{'start, 1,000 repositories and 10,000 issues':<44}{running.seconds:>8.2f} s"
            for what, ask in ROUTES.items():
                took = timed(running.remote.url, ask, seconds)
                rate, middle = len(took) / sum(took), statistics.median(took) * 1000
                yield f"{what:<44}{rate:>8.0f} /s   median {middle:.1f} ms"
            yield f"{'memory at most':<44}{running.memory():>8} MB"
        yield from endured(Path(name) / "crowd", long)


def endured(data: Path, seconds: float) -> Iterator[str]:
    with crowd.twin(data) as running:
        visited = crowd.crowded(running, 200, seconds)
    with crowd.twin(data) as running:
        missing = crowd.lost(running.remote, visited)
    total = sum(visited.statuses.values())
    broken = sum(count for status, count in visited.statuses.items() if status >= 500)
    yield f"{f'200 clients for {seconds:.0f} s, 2 writes to 3 reads':<44}{total / seconds:>8.0f} /s"
    yield f"{'  answers of 500 and more, broken lines':<44}{broken:>8}, {len(visited.broken)}"
    writes = len(visited.created) + len(visited.edited)
    yield f"{'  writes lost by kill -9, of':<44}{len(missing):>8} of {writes}"
