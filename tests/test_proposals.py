"""The one pull request of a repository: made, edited in place, never over a person's commit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meta import proposals
from meta.model import Address, Blob, Outcome, Receipt, Update
from tests.grounds import Ground

API = "acme/api"
CHANGE = Update(Address(API, "files", "tree"), {}, {})
FILES = {"a.txt": Blob.of(b"a\n"), "run.sh": Blob.of(b"#!/bin/sh\n", "100755"), "README.md": None}
BODY = """\
The manifest declares these files. Merge to take them; closed, they are proposed again.

**Changed or added**

- `a.txt`
- `run.sh`

**Removed**

- `README.md`

To keep a file as it is, declare it `seeded` under `files:` in the manifest."""


def propose(
    ground: Ground, files: Mapping[str, Blob | None] | None = None, conflicts: tuple[str, ...] = ()
) -> Receipt:
    return proposals.propose(ground.writer(), CHANGE, FILES if files is None else files, conflicts)


def commits(ground: Ground) -> list[Any]:
    """What the branch has beside main, the oldest first."""
    answer = ground.reader().get(f"/repos/{API}/compare/main...meta/sync")
    return [row["commit"]["message"] for row in answer["commits"]]


def test_the_files_are_proposed_in_one_pull_request_from_a_fixed_branch(ground: Ground) -> None:
    receipt = propose(ground)
    (pull,) = ground.pulls("api")
    assert receipt == Receipt(CHANGE, Outcome.PROPOSED, "3 files", pull["html_url"])
    assert (pull["head"]["ref"], pull["base"]["ref"]) == ("meta/sync", "main")
    assert (pull["title"], pull["body"], pull["draft"]) == (
        "chore: sync with the fleet's manifest",
        BODY,
        False,
    )


def test_the_branch_holds_the_files_and_main_does_not(ground: Ground) -> None:
    propose(ground)
    assert ground.files("api", "meta/sync") == {path: b for path, b in FILES.items() if b}
    assert ground.files("api") == {"README.md": Blob.of(b"# api\n")}
    assert commits(ground) == ["chore: sync with the fleet's manifest\n\nProposed-by: meta"]


def test_what_is_not_text_arrives_as_it_is(ground: Ground) -> None:
    odd = {"ünï code.bin": Blob.of(bytes(range(256)), "100755"), "l": Blob.of(b"x", "120000")}
    propose(ground, odd)
    there = ground.files("api", "meta/sync")
    assert {path: there[path] for path in odd} == odd


def test_a_file_known_by_its_id_alone_only_changes_its_mode(ground: Ground) -> None:
    known = ground.files("api")["README.md"]
    propose(ground, {"README.md": Blob("100755", known.sha)})
    assert ground.files("api", "meta/sync") == {"README.md": Blob("100755", known.sha)}


def test_a_second_change_edits_the_same_pull_request(ground: Ground) -> None:
    first = propose(ground)
    second = propose(ground, {"b.txt": Blob.of(b"b\n")})
    (pull,) = ground.pulls("api", "all")
    assert first.url == second.url == pull["html_url"]
    assert "- `b.txt`" in pull["body"]
    assert "a.txt" not in pull["body"]
    assert set(ground.files("api", "meta/sync")) == {"README.md", "b.txt"}
    assert len(commits(ground)) == 1


def test_a_proposal_starts_from_what_main_is_now(ground: Ground) -> None:
    propose(ground)
    ground.write("api", "news.txt", "news\n")
    propose(ground, {"b.txt": Blob.of(b"b\n")})
    assert set(ground.files("api", "meta/sync")) == {"README.md", "b.txt", "news.txt"}


def test_a_persons_commit_on_the_branch_is_never_written_over(ground: Ground) -> None:
    propose(ground)
    theirs = ground.write("api", "mine.txt", "mine\n", branch="meta/sync")
    writes = ground.writes()
    receipt = propose(ground, {"b.txt": Blob.of(b"b\n")})
    assert receipt.outcome is Outcome.WAITING
    assert receipt.detail.endswith(
        " committed to meta/sync; merge or delete the branch, then sync again"
    )
    assert ground.writes() == writes
    head = ground.reader().get(f"/repos/{API}/git/ref/heads/meta/sync")
    assert head["object"]["sha"] == theirs


def test_a_closed_pull_request_is_left_closed_and_a_new_one_made(ground: Ground) -> None:
    first = propose(ground)
    number = first.url.rpartition("/")[2]
    ground.writer().patch(f"/repos/{API}/pulls/{number}", {"state": "closed"})
    assert proposals.find(ground.reader(), API) is None
    second = propose(ground)
    assert second.url != first.url
    assert [pull["state"] for pull in ground.pulls("api", "all")] == ["open", "closed"]


def test_after_a_merge_the_next_change_is_a_new_proposal(ground: Ground) -> None:
    propose(ground)
    ground.merge("api")
    receipt = propose(ground, {"b.txt": Blob.of(b"b\n")})
    assert receipt.outcome is Outcome.PROPOSED
    assert set(ground.files("api", "meta/sync")) == {"a.txt", "b.txt", "run.sh"}
    assert len(ground.pulls("api")) == 1


def test_conflicts_open_a_draft_and_are_a_failure_that_names_them(ground: Ground) -> None:
    receipt = propose(ground, {"a.txt": Blob.of(b"<<<<<<<\n")}, ("a.txt",))
    (pull,) = ground.pulls("api")
    assert pull["draft"] is True
    assert receipt == Receipt(
        CHANGE,
        Outcome.FAILED,
        "conflicts in a.txt: resolve them in the draft pull request",
        pull["html_url"],
    )
    assert "**Conflicts, shown in the files between markers**\n\n- `a.txt`" in pull["body"]


def test_another_pull_request_is_not_taken_for_the_proposal(ground: Ground) -> None:
    gh = ground.writer()
    start = gh.get(f"/repos/{API}/git/ref/heads/main")["object"]["sha"]
    gh.post(f"/repos/{API}/git/refs", {"ref": "refs/heads/mine", "sha": start})
    ground.write("api", "mine.txt", "mine\n", branch="mine")
    gh.post(f"/repos/{API}/pulls", {"title": "Mine", "head": "mine", "base": "main"})
    assert proposals.find(gh, API) is None
    propose(ground)
    assert sorted(pull["head"]["ref"] for pull in ground.pulls("api")) == ["meta/sync", "mine"]
