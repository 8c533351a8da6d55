"""The limits of GitHub on a twin: counted always, enforced where they are on, over on time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from meta.twin.questions import asked
from meta.twin.serve import served

NOON = "2031-05-06T12:00:00Z"
RESET = 1935838800  # 13:00 of that day
VIEWER = "query { viewer { login } }"
LEFT = "query { rateLimit { cost limit nodeCount remaining resetAt used } }"
MAKE = 'mutation($r: ID!) { createIssue(input: {repositoryId: $r, title: "t"}) { issue { id } } }'


@pytest.fixture
def limited(gh):
    """A client of a twin with a clock that stands, and a function that sets its limits."""
    gh.post("/_twin/clock", json={"now": NOON}).raise_for_status()

    def limits(**given):
        gh.post("/_twin/limits", json=given).raise_for_status()
        return gh

    yield limits
    gh.delete("/_twin/limits").raise_for_status()
    gh.post("/_twin/clock", json={"mode": "machine"}).raise_for_status()


def later(gh, seconds):
    gh.post("/_twin/clock", json={"advance": seconds}).raise_for_status()


def budget(answer):
    names = ("limit", "remaining", "used", "reset", "resource")
    return tuple(answer.headers[f"x-ratelimit-{name}"] for name in names)


def ask(gh, query, **variables):
    return gh.post("/graphql", json={"query": query, "variables": variables})


def test_nothing_is_refused_at_first_and_all_is_counted(limited):
    gh = limited(core=2)
    answers = [gh.get("/user") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert budget(answers[1]) == ("2", "0", "2", str(RESET), "core")
    assert budget(answers[2])[1:3] == ("0", "3")


def test_the_hour_of_rest_is_used_up_and_begins_anew(limited):
    gh = limited(primary=True, core=2)
    later(gh, 600)
    gh.get("/user")
    later(gh, 60)
    gh.get("/user")
    refused = gh.get("/user")
    assert refused.status_code == 403
    assert refused.json()["message"].startswith("API rate limit exceeded for user ID ")
    assert budget(refused) == ("2", "0", "2", str(RESET + 600), "core")
    assert "retry-after" not in refused.headers
    assert gh.get("/rate_limit").json()["rate"] == {
        "limit": 2,
        "used": 2,
        "remaining": 0,
        "reset": RESET + 600,
    }
    later(gh, 3540)
    assert budget(gh.get("/user"))[:3] == ("2", "1", "1")


def test_nobody_has_sixty_requests_and_their_own_count(limited, anyone):
    gh = limited(primary=True)
    codes = [anyone.get("/meta").status_code for _ in range(61)]
    assert codes == [200] * 60 + [403]
    assert gh.get("/meta").status_code == 200


def test_looking_at_the_limits_costs_nothing(limited):
    gh = limited(primary=True, core=1)
    for _ in range(3):
        assert gh.get("/rate_limit").json()["resources"]["core"]["used"] == 0
    assert gh.get("/user").status_code == 200


def test_an_answer_that_did_not_change_costs_nothing(limited):
    gh = limited(primary=True)
    etag = gh.get("/user").headers["etag"]
    again = gh.get("/user", headers={"If-None-Match": etag})
    assert (again.status_code, again.headers["x-ratelimit-used"]) == (304, "1")


def test_the_log_says_what_each_request_cost(limited):
    gh = limited(primary=True, graphql=12)
    gh.delete("/_twin/requests")
    etag = gh.get("/user").headers["etag"]
    gh.get("/user", headers={"If-None-Match": etag})
    for _ in range(2):
        ask(gh, DEEP)
    log = gh.get("/_twin/requests").json()["log"]
    assert [row["cost"] for row in log] == [1, 0, 11, 0]


def test_git_is_not_counted(limited, clone):
    gh = limited(primary=True, core=1)
    clone.commit({"a": "a"})
    clone.push("main")
    assert budget(gh.get("/user"))[2] == "1"


def test_points_of_graphql_are_a_budget_of_their_own(limited):
    gh = limited(primary=True, graphql=2)
    shown = ask(gh, LEFT)
    assert shown.json()["data"]["rateLimit"] == {
        "cost": 1,
        "limit": 2,
        "nodeCount": 0,
        "remaining": 1,
        "resetAt": "2031-05-06T13:00:00Z",
        "used": 1,
    }
    assert budget(shown) == ("2", "1", "1", str(RESET), "graphql")
    ask(gh, VIEWER)
    refused = ask(gh, VIEWER)
    assert refused.status_code == 200
    [error] = refused.json()["errors"]
    assert error["type"] == "RATE_LIMITED"
    assert "data" not in refused.json()
    assert gh.get("/user").status_code == 200


DEEP = """query($n: Int = 60) { viewer { repositories(first: 50) { nodes { name
    issues(first: 20) { totalCount nodes { title labels(first: $n) { nodes { name } } } } } } } }"""


@pytest.mark.parametrize(
    ("query", "variables", "cost", "nodes"),
    [
        (VIEWER, {}, 1, 0),
        # 1 list of repositories, 50 of issues, 1,000 of labels: 1,051 requests.
        (DEEP, {}, 11, 50 + 50 * 20 + 50 * 20 * 60),
        (DEEP, {"n": 2}, 11, 50 + 50 * 20 + 50 * 20 * 2),
        ("{ viewer { repositories(first: 100) { totalCount } } }", {}, 1, 0),
        (
            "{ viewer { ...r } } fragment r on User { repositories(last: 7) { nodes { id } } }",
            {},
            1,
            7,
        ),
    ],
)
def test_a_question_costs_what_its_connections_ask_for(query, variables, cost, nodes):
    found = asked(
        httpx.Request("POST", "http://x", json={"query": query, "variables": variables}).read()
    )
    assert (found.cost, found.nodes) == (cost, nodes)


def test_a_question_of_too_many_nodes_is_not_answered(gh):
    query = """{ viewer { repositories(first: 100) { nodes { issues(first: 100) { nodes {
        labels(first: 100) { nodes { name } } } } } } } }"""
    answer = ask(gh, query)
    assert answer.status_code == 200
    assert answer.json() == {
        "errors": [
            {
                "type": "MAX_NODE_LIMIT_EXCEEDED",
                "message": "This query requests up to 1,010,100 possible nodes which exceeds the"
                " maximum limit of 500,000.",
            }
        ]
    }


def test_reads_and_writes_share_the_points_of_a_minute(limited, repo):
    gh = limited(secondary=True, rest_points=22)
    for number in range(4):
        gh.put(f"{repo}/topics", json={"names": [f"t{number}"]}).raise_for_status()
        later(gh, 10)
    assert [gh.get("/user").status_code for _ in range(3)] == [200, 200, 403]
    refused = gh.get("/user")
    assert "secondary rate limit" in refused.json()["message"]
    assert refused.headers["retry-after"] == "20"
    later(gh, 20)
    assert gh.get("/user").status_code == 200


def test_mutations_weigh_five_against_the_minute_of_graphql(limited, repo):
    gh = limited(secondary=True, graphql_points=11)
    node = gh.get(repo).json()["node_id"]
    assert "data" in ask(gh, MAKE, r=node).json()
    assert "data" in ask(gh, MAKE, r=node).json()
    assert ask(gh, MAKE, r=node).status_code == 403
    assert ask(gh, VIEWER).status_code == 200
    assert len(gh.get(f"{repo}/issues").json()) == 2


def test_eighty_things_are_made_in_a_minute_and_five_hundred_in_an_hour(limited, repo):
    gh = limited(secondary=True, creations_per_minute=3, creations_per_hour=5)
    node = gh.get(repo).json()["node_id"]

    def make():
        return gh.post(f"{repo}/issues", json={"title": "one"})

    assert [make().status_code for _ in range(3)] == [201] * 3
    assert ask(gh, MAKE, r=node).status_code == 403
    assert make().headers["retry-after"] == "60"
    assert gh.patch(f"{repo}/issues/1", json={"title": "two"}).status_code == 200
    later(gh, 60)
    assert "data" in ask(gh, MAKE, r=node).json()
    assert [make().status_code for _ in range(2)] == [201, 403]
    assert make().headers["retry-after"] == "3540"
    later(gh, 3540)
    assert make().status_code == 201


def test_a_secondary_limit_may_name_no_time_and_be_a_429(limited):
    gh = limited(secondary=True, rest_points=1, retry_after=False, status=429)
    gh.get("/user")
    refused = gh.get("/user")
    assert refused.status_code == 429
    assert "retry-after" not in refused.headers


def test_a_crowd_at_once_is_too_large(limited, twin):
    gh = limited(secondary=True, concurrent=2)
    gh.post("/_twin/clock", json={"mode": "machine"})
    slow = {"rules": [{"route": "/user", "action": {"latency_ms": 300}}]}
    gh.post("/_twin/faults", json=slow)

    def look(_):
        return httpx.get(f"{twin.url}/user", headers={"Authorization": "token x"}, timeout=30)

    with ThreadPoolExecutor(6) as pool:
        codes = [answer.status_code for answer in pool.map(look, range(6))]
    gh.delete("/_twin/faults")
    assert 403 in codes
    assert gh.get("/user").status_code == 200


@pytest.mark.parametrize("body", [{"primary": 1}, {"core": "many"}, {"none": True}, {"core": -1}])
def test_limits_that_cannot_be_are_refused(gh, body):
    assert gh.post("/_twin/limits", json=body).status_code == 422
    assert gh.get("/_twin/limits").json()["primary"] is False


def test_a_twin_may_be_limited_from_its_start():
    with served(limits={"primary": True, "core": 1}) as twin:
        headers = {"Authorization": "token x"}
        codes = [httpx.get(f"{twin.url}/user", headers=headers).status_code for _ in range(2)]
    assert codes == [200, 403]
