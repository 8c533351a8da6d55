"""Which events start a workflow, by its `on`."""

from typing import Any

import pytest

from meta.twin.actions.triggers import Event, kept, starts
from meta.twin.actions.workflows import read


def push(branch: str = "main", *changed: str, tag: str = "") -> Event:
    return Event("push", "", "" if tag else branch, tag, lambda: changed)


@pytest.mark.parametrize(
    ("on", "event", "expected"),
    [
        ("push", push(), True),
        (["push", "pull_request"], push(), True),
        ("pull_request", push(), False),
        ({"push": None}, push(tag="v1"), True),
        ({"push": {"branches": ["main"]}}, push("dev"), False),
        ({"push": {"branches": ["release/**"]}}, push("release/1/x"), True),
        ({"push": {"branches-ignore": ["wip/*"]}}, push("wip/x"), False),
        ({"push": {"branches": ["main"]}}, push(tag="v1"), False),
        ({"push": {"tags": ["v*"]}}, push(tag="v1.2"), True),
        ({"push": {"tags": ["v*"]}}, push("main"), False),
        ({"push": {"tags-ignore": ["v*"]}}, push(tag="v1"), False),
        ({"push": {"paths": ["docs/**"]}}, push("main", "a.py", "docs/b/c.md"), True),
        ({"push": {"paths": ["docs/**"]}}, push("main", "a.py"), False),
        ({"push": {"paths": ["**", "!**.md"]}}, push("main", "x.md"), False),
        ({"push": {"paths-ignore": ["docs/**"]}}, push("main", "docs/a"), False),
        ({"push": {"paths-ignore": ["docs/**"]}}, push("main", "docs/a", "b"), True),
        ({"push": {"tags": ["v*"], "paths": ["x"]}}, push("main", "y", tag="v1"), True),
        ({"pull_request": None}, Event("pull_request", "opened", "main"), True),
        ({"pull_request": None}, Event("pull_request", "closed", "main"), False),
        ({"pull_request": {"types": ["closed"]}}, Event("pull_request", "closed", "main"), True),
        ({"pull_request": {"branches": ["dev"]}}, Event("pull_request", "opened", "main"), False),
        ({"repository_dispatch": None}, Event("repository_dispatch", "any"), True),
        ({"repository_dispatch": {"types": ["a"]}}, Event("repository_dispatch", "b"), False),
    ],
)
def test_an_event_starts_a_workflow_or_does_not(on: Any, event: Event, expected: bool) -> None:
    assert starts(on, event) is expected


@pytest.mark.parametrize(
    ("patterns", "name", "expected"),
    [
        (["releases/**", "!releases/**-alpha"], "releases/10-alpha", False),
        (["releases/**", "!releases/**-alpha"], "releases/10", True),
        (["v[12].[0-9]+.[0-9]+"], "v1.10.1", True),
        (["**/docs/**"], "docs/a.md", True),
        (["docs/*"], "docs/a/b", False),
        (["*.jsx?"], "page.js", True),
        (["a.b"], "axb", False),
    ],
)
def test_filter_patterns_are_githubs(patterns: list[str], name: str, expected: bool) -> None:
    assert kept(patterns, name) is expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("on: push\njobs: {a: {runs-on: x}}", ""),
        ("on: [", "Invalid workflow file"),
        ("- a", "it is not a mapping"),
        ("jobs: {a: {runs-on: x}}", "no event triggers"),
        ("on: push", "no jobs"),
        ("on: push\njobs: {a: {steps: []}}", "neither `runs-on` nor `uses`"),
        ("on: push\njobs: {a: {runs-on: x, needs: b}}", "needs b, which is not there"),
        (
            "on: push\njobs: {a: {runs-on: x, needs: b}, b: {runs-on: x, needs: a}}",
            "in a circle",
        ),
    ],
)
def test_a_workflow_that_could_not_run_says_why(text: str, problem: str) -> None:
    assert problem in read("ci.yml", text).problem
    assert bool(read("ci.yml", text).problem) is bool(problem)
