"""An organization on one twin -> the same on another: the same plan, and nothing written here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from meta import connect, recording, rehearsal
from meta.errors import GitHubError, MetaError, Refused
from meta.github import Reader, Request, Response, Writer
from meta.twin.serve import served
from tests.grounds import Ground
from tests.running import meta

MANIFEST = """\
owner: acme
host: github.com
home: api
prune: [label]
roadmap: {file: plan.md, board: Roadmap}
organization:
  teams: {platform: {description: Runs it}}
defaults:
  template: {source: "https://github.com/acme/templates", version: v1.0.0}
  answers: {kind: service}
  teams: {platform: push}
  labels:
    bug: {color: d73a4a}
    roadmap: {color: "000000"}
  environments: {production: {wait_timer: 10}}
repos:
  api:
    topics: [geo]
    settings: {description: The API, has_wiki: false}
  web:
    branches: {dev: {}}
    rulesets: {main: {include: [~DEFAULT_BRANCH], approvals: 1, block_deletion: true}}
"""
PLAN = """\
# A plan

## Step 1: Begin

### Issue 1.1: Set up

- **web**: Find a place

  - Sub-issue 1.1.1: Look at houses

- **api**: Move in

  - Sub-issue 1.1.2: Carry the boxes

## Step 2: Go on

### Issue 2.1: Build

