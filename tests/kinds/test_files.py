"""Files on a twin: pushed into an empty repository, proposed to one with a history."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meta.errors import MetaError
from meta.model import Address, Blob, Manifest, Outcome, Receipt, Update
from tests.grounds import ANSWERS, SOURCE, Ground

TREE = Address("acme/web", "files", "tree")
SERVICE = ["README.md", "docs/guide.md", "lines.txt", "run.sh"]


def declared(
    ground: Ground, version: str = "v1.0.0", more: str = "", at: str = "web", name: str = "thing"
) -> Manifest:
    answers = f"{{kind: service, name: {name}}}"
    text = f"template: {{source: '{SOURCE}', version: {version}}}\nanswers: {answers}\n{more}"
    return ground.fleet(text, at=at)


def sync(ground: Ground, fleet: Manifest) -> Receipt:
    (receipt,) = ground.sync(fleet)
    return receipt


def begin(ground: Ground, more: str = "") -> None:
    assert sync(ground, declared(ground, more=more)).outcome is Outcome.DONE


def take(ground: Ground, fleet: Manifest) -> None:
    """Propose and merge; then nothing is left to do."""
    assert sync(ground, fleet).outcome is Outcome.PROPOSED
    ground.merge("web")
    assert ground.plan(fleet).changes == ()


def changed(ground: Ground, fleet: Manifest) -> list[str]:
    """The paths that the plan would change, "-" before those that it would remove."""
    (change,) = ground.plan(fleet).changes
    return [path if blob else f"-{path}" for path, blob in sorted(change.after.items())]


def test_an_empty_repository_gets_its_files_as_one_commit(ground: Ground) -> None:
    receipt = sync(ground, declared(ground, more="workflows: [hygiene]"))
    there = ground.files("web")
    assert sorted(there) == [
        ANSWERS,
        ".github/workflows/hygiene.yml",
        "README.md",
        "lines.txt",
        "old.txt",
        "run.sh",
    ]
    assert there["run.sh"] == Blob.of(b"#!/bin/sh\necho run\n", "100755")
    (commit,) = ground.reader().get("/repos/acme/web/commits")
    assert receipt.detail == f"6 files, commit {commit['sha'][:10]}"
    assert commit["commit"]["message"].rstrip("\n") == "chore: first files of this repository"


def test_a_repository_with_a_history_gets_one_proposal(ground: Ground) -> None:
    fleet = declared(ground, at="api")
    receipt = sync(ground, fleet)
    assert receipt.outcome is Outcome.PROPOSED
    assert set(ground.files("api")) == {"README.md"}
    assert set(ground.files("api", "meta/sync")) == {
        *[ANSWERS, "README.md", "lines.txt", "old.txt", "run.sh"]
    }
    # Its own README was there first.
    assert ground.text("api", "README.md", "meta/sync") == "# api\n"


def test_a_new_version_changes_what_it_changes_and_no_more(ground: Ground) -> None:
    begin(ground)
    assert changed(ground, declared(ground, "v2.0.0")) == [
        ANSWERS,
        "README.md",
        "docs/guide.md",
        "lines.txt",
        "-old.txt",
    ]
    take(ground, declared(ground, "v2.0.0"))
    assert sorted(ground.files("web")) == [ANSWERS, *SERVICE]


def test_a_new_version_that_changes_nothing_here_proposes_nothing(ground: Ground) -> None:
    begin(ground)
    take(ground, declared(ground, "v2.0.0"))
    plan = ground.plan(declared(ground, "v2.0.1"))
    assert (plan.changes, plan.pending) == ((), ())


def test_an_answer_that_changed_is_proposed_though_the_version_did_not(ground: Ground) -> None:
    begin(ground)
    assert changed(ground, declared(ground, name="other")) == [ANSWERS, "README.md"]
    take(ground, declared(ground, name="other"))
    assert ground.text("web", "README.md") == "# other\n\nA service.\n\nPort 8000.\n"


def test_what_people_changed_elsewhere_in_a_file_is_kept(ground: Ground) -> None:
    begin(ground)
    lines = ground.text("web", "lines.txt").replace("line 9", "line nine")
    ground.write("web", "lines.txt", lines)
    assert ground.plan(declared(ground)).changes == ()
    take(ground, declared(ground, "v2.0.0"))
    assert ground.text("web", "lines.txt") == (
        "line 1\nline 2\nline 3\nline 4\nline five\nline 6\nline 7\nline 8\nline nine\n"
    )


def test_what_people_changed_in_the_same_place_is_shown_in_a_draft(ground: Ground) -> None:
    begin(ground)
    lines = ground.text("web", "lines.txt").replace("line 5", "line V")
    ground.write("web", "lines.txt", lines)
    receipt = sync(ground, declared(ground, "v2.0.0"))
    assert (receipt.outcome, receipt.detail) == (
        Outcome.FAILED,
        "conflicts in lines.txt: resolve them in the draft pull request",
    )
    (pull,) = ground.pulls("web")
    assert pull["draft"] is True
    assert (
        "line 4\n<<<<<<< before updating\nline V\n"
        "=======\nline five\n>>>>>>> after updating\nline 6\n"
    ) in ground.text("web", "lines.txt", "meta/sync")
    assert "line V" in ground.text("web", "lines.txt")


def test_a_conflict_waits_for_the_person_who_resolves_it(ground: Ground) -> None:
    begin(ground)
    lines = ground.text("web", "lines.txt")
    ground.write("web", "lines.txt", lines.replace("line 5", "line V"))
    fleet = declared(ground, "v2.0.0")
    sync(ground, fleet)
    (pending,) = ground.plan(fleet).pending
    assert pending.url == ground.pulls("web")[0]["html_url"]
    resolved = lines.replace("line 5", "line five, or V")
    theirs = ground.write("web", "lines.txt", resolved, branch="meta/sync")
    assert sync(ground, fleet).outcome is Outcome.WAITING
    ground.writer().patch("/repos/acme/web/git/refs/heads/main", {"sha": theirs})
    assert ground.plan(fleet).changes == ()
    assert ground.text("web", "lines.txt") == resolved


def test_a_file_that_people_removed_stays_away(ground: Ground) -> None:
    begin(ground)
    ground.write("web", "lines.txt", None)
    take(ground, declared(ground, "v2.0.0"))
    assert sorted(ground.files("web")) == [ANSWERS, "README.md", "docs/guide.md", "run.sh"]


def test_a_shared_workflow_is_always_as_it_is_shared(ground: Ground) -> None:
    more = "workflows: [hygiene]"
    begin(ground, more)
    path = ".github/workflows/hygiene.yml"
    ground.write("web", path, "on: never\n")
    assert changed(ground, declared(ground, more=more)) == [path]
    take(ground, declared(ground, more=more))
    assert ground.text("web", path) == "# of v1\non: push\njobs: {}\n"


def test_a_managed_file_is_brought_back(ground: Ground) -> None:
    more = "files: {README.md: managed}"
    begin(ground, more)
    ground.write("web", "README.md", "# Mine\n")
    assert changed(ground, declared(ground, more=more)) == ["README.md"]


def test_a_seeded_file_is_its_repositorys_own_after_the_first_time(ground: Ground) -> None:
    more = "files: {'*': seeded}"
    begin(ground, more)
    ground.write("web", "README.md", "# Mine\n")
    ground.write("web", "run.sh", None)
    assert changed(ground, declared(ground, "v2.0.0", more)) == [ANSWERS, "docs/guide.md"]


def test_what_is_declared_absent_is_removed_and_not_made_again(ground: Ground) -> None:
    begin(ground)
    fleet = declared(ground, more="files: {old.txt: absent}")
    assert changed(ground, fleet) == ["-old.txt"]
    take(ground, fleet)


def test_a_rendering_without_what_is_declared_absent_is_pushed_into_an_empty_repository(
    ground: Ground,
) -> None:
    fleet = declared(ground, more="files: {old.txt: absent}")
    sync(ground, fleet)
    assert "old.txt" not in ground.files("web")
    assert ground.plan(fleet).changes == ()


def test_seeds_are_given_once_to_the_home_and_are_its_own_from_then_on(ground: Ground) -> None:
    fleet = declared(ground)
    seeded = replace(
        fleet,
        entries=tuple(
            replace(entry, seeds={"repos.yaml": b"owner: acme\n"} if entry.name else {})
            for entry in fleet.entries
        ),
    )
    sync(ground, seeded)
    assert ground.text("web", "repos.yaml") == "owner: acme\n"
    ground.write("web", "repos.yaml", "owner: acme # ours\n")
    assert ground.plan(seeded).changes == ()


def test_an_open_proposal_that_holds_less_is_edited_in_place(ground: Ground) -> None:
    begin(ground)
    first = sync(ground, declared(ground, name="other"))
    second = sync(ground, declared(ground, "v2.0.0", name="other"))
    assert second.outcome is Outcome.PROPOSED
    assert first.url == second.url
    assert len(ground.pulls("web", "all")) == 1
    assert ground.plan(declared(ground, "v2.0.0", name="other")).changes == ()
    assert ground.plan(declared(ground, name="other")).changes != ()


def test_a_template_that_moved_to_another_url_is_merged_from_where_it_was(ground: Ground) -> None:
    begin(ground)
    answers = ground.text("web", ANSWERS).replace("https://github.com/", "gh:")
    ground.write("web", ANSWERS, answers)
    assert changed(ground, declared(ground)) == [ANSWERS]


@pytest.mark.parametrize(
    "source", ["https://elsewhere.example/acme/templates", "--upload-pack=touch made", "/srv/t.git"]
)
def test_an_answers_file_sends_nobody_to_another_place(ground: Ground, source: str) -> None:
    begin(ground)
    text = ground.text("web", ANSWERS).replace(SOURCE, source)
    assert source in text
    ground.write("web", ANSWERS, text)
    (change,) = ground.plan(declared(ground, "v2.0.0")).changes
    assert isinstance(change, Update)
    assert ANSWERS in change.after
    assert "lines.txt" not in change.after, "with no baseline, what differs is left alone"


def test_answers_that_cannot_be_read_are_told_with_their_repository(ground: Ground) -> None:
    begin(ground)
    ground.write("web", ANSWERS, "- nonsense\n")
    with pytest.raises(MetaError) as error:
        ground.plan(declared(ground, "v2.0.0"))
    assert str(error.value) == "acme/web .copier-answers.yml: holds no answers"


def test_a_plan_shows_each_file_by_its_id_before_and_after(ground: Ground) -> None:
    begin(ground)
    (change,) = ground.plan(declared(ground, "v2.0.0")).changes
    assert isinstance(change, Update)
    assert change.address == TREE
    assert change.before["old.txt"] == Blob.of(b"old\n")
    assert change.before["docs/guide.md"] is None
    assert change.after["docs/guide.md"] == Blob.of(b"# Guide\n")
