"""Tokens: any is the administrator's, and one that is made for less may do and see less."""

from __future__ import annotations

import httpx
import pytest

MAKE = 'mutation($r: ID!) { createIssue(input: {repositoryId: $r, title: "t"}) { issue { id } } }'
REPO = 'query($n: String!) { repository(owner: "Acme", name: $n) { name } }'
NO = "Resource not accessible by personal access token"


@pytest.fixture
def token(gh, twin):
    """A client with a new token, made of what `/_twin/tokens` takes."""
    clients = []

    def make(**fields):
        made = gh.post("/_twin/tokens", json=fields)
        assert made.status_code == 201, made.text
        headers = {"Authorization": f"Bearer {made.json()['token']}"}
        clients.append(httpx.Client(base_url=twin.url, headers=headers, timeout=30))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def repos(gh):
    """Acme/open, which is public, and Acme/own and Acme/other, which are not."""
    for name in ("open", "own", "other"):
        private = {"private": name != "open", "auto_init": True}
        gh.post("/orgs/Acme/repos", json={"name": name, **private}).raise_for_status()
    return [f"/repos/Acme/{name}" for name in ("open", "own", "other")]


def codes(client, *paths):
    return [client.get(path).status_code for path in paths]


def issue(client, repo):
    return client.post(f"{repo}/issues", json={"title": "one"})


def names(client, path):
    return sorted(row["name"] for row in client.get(path).json())


def ask(client, query, **variables):
    return client.post("/graphql", json={"query": query, "variables": variables}).json()


def test_any_token_is_the_administrators_at_first(gh, repos):
    shown = gh.get("/user")
    assert shown.json()["login"] == "twin-admin"
    assert {"repo", "admin:org"} <= {*shown.headers["x-oauth-scopes"].split(", ")}
    assert codes(gh, *repos) == [200, 200, 200]


def test_a_twin_may_be_closed_to_unknown_tokens(gh, token, twin):
    known = token(scopes=["repo"])
    assert gh.put("/_twin/tokens", json={"open": False}).status_code == 200
    refused = gh.get("/user")
    assert (refused.status_code, refused.json()["message"]) == (401, "Bad credentials")
    assert known.get("/user").status_code == 200
    assert httpx.get(f"{twin.url}/meta").status_code == 200
    gh.put("/_twin/tokens", json={"open": True})
    assert gh.get("/user").status_code == 200


def test_a_token_of_scopes_says_them_and_one_of_permissions_has_none(token):
    assert token(scopes=["repo", "read:org"]).get("/user").headers["x-oauth-scopes"] == (
        "repo, read:org"
    )
    assert "x-oauth-scopes" not in token(permissions={"issues": "read"}).get("/user").headers


def test_without_the_scope_a_private_repository_is_not_there(token, repos):
    public = token(scopes=["public_repo", "read:org"])
    assert codes(public, *repos) == [200, 404, 404]
    assert names(public, "/orgs/Acme/repos") == names(public, "/user/repos") == ["open"]
    assert issue(public, repos[0]).status_code == 201
    assert issue(public, repos[1]).status_code == 404
    assert ask(public, REPO, n="own")["errors"][0]["type"] == "NOT_FOUND"
    assert issue(token(scopes=["repo"]), repos[1]).status_code == 201


def test_a_token_without_any_scope_reads_what_is_public_and_writes_nothing(gh, token, repos):
    reader = token(scopes=[])
    assert codes(reader, "/user", repos[0], repos[1]) == [200, 200, 404]
    assert issue(reader, repos[0]).status_code == 404
    node = gh.get(repos[0]).json()["node_id"]
    assert "errors" in ask(reader, MAKE, r=node)
    assert gh.get(f"{repos[0]}/issues").json() == []


def test_some_works_need_a_scope_of_their_own(token, repos):
    client = token(scopes=["repo"])
    content = {"message": "m", "content": "eA=="}
    assert client.put(f"{repos[0]}/contents/a.yml", json=content).status_code == 201
    hygiene = f"{repos[0]}/contents/.github/workflows/a.yml"
    assert client.put(hygiene, json=content).status_code == 404
    assert token(scopes=["repo", "workflow"]).put(hygiene, json=content).status_code == 201
    assert client.delete(repos[2]).status_code == 403
    assert token(scopes=["repo", "delete_repo"]).delete(repos[2]).status_code == 204
    assert client.get("/orgs/Acme/teams").status_code == 404
    team = {"name": "one"}
    assert client.post("/orgs/Acme/teams", json=team).status_code == 403
    assert token(scopes=["admin:org"]).post("/orgs/Acme/teams", json=team).status_code == 201


