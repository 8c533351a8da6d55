"""What people and programs are told, word for word."""

from __future__ import annotations

import json

from meta.model import (
    Address,
    Blob,
    Create,
    Delete,
    Move,
    Outcome,
    Pending,
    Plan,
    Receipt,
    Unseen,
    Update,
)
from meta.report import (
    by_kind,
    counted,
    plan_json,
    plan_text,
    receipt_json,
    receipt_text,
    receipts_text,
    shown,
)

API = "acme/api"
BUG, OLD = Address(API, "label", "bug"), Address(API, "label", "old")
CREATE = Create(BUG, {"color": "d73a4a", "description": None})
UPDATE = Update(OLD, {"color": "000000", "checks": ["a"]}, {"color": "ffffff", "checks": []})
MOVE = Move(Address(API, "label", "broken"), OLD, {"color": "0"}, {"color": "1"})
DELETE = Delete(OLD, {"color": "000000"})
ISSUE = Create(Address(API, "issue", "abcd"), {"title": "1.1 Set up"}, (BUG,))


def test_a_plan_lists_each_change_with_its_fields_before_and_after() -> None:
    assert plan_text(Plan((CREATE, UPDATE, MOVE, DELETE))) == (
        "+ acme/api label bug\n"
        "    color: d73a4a\n"
        "    description: (none)\n"
        "~ acme/api label old\n"
        "    checks: [a] -> []\n"
        "    color: 000000 -> ffffff\n"
        "> acme/api label broken (was old)\n"
        "    color: 0 -> 1\n"
        "- acme/api label old\n"
        "4 changes: 1 to create, 1 to delete, 1 to rename, 1 to update\n"
    )


def test_without_details_a_change_is_one_line() -> None:
    assert plan_text(Plan((CREATE, UPDATE)), details=False) == (
        "+ acme/api label bug\n~ acme/api label old\n2 changes: 1 to create, 1 to update\n"
    )


def test_an_opaque_key_is_given_the_title_that_people_know() -> None:
    assert plan_text(Plan((ISSUE,)), details=False).startswith(
        "+ acme/api issue abcd '1.1 Set up'\n"
    )


def test_a_title_that_is_the_key_is_not_said_twice() -> None:
    board = Create(Address("acme", "project", "Roadmap"), {"title": "Roadmap"})
    assert plan_text(Plan((board,)), details=False).startswith("+ acme project Roadmap\n")


def test_a_plan_says_what_is_proposed_what_was_not_seen_and_what_is_left_alone() -> None:
    plan = Plan(
        (),
        pending=(Pending(Address(API, "files", "tree"), "http://x/pull/1"),),
        stale=(OLD, BUG),
        unseen=(Unseen("acme/web", "team", "403 Forbidden"),),
    )
    assert plan_text(plan) == (
        "= acme/api files tree: proposed in http://x/pull/1\n"
        "? acme/web team: not seen: 403 Forbidden\n"
        "  label: 2 undeclared, left alone (see `prune:` in the manifest)\n"
        "nothing to do where meta could look\n"
    )


def test_an_empty_plan_says_so() -> None:
    assert plan_text(Plan(())) == "nothing to do\n"
    assert counted(Plan(())) == "nothing to do"


def test_a_value_is_shown_on_one_short_line() -> None:
    assert shown(None) == "(none)"
    assert shown("") == ""
    assert shown("one line") == "one line"
    assert shown("first\nsecond\nthird\n") == "first... (3 lines)"
    assert shown("x" * 61) == "x" * 60 + "... (1 line)"
    assert shown(["a", 2]) == "[a, 2]"
    assert shown(Blob.of(b"hello\n", "100755")) == "ce01362503 executable"
    assert shown(True) == "True"


def test_a_receipt_says_what_became_of_a_change() -> None:
    assert receipt_text(Receipt(CREATE, Outcome.DONE)) == "done + acme/api label bug\n"
    assert receipt_text(Receipt(ISSUE, Outcome.FAILED, "it broke", "http://x/1")) == (
        "failed + acme/api issue abcd '1.1 Set up': it broke http://x/1\n"
    )


def test_receipts_are_counted_in_the_order_of_outcomes() -> None:
    outcomes = [Outcome.SKIPPED, Outcome.DONE, Outcome.FAILED, Outcome.DONE, Outcome.PROPOSED]
    receipts = [Receipt(CREATE, outcome) for outcome in outcomes]
    assert receipts_text(receipts) == "2 done, 1 proposed, 1 failed, 1 skipped\n"
    assert receipts_text([]) == "nothing to do\n"


def test_changes_are_counted_by_repository_and_kind() -> None:
    team = Create(Address("acme", "team", "x"), {})
    assert by_kind([CREATE, DELETE, team]) == {(API, "label"): 2, ("acme", "team"): 1}


def test_a_plan_for_programs_holds_everything() -> None:
    files = Create(Address(API, "files", "tree"), {"run": Blob.of(b"hello\n", "100755")})
    plan = Plan(
        (ISSUE, MOVE, files),
        pending=(Pending(BUG, "url"),),
        stale=(OLD,),
        unseen=(Unseen(API, "team", "why"),),
    )
    assert json.loads(json.dumps(plan_json(plan))) == {
        "changes": [
            {
                "action": "create",
                "scope": API,
                "kind": "issue",
                "key": "abcd",
                "before": {},
                "after": {"title": "1.1 Set up"},
                "needs": ["acme/api label bug"],
            },
            {
                "action": "rename",
                "scope": API,
                "kind": "label",
                "key": "broken",
                "source": "old",
                "before": {"color": "0"},
                "after": {"color": "1"},
                "needs": [],
            },
            {
                "action": "create",
                "scope": API,
                "kind": "files",
                "key": "tree",
                "before": {},
                "after": {
                    "run": {"mode": "100755", "sha": "ce013625030ba8dba906f756967f9e9ca394464a"}
                },
                "needs": [],
            },
        ],
        "pending": [{"address": "acme/api label bug", "url": "url"}],
        "stale": ["acme/api label old"],
        "unseen": [{"scope": API, "kind": "team", "reason": "why"}],
    }


def test_a_receipt_for_programs_holds_the_value_before() -> None:
    receipt = Receipt(UPDATE, Outcome.WAITING, "needs x", "url")
    assert json.loads(json.dumps(receipt_json(receipt))) == {
        "action": "update",
        "scope": API,
        "kind": "label",
        "key": "old",
        "before": {"color": "000000", "checks": ["a"]},
        "after": {"color": "ffffff", "checks": []},
        "needs": [],
        "outcome": "waiting",
        "detail": "needs x",
        "url": "url",
    }


def test_a_delete_for_programs_is_called_one() -> None:
    assert plan_json(Plan((DELETE,)))["changes"][0]["action"] == "delete"
