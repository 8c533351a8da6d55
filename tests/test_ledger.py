"""The ledger's file: what is written is read again, and a broken one says where."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from meta import ledger
from meta.errors import RoadmapError
from meta.roadmap_identity import Ledger, Record

SMALL = Ledger(
    "ddddddd2",
    {
        "bbbbbbb2": Record("step", "1", "Begin schön", ""),
        "aaaaaaa2": Record("issue", "1.1", "Go", "api", gone=True),
    },
)
TEXT = """{
  "doc": "ddddddd2",
  "items": {
    "aaaaaaa2": {"level": "issue", "number": "1.1", "title": "Go", "home": "api", "gone": true},
    "bbbbbbb2": {"level": "step", "number": "1", "title": "Begin schön", "home": ""}
  }
}
"""


def test_it_lies_beside_the_plan() -> None:
    assert ledger.path_for(Path("docs/plan.md")) == Path("docs/plan.ledger.json")


def test_one_item_a_line_sorted_by_id(tmp_path: Path) -> None:
    path = tmp_path / "plan.ledger.json"
    ledger.write(path, SMALL)
    assert path.read_text("utf-8") == TEXT
    assert ledger.read(path) == SMALL


def test_an_empty_one_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "plan.ledger.json"
    ledger.write(path, Ledger("ddddddd2"))
    assert ledger.read(path) == Ledger("ddddddd2", {})


def test_no_file_is_an_empty_ledger(tmp_path: Path) -> None:
    assert ledger.read(tmp_path / "none.json") == Ledger("", {})


def test_writing_leaves_nothing_else_behind_and_a_right_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "plan.ledger.json"
    ledger.write(path, SMALL)
    before = path.stat()
    ledger.write(path, SMALL)
    assert path.stat().st_ino == before.st_ino
    assert [each.name for each in tmp_path.iterdir()] == ["plan.ledger.json"]


def test_ids_are_eight_letters_and_never_alike() -> None:
    made = {ledger.new_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch(r"[a-z2-7]{8}", id) for id in made)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{\n  oops\n", "2: this is not JSON (Expecting property name enclosed in double quotes)"),
        ("[]", '1: expected {"doc": ID, "items": {ID: ITEM}}'),
        ('{\n"doc": 7,\n"items": {}}', "2: `doc` is 7, expected eight of a-z2-7"),
        (TEXT.replace('"bbbbbbb2"', '"aaaaaaa2"'), "5: aaaaaaa2 is there twice"),
        (TEXT.replace('"bbbbbbb2"', '"B"'), "5: 'B' is no item's id, expected eight of a-z2-7"),
        (
            TEXT.replace('"number": "1", ', ""),
            "5: item bbbbbbb2 lacks one of level, number, title, home",
        ),
        (
            TEXT.replace('"level": "issue"', '"level": "epic"'),
            "4: level is 'epic', expected step, issue, sub-issue",
        ),
    ],
)
def test_a_broken_one_says_where_and_what_to_do(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "plan.ledger.json"
    path.write_text(text, "utf-8")
    with pytest.raises(RoadmapError) as caught:
        ledger.read(path)
    assert str(caught.value) == f"{path}:{message}"
    assert caught.value.hint.startswith("take the file's last good version from git")


def test_conflict_markers_of_git_are_found(tmp_path: Path) -> None:
    path = tmp_path / "plan.ledger.json"
    path.write_text(TEXT.replace('    "bbb', '<<<<<<< ours\n    "bbb'), "utf-8")
    with pytest.raises(RoadmapError, match=r":5: this is not JSON"):
        ledger.read(path)
