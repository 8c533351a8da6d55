"""Faults by rule: what is late, refused, cut off, lost or stale, and how often."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

import httpx
import pytest

VIEWER = "query Who { viewer { login } }"
MAKE = 'mutation($r: ID!) { createIssue(input: {repositoryId: $r, title: "t"}) { issue { id } } }'


@pytest.fixture
def rules(gh):
    """Sets the rules of the twin, in place of those before."""

    def set_them(*given):
        armed = gh.post("/_twin/faults", json={"rules": list(given)})
        assert armed.status_code == 200, armed.text
        return armed.json()["rules"]

    yield set_them
    gh.delete("/_twin/faults").raise_for_status()


def ask(gh, query, **variables):
    return gh.post("/graphql", json={"query": query, "variables": variables})


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_route_fails_so_often_and_then_no_more(gh, repo, rules, status):
    rules({"method": "GET", "route": "/repos/*/labels", "count": 2, "action": {"status": status}})
    codes = [gh.get(f"{repo}/labels").status_code for _ in range(3)]
    assert codes == [status, status, 200]
    assert gh.post(f"{repo}/labels", json={"name": "fine"}).status_code == 201
    assert gh.get("/_twin/faults").json()["rules"][0]["hits"] == 2


def test_a_rule_begins_after_some_requests(gh, repo, rules):
    rules({"route": repo, "after": 1, "count": 1, "action": {"status": 502}})
    assert [gh.get(repo).status_code for _ in range(3)] == [200, 502, 200]


def test_a_route_is_a_pattern_a_regular_expression_or_the_name_of_a_question(gh, repo, rules):
    node = gh.get(repo).json()["node_id"]
    for route, broken in [
        ("/repos/*", {repo}),
        ("^/(user|orgs/Acme)$", {"/user", "/orgs/Acme"}),
        ("Who", {VIEWER}),
        ("viewer", {VIEWER}),
        ("createIssue", {MAKE}),
        ("/graphql", {VIEWER, MAKE}),
    ]:
        rules({"route": route, "action": {"status": 503}})
        asked = {path: gh.get(path).status_code for path in (repo, "/user", "/orgs/Acme")}
        asked |= {query: ask(gh, query, r=node).status_code for query in (VIEWER, MAKE)}
        assert {name for name, code in asked.items() if code == 503} == broken
    assert len(gh.get(f"{repo}/issues").json()) == 4


def test_a_rule_may_be_for_writes_or_for_reads_alone(gh, repo, rules):
    node = gh.get(repo).json()["node_id"]
    for write, refused in [(True, [200, 502, 200, 502]), (False, [502, 201, 502, 200])]:
        rules({"write": write, "action": {"status": 502}})
        codes = [
            gh.get(repo).status_code,
            gh.post(f"{repo}/labels", json={"name": "x"}).status_code,
            ask(gh, VIEWER).status_code,
            ask(gh, MAKE, r=node).status_code,
        ]
        assert codes == refused


@pytest.mark.parametrize(
    ("action", "told"),
    [({"status": 403, "retry_after": 7}, "7"), ({"status": 403}, None), ({"status": 429}, None)],
)
def test_a_secondary_limit_by_rule(gh, repo, rules, action, told):
    rules({"method": "POST", "action": action})
    refused = gh.post(f"{repo}/issues", json={"title": "never"})
    assert refused.status_code == action["status"]
    assert "secondary rate limit" in refused.json()["message"]
    assert refused.headers.get("retry-after") == told
    assert gh.get(f"{repo}/issues").json() == []


@pytest.mark.parametrize("type_", ["RATE_LIMITED", "RESOURCE_LIMITS_EXCEEDED"])
def test_graphql_refuses_in_an_answer_of_status_200(gh, rules, type_):
    rules({"route": "/graphql", "count": 1, "action": {"graphql": type_}})
    refused = ask(gh, VIEWER)
    assert refused.status_code == 200
    assert [error["type"] for error in refused.json()["errors"]] == [type_]
    assert ask(gh, VIEWER).json()["data"]["viewer"]["login"] == "twin-admin"


def test_a_query_that_takes_too_long_is_a_502_with_its_words(gh, rules):
    rules({"route": "/graphql", "count": 1, "action": {"status": 502}})
    late = ask(gh, VIEWER)
    assert late.status_code == 502
    assert late.json()["errors"][0]["message"].startswith("Something went wrong while executing")


def test_more_aliases_than_a_rule_allows_are_too_many(gh, rules):
    rules({"max_aliases": 2})
    query = "{{ {} }}".format(" ".join(f"a{n}: viewer {{ login }}" for n in range(3)))
    assert ask(gh, query).json()["errors"][0]["type"] == "RESOURCE_LIMITS_EXCEEDED"
    assert "data" in ask(gh, query.replace("a2: viewer { login }", "")).json()


def test_more_mutations_than_a_rule_allows_are_not_carried_out(gh, repo, rules):
    rules({"max_mutations": 1})
    node = gh.get(repo).json()["node_id"]
    one = f'createIssue(input: {{repositoryId: "{node}", title: "t"}}) {{ issue {{ id }} }}'
    refused = ask(gh, f"mutation {{ a: {one} b: {one} }}")
    assert refused.json()["errors"][0]["type"] == "RESOURCE_LIMITS_EXCEEDED"
    assert gh.get(f"{repo}/issues").json() == []
    assert "data" in ask(gh, f"mutation {{ {one} }}").json()


def test_a_large_question_runs_out_of_time(gh, rules):
    rules({"max_nodes_time": 10})
    query = "{{ viewer {{ repositories(first: {}) {{ nodes {{ name }} }} }} }}"
    assert ask(gh, query.format(11)).status_code == 502
    assert ask(gh, query.format(10)).status_code == 200


def test_a_write_whose_answer_is_lost_has_been_carried_out(gh, repo, rules):
    rules({"method": "POST", "count": 1, "action": {"lose_response": True}})
    with pytest.raises(httpx.TransportError):
        gh.post(f"{repo}/issues", json={"title": "landed"})
    assert [row["title"] for row in gh.get(f"{repo}/issues").json()] == ["landed"]
    log = gh.get("/_twin/requests").json()["log"]
    assert [row["status"] for row in log if row["path"] == f"{repo}/issues"] == [None, 200]


def test_a_connection_that_is_reset_has_carried_out_nothing(gh, repo, rules):
    rules({"method": "POST", "count": 1, "action": {"reset": True}})
    with pytest.raises(httpx.TransportError):
        gh.post(f"{repo}/issues", json={"title": "never"})
    assert gh.get(f"{repo}/issues").json() == []
    assert gh.post(f"{repo}/issues", json={"title": "now"}).status_code == 201


def test_a_push_whose_answer_is_lost_has_arrived(gh, repo, clone, rules):
    clone.commit({"b": "b"})
    rules({"route": "*git-receive-pack", "count": 1, "action": {"lose_response": True}})
    tip = clone.git("rev-parse", "HEAD").strip()
    clone.push("main", fails=True)
    assert gh.get(f"{repo}/commits/main").json()["sha"] == tip


def test_an_answer_that_is_late_is_the_right_one(gh, repo, rules):
    rules({"route": repo, "action": {"latency_ms": 200}})
    before = time.monotonic()
    assert gh.get(repo).json()["name"] == "tool"
    assert time.monotonic() - before >= 0.2


def test_on_a_clock_that_stands_a_late_answer_moves_it(gh, repo, rules):
    gh.post("/_twin/clock", json={"now": "2031-05-06T12:00:00Z"})
    rules({"route": repo, "action": {"latency_ms": 30_000}})
    gh.get(repo)
    assert gh.get("/_twin/clock").json()["now"] == "2031-05-06T12:00:30Z"


def test_a_stale_list_misses_what_is_new_and_the_thing_itself_is_there(gh, repo, rules):
    gh.post("/_twin/clock", json={"now": "2031-05-06T12:00:00Z"})
    gh.post(f"{repo}/issues", json={"title": "old"})
    gh.post("/_twin/clock", json={"advance": 60})
    gh.post(f"{repo}/issues", json={"title": "new"})
    rules({"route": f"{repo}/issues*", "action": {"stale": 30}})
    assert [row["title"] for row in gh.get(f"{repo}/issues").json()] == ["old"]
    assert gh.get(f"{repo}/issues/2").json()["title"] == "new"
    gh.post("/_twin/clock", json={"advance": 30})
    assert [row["title"] for row in gh.get(f"{repo}/issues").json()] == ["new", "old"]


def test_the_date_of_an_answer_may_be_wrong(gh, rules):
    gh.post("/_twin/clock", json={"now": "2031-05-06T12:00:00Z"})
    rules({"route": "/meta", "count": 1, "action": {"skew": -3600}})
    dates = [parsedate_to_datetime(gh.get("/meta").headers["date"]) for _ in range(2)]
    assert (dates[1] - dates[0]).total_seconds() == 3600


def test_a_fault_costs_what_the_request_would_have_cost(gh, rules):
    rules({"route": "/user", "count": 1, "action": {"status": 502}})
    used = [int(gh.get("/user").headers["x-ratelimit-used"]) for _ in range(2)]
    assert used[1] == used[0] + 1


def test_rules_are_shown_with_what_they_struck_and_go_away(gh, rules):
    rule = {"route": "/user", "after": 1, "action": {"status": 500}}
    assert rules(rule) == [{**rule, "seen": 0, "hits": 0}]
    gh.get("/user"), gh.get("/user"), gh.get("/meta")
    assert gh.get("/_twin/faults").json()["rules"] == [{**rule, "seen": 2, "hits": 1}]
    assert gh.delete("/_twin/faults").status_code == 204
    assert "rules" not in gh.get("/_twin/faults").json()
    assert gh.get("/user").status_code == 200


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"action": {}},
        {"action": {"status": 418}},
        {"action": {"explode": True}},
        {"action": {"graphql": "NOT_FOUND"}},
        {"action": {"latency_ms": -1}},
        {"action": {"status": 500}, "count": -1},
        {"action": {"status": 500}, "route": "^("},
        {"max_aliases": 1, "action": {"status": 500}},
        {"write": "yes", "action": {"status": 500}},
        {"colour": "red", "action": {"status": 500}},
        "all",
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_the_others_stay(gh, rules, rule):
    rules({"route": "/zen", "action": {"status": 500}})
    assert gh.post("/_twin/faults", json={"rules": [rule]}).status_code == 422
    assert gh.get("/_twin/faults").json()["rules"][0]["route"] == "/zen"