def test_boards_and_teams_need_their_scopes_in_graphql(token):
    boards = '{ organization(login: "Acme") { projectsV2(first: 5) { totalCount } } }'
    teams = '{ organization(login: "Acme") { teams(first: 5) { totalCount } } }'
    plain = token(scopes=["repo"])
    for query in (boards, teams):
        [error] = ask(plain, query)["errors"]
        assert error["type"] == "INSUFFICIENT_SCOPES"
    assert "data" in ask(token(scopes=["read:project"]), boards)
    assert "data" in ask(token(scopes=["read:org"]), teams)


def test_permissions_are_for_the_repositories_of_the_token(gh, token, repos):
    public, own, other = repos
    client = token(permissions={"issues": "write"}, owner="Acme", repositories=["own"])
    assert codes(client, public, own, other) == [200, 200, 404]
    assert issue(client, own).status_code == 201
    refused = issue(client, public)
    assert (refused.status_code, refused.json()["message"]) == (403, NO)
    assert issue(client, other).status_code == 404
    assert names(client, "/orgs/Acme/repos") == ["open", "own"]
    for repo in (public, other):
        assert gh.get(f"{repo}/issues").json() == []


def test_a_permission_is_for_its_own_kind_of_thing(token, repos):
    own = repos[1]
    client = token(permissions={"issues": "write", "contents": "read"}, repositories=["Acme/own"])
    assert codes(client, f"{own}/contents/README.md", f"{own}/labels", f"{own}/pulls") == [
        200,
        200,
        403,
    ]
    ref = {"ref": "refs/heads/x", "sha": client.get(f"{own}/commits/main").json()["sha"]}
    writes = [
        client.post(f"{own}/git/refs", json=ref),
        client.patch(own, json={"description": "x"}),
        client.put(f"{own}/environments/production"),
        client.post("/orgs/Acme/repos", json={"name": "more"}),
        client.patch("/orgs/Acme", json={"description": "x"}),
    ]
    assert [answer.status_code for answer in writes] == [403] * 5
    assert {answer.json()["message"] for answer in writes} == {NO}
    assert client.post(f"{own}/labels", json={"name": "mine"}).status_code == 201


def test_what_administers_a_repository_is_not_open_to_whoever_reads_it(token, repos):
    client = token(permissions={"issues": "write", "contents": "write"})
    hidden = ("keys", "autolinks", "hooks", "actions/secrets", "actions/permissions")
    assert codes(client, *(f"{repos[0]}/{path}" for path in hidden)) == [403] * 5
    assert client.get(f"{repos[0]}/environments").status_code == 200


def test_a_token_that_may_read_cannot_write(token, repos):
    client = token(permissions={"issues": "read", "administration": "read"})
    assert client.get(f"{repos[1]}/issues").status_code == 200
    assert issue(client, repos[1]).status_code == 403
    assert client.patch(repos[1], json={"description": "x"}).status_code == 403


def test_a_mutation_needs_its_permission_too(gh, token, repos):
    node, public = (gh.get(repo).json()["node_id"] for repo in (repos[1], repos[0]))
    reader = token(permissions={"issues": "read"})
    answer = ask(reader, MAKE, r=node)
    assert answer["data"] == {"createIssue": None}
    [error] = answer["errors"]
    assert (error["type"], error["message"], error["path"]) == ("FORBIDDEN", NO, ["createIssue"])
    writer = token(permissions={"issues": "write"}, repositories=["Acme/own"])
    assert ask(writer, MAKE, r=node)["data"]["createIssue"]["issue"]["id"]
    assert ask(writer, MAKE, r=public)["errors"][0]["type"] == "FORBIDDEN"
    assert gh.get(f"{repos[0]}/issues").json() == []


def test_git_asks_the_same_permissions(gh, twin, repos, fresh):
    def remote(name, **fields):
        word = gh.post("/_twin/tokens", json=fields).json()["token"]
        return f"{twin.url.replace('://', f'://x:{word}@')}/Acme/{name}.git"

    reads, writes = {"contents": "read"}, {"contents": "write"}
    clone = fresh()
    clone.git("fetch", "-q", remote("own", permissions=reads), "main")
    clone.git("checkout", "-q", "FETCH_HEAD")
    clone.commit({"a": "a"})
    there = remote("own", permissions=reads, repositories=["Acme/own"])
    clone.git("push", there, "HEAD:refs/heads/x", fails=True)
    clone.git("push", remote("own", scopes=["public_repo"]), "HEAD:refs/heads/x", fails=True)
    clone.git("fetch", remote("other", permissions=reads, repositories=["Acme/own"]), fails=True)
    assert [row["name"] for row in gh.get(f"{repos[1]}/branches").json()] == ["main"]
    clone.git("push", remote("own", permissions=writes), "HEAD:refs/heads/x")
    assert len(gh.get(f"{repos[1]}/branches").json()) == 2


