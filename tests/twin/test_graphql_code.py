"""Repositories, branches, files and pull requests through the twin's GraphQL, over a socket."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from meta.twin.serve import served

COMMIT = """mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input)
  { commit { oid messageHeadline messageBody parents(first: 1) { nodes { oid } } }
    ref { name } } }"""
HEAD = """{ repository(owner: "acme", name: "infra") { id
  defaultBranchRef { id name target { oid } } } }"""


class Repository:
    """One repository with a first commit, on a twin."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, headers={"Authorization": "Bearer any"})
        self.http.post("/_twin/orgs", json={"login": "acme"})
        self.http.post("/orgs/acme/repos", json={"name": "infra", "auto_init": True})
        found = self.ask(HEAD)["repository"]
        self.id = found["id"]
        self.ref = found["defaultBranchRef"]["id"]
        self.head = found["defaultBranchRef"]["target"]["oid"]

    def said(self, query: str, **variables: Any) -> dict[str, Any]:
        answer = self.http.post("/graphql", json={"query": query, "variables": variables})
        found: dict[str, Any] = answer.json()
        return found

    def ask(self, query: str, **variables: Any) -> Any:
        said = self.said(query, **variables)
        assert "errors" not in said, said
        return said["data"]

    def branch(self, name: str) -> str:
        made = self.ask(
            """mutation($r: ID!, $n: String!, $o: GitObjectID!) { createRef(
              input: {repositoryId: $r, name: $n, oid: $o}) { ref { id } } }""",
            r=self.id,
            n=f"refs/heads/{name}",
            o=self.head,
        )
        return str(made["createRef"]["ref"]["id"])

    def commit(self, branch: str, files: dict[str, str], *gone: str, head: str = "") -> Any:
        given = {
            "branch": {"repositoryNameWithOwner": "acme/infra", "branchName": branch},
            "expectedHeadOid": head or self.head,
            "message": {"headline": "Change files", "body": "Why"},
            "fileChanges": {
                "additions": [
                    {"path": path, "contents": base64.b64encode(text.encode()).decode()}
                    for path, text in files.items()
                ],
                "deletions": [{"path": path} for path in gone],
            },
        }
        return self.said(COMMIT, input=given)

    def pull(self, branch: str, **more: Any) -> Any:
        return self.said(
            """mutation($input: CreatePullRequestInput!) { createPullRequest(input: $input)
              { pullRequest { id number state isDraft mergeable additions deletions changedFiles
                headRefName baseRefName files(first: 5) { nodes { path changeType } } } } }""",
            input={
                "repositoryId": self.id,
                "baseRefName": "main",
                "headRefName": branch,
                "title": "Change",
                **more,
            },
        )


@pytest.fixture
def repo() -> Iterator[Repository]:
    with served() as twin:
        repo = Repository(twin.url)
        yield repo
        repo.http.close()


def test_a_repository_is_made_and_set_by_the_rules_of_rest(repo: Repository) -> None:
    owner = repo.ask('{ organization(login: "acme") { id } }')["organization"]["id"]
    create = """mutation($input: CreateRepositoryInput!) { createRepository(input: $input)
      { repository { id nameWithOwner visibility isPrivate isEmpty defaultBranchRef { name }
        hasWikiEnabled labels(first: 20) { totalCount } } } }"""
    given = {"name": "core", "ownerId": owner, "visibility": "PRIVATE"}
    made = repo.ask(create, input=given)["createRepository"]["repository"]
    id = made.pop("id")
    assert made == {
        "nameWithOwner": "acme/core",
        "visibility": "PRIVATE",
        "isPrivate": True,
        "isEmpty": True,
        "defaultBranchRef": None,
        "hasWikiEnabled": False,
        "labels": {"totalCount": 9},
    }
    again = repo.said(create, input=given)["errors"][0]
    assert (again["type"], again["message"]) == (
        "UNPROCESSABLE",
        "name already exists on this account",
    )
    update = """mutation($id: ID!) { updateRepository(input: {repositoryId: $id,
      description: "The core", homepageUrl: "https://example.org", hasWikiEnabled: true})
      { repository { description homepageUrl hasWikiEnabled } } }"""
    assert repo.ask(update, id=id)["updateRepository"]["repository"] == {
        "description": "The core",
        "homepageUrl": "https://example.org",
        "hasWikiEnabled": True,
    }


