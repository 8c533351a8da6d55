"""The twin's pages, over a socket as a browser asks for them."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest

from meta.twin.page import render
from meta.twin.serve import served
from meta.twin.store import Store

BODY = """Do **this**, see `run`.

- [x] first
- [ ] second

<!-- id: hidden-marker -->
<script>alert(1)</script>
"""


class Words(HTMLParser):
    """The text of a page and where its links and images lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.links += [str(value) for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "style" not in self.open and "script" not in self.open:
            self.text += f" {data}"

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", self.text).strip()


class Twin:
    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, headers={"Authorization": "Bearer any"})
        self.http.post("/_twin/orgs", json={"login": "Acme"})
        for name in ("infra", "core"):
            fields = {"name": name, "description": f"The {name} part", "auto_init": True}
            self.http.post("/orgs/acme/repos", json=fields)
        self.http.put("/repos/acme/infra/topics", json={"names": ["aws"]})
        self.http.post("/repos/acme/infra/milestones", json={"title": "1. Set up"})
        fields = {"title": "Build <it>", "body": BODY, "labels": ["bug"], "milestone": 1}
        self.parent = self.http.post("/repos/acme/infra/issues", json=fields).json()
        self.child = self.http.post("/repos/acme/core/issues", json={"title": "Part"}).json()
        self.http.post(
            "/repos/acme/infra/issues/1/sub_issues", json={"sub_issue_id": self.child["id"]}
        )

    def ask(self, query: str, **variables: Any) -> Any:
        answer = self.http.post("/graphql", json={"query": query, "variables": variables}).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path, headers={"Accept": "text/html,*/*"})

    def page(self, path: str) -> Words:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        return Words(answer.text)

    def board(self) -> None:
        owner = self.ask('{ organization(login: "acme") { id } }')["organization"]["id"]
        board = self.ask(
            """mutation($o: ID!) { createProjectV2(input: {ownerId: $o, title: "Plan"})
              { projectV2 { id field(name: "Status")
                { ... on ProjectV2SingleSelectField { id options { id name } } } } } }""",
            o=owner,
        )["createProjectV2"]["projectV2"]
        status = board["field"]
        for issue, option in ((self.parent, 1), (self.child, 0)):
            item = self.ask(
                """mutation($p: ID!, $c: ID!) { addProjectV2ItemById(
                  input: {projectId: $p, contentId: $c}) { item { id } } }""",
                p=board["id"],
                c=issue["node_id"],
            )["addProjectV2ItemById"]["item"]["id"]
            self.ask(
                """mutation($p: ID!, $i: ID!, $f: ID!, $o: String!) {
                  updateProjectV2ItemFieldValue(input: {projectId: $p, itemId: $i, fieldId: $f,
                    value: {singleSelectOptionId: $o}}) { projectV2Item { id } } }""",
                p=board["id"],
                i=item,
                f=status["id"],
                o=status["options"][option]["id"],
            )

    def pull(self) -> None:
        head = self.http.get("/repos/acme/infra/git/ref/heads/main").json()["object"]["sha"]
        ref = {"ref": "refs/heads/fix/docs", "sha": head}
        self.http.post("/repos/acme/infra/git/refs", json=ref)
        text = base64.b64encode(b"# New\n\n<b>text</b>\n").decode()
        self.ask(
            """mutation($input: CreateCommitOnBranchInput!) {
              createCommitOnBranch(input: $input) { commit { oid } } }""",
            input={
                "branch": {"repositoryNameWithOwner": "acme/infra", "branchName": "fix/docs"},
                "expectedHeadOid": head,
                "message": {"headline": "Docs"},
                "fileChanges": {"additions": [{"path": "docs/a b.md", "contents": text}]},
            },
        )
        fields = {"title": "Add docs", "head": "fix/docs", "base": "main", "body": "Why"}
        assert self.http.post("/repos/acme/infra/pulls", json=fields).status_code == 201


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    """Pages change nothing, so that one twin serves all of these tests."""
    with served() as running:
        twin = Twin(running.url)
        twin.board()
        twin.pull()
        twin.http.post("/orgs/acme/repos", json={"name": "empty"})
        yield twin
        twin.http.close()


def test_an_empty_twin_says_how_to_fill_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    html = render(store, "/", "http://127.0.0.1:1")
    store.close()
    assert html is not None
    assert "Nothing yet. meta demo fills it" in Words(html).words


