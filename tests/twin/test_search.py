"""Searching issues, pull requests and repositories, by REST and by GraphQL."""

from __future__ import annotations

from typing import Any

import httpx
import pytest


@pytest.fixture
def filled(gh: httpx.Client, repo: str) -> str:
    gh.post(f"{repo}/milestones", json={"title": "Step 1"})
    gh.post("/orgs/Acme/repos", json={"name": "other", "description": "The other one"})
    fields: dict[str, Any] = {"labels": ["bug", "help wanted"], "milestone": 1, "type": "Bug"}
    gh.post(f"{repo}/issues", json={"title": "Broken pipe", **fields})
    body = {"title": "Draw a map", "body": "of the PIPE", "assignees": ["twin-admin"]}
    gh.post(f"{repo}/issues", json=body)
    gh.patch(f"{repo}/issues/2", json={"state": "closed"})
    gh.post("/repos/Acme/other/issues", json={"title": "Elsewhere"})
    return repo


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("pipe", ["Draw a map", "Broken pipe"]),
        ('"broken pipe"', ["Broken pipe"]),
        ("pipe is:open", ["Broken pipe"]),
        ("repo:acme/tool state:closed", ["Draw a map"]),
        ('repo:Acme/tool label:"help wanted" label:BUG', ["Broken pipe"]),
        ("org:acme -repo:acme/tool", ["Elsewhere"]),
        ("repo:acme/tool -label:bug", ["Draw a map"]),
        ('milestone:"step 1"', ["Broken pipe"]),
        ("no:label no:assignee", ["Elsewhere"]),
        ("assignee:@twin-admin author:twin-admin", ["Draw a map"]),
        ("type:bug", ["Broken pipe"]),
        ("is:pr", []),
        ("is:open review-requested:twin-admin", []),
        ("( pipe in:title,body ) repo:acme/tool state:open type:issue", ["Broken pipe"]),
        ("org:acme NOT pipe", ["Elsewhere"]),
        ("repo:acme/other created:>=2020-01-01", ["Elsewhere"]),
        ("repo:acme/other created:2020-01-01..2020-12-31", []),
        ("repo:acme/other updated:<2020-01-01", []),
        ("user:nobody", []),
    ],
)
def test_words_and_qualifiers_find_issues(
    gh: httpx.Client, filled: str, query: str, titles: list[str]
) -> None:
    found = gh.get("/search/issues", params={"q": query}).json()
    assert [each["title"] for each in found["items"]] == titles
    assert (found["total_count"], found["incomplete_results"]) == (len(titles), False)


def test_a_search_that_is_empty_or_too_much_for_the_twin_is_refused(gh: httpx.Client) -> None:
    assert gh.get("/search/issues").status_code == 422
    either = gh.get("/search/issues", params={"q": "a OR b"})
    assert either.json()["message"] == "the twin's search has no OR"
    unknown = gh.get("/search/issues", params={"q": "interactions:>5"})
    assert unknown.status_code == 501
    assert unknown.json()["message"] == "the twin's search has no interactions"


def test_what_is_new_is_found_only_after_the_lag(gh: httpx.Client, twin: Any, filled: str) -> None:
    def found() -> int:
        return int(gh.get("/search/issues", params={"q": "pipe"}).json()["total_count"])

    httpx.post(f"{twin.url}/_twin/search", json={"lag": 30}).raise_for_status()
    assert found() == 0
    httpx.post(f"{twin.url}/_twin/clock", json={"advance": 31}).raise_for_status()
    assert found() == 2
    assert httpx.post(f"{twin.url}/_twin/search", json={"lag": -1}).status_code == 422


def test_private_repositories_are_not_found_by_anyone(
    gh: httpx.Client, anyone: httpx.Client, filled: str
) -> None:
    gh.patch(filled, json={"private": True})
    counts = [
        who.get("/search/issues", params={"q": "org:acme"}).json()["total_count"]
        for who in (gh, anyone)
    ]
    assert counts == [3, 1]


def test_repositories_are_found_by_name_description_and_topic(
    gh: httpx.Client, filled: str
) -> None:
    gh.put(f"{filled}/topics", json={"names": ["maps"]})

    def names(query: str) -> list[str]:
        items = gh.get("/search/repositories", params={"q": query}).json()["items"]
        return [each["name"] for each in items]

    assert names("other") == ["other"]
    assert names("org:acme topic:maps") == ["tool"]
    assert names("user:acme") == ["other", "tool"]


def test_graphql_searches_issues_and_repositories(gh: httpx.Client, filled: str) -> None:
    query = """{
      a: search(query: "pipe is:issue", type: ISSUE, first: 1) {
        issueCount pageInfo { hasNextPage } nodes { ... on Issue { title } } }
      b: search(query: "org:acme", type: REPOSITORY, first: 5) {
        repositoryCount nodes { ... on Repository { name } } } }"""
    assert gh.post("/graphql", json={"query": query}).json()["data"] == {
        "a": {
            "issueCount": 2,
            "pageInfo": {"hasNextPage": True},
            "nodes": [{"title": "Draw a map"}],
        },
        "b": {"repositoryCount": 2, "nodes": [{"name": "other"}, {"name": "tool"}]},
    }
