"""/_twin: the log, writes that hang, reset and snapshots."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest


def until(true, seconds=10):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)


@pytest.fixture
def alone(gh, repo):
    """A client whose log starts empty and whose faults end with the test."""
    gh.delete("/_twin/requests")
    yield gh
    gh.delete("/_twin/faults")


def test_a_twin_says_that_it_is_one_and_what_it_holds(gh, twin, repo):
    about = gh.get("/_twin").json()
    assert about["twin"] is True
    assert about["data"] == str(twin.data)
    assert about["version"] == gh.get("/meta").headers["x-meta-twin"]
    assert (about["counts"]["org"], about["counts"]["repo"], about["counts"]["label"]) == (1, 1, 9)


def test_requests_are_logged_and_writes_are_numbered(alone, repo):
    alone.get(repo)
    alone.post(f"{repo}/labels", json={"name": "x"})
    alone.post(f"{repo}/labels", json={"name": "x"})
    alone.post("/graphql", json={"query": "query { viewer { login } }"})
    report = alone.get("/_twin/requests").json()
    assert (report["total"], report["reads"], report["writes"]) == (4, 2, 2)
    assert report["log"][1] == {
        "n": 2,
        "method": "POST",
        "path": "/repos/Acme/tool/labels",
        "status": 201,
        "write": True,
        "write_n": 1,
        "cost": 1,
    }
    assert [(row["status"], row["write_n"]) for row in report["log"]] == [
        (200, None),
        (201, 1),
        (422, 2),
        (200, None),
    ]
    assert alone.delete("/_twin/requests").status_code == 204
    assert alone.get("/_twin/requests").json()["total"] == 0


def test_a_mutation_is_a_write_and_a_query_that_only_names_one_is_not(alone, repo):
    node = alone.get(repo).json()["node_id"]
    words = (
        'mutation($r: ID!) { createIssue(input: {repositoryId: $r, title: "t"}) { issue { id } } }'
    )
    alone.post("/graphql", json={"query": words, "variables": {"r": node}})
    alone.post("/graphql", json={"query": "query mutation { viewer { login } }"})
    log = alone.get("/_twin/requests").json()["log"]
    assert [row["write"] for row in log] == [False, True, False]


def test_a_push_is_one_write_and_a_clone_is_none(gh, repo, clone, tmp_path):
    gh.delete("/_twin/requests")
    (clone.folder / "large").write_bytes(bytes(range(256)) * 12_000)
    clone.commit({"a": "a"})
    clone.push("main")
    clone.git("clone", "-q", clone.remote, str(tmp_path / "copy"))
    assert gh.get("/_twin/requests").json()["writes"] == 1


@pytest.mark.parametrize(("when", "carried_out"), [("before", 404), ("after", 200)])
def test_the_nth_write_hangs_before_or_after_it_and_nothing_else_does(
    alone, twin, repo, when, carried_out
):
    armed = alone.post("/_twin/faults", json={"at": 2, "when": when})
    assert armed.json() == {"armed": {"at": 2, "when": when, "seen": 0}, "hit": False}
    assert alone.post(f"{repo}/labels", json={"name": "one"}).status_code == 201
    headers = {"Authorization": "token x"}

    def write():
        return httpx.post(
            f"{twin.url}{repo}/labels", json={"name": "two"}, headers=headers, timeout=30
        )

    with ThreadPoolExecutor(1) as pool:
        lost = pool.submit(write)
        until(lambda: alone.get("/_twin/faults").json()["hit"])
        assert alone.get(f"{repo}/labels/two").status_code == carried_out
        assert alone.post(f"{repo}/labels", json={"name": "three"}).status_code == 201
        assert not lost.done()
        assert alone.get("/_twin/requests").json()["log"][1]["status"] is None
        assert alone.delete("/_twin/faults").status_code == 204
        assert isinstance(lost.exception(timeout=10), httpx.HTTPError)
    assert alone.get(f"{repo}/labels/two").status_code == carried_out
    assert alone.get("/_twin/faults").json()["armed"] is None


@pytest.mark.parametrize(("when", "arrived"), [("before", False), ("after", True)])
def test_a_hanging_push_has_arrived_or_has_not(alone, repo, fresh, when, arrived):
    clone = fresh("Acme/tool")
    clone.commit({"a": "a"})
    alone.post("/_twin/faults", json={"at": 1, "when": when})
    pushed = threading.Thread(target=lambda: clone.push("main", fails=True))
    pushed.start()
    until(lambda: alone.get("/_twin/faults").json()["hit"])
    assert bool(alone.get(f"{repo}/branches").json()) is arrived
    alone.delete("/_twin/faults")
    pushed.join(timeout=30)
    assert not pushed.is_alive()


@pytest.mark.parametrize("body", [{"at": 0}, {"at": 1, "when": "never"}, {}, []])
def test_a_fault_that_cannot_be_is_refused(alone, body):
    assert alone.post("/_twin/faults", json=body).status_code in (400, 422)
    assert alone.get("/_twin/faults").json()["armed"] is None


def test_a_snapshot_brings_everything_back(gh, repo, clone):
    gh.post(f"{repo}/issues", json={"title": "kept"})
    tip = gh.get(f"{repo}/commits/main").json()["sha"]
    assert gh.post("/_twin/snapshot", json={"name": "one"}).status_code == 204
    gh.post(f"{repo}/issues", json={"title": "lost"})
    clone.commit({"lost": "x"})
    clone.push("main")
    gh.post("/orgs/Acme/repos", json={"name": "lost"})
    start = time.monotonic()
    assert gh.post("/_twin/restore", json={"name": "one"}).status_code == 204
    assert time.monotonic() - start < 1
    assert [row["title"] for row in gh.get(f"{repo}/issues").json()] == ["kept"]
    assert gh.get(f"{repo}/commits/main").json()["sha"] == tip
    assert gh.get("/repos/Acme/lost").status_code == 404
    assert gh.post(f"{repo}/issues", json={"title": "next"}).json()["number"] == 2
    clone.git("fsck", "--full")
    clone.push("--force", "main")
    gh.post("/_twin/restore", json={"name": "one"})
    assert gh.get(f"{repo}/commits/main").json()["sha"] == tip


def test_snapshots_have_plain_names_and_have_to_be_there(gh):
    assert gh.post("/_twin/snapshot", json={"name": "../x"}).status_code == 422
    assert gh.post("/_twin/restore", json={"name": "none"}).status_code == 404
    assert gh.post("/_twin/snapshot", json={}).status_code == 422


def test_reset_empties_the_twin_and_its_log(gh, repo):
    assert gh.post("/_twin/reset").status_code == 204
    assert gh.get(repo).status_code == 404
    assert gh.get("/orgs/Acme").status_code == 404
    assert gh.get("/user").json()["login"] == "twin-admin"
    assert gh.get("/_twin/requests").json()["total"] == 3


def test_an_organization_is_made_once(gh):
    first = gh.post("/_twin/orgs", json={"login": "New-Org"})
    again = gh.post("/_twin/orgs", json={"login": "new-org"})
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert gh.post("/_twin/orgs", json={"login": "twin-admin"}).status_code == 422
    assert gh.get("/_twin/none").status_code == 501
