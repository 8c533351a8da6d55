"""Old rendering, new rendering and a repository's files -> what it should have."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from copier import run_copy, run_update
from hypothesis import given
from hypothesis import strategies as st

from meta.merge import Merged, combine, ownership
from meta.model import Blob, Tree

FIVE = b"one\ntwo\nthree\nfour\nfive\n"


def tree(**texts: bytes | None) -> dict[str, Blob]:
    return {name: Blob.of(text) for name, text in texts.items() if text is not None}


def combined(
    old: Tree, new: Tree, have: Tree, declared: Mapping[str, str] | None = None
) -> list[Merged]:
    """`combine`, with a look-up of the contents of `have` alone, as in life."""
    contents = {blob.sha: blob.data or b"" for blob in have.values()}
    ids = {path: Blob(blob.mode, blob.sha) for path, blob in have.items()}
    return list(combine(old, new, ids, ownership(declared or {}, {}), contents.__getitem__))


def one(
    base: bytes | None, wanted: bytes | None, current: bytes | None, owner: str = "merged"
) -> Merged | None:
    found = combined(tree(f=base), tree(f=wanted), tree(f=current), {"f": owner})
    return found[0] if found else None


def content(result: Merged | None) -> bytes | None:
    assert result is not None
    assert result.blob is not None
    return result.blob.data


# Ownership.


def test_a_path_is_merged_unless_something_else_is_declared() -> None:
    assert ownership({}, {})("README.md") == "merged"


def test_of_the_globs_that_match_the_last_counts() -> None:
    owner = ownership({"*": "seeded", "docs/*": "managed", "docs/x.md": "absent"}, {})
    assert [owner(path) for path in ("a", "docs/a.md", "docs/x.md")] == [
        "seeded",
        "managed",
        "absent",
    ]


def test_what_is_always_so_stands_above_what_is_declared() -> None:
    assert ownership({"*": "absent"}, {"answers": "managed"})("answers") == "managed"


# Managed: as rendered, always.


def test_a_managed_file_that_people_changed_is_brought_back() -> None:
    assert content(one(b"a\n", b"a\n", b"mine\n", "managed")) == b"a\n"


def test_a_managed_file_that_people_removed_comes_back() -> None:
    assert content(one(b"a\n", b"a\n", None, "managed")) == b"a\n"


def test_a_managed_file_that_is_as_rendered_is_no_change() -> None:
    assert one(b"a\n", b"b\n", b"b\n", "managed") is None


def test_a_managed_file_that_the_template_drops_goes() -> None:
    assert one(b"a\n", None, b"a\n", "managed") == Merged("f", None)


def test_a_managed_file_that_the_template_drops_stays_where_people_changed_it() -> None:
    assert one(b"a\n", None, b"mine\n", "managed") is None


# Seeded: made once, then the repository's own.


def test_a_seed_is_made_where_there_never_was_one() -> None:
    assert content(one(None, b"a\n", None, "seeded")) == b"a\n"


@pytest.mark.parametrize("current", [b"a\n", b"mine\n", None])
def test_a_seed_that_was_made_before_is_never_touched_again(current: bytes | None) -> None:
    assert one(b"a\n", b"b\n", current, "seeded") is None


def test_a_file_that_people_made_first_needs_no_seed() -> None:
    assert one(None, b"a\n", b"mine\n", "seeded") is None


def test_a_seed_that_the_template_drops_stays() -> None:
    assert one(b"a\n", None, b"a\n", "seeded") is None


# Absent: removed.


@pytest.mark.parametrize("current", [b"a\n", b"mine\n"])
def test_what_should_be_absent_is_removed(current: bytes) -> None:
    assert one(b"a\n", b"a\n", current, "absent") == Merged("f", None)


def test_what_is_absent_already_is_no_change() -> None:
    assert one(b"a\n", b"a\n", None, "absent") is None


# Merged: a side that did not change gives way to the one that did.


def test_a_new_file_of_the_template_is_added() -> None:
    assert content(one(None, b"a\n", None)) == b"a\n"


def test_a_file_that_people_left_alone_follows_the_template() -> None:
    assert content(one(b"a\n", b"b\n", b"a\n")) == b"b\n"


def test_a_file_that_the_template_left_alone_stays_as_people_have_it() -> None:
    assert one(b"a\n", b"a\n", b"mine\n") is None
    assert one(b"a\n", b"a\n", None) is None


def test_the_same_change_on_both_sides_is_no_change() -> None:
    assert one(b"a\n", b"b\n", b"b\n") is None
    assert one(b"a\n", None, None) is None


def test_a_file_that_the_template_drops_goes() -> None:
    assert one(b"a\n", None, b"a\n") == Merged("f", None)


def test_what_people_changed_stays_though_the_template_drops_it() -> None:
    assert one(b"a\n", None, b"mine\n") is None


def test_what_people_removed_stays_away_though_the_template_changes_it() -> None:
    assert one(b"a\n", b"b\n", None) is None


def test_what_people_made_before_the_first_rendering_stays_as_they_made_it() -> None:
    assert one(None, b"a\n", b"mine\n") is None


def test_a_file_that_people_and_a_later_version_both_make_is_shown_side_by_side() -> None:
    old, new = tree(rest=b"x"), tree(rest=b"x", f=b"a\n")
    (result,) = combined(old, new, tree(rest=b"x", f=b"mine\n"))
    assert result.conflict
    assert content(result) == (
        b"<<<<<<< before updating\nmine\n=======\na\n>>>>>>> after updating\n"
    )


def test_a_file_that_people_and_a_later_version_make_alike_is_no_change() -> None:
    assert combined(tree(rest=b"x"), tree(rest=b"x", f=b"a"), tree(rest=b"x", f=b"a")) == []


def test_changes_in_different_places_are_both_kept() -> None:
    theirs, mine = FIVE.replace(b"one", b"ONE"), FIVE.replace(b"five", b"FIVE")
    result = one(FIVE, theirs, mine)
    assert content(result) == b"ONE\ntwo\nthree\nfour\nFIVE\n"
    assert result is not None
    assert not result.conflict


def test_changes_in_the_same_place_are_shown_side_by_side() -> None:
    theirs, mine = FIVE.replace(b"three", b"drei"), FIVE.replace(b"three", b"trois")
    result = one(FIVE, theirs, mine)
    assert content(result) == (
        b"one\ntwo\n"
        b"<<<<<<< before updating\ntrois\n=======\ndrei\n>>>>>>> after updating\n"
        b"four\nfive\n"
    )
    assert result is not None
    assert result.conflict


def test_a_last_line_without_an_end_does_not_swallow_a_marker() -> None:
    assert content(one(b"a", b"b", b"c")) == (
        b"<<<<<<< before updating\nc\n=======\nb\n>>>>>>> after updating\n"
    )


def test_lines_that_end_as_on_windows_keep_their_ends() -> None:
    base = FIVE.replace(b"\n", b"\r\n")
    result = one(base, base.replace(b"one", b"ONE"), base.replace(b"five", b"FIVE"))
    assert content(result) == b"ONE\r\ntwo\r\nthree\r\nfour\r\nFIVE\r\n"


def test_binary_files_that_both_changed_stay_and_are_called_a_conflict() -> None:
    result = one(b"\0a", b"\0b", b"\0c")
    assert result == Merged("f", Blob.of(b"\0c"), conflict=True)


def test_a_binary_file_that_people_left_alone_follows_the_template() -> None:
    assert content(one(b"\0a", b"\0b", b"\0a")) == b"\0b"


RUN, PLAIN = "100755", "100644"


def test_a_file_that_the_template_makes_executable_becomes_so() -> None:
    base, wanted = Blob.of(b"a", PLAIN), Blob.of(b"a", RUN)
    assert combined({"f": base}, {"f": wanted}, {"f": base}) == [Merged("f", wanted)]


def test_a_file_made_executable_keeps_the_words_of_people() -> None:
    base, wanted, mine = Blob.of(b"a", PLAIN), Blob.of(b"a", RUN), Blob.of(b"mine", PLAIN)
    (result,) = combined({"f": base}, {"f": wanted}, {"f": mine})
    assert result == Merged("f", Blob.of(b"mine", RUN))


def test_the_mode_that_people_chose_survives_new_words() -> None:
    base, wanted = Blob.of(FIVE, PLAIN), Blob.of(FIVE.replace(b"one", b"ONE"), PLAIN)
    mine = Blob.of(FIVE.replace(b"five", b"FIVE"), RUN)
    (result,) = combined({"f": base}, {"f": wanted}, {"f": mine})
    assert result == Merged("f", Blob.of(b"ONE\ntwo\nthree\nfour\nFIVE\n", RUN))


def test_paths_that_no_rendering_knows_are_none_of_its_business() -> None:
    assert combined({}, {}, tree(mine=b"x")) == []


def test_contents_are_asked_for_only_where_all_three_sides_differ() -> None:
    asked: list[str] = []

    def read(sha: str) -> bytes:
        asked.append(sha)
        return b"mine\n"

    old, new = tree(a=b"1", b=b"1", c=b"1"), tree(a=b"2", b=b"2", c=b"1", d=b"1")
    have = tree(a=b"1", b=b"mine\n", c=b"mine\n", d=b"1")
    found = list(combine(old, new, have, ownership({}, {}), read))
    assert [one.path for one in found] == ["a", "b"]
    assert asked == [have["b"].sha]


contents = st.sampled_from([None, b"a\nb\nc\n", b"A\nb\nc\n", b"a\nb\nC\n", b"x\n", b"\0"])
words = st.sampled_from(["merged", "managed", "seeded", "absent"])


@given(contents, contents, contents, words)
def test_what_was_taken_is_not_asked_for_again(
    base: bytes | None, wanted: bytes | None, current: bytes | None, owner: str
) -> None:
    """Once merged, the new rendering is the old one: nothing is left to do."""
    result = one(base, wanted, current, owner)
    after = current
    if result is not None:
        after = result.blob.data if result.blob else None
    assert one(wanted, wanted, after, owner) is None


@given(contents, contents, contents)
def test_nothing_that_people_wrote_is_lost_without_a_sign(
    base: bytes | None, wanted: bytes | None, current: bytes | None
) -> None:
    result = one(base, wanted, current)
    if current not in (base, wanted) and current is not None and result is not None:
        written = {line for line in current.split(b"\n") if line not in (base or b"").split(b"\n")}
        assert written <= set((content(result) or b"").split(b"\n"))


# The same edits through Copier itself.

OLD = {
    "both": FIVE,
    "clash": FIVE,
    "dropped": b"old\n",
    "followed": FIVE,
    "kept": FIVE,
    "removed": FIVE,
    "same": FIVE,
    "touched": FIVE,
}
NEW = {
    "added": b"new\n",
    "arrived": b"theirs\n",
    "both": FIVE.replace(b"one", b"ONE"),
    "clash": FIVE.replace(b"three", b"drei"),
    "followed": FIVE.replace(b"two", b"TWO"),
    "kept": FIVE,
    "removed": FIVE.replace(b"two", b"TWO"),
    "same": FIVE.replace(b"four", b"FOUR"),
    "touched": FIVE,
}
EDITS: Mapping[str, bytes | None] = {
    "arrived": b"ours\n",
    "both": FIVE.replace(b"five", b"FIVE"),
    "clash": FIVE.replace(b"three", b"trois"),
    "mine": b"mine\n",
    "removed": None,
    "same": FIVE.replace(b"four", b"FOUR"),
    "touched": FIVE.replace(b"one", b"uno"),
}


def test_what_copier_update_leaves_is_what_combine_leaves(tmp_path: Path) -> None:
    project = updated_by_copier(tmp_path, OLD, NEW, EDITS)
    have = {**OLD, **EDITS}
    found = combined(tree(**OLD), tree(**NEW), tree(**have))
    after = {path: data for path, data in have.items() if data is not None}
    for result in found:
        after.pop(result.path, None)
        if result.blob is not None:
            after[result.path] = result.blob.data or b""
    assert after == project
    assert [result.path for result in found if result.conflict] == ["arrived", "clash"]


def test_where_copier_update_would_lose_what_people_wrote_combine_does_not(
    tmp_path: Path,
) -> None:
    """The one difference: Copier removes a dropped file even where people changed it."""
    project = updated_by_copier(tmp_path, {"f": FIVE}, {}, {"f": b"mine\n"})
    assert "f" not in project
    assert one(FIVE, None, b"mine\n") is None


def updated_by_copier(
    place: Path,
    old: Mapping[str, bytes],
    new: Mapping[str, bytes],
    edits: Mapping[str, bytes | None],
) -> dict[str, bytes]:
    """The files of a project after old, then people's edits, then `copier update` to new."""
    template, project = place / "template", place / "project"
    note = {"{{ _copier_conf.answers_file }}.jinja": b"{{ _copier_answers|to_nice_yaml -}}\n"}
    for tag, files in (("v1", {**old, **note}), ("v2", {**new, **note})):
        committed(template, files, tag, wiped=True)
    run_copy(str(template), project, vcs_ref="v1", defaults=True, quiet=True)
    committed(project, {}, "rendered")
    committed(project, edits, "edited")
    run_update(project, defaults=True, overwrite=True, quiet=True)
    return {
        path.name: path.read_bytes()
        for path in project.iterdir()
        if path.is_file() and path.name != ".copier-answers.yml"
    }


def committed(
    folder: Path, files: Mapping[str, bytes | None], tag: str, *, wiped: bool = False
) -> None:
    folder.mkdir(exist_ok=True)
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet")
    for path in [path for path in folder.iterdir() if path.is_file() and wiped]:
        path.unlink()
    for name, data in files.items():
        if data is None:
            (folder / name).unlink()
        else:
            (folder / name).write_bytes(data)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", tag)
    git(folder, "tag", tag)


def git(folder: Path, *words: str) -> None:
    me = ("-c", "user.name=Tester", "-c", "user.email=tester@example.com")
    subprocess.run(["git", *me, *words], cwd=folder, check=True)
