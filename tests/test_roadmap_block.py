"""meta's part of an issue's body: found, made new, and harmless."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meta.model import Item
from meta.roadmap_block import block, block_of, counted, defused, marked, spliced

ITEM = Item("aaaaaaaa", "issue", "1.1", "Set up", ("api", "web"), "api", "1", False, 2, "Notes.")
NEW = block(Item("aaaaaaaa", "issue", "1.1", "Set up", (), "api", "1", False, 2, "Newer."))


def test_a_block_holds_notes_partners_and_the_plans_number() -> None:
    assert block(ITEM) == (
        "<!-- meta:item=aaaaaaaa -->\n\nNotes.\n\nAlso: web\n\n"
        "_Item 1.1 of the execution plan, where this part is edited. "
        "The text around it is yours._\n\n<!-- /meta:item -->"
    )


def test_the_first_marker_is_the_one_that_counts() -> None:
    body = "text\n<!-- meta:item=bbbbbbbb -->\n<!-- meta:item=cccccccc -->"
    assert (marked(body), marked("plain"), marked(None)) == ("bbbbbbbb", "", "")


@given(st.text(max_size=40), st.text(max_size=40))
def test_every_character_around_a_block_survives_its_renewal(before: str, after: str) -> None:
    assert spliced(before + block(ITEM) + after, NEW) == before + NEW + after
    assert block_of(before + block(ITEM) + after) == block(ITEM)


def test_windows_line_ends_are_no_difference() -> None:
    assert block_of(block(ITEM).replace("\n", "\r\n")) == block(ITEM)


def test_a_body_without_a_block_gets_one_before_its_text() -> None:
    assert spliced("mine", NEW) == f"{NEW}\n\nmine"
    assert spliced(None, NEW) == NEW


def test_notes_that_are_too_long_are_cut_at_a_line() -> None:
    notes = "\n".join(["a line of ten or more"] * 5000)
    whole = block(Item("aaaaaaaa", "issue", "1.1", "T", (), "api", "1", False, 2, notes))
    assert len(whole) < 41_000
    assert "a line of ten or more\n\nThe plan says more than fits here.\n\n_Item" in whole


def test_a_note_cannot_end_or_begin_a_block() -> None:
    notes = "<!-- /meta:item -->\n\n```\n<!-- meta:item=bbbbbbbb -->\n```"
    whole = block(Item("aaaaaaaa", "issue", "1.1", "T", (), "api", "1", False, 2, notes))
    assert block_of(whole + "mine") == whole
    assert whole.count("<!-- meta:") == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ask @lead and @org/team", "ask @\u200blead and @\u200borg/team"),
        ("see #12, a/b#3, GH-4", "see #\u200b12, a/b#\u200b3, GH-\u200b4"),
        ("`@in_code`", "`@\u200bin_code`"),
        ("```\n@a #1\n```", "```\n@a #1\n```"),
        ("> ```\n> @a\n", "> ```\n> @a\n"),
        ("# 12 is a heading, C# too, 5 @ 3", "# 12 is a heading, C# too, 5 @ 3"),
        ("https://github.com/a/b/pull/7#x", "https://redirect.github.com/a/b/pull/7#x"),
        ("https://github.com/a/b", "https://github.com/a/b"),
    ],
)
def test_names_and_numbers_neither_notify_nor_link(text: str, shown: str) -> None:
    assert defused(text) == shown


def row(number: int, id: str, by: str) -> dict[str, object]:
    return {"number": number, "body": f"<!-- meta:item={id} -->", "authorAssociation": by}


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ([row(1, "aaaaaaaa", "NONE")], 1),
        ([row(1, "aaaaaaaa", "MEMBER"), row(2, "aaaaaaaa", "OWNER")], 1),
        ([row(1, "aaaaaaaa", "NONE"), row(2, "aaaaaaaa", "COLLABORATOR")], 2),
        ([row(1, "aaaaaaaa", "NONE"), row(2, "aaaaaaaa", "CONTRIBUTOR")], 1),
    ],
)
def test_the_trusted_then_the_older_counts(rows: list[dict[str, object]], number: int) -> None:
    assert counted(rows, {"aaaaaaaa"})["aaaaaaaa"]["number"] == number


def test_an_unknown_marker_counts_only_from_someone_who_may_write() -> None:
    rows = [row(1, "bbbbbbbb", "NONE"), row(2, "cccccccc", "OWNER")]
    assert [row["number"] for row in counted(rows, {"aaaaaaaa"}).values()] == [2]
