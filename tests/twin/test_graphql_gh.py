"""The twin as GitHub's own command line sees it: a client that knows nothing of the twin."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from meta.twin.serve import served

GH = Path(sys.executable).with_name("gh")
Gh = Callable[..., str]


@pytest.fixture
def gh(tmp_path: Path) -> Iterator[Gh]:
    """Runs `gh` with the twin as its proxy, on one organization with one repository."""
    with served() as twin:
        with httpx.Client(base_url=twin.url, headers={"Authorization": "token any"}) as http:
            http.post("/_twin/orgs", json={"login": "acme"})
            http.post("/orgs/acme/repos", json={"name": "infra", "auto_init": True})
        env = {name: value for name, value in os.environ.items() if name.lower() != "no_proxy"}
        env |= {"HTTP_PROXY": twin.url, "http_proxy": twin.url, "GH_HOST": "github.localhost"}
        env |= {"GH_TOKEN": "any", "GH_CONFIG_DIR": str(tmp_path), "GH_PROMPT_DISABLED": "1"}
        env |= {"GH_NO_UPDATE_NOTIFIER": "1"}

        def gh(*args: str) -> str:
            done = subprocess.run(
                [GH, *args], env=env, capture_output=True, text=True, timeout=60, check=False
            )
            assert done.returncode == 0, done.stderr
            return done.stdout.strip()

        yield gh


def test_gh_makes_an_issue_with_a_label_under_a_parent_and_closes_it(gh: Gh) -> None:
    repo = ("-R", "acme/infra")
    gh("issue", "create", *repo, "-t", "Parent", "-b", "Body", "-l", "bug")
    url = gh("issue", "create", *repo, "-t", "Child", "-b", "Body", "--parent", "1")
    assert url == "http://github.localhost/acme/infra/issues/2"
    gh("issue", "close", "2", *repo)
    gh("issue", "comment", "1", *repo, "-b", "Seen")
    fields = "title,state,labels,subIssuesSummary"
    shown = json.loads(gh("issue", "view", "1", *repo, "--json", fields))
    assert [label["name"] for label in shown.pop("labels")] == ["bug"]
    assert shown == {
        "title": "Parent",
        "state": "OPEN",
        "subIssuesSummary": {"total": 1, "completed": 1, "percentCompleted": 100},
    }
    listed = gh("issue", "list", *repo, "--json", "number", "--state", "all")
    assert json.loads(listed) == [{"number": 2}, {"number": 1}]


def test_gh_makes_a_board_with_a_field_and_an_item(gh: Gh) -> None:
    owner = ("--owner", "acme")
    gh("issue", "create", "-R", "acme/infra", "-t", "One", "-b", "Body")
    gh("project", "create", *owner, "--title", "Plan")
    gh("project", "field-create", "1", *owner, "--name", "Step", "--data-type", "TEXT")
    url = "http://github.localhost/acme/infra/issues/1"
    gh("project", "item-add", "1", *owner, "--url", url)
    shown = json.loads(gh("project", "item-list", "1", *owner, "--format", "json"))
    assert shown["totalCount"] == 1
    assert shown["items"][0]["content"]["title"] == "One"
    fields = json.loads(gh("project", "field-list", "1", *owner, "--format", "json"))
    assert [field["name"] for field in fields["fields"]][-1] == "Step"


def test_gh_makes_a_repository_and_lists_what_an_owner_has(gh: Gh) -> None:
    assert gh("repo", "create", "acme/core", "--public") == "http://github.localhost/acme/core"
    listed = json.loads(gh("repo", "list", "acme", "--json", "name,visibility,isEmpty"))
    assert sorted(listed, key=lambda one: str(one["name"])) == [
        {"name": "core", "visibility": "PUBLIC", "isEmpty": True},
        {"name": "infra", "visibility": "PUBLIC", "isEmpty": False},
    ]


def test_gh_opens_and_merges_a_pull_request(gh: Gh) -> None:
    repo = ("-R", "acme/infra")
    head = gh("api", "repos/acme/infra/git/ref/heads/main", "--jq", ".object.sha")
    gh("api", "repos/acme/infra/git/refs", "-f", "ref=refs/heads/change", "-f", f"sha={head}")
    change = ("-f", "message=Add", "-f", "content=T25lCg==", "-f", "branch=change")
    gh("api", "-X", "PUT", "repos/acme/infra/contents/one.txt", *change)
    gh("pr", "create", *repo, "-H", "change", "-B", "main", "-t", "Add one", "-b", "Why")
    fields = "state,mergeable,files"
    assert json.loads(gh("pr", "view", "1", *repo, "--json", fields)) == {
        "state": "OPEN",
        "mergeable": "MERGEABLE",
        "files": [{"path": "one.txt", "additions": 1, "deletions": 0, "changeType": "ADDED"}],
    }
    gh("pr", "merge", "1", "--squash", *repo)
    assert json.loads(gh("pr", "view", "1", *repo, "--json", "state")) == {"state": "MERGED"}
