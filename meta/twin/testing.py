"""A pytest plugin: the fixture `twin`, a GitHub on loopback that each test finds empty.

In a conftest.py: `pytest_plugins = ["meta.twin.testing"]`.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from meta.twin.serve import Twin as Served
from meta.twin.serve import served

TOKEN = "any-token"  # noqa: S105 - a twin takes every token


@dataclass(frozen=True, slots=True)
class Twin:
    """`url` is the base of REST and of git, `graphql` that of GraphQL; none ends with a slash."""

    url: str
    data: Path
    token: str = TOKEN

    @property
    def graphql(self) -> str:
        return f"{self.url}/graphql"

    @property
    def environment(self) -> dict[str, str]:
        """What makes `meta`, and other tools that read these names, talk to this twin."""
        return {"GITHUB_API_URL": self.url, "GITHUB_GRAPHQL_URL": self.graphql} | {
            "GITHUB_SERVER_URL": self.url,
            "GITHUB_TOKEN": self.token,
        }

    def git_url(self, full_name: str) -> str:
        """Where git clones `owner/name` from and pushes it to, with credentials in it."""
        return f"{self.url.replace('://', f'://x:{self.token}@')}/{full_name}.git"

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON, None where it is empty; raises urllib.error.HTTPError."""
        request = urllib.request.Request(  # noqa: S310 - a twin's own address
            f"{self.url}{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Authorization": f"Bearer {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            text = answer.read()
        return json.loads(text) if text else None

    def organization(self, login: str) -> None:
        """Makes an organization, which no request of GitHub's own does."""
        self.ask("POST", "/_twin/orgs", {"login": login})

    def requests(self) -> Any:
        """What was asked so far: `total`, `reads`, `writes`, and `log` with each request."""
        return self.ask("GET", "/_twin/requests")

    def snapshot(self, name: str) -> None:
        """Keeps everything as it is now; gone at the end of the test run."""
        self.ask("POST", "/_twin/snapshot", {"name": name})

    def restore(self, name: str) -> None:
        self.ask("POST", "/_twin/restore", {"name": name})


@pytest.fixture(scope="session")
def running_twin() -> Iterator[Served]:
    """One twin for the whole run, without workflows; override it for one with `actions=N`."""
    with served() as running:
        yield running


@pytest.fixture
def twin(running_twin: Served) -> Twin:
    """The twin, emptied: nothing of an earlier test is there, nor its limits, faults and time."""
    made = Twin(running_twin.url, running_twin.data)
    made.ask("POST", "/_twin/reset")
    return made
