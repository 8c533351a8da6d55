"""Pull requests: opened, changed, merged by real git, closed by pushes."""

import pytest


@pytest.fixture
def branch(clone):
    """The id of the commit on `work`, one ahead of main."""
    clone.git("checkout", "-q", "-b", "work")
    sha = clone.commit({"new.txt": "one\ntwo\n"}, "Add new")
    clone.push("work")
    return sha


def opened(gh, repo, **fields):
    body = {"title": "Work", "head": "work", "base": "main", **fields}
    answer = gh.post(f"{repo}/pulls", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_pull_request_is_an_issue_too_and_shares_its_numbers(gh, repo, branch):
    gh.post(f"{repo}/issues", json={"title": "first"})
    pull = opened(gh, repo, body="why", draft=True)
    assert (pull["number"], pull["draft"], pull["merged"]) == (2, True, False)
    assert pull["head"]["sha"] == branch
    assert (pull["commits"], pull["additions"], pull["changed_files"]) == (1, 2, 1)
    issues = gh.get(f"{repo}/issues").json()
    assert ["pull_request" in issue for issue in issues] == [True, False]
    assert gh.get(f"{repo}/issues/2").json()["body"] == "why"
    assert gh.get(repo).json()["open_issues_count"] == 2


def test_pull_requests_are_found_by_head_base_and_state(gh, repo, branch):
    opened(gh, repo)

    def count(query):
        return len(gh.get(f"{repo}/pulls?{query}").json())

    assert count("head=Acme:work") == 1
    assert count("head=Acme:other") == 0
    assert count("head=someone:work") == 0
    assert count("base=main") == 1
    assert count("base=dev&state=all") == 0
    assert count("state=closed") == 0


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"head": "none"}, {"resource": "PullRequest", "code": "invalid", "field": "head"}),
        (
            {"head": "main"},
            {
                "resource": "PullRequest",
                "code": "custom",
                "message": "No commits between main and main",
            },
        ),
        (
            {},
            {
                "resource": "PullRequest",
                "code": "custom",
                "message": "A pull request already exists for Acme:work.",
            },
        ),
    ],
)
def test_a_needless_pull_request_is_refused(gh, repo, branch, fields, error):
    opened(gh, repo)
    body = {"title": "x", "head": "work", "base": "main", **fields}
    answer = gh.post(f"{repo}/pulls", json=body)
    assert (answer.status_code, answer.json()["errors"]) == (422, [error])


def test_its_files_commits_and_text_are_shown(gh, repo, branch):
    opened(gh, repo)
    files = gh.get(f"{repo}/pulls/1/files").json()
    assert [(row["filename"], row["status"], row["additions"]) for row in files] == [
        ("new.txt", "added", 2)
    ]
    commits = gh.get(f"{repo}/pulls/1/commits").json()
    assert [row["commit"]["message"] for row in commits] == ["Add new"]
    text = gh.get(f"{repo}/pulls/1", headers={"Accept": "application/vnd.github.diff"}).text
    assert "+++ b/new.txt" in text


def test_title_body_labels_and_reviewers_change_in_place(gh, repo, branch):
    gh.post("/orgs/Acme/teams", json={"name": "Core"})
    opened(gh, repo)
    gh.patch(f"{repo}/pulls/1", json={"title": "Better", "body": "now"})
    gh.post(f"{repo}/issues/1/labels", json={"labels": ["bug"]})
    asked = gh.post(f"{repo}/pulls/1/requested_reviewers", json={"team_reviewers": ["core"]})
    assert asked.status_code == 201
    shown = gh.get(f"{repo}/pulls/1").json()
    assert (shown["title"], shown["body"]) == ("Better", "now")
    assert [label["name"] for label in shown["labels"]] == ["bug"]
    assert [team["slug"] for team in shown["requested_teams"]] == ["core"]


def test_a_push_to_its_branch_moves_it(gh, repo, branch, clone):
    opened(gh, repo)
    sha = clone.commit({"more": "x"}, "More")
    clone.push("work")
    assert gh.get(f"{repo}/pulls/1").json()["head"]["sha"] == sha
    refs = clone.git("ls-remote", clone.remote, "refs/pull/1/head")
    assert refs.split()[0] == sha


@pytest.mark.parametrize(
    ("method", "title", "parents"),
    [
        ("merge", "Merge pull request #1 from acme/work", 2),
        ("squash", "Add new (#1)", 1),
        ("rebase", "Add new", 1),
    ],
)
def test_it_is_merged_by_git_in_each_way(gh, repo, branch, clone, method, title, parents):
    clone.git("checkout", "-q", "main")
    clone.commit({"meanwhile": "m"}, "Meanwhile")
    clone.push("main")
    opened(gh, repo)
    merged = gh.put(f"{repo}/pulls/1/merge", json={"merge_method": method})
    assert merged.status_code == 200, merged.text
    tip = gh.get(f"{repo}/commits/main").json()
    assert tip["sha"] == merged.json()["sha"]
    assert tip["commit"]["message"].splitlines()[0] == title
    assert len(tip["parents"]) == parents
    assert {row["name"] for row in gh.get(f"{repo}/contents").json()} == {
        "README.md",
        "meanwhile",
        "new.txt",
    }
    shown = gh.get(f"{repo}/pulls/1").json()
    assert (shown["state"], shown["merged"], shown["merged_by"]["login"]) == (
        "closed",
        True,
        "twin-admin",
    )
    assert gh.get(f"{repo}/pulls/1/merge").status_code == 204


def test_conflicts_stale_heads_and_drafts_are_not_merged(gh, repo, branch, clone):
    opened(gh, repo)
    stale = gh.put(f"{repo}/pulls/1/merge", json={"sha": "0" * 40})
    assert stale.status_code == 409
    clone.git("checkout", "-q", "main")
    clone.commit({"new.txt": "something else\n"}, "Conflict")
    clone.push("main")
    assert gh.get(f"{repo}/pulls/1").json()["mergeable"] is False
    assert gh.put(f"{repo}/pulls/1/merge").status_code == 405
    assert gh.get(f"{repo}/pulls/1/merge").status_code == 404


def test_a_merge_goes_through_where_a_push_may_not_and_closes_what_it_names(
    gh, repo, branch, clone
):
    names = {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}}
    rules = {"name": "m", "enforcement": "active", "conditions": names}
    gh.post(f"{repo}/rulesets", json={**rules, "rules": [{"type": "pull_request"}]})
    gh.patch(repo, json={"delete_branch_on_merge": True})
    gh.post(f"{repo}/issues", json={"title": "bug"})
    opened(gh, repo, body="Fixes #1")
    assert gh.put(f"{repo}/pulls/2/merge").status_code == 200
    assert gh.get(f"{repo}/issues/1").json()["state"] == "closed"
    assert [row["name"] for row in gh.get(f"{repo}/branches").json()] == ["main"]


def test_a_push_of_its_commits_to_the_base_merges_it(gh, repo, branch, clone):
    opened(gh, repo)
    clone.push("work:main")
    shown = gh.get(f"{repo}/pulls/1").json()
    assert (shown["state"], shown["merged"]) == ("closed", True)


def test_it_closes_with_its_branch_and_reopens_only_with_it(gh, repo, branch, clone):
    opened(gh, repo)
    clone.push("--delete", "work")
    assert gh.get(f"{repo}/pulls/1").json()["state"] == "closed"
    assert gh.patch(f"{repo}/pulls/1", json={"state": "open"}).status_code == 422
    clone.push("work")
    assert gh.patch(f"{repo}/pulls/1", json={"state": "open"}).json()["state"] == "open"
