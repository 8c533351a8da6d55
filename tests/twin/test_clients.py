"""Tools that are not ours: PyGithub and the gh command line."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from github import Auth, Github, GithubException, InputGitTreeElement, UnknownObjectException


@pytest.fixture
def hub(twin):
    github = Github(
        base_url=twin.url,
        auth=Auth.Token("any-token"),
        retry=None,
        seconds_between_requests=0,
        seconds_between_writes=0,
    )
    yield github
    github.close()


def test_pygithub_makes_a_repository_and_what_is_in_it(hub):
    org = hub.get_organization("acme")
    repo = org.create_repo("kit", description="Kit", auto_init=True)
    assert repo.full_name == "Acme/kit"
    repo.create_label("area", "ff0000", "An area")
    stone = repo.create_milestone("Step 1", description="First")
    issue = repo.create_issue("Do it", "body", milestone=stone, labels=["area"])
    assert (issue.number, issue.milestone.title, issue.labels[0].name) == (1, "Step 1", "area")
    child = repo.create_issue("Part")
    issue.add_sub_issue(child.id)
    assert [each.title for each in issue.get_sub_issues()] == ["Part"]
    issue.edit(state="closed", state_reason="not_planned")
    assert repo.get_issue(1).state_reason == "not_planned"
    repo.replace_topics(["Earth"])
    assert repo.get_topics() == ["earth"]
    tree = repo.get_git_tree("main", recursive=True)
    assert [(each.path, each.type) for each in tree.tree] == [("README.md", "blob")]


def test_pygithub_commits_through_git_data_and_merges(hub):
    repo = hub.get_organization("Acme").create_repo("kit", auto_init=True)
    main = repo.get_branch("main").commit
    element = InputGitTreeElement("a.txt", "100644", "blob", content="a\n")
    tree = repo.create_git_tree([element], main.commit.tree)
    commit = repo.create_git_commit("Add a", tree, [main.commit])
    repo.create_git_ref("refs/heads/work", commit.sha)
    pull = repo.create_pull(base="main", head="work", title="Work", body="")
    assert [file.filename for file in pull.get_files()] == ["a.txt"]
    assert pull.merge(merge_method="squash").merged
    assert repo.get_contents("a.txt").decoded_content == b"a\n"
    made = repo.create_file("b.txt", "Add b", "b\n")
    repo.update_file("b.txt", "Change b", "bb\n", made["content"].sha)
    assert repo.get_commits().totalCount == 4


def test_pygithub_gives_teams_permissions_and_environments_rules(hub):
    org = hub.get_organization("Acme")
    repo = org.create_repo("kit")
    team = org.create_team("Core", privacy="closed")
    assert team.update_team_repository(repo, "maintain")
    assert [each.slug for each in repo.get_teams()] == ["core"]
    repo.create_environment("prod", wait_timer=5)
    assert repo.get_environment("prod").protection_rules[0].wait_timer == 5


def test_pygithub_reads_refusals_as_githubs(hub):
    repo = hub.get_organization("Acme").create_repo("kit")
    with pytest.raises(UnknownObjectException):
        repo.get_issue(1)
    with pytest.raises(GithubException) as raised:
        repo.create_label("bug", "ff0000")
    assert (raised.value.status, raised.value.data["errors"][0]["code"]) == (422, "already_exists")


@pytest.fixture
def gh_cli(twin, tmp_path):
    """`gh` as if the twin were a GitHub, through the proxy that every program can be told."""
    found = shutil.which(
        "gh", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    )
    assert found, "the dev dependencies bring gh"

    def call(*args):
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "GH_HOST": "github.localhost",
            "GH_TOKEN": "any-token",
            "GH_CONFIG_DIR": str(tmp_path / "gh"),
            "HTTP_PROXY": twin.url,
            "http_proxy": twin.url,
            "NO_PROXY": "",
            "no_proxy": "",
        }
        done = subprocess.run([found, *args], env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return call


def test_the_gh_command_reads_and_writes_through_the_proxy(gh_cli, repo):
    assert json.loads(gh_cli("api", "/repos/acme/tool"))["full_name"] == "Acme/tool"
    gh_cli("api", "/repos/acme/tool/labels", "-f", "name=area", "-f", "color=FF0000")
    assert json.loads(gh_cli("api", "/repos/acme/tool/labels/area"))["color"] == "ff0000"
    names = gh_cli("api", "--paginate", "/repos/acme/tool/labels?per_page=3", "-q", ".[].name")
    assert len(names.split("\n")) == 11
    listed = gh_cli("label", "list", "-R", "Acme/tool", "--json", "name", "--limit", "50")
    assert len(json.loads(listed)) == 10