- **web**: Build
"""


@pytest.fixture
def copy() -> Iterator[Writer]:
    """A second twin, with nothing on it."""
    with served() as other:
        yield rehearsal.twin_writer(connect.connect("github.com", {}, api_url=other.url))


def quiet(_: str) -> None:
    """Progress is for people."""


def titles(gh: Reader, repo: str) -> list[tuple[int, str]]:
    rows = gh.pages(f"/repos/acme/{repo}/issues", state="all")
    return sorted((row["number"], row["title"]) for row in rows)


@pytest.mark.slow
def test_what_is_planned_on_the_copy_is_what_is_planned_on_the_original(
    ground: Ground, copy: Writer, tmp_path: Path
) -> None:
    (tmp_path / "repos.yaml").write_text(MANIFEST)
    (tmp_path / "plan.md").write_text(PLAN)
    done = meta("sync", "--yes", "--allow-destructive", cwd=tmp_path, GITHUB_API_URL=ground.url)
    assert done.returncode == 0, done.stdout + done.stderr
    drift(ground.writer())
    here, there = ground.url, copy.server.api_url
    words = ("--from", "acme", "--source-url", here, "--api-url", there)
    done = meta("twin", "snapshot", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "acme/web: 2 issues, " in done.stdout

    plans = [planned(tmp_path, url) for url in (here, there)]
    kinds = {change["kind"] for change in plans[0]["changes"]}
    assert {"label", "settings", "issue", "card", "ruleset", "milestone", "access"} <= kinds
    listed = [[(one["scope"], one["kind"], one["key"]) for one in p["changes"]] for p in plans]
    assert listed[0] == listed[1]
    assert plans[0] == plans[1]
    assert plans[0]["pending"] or plans[0]["changes"]

    done = meta("sync", "--yes", "--allow-destructive", cwd=tmp_path, GITHUB_API_URL=there)
    assert done.returncode in (0, 2), done.stdout + done.stderr
    assert planned(tmp_path, there)["changes"] == [], "the rehearsal brings the copy to the state"
    assert planned(tmp_path, here) == plans[0], "and leaves the original as it is"


def planned(folder: Path, url: str) -> Any:
    done = meta("plan", "--json", "--api-url", url, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.replace(url, "URL"))


def drift(gh: Writer) -> None:
    """What people do to a fleet: they change what was declared, and add things of their own."""
    gh.patch("/repos/acme/api/labels/bug", {"color": "123456", "description": "Mine"})
    gh.post("/repos/acme/web/labels", {"name": "theirs"})
    gh.patch("/repos/acme/api", {"has_wiki": True})
    gh.delete("/orgs/acme/teams/platform/repos/acme/web")
    gh.post("/repos/acme/web/issues", {"title": "A question", "body": "Why?"})
    number = next(n for n, title in titles(gh, "web") if title.startswith("1.1.1"))
    gh.patch(f"/repos/acme/web/issues/{number}", {"title": "Reworded", "state": "closed"})
    gh.patch("/repos/acme/web/milestones/1", {"title": "Renamed"})
    ruleset = gh.get("/repos/acme/web/rulesets")[0]["id"]
    gh.put(f"/repos/acme/web/rulesets/{ruleset}", {"enforcement": "disabled"})
    board = gh.query(CARDS)["organization"]["projectsV2"]["nodes"][0]
    field = next(one["id"] for one in board["fields"]["nodes"] if one.get("name") == "Step")
    gh.mutate(CLEAR, p=board["id"], f=field, i=board["items"]["nodes"][0]["id"])


CARDS = """query { organization(login: "acme") { projectsV2(first: 1) { nodes { id
  fields(first: 50) { nodes { ... on ProjectV2FieldCommon { id name } } }
  items(first: 1) { nodes { id } }
} } } }"""
CLEAR = """mutation($p: ID!, $f: ID!, $i: ID!) {
  clearProjectV2ItemFieldValue(input: {projectId: $p, fieldId: $f, itemId: $i}) { clientMutationId }
}"""


def test_numbers_authors_and_who_they_are_stay(ground: Ground, copy: Writer) -> None:
    gh = ground.writer()
    issue = {"number": 7, "title": "From outside", "body": "<!-- meta:item=aaaaaaaa -->"}
    times = {"created_at": "2024-05-01T10:00:00Z", "updated_at": "2024-05-02T10:00:00Z"}
    said = {"state": "closed", "state_reason": "completed", "author": "mallory"}
    row = {**issue, **times, **said, "association": "NONE", "closed_at": times["updated_at"]}
    gh.post("/_twin/load", {"repository": {"full_name": "acme/api", "issues": [row]}})
    gh.post("/repos/acme/api/issues", {"title": "Next"})

    recording.copy(gh, copy, "acme", quiet)

    assert titles(copy, "api") == titles(gh, "api") == [(7, "From outside"), (8, "Next")]
    found = copy.get("/repos/acme/api/issues/7")
    assert (found["author_association"], found["user"]["login"]) == ("NONE", "mallory")
    assert (found["created_at"], found["updated_at"]) == (times["created_at"], times["updated_at"])
    assert found["body"] == issue["body"]
    assert copy.post("/repos/acme/api/issues", {"title": "After"})["number"] == 9


def test_branches_tags_and_an_open_pull_request_come_along(ground: Ground, copy: Writer) -> None:
    gh = ground.writer()
    start = gh.get("/repos/acme/api/git/ref/heads/main")["object"]["sha"]
    gh.post("/repos/acme/api/git/refs", {"ref": "refs/heads/idea", "sha": start})
    file = {"message": "An idea", "content": "aWRlYQ==", "branch": "idea"}
    gh.put("/repos/acme/api/contents/idea.txt", file)
    made = gh.post("/repos/acme/api/pulls", {"title": "Idea", "head": "idea", "base": "main"})

    recording.copy(gh, copy, "acme", quiet)

    for path in (
        *("/repos/acme/api/git/trees/HEAD", "/repos/acme/templates/git/ref/tags/v2.0.1"),
        "/repos/acme/api/git/ref/heads/idea",
    ):
        one, other = gh.get(path), copy.get(path)
        assert one.get("sha") == other.get("sha")
        assert one.get("object", {}).get("sha") == other.get("object", {}).get("sha")
    found = copy.get("/repos/acme/api/pulls/1")
    assert (found["number"], found["head"]["sha"]) == (made["number"], made["head"]["sha"])
    assert [file["filename"] for file in copy.get("/repos/acme/api/pulls/1/files")] == ["idea.txt"]


def test_what_the_token_may_not_read_is_left_out_and_named(ground: Ground, copy: Writer) -> None:
    def refusing(request: Request) -> Response:
        if "/rulesets" in request.path:
            return Response(403, {"message": "Resource not accessible"})
        return ground.send(request)

    said: list[str] = []
    recording.copy(Reader(refusing, ground.server), copy, "acme", said.append)
    assert "acme/api: rulesets are left out: 403 Resource not accessible" in said
    assert len(copy.get("/orgs/acme/repos")) == 3


def test_a_limit_that_is_used_up_ends_the_copying(ground: Ground, copy: Writer) -> None:
    def exhausted(request: Request) -> Response:
        if request.path.endswith("/labels?per_page=100&page=1"):
            return Response(403, {"message": "API rate limit exceeded"})
        return ground.send(request)

    with pytest.raises(GitHubError, match="rate limit exceeded"):
        recording.copy(Reader(exhausted, ground.server), copy, "acme", quiet)


def test_settings_protection_and_access_come_along(ground: Ground, copy: Writer) -> None:
    gh = ground.writer()
    gh.patch("/repos/acme/web", {"description": "The page", "has_wiki": False, "archived": True})
    gh.put("/repos/acme/api/topics", {"names": ["geo", "maps"]})
    gh.post("/orgs/acme/teams", {"name": "Platform", "privacy": "closed", "description": "Runs it"})
    gh.put("/orgs/acme/teams/platform/repos/acme/api", {"permission": "maintain"})
    gh.put("/repos/acme/api/environments/production", {"wait_timer": 30})
    rule = {"type": "pull_request", "parameters": {"required_approving_review_count": 2}}
    names = {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}}
    ruleset = {"name": "main", "enforcement": "active", "conditions": names, "rules": [rule]}
    number = gh.post("/repos/acme/api/rulesets", ruleset)["id"]

    recording.copy(gh, copy, "acme", quiet)

    web = copy.get("/repos/acme/web")
    assert (web["description"], web["has_wiki"], web["archived"]) == ("The page", False, True)
    assert copy.get("/repos/acme/api/topics") == {"names": ["geo", "maps"]}
    team = copy.get("/repos/acme/api/teams")[0]
    assert (team["slug"], team["permission"], team["privacy"]) == ("platform", "maintain", "closed")
    rules = copy.get("/repos/acme/api/environments/production")["protection_rules"]
    assert [(rule["type"], rule["wait_timer"]) for rule in rules] == [("wait_timer", 30)]
    there = copy.get(f"/repos/acme/api/rulesets/{copy.get('/repos/acme/api/rulesets')[0]['id']}")
    here = gh.get(f"/repos/acme/api/rulesets/{number}")
    for name in ("name", "target", "enforcement", "conditions", "rules"):
        assert there[name] == here[name]


def test_the_original_gets_no_write(ground: Ground, copy: Writer) -> None:
    before = ground.writes()
    recording.copy(ground.reader(), copy, "acme", quiet)
    assert ground.writes() == before


def test_a_twin_that_has_the_organization_already_stays_as_it_is(
    ground: Ground, copy: Writer
) -> None:
    copy.post("/_twin/orgs", {"login": "acme"})
    copy.post("/orgs/acme/repos", {"name": "precious"})
    with pytest.raises(MetaError, match="acme has repositories on this twin already"):
        recording.copy(ground.reader(), copy, "acme", quiet)
    assert [row["name"] for row in copy.get("/orgs/acme/repos")] == ["precious"]


def test_an_organization_that_is_not_there_is_named(ground: Ground, copy: Writer) -> None:
    with pytest.raises(MetaError, match="there is no organization 'nowhere'"):
        recording.copy(ground.reader(), copy, "nowhere", quiet)


def test_only_a_twin_takes_a_copy(ground: Ground) -> None:
    with served(announce=False) as other, pytest.raises(Refused, match="is no twin"):
        rehearsal.twin_writer(
            connect.connect("github.com", {"GITHUB_TOKEN": "any"}, api_url=other.url)
        )
