"""Octokit and PyGithub make, read, change and remove each thing that `meta` keeps in sync."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from github import Auth, Github, GithubException, InputGitTreeElement, UnknownObjectException
from github.Repository import Repository

from meta.twin.serve import Twin, served
from tests.fidelity import outside

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with served() as twin:
        httpx.post(f"{twin.url}/_twin/orgs", json={"login": "Acme"}).raise_for_status()
        yield twin


@pytest.fixture(scope="module")
def hub(twin: Twin) -> Iterator[Github]:
    """PyGithub, never asking twice and never waiting."""
    pace = {"retry": None, "seconds_between_requests": 0, "seconds_between_writes": 0}
    github = Github(base_url=twin.url, auth=Auth.Token("any-token"), **pace)
    yield github
    github.close()


@pytest.fixture(scope="module")
def repo(hub: Github) -> Repository:
    return hub.get_organization("Acme").create_repo("round", auto_init=True)


def test_octokit_goes_round_every_thing(twin: Twin) -> None:
    program = Path(__file__).parent / "npm" / "roundtrip.mjs"
    done = subprocess.run(
        ["node", str(program), twin.url, str(outside.npm())],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.split() == [
        *("repository", "label", "milestone", "issue", "files", "proposal", "ruleset"),
        *("environment", "team", "project", "refusal"),
    ]


def test_pygithub_goes_round_a_repository_and_its_topics(hub: Github) -> None:
    made = hub.get_organization("Acme").create_repo("kit", description="Kit")
    made.edit(description="", has_wiki=False, delete_branch_on_merge=True)
    made.replace_topics(["Earth"])
    seen = hub.get_repo("Acme/kit")
    assert (seen.description, seen.has_wiki, seen.get_topics()) == (None, False, ["earth"])
    made.edit(name="box")
    assert hub.get_repo("Acme/kit").full_name == "Acme/box"
    made.delete()
    with pytest.raises(UnknownObjectException):
        hub.get_repo("Acme/box")


def test_pygithub_goes_round_labels_and_milestones(repo: Repository) -> None:
    label = repo.create_label("area", "FF0000", "Where")
    label.edit("field", "00ff00", "There")
    seen = repo.get_label("field")
    assert (seen.color, seen.description) == ("00ff00", "There")
    label.delete()
    stone = repo.create_milestone("Step", description="First")
    stone.edit("Stride", state="closed")
    assert [each.title for each in repo.get_milestones(state="closed")] == ["Stride"]
    stone.delete()
    assert repo.get_milestones(state="all").totalCount == 0


def test_pygithub_goes_round_issues_and_their_tree(repo: Repository) -> None:
    stone = repo.create_milestone("Goal")
    issue = repo.create_issue("One", "body", milestone=stone, labels=["bug"])
    part = repo.create_issue("Part")
    issue.add_sub_issue(part.id)
    assert [each.title for each in issue.get_sub_issues()] == ["Part"]
    note = issue.create_comment("Seen")
    note.edit("Read")
    assert [each.body for each in issue.get_comments()] == ["Read"]
    note.delete()
    part.edit(state="closed", state_reason="not_planned")
    seen = repo.get_issue(issue.number)
    assert (seen.sub_issues_summary.total, seen.comments, seen.milestone.title) == (1, 0, "Goal")
    issue.remove_sub_issue(part.id)
    assert issue.get_sub_issues().totalCount == 0


def test_pygithub_goes_round_files_and_a_proposal(repo: Repository) -> None:
    main = repo.get_branch("main").commit
    element = InputGitTreeElement("a.txt", "100644", "blob", content="a\n")
    tree = repo.create_git_tree([element], main.commit.tree)
    commit = repo.create_git_commit("Add a", tree, [main.commit])
    ref = repo.create_git_ref("refs/heads/work", commit.sha)
    pull = repo.create_pull(base="main", head="work", title="Work", body="")
    pull.edit(title="Good work")
    assert [each.filename for each in pull.get_files()] == ["a.txt"]
    assert pull.merge(merge_method="squash").merged
    assert repo.get_contents("a.txt").decoded_content == b"a\n"
    ref.delete()
    assert [each.name for each in repo.get_branches()] == ["main"]


def test_pygithub_goes_round_environments_teams_and_refusals(hub: Github, repo: Repository) -> None:
    repo.create_environment("prod", wait_timer=5)
    assert repo.get_environment("prod").protection_rules[0].wait_timer == 5
    repo.delete_environment("prod")
    team = hub.get_organization("Acme").create_team("Crew", privacy="closed")
    assert team.update_team_repository(repo, "maintain")
    assert [(each.slug, each.permission) for each in repo.get_teams()] == [("crew", "maintain")]
    team.delete()
    with pytest.raises(GithubException) as raised:
        repo.create_label("bug", "ff0000")
    assert (raised.value.status, raised.value.data["errors"][0]["code"]) == (422, "already_exists")


def test_pygithub_goes_round_rulesets_and_a_board(hub: Github, repo: Repository) -> None:
    """Neither has methods of its own in PyGithub: its requests carry them."""
    rules = {"name": "main", "enforcement": "active", "rules": [{"type": "deletion"}]}
    _, made = repo.requester.requestJsonAndCheck("POST", f"{repo.url}/rulesets", input=rules)
    one = f"{repo.url}/rulesets/{made['id']}"
    off = {"enforcement": "disabled"}
    repo.requester.requestJsonAndCheck("PUT", one, input=off)
    assert repo.requester.requestJsonAndCheck("GET", one)[1]["enforcement"] == "disabled"
    repo.requester.requestJsonAndCheck("DELETE", one)
    owner = hub.get_organization("Acme").node_id
    create = (
        'mutation($owner: ID!) { createProjectV2(input: {ownerId: $owner, title: "Plan"})'
        " { projectV2 { id title } } }"
    )
    _, answer = repo.requester.graphql_query(create, {"owner": owner})
    board = answer["data"]["createProjectV2"]["projectV2"]
    read = "query($id: ID!) { node(id: $id) { ... on ProjectV2 { title closed } } }"
    _, answer = repo.requester.graphql_query(read, {"id": board["id"]})
    assert answer["data"]["node"] == {"title": "Plan", "closed": False}