def test_settings_of_rest_are_seen_through_graphql(repo: Repository) -> None:
    fields = {
        "delete_branch_on_merge": True,
        "allow_merge_commit": False,
        "allow_auto_merge": True,
        "has_projects": False,
        "squash_merge_commit_title": "PR_TITLE",
    }
    repo.http.patch("/repos/acme/infra", json=fields)
    repo.http.put("/repos/acme/infra/topics", json={"names": ["AWS", "infra"]})
    repo.http.put("/repos/acme/infra/environments/production")
    rules = {"name": "main", "target": "branch", "enforcement": "active", "rules": []}
    repo.http.post("/repos/acme/infra/rulesets", json=rules)
    said = repo.ask(
        """{ repository(owner: "ACME", name: "INFRA") {
          deleteBranchOnMerge mergeCommitAllowed squashMergeAllowed autoMergeAllowed
          hasProjectsEnabled squashMergeCommitTitle viewerPermission isArchived
          repositoryTopics(first: 5) { nodes { topic { name } } }
          environments(first: 5) { nodes { name } }
          rulesets(first: 5) { nodes { name enforcement target } } } }"""
    )["repository"]
    assert said == {
        "deleteBranchOnMerge": True,
        "mergeCommitAllowed": False,
        "squashMergeAllowed": True,
        "autoMergeAllowed": True,
        "hasProjectsEnabled": False,
        "squashMergeCommitTitle": "PR_TITLE",
        "viewerPermission": "ADMIN",
        "isArchived": False,
        "repositoryTopics": {"nodes": [{"topic": {"name": "aws"}}, {"topic": {"name": "infra"}}]},
        "environments": {"nodes": [{"name": "production"}]},
        "rulesets": {"nodes": [{"name": "main", "enforcement": "ACTIVE", "target": "BRANCH"}]},
    }


def test_files_are_read_from_what_git_holds(repo: Repository, tmp_path: Path) -> None:
    def git(*args: str) -> str:
        named = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        done = subprocess.run(
            ["git", *named, *args], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    git("clone", "-q", f"{repo.url.replace('://', '://x:token@')}/acme/infra.git", ".")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "run").write_text("#!/bin/sh\n")
    (tmp_path / "src" / "run").chmod(0o755)
    (tmp_path / "logo.bin").write_bytes(b"\0\1\2")
    git("add", ".")
    git("commit", "-q", "-m", "Add files\n\nTwo of them")
    git("push", "-q")
    said = repo.ask(
        """{ repository(owner: "acme", name: "infra") {
          object(expression: "HEAD:") { ... on Tree { oid entries { name type mode path
            object { ... on Blob { isBinary text byteSize }
                     ... on Tree { entries { path mode oid } } } } } }
          file: object(expression: "main:src/run") { __typename oid ... on Blob { text } }
          gone: object(expression: "main:src/nothing") { oid }
          ref(qualifiedName: "refs/heads/main") { name prefix target { oid ... on Commit {
            message messageHeadline author { name email } history(first: 1) { totalCount }
            tree { oid } } } } } }"""
    )["repository"]
    oid = git("rev-parse", "HEAD:src/run")
    assert (
        said["object"]["oid"]
        == said["ref"]["target"]["tree"]["oid"]
        == git("rev-parse", "HEAD^{tree}")
    )
    entries = {one["name"]: one for one in said["object"]["entries"]}
    assert entries["logo.bin"]["object"] == {"isBinary": True, "text": None, "byteSize": 3}
    assert entries["src"] == {
        "name": "src",
        "type": "tree",
        "mode": 0o40000,
        "path": "src",
        "object": {"entries": [{"path": "src/run", "mode": 0o100755, "oid": oid}]},
    }
    assert said["file"] == {"__typename": "Blob", "oid": oid, "text": "#!/bin/sh\n"}
    assert said["gone"] is None
    target = said["ref"]["target"]
    assert (said["ref"]["name"], said["ref"]["prefix"]) == ("main", "refs/heads/")
    assert target["oid"] == git("rev-parse", "HEAD")
    assert target["message"] == "Add files\n\nTwo of them"
    assert target["author"] == {"name": "Ada", "email": "ada@example.org"}
    assert target["history"]["totalCount"] == 2