@pytest.mark.parametrize(
    ("less", "more", "lacks"),
    [
        ({"scopes": ["repo"]}, {"scopes": ["repo", "workflow"]}, "`workflow` scope"),
        (
            {"permissions": {"contents": "write"}},
            {"permissions": {"contents": "write", "workflows": "write"}},
            "`workflows` permission",
        ),
    ],
)
def test_a_workflow_needs_a_word_of_its_own(gh, twin, repos, fresh, less, more, lacks):
    def remote(fields):
        word = gh.post("/_twin/tokens", json=fields).json()["token"]
        return f"{twin.url.replace('://', f'://x:{word}@')}/Acme/own.git"

    clone, path = fresh(), ".github/workflows/ci.yml"
    clone.git("fetch", "-q", remote(less), "main")
    clone.git("checkout", "-q", "FETCH_HEAD")
    clone.commit({"a": "a"})
    clone.git("push", remote(less), "HEAD:refs/heads/main")
    clone.commit({path: "on: push\n"})
    said = clone.git("push", remote(less), "HEAD:refs/heads/main", fails=True)
    assert f"to create or update workflow `{path}` without {lacks}" in said
    assert gh.get(f"{repos[1]}/contents/{path}").status_code == 404
    clone.git("push", remote(more), "HEAD:refs/heads/main")
    clone.commit({"b": "b"})
    clone.git("push", remote(less), "HEAD:refs/heads/main", "HEAD:refs/heads/other")
    content = {"message": "m", "content": "eA=="}
    headers = {"Authorization": f"Bearer {gh.post('/_twin/tokens', json=less).json()['token']}"}
    other = f"{repos[1]}/contents/.github/workflows/other.yml"
    assert gh.put(other, json=content, headers=headers).status_code in (403, 404)


def test_a_token_is_over_when_the_twins_clock_says_so(gh, token):
    gh.post("/_twin/clock", json={"now": "2031-05-06T12:00:00Z"})
    client = token(scopes=["repo"], expires_in=600)
    shown = client.get("/user")
    assert shown.headers["github-authentication-token-expiration"] == "2031-05-06 12:10:00 UTC"
    gh.post("/_twin/clock", json={"advance": 600})
    refused = client.get("/user")
    assert (refused.status_code, refused.json()["message"]) == (401, "Bad credentials")


def test_a_user_who_is_in_no_team_reads_what_is_public(token, repos):
    ada = token(login="ada", scopes=["repo", "admin:org", "delete_repo"])
    assert ada.get("/user").json()["login"] == "ada"
    assert codes(ada, *repos) == [200, 404, 404]
    assert ada.post(f"{repos[0]}/labels", json={"name": "x"}).status_code == 403
    assert ada.patch(repos[0], json={"description": "x"}).status_code == 403
    assert ada.post("/orgs/Acme/teams", json={"name": "x"}).status_code == 403
    made = issue(ada, repos[0])
    assert (made.status_code, made.json()["user"]["login"]) == (201, "ada")


def test_a_user_may_do_what_the_team_may(gh, token, repos):
    ada = token(login="ada", scopes=["repo"])
    gh.post("/orgs/Acme/teams", json={"name": "platform"}).raise_for_status()
    gh.put("/orgs/Acme/teams/platform/memberships/ada").raise_for_status()
    grant = {"permission": "push"}
    gh.put("/orgs/Acme/teams/platform/repos/Acme/own", json=grant).raise_for_status()
    assert codes(ada, *repos) == [200, 200, 200]
    assert ada.post(f"{repos[1]}/labels", json={"name": "x"}).status_code == 201
    assert ada.post(f"{repos[2]}/labels", json={"name": "x"}).status_code == 403
    assert ada.patch(repos[1], json={"description": "x"}).status_code == 403


def test_tokens_are_kept_over_a_snapshot_and_gone_after_a_reset(gh, token):
    client = token(permissions={"issues": "read"})
    gh.post("/_twin/snapshot", json={"name": "tokens"})
    gh.post("/_twin/reset")
    assert client.get("/user").headers.get("x-oauth-scopes")
    gh.post("/_twin/restore", json={"name": "tokens"})
    assert "x-oauth-scopes" not in client.get("/user").headers


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"scopes": ["repo"], "permissions": {}},
        {"scopes": "repo"},
        {"permissions": {"issues": "all"}},
        {"scopes": [], "login": "no/login"},
        {"scopes": [], "login": "Acme"},
        {"scopes": [], "expires_in": "soon"},
        {"scopes": [], "repositories": ["Acme/none"]},
    ],
)
def test_a_token_that_cannot_be_is_refused(gh, body):
    assert gh.post("/_twin/tokens", json=body).status_code == 422
    assert gh.get("/_twin/tokens").json() == {"open": True, "tokens": 0}