def test_the_front_page_counts_everything(twin: Twin) -> None:
    words = twin.page("/").words
    assert "3 repositories 1 issue 1 sub-issue 1 milestone 1 board" in words
    assert "Acme Plan A board 2 items" in words
    assert "infra The infra part aws main 1 open issue 1 pull request 1 milestone" in words
    assert "core The core part main 1 open issue 0 pull requests 0 milestones" in words


def test_a_board_has_a_column_for_each_status_and_a_table_of_steps(twin: Twin) -> None:
    words = twin.page("/orgs/acme/projects/1").words
    assert words.startswith("Plan · Acme twin Acme / Plan Plan 2 items")
    assert (
        "Todo 1 core #1 Part None In Progress 1 infra #1 Build <it> 1. Set up 0/1 Done 0" in words
    )
    assert "Step core infra Items Done 1. Set up 1 1 0 None 1 1 0 All items" in words


def test_issues_are_a_tree_across_repositories(twin: Twin) -> None:
    words = twin.page("/acme/infra/issues").words
    assert "Issues 1 open of 1 Build <it> #1 0/1 bug Part core#1" in words
    assert "Part #1 of infra#1" in twin.page("/acme/core/issues").words


def test_an_issue_shows_its_text_its_parent_and_its_children(twin: Twin) -> None:
    page = twin.page("/acme/infra/issues/1")
    assert "Do this , see run ." in page.words
    assert "Sub-issues 0/1 Part core#1" in page.words
    assert "Labels bug Milestone 1. Set up" in page.words
    child = twin.page("/acme/core/issues/1")
    assert "Open sub-issue of Build <it> infra#1" in child.words
    assert "/Acme/infra/issues/1" in child.links


def test_a_comment_in_html_stays_hidden_and_a_tag_is_shown_as_typed(twin: Twin) -> None:
    html = twin.get("/acme/infra/issues/1").text
    assert "hidden-marker" not in html
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "Build &lt;it&gt;" in html


def test_files_are_listed_and_shown(twin: Twin) -> None:
    front = twin.page("/acme/infra")
    assert "README.md" in front.words
    assert f"Clone {twin.url}/Acme/infra.git" in front.words
    folder = twin.page("/acme/infra/tree/fix/docs/docs")
    assert "/Acme/infra/blob/fix/docs/docs/a%20b.md" in folder.links
    file = twin.page("/acme/infra/blob/fix/docs/docs/a%20b.md")
    assert "fix/docs infra / docs / a b.md 19 B" in file.words
    assert "1 # New 2 3 <b>text</b>" in file.words
    assert "Docs" in twin.page("/acme/infra/commits/fix/docs").words


def test_a_pull_request_shows_the_lines_that_it_changes(twin: Twin) -> None:
    assert "Pull requests 1 open of 1 open Add docs #2 by twin-admin" in (
        twin.page("/acme/infra/pulls").words
    )
    words = twin.page("/acme/infra/pull/2").words
    assert "Add docs #2 open twin-admin wants to merge fix/docs into main" in words
    assert "1 file changed +3 -0 docs/a b.md +3 -0 @@ -0,0 +1,3 @@ +# New + +<b>text</b>" in words


def test_pages_ask_nothing_of_others_and_every_link_leads_somewhere(twin: Twin) -> None:
    seen: set[str] = set()
    ahead = ["/"]
    while ahead:
        path = ahead.pop()
        if path in seen:
            continue
        seen.add(path)
        links = [link.partition("#")[0] for link in twin.page(path).links]
        assert [link for link in links if "//" in link] == []
        ahead += [link for link in links if link.startswith("/")]
    assert {
        "/Acme",
        "/orgs/Acme/projects/1",
        "/Acme/infra",
        "/Acme/infra/milestone/1",
        "/Acme/infra/issues/1",
        "/Acme/infra/pull/2",
        "/Acme/infra/blob/main/README.md",
        "/Acme/infra/commits/main",
    } <= seen


@pytest.mark.parametrize(
    "path",
    [
        "/nobody",
        "/acme/nothing",
        "/acme/infra/issues/99",
        "/acme/infra/issues/1/x",
        "/acme/infra/pull/99",
        "/acme/infra/blob/main/nothing",
        "/acme/infra/tree/--upload-pack=x",
        "/acme/infra/settings",
        "/orgs/acme/projects/9",
    ],
)
def test_what_is_not_there_has_no_page(twin: Twin, path: str) -> None:
    answer = twin.get(path)
    assert answer.status_code in (404, 501)
    assert "html" not in answer.headers["content-type"]


def test_an_empty_repository_tells_how_to_push(twin: Twin) -> None:
    words = twin.page("/acme/empty").words
    assert f"This repository is empty git remote add origin {twin.url}/Acme/empty.git" in words