def test_a_commit_is_made_on_a_branch_that_is_where_the_client_saw_it(repo: Repository) -> None:
    repo.branch("change")
    made = repo.commit("change", {"docs/täst.md": "Text\n"}, "README.md")
    commit = made["data"]["createCommitOnBranch"]["commit"]
    assert commit["messageHeadline"] == "Change files"
    assert commit["messageBody"] == "Why"
    assert commit["parents"]["nodes"] == [{"oid": repo.head}]
    said = repo.ask(
        """{ repository(owner: "acme", name: "infra") {
          new: object(expression: "change:docs/täst.md") { ... on Blob { text } }
          old: object(expression: "change:README.md") { oid } } }"""
    )["repository"]
    assert said == {"new": {"text": "Text\n"}, "old": None}
    late = repo.commit("change", {"a": "b"})["errors"][0]
    assert late["type"] == "STALE_DATA"
    assert late["message"] == (
        f"Expected branch to point to {repo.head} but it points to {commit['oid']}."
        " Pull and try again."
    )


def test_a_ruleset_keeps_commits_off_the_branch_that_it_guards(repo: Repository) -> None:
    rules = {
        "name": "main",
        "target": "branch",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "rules": [{"type": "pull_request", "parameters": {}}],
    }
    assert repo.http.post("/repos/acme/infra/rulesets", json=rules).status_code == 201
    refused = repo.commit("main", {"a": "b"})
    assert "Changes must be made through a pull request." in refused["errors"][0]["message"]
    assert repo.ask(HEAD)["repository"]["defaultBranchRef"]["target"]["oid"] == repo.head


def test_branches_move_and_go(repo: Repository) -> None:
    ref = repo.branch("one")
    repo.branch("two")
    made = repo.commit("two", {"a": "b"})["data"]["createCommitOnBranch"]["commit"]["oid"]
    move = """mutation($id: ID!, $o: GitObjectID!) { updateRef(input: {refId: $id, oid: $o})
      { ref { name target { oid } } } }"""
    assert repo.ask(move, id=ref, o=made)["updateRef"]["ref"] == {
        "name": "one",
        "target": {"oid": made},
    }
    repo.ask("mutation($id: ID!) { deleteRef(input: {refId: $id}) { clientMutationId } }", id=ref)
    listed = """{ repository(owner: "acme", name: "infra") {
      refs(first: 5, refPrefix: "refs/heads/") { nodes { name } } } }"""
    names = [one["name"] for one in repo.ask(listed)["repository"]["refs"]["nodes"]]
    assert names == ["main", "two"]


def test_a_pull_request_shows_what_it_changes_and_is_merged(repo: Repository) -> None:
    repo.branch("change")
    repo.commit("change", {"docs/a b.md": "One\nTwo\n"})
    pull = repo.pull("change")["data"]["createPullRequest"]["pullRequest"]
    id = pull.pop("id")
    assert pull == {
        "number": 1,
        "state": "OPEN",
        "isDraft": False,
        "mergeable": "MERGEABLE",
        "additions": 2,
        "deletions": 0,
        "changedFiles": 1,
        "headRefName": "change",
        "baseRefName": "main",
        "files": {"nodes": [{"path": "docs/a b.md", "changeType": "ADDED"}]},
    }
    merged = repo.ask(
        """mutation($id: ID!) { mergePullRequest(input: {pullRequestId: $id, mergeMethod: SQUASH})
          { pullRequest { state merged mergedAt mergeCommit { oid } } } }""",
        id=id,
    )["mergePullRequest"]["pullRequest"]
    assert (merged["state"], merged["merged"]) == ("MERGED", True)
    head = repo.ask(HEAD)["repository"]["defaultBranchRef"]["target"]["oid"]
    assert merged["mergeCommit"]["oid"] == head


def test_a_pull_request_is_edited_closed_and_found_by_its_branch(repo: Repository) -> None:
    repo.branch("change")
    repo.commit("change", {"a": "b"})
    id = repo.pull("change", draft=True)["data"]["createPullRequest"]["pullRequest"]["id"]
    ready = """mutation($id: ID!) {
      markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { isDraft } }
      updatePullRequest(input: {pullRequestId: $id, title: "New", body: "Text"})
        { pullRequest { title body } }
      closePullRequest(input: {pullRequestId: $id}) { pullRequest { state } } }"""
    said = repo.ask(ready, id=id)
    assert said["markPullRequestReadyForReview"]["pullRequest"]["isDraft"] is False
    assert said["updatePullRequest"]["pullRequest"] == {"title": "New", "body": "Text"}
    assert said["closePullRequest"]["pullRequest"]["state"] == "CLOSED"
    query = """{ repository(owner: "acme", name: "infra") {
      closed: pullRequests(first: 5, headRefName: "change", states: CLOSED) { nodes { title } }
      open: pullRequests(first: 5, states: OPEN) { totalCount } } }"""
    assert repo.ask(query)["repository"] == {
        "closed": {"nodes": [{"title": "New"}]},
        "open": {"totalCount": 0},
    }


def test_a_pull_request_without_changes_is_refused(repo: Repository) -> None:
    repo.branch("same")
    said = repo.pull("same")
    assert said["errors"][0]["type"] == "UNPROCESSABLE"
    assert "No commits between" in said["errors"][0]["message"]


def test_a_url_leads_to_what_it_shows(repo: Repository) -> None:
    repo.http.post("/repos/acme/infra/issues", json={"title": "One"})
    query = """query($u: URI!) { resource(url: $u) { __typename
      ... on Issue { title } ... on Repository { name } } }"""
    found = repo.ask(query, u=f"{repo.url}/acme/infra/issues/1")["resource"]
    assert found == {"__typename": "Issue", "title": "One"}
    found = repo.ask(query, u="https://github.com/acme/infra")["resource"]
    assert found == {"__typename": "Repository", "name": "infra"}


def test_a_repository_is_found_by_the_name_that_it_had(repo: Repository) -> None:
    repo.http.patch("/repos/acme/infra", json={"name": "base"})
    query = """query($f: Boolean!) { repository(owner: "acme", name: "infra", followRenames: $f)
      { nameWithOwner } }"""
    assert repo.ask(query, f=True)["repository"] == {"nameWithOwner": "acme/base"}
    assert repo.said(query, f=False)["errors"][0]["type"] == "NOT_FOUND"


def test_an_id_that_needs_more_than_32_bits_is_told_in_full_only(repo: Repository) -> None:
    made = repo.http.post("/repos/acme/infra/issues", json={"title": "One"}).json()
    query = """{ repository(owner: "acme", name: "infra") {
      databaseId issue(number: 1) { databaseId fullDatabaseId } } }"""
    said = repo.ask(query)["repository"]
    assert said["issue"] == {"databaseId": None, "fullDatabaseId": str(made["id"])}
    assert said["databaseId"] == repo.http.get("/repos/acme/infra").json()["id"]


def test_teams_and_what_they_may_do_are_seen(repo: Repository) -> None:
    repo.http.post("/orgs/acme/teams", json={"name": "Platform Team"})
    path = "/orgs/acme/teams/platform-team/repos/acme/infra"
    repo.http.put(path, json={"permission": "maintain"})
    said = repo.ask(
        """{ organization(login: "acme") { team(slug: "platform-team") { name
          repositories(first: 5) { edges { permission node { name } } } } } }"""
    )["organization"]["team"]
    assert said == {
        "name": "Platform Team",
        "repositories": {"edges": [{"permission": "MAINTAIN", "node": {"name": "infra"}}]},
    }
