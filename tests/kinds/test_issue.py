"""Issues on a twin: in their places, found again, and never at the cost of people's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from meta.errors import GitHubError
from meta.github import Request, Response, Send
from meta.kinds.issue import wanted_place
from meta.model import Plan
from tests.kinds.roadmaps import Board, board

PLAN = (
    "## Step 1: Begin\n"
    "### Issue 1.1: Set up (**acme-api** and **acme-web**)\n\nWhy we do.\n\n- a plain bullet\n"
    "- Sub-issue 1.1.1: Make\n- Sub-issue 1.1.2: Tell in meta repo\n- Sub-issue 1.1.3: Test\n"
    "## Step 2: Go on\n### Issue 2.1: Build (**acme-web**)\n"
)


@pytest.fixture
def there() -> Iterator[Board]:
    with board() as one:
        yield one


def only(there: Board, name: str, title: str) -> Any:
    (row,) = [row for row in there.issues(name) if row["title"] == title]
    return row


def edit(there: Board, name: str, row: Any, **fields: Any) -> None:
    there.gh.patch(f"/repos/acme/{name}/issues/{row['number']}", fields)


def test_each_item_is_an_issue_where_it_lives_below_its_parent(there: Board) -> None:
    there.sync(PLAN)
    assert {name: there.titles(name) for name in there.names} == {
        "acme-meta": ["1.1.2 Tell in meta repo"],
        "acme-api": ["1.1 Set up", "1.1.1 Make", "1.1.3 Test"],
        "acme-web": ["2.1 Build"],
    }
    assert there.children("acme-api", "1.1 Set up") == [
        "1.1.1 Make",
        "1.1.2 Tell in meta repo",
        "1.1.3 Test",
    ]
    row = only(there, "acme-api", "1.1 Set up")
    assert row["milestone"]["title"] == "Step 1: Begin"
    assert [label["name"] for label in row["labels"]] == ["roadmap"]
    assert row["body"] == (
        f"<!-- meta:item={there.id('1.1')} -->\n\n"
        "Why we do.\n\n- [ ] a plain bullet\n\n"
        "Also: acme-web\n\n"
        "_Item 1.1 of the execution plan, where this part is edited. "
        "The text around it is yours._\n\n"
        "<!-- /meta:item -->"
    )


def test_without_the_label_in_the_manifest_no_issue_carries_it(there: Board) -> None:
    there.labels = {}
    there.sync(PLAN)
    assert only(there, "acme-api", "1.1 Set up")["labels"] == []


def test_what_people_write_and_close_stays_while_the_plan_changes(there: Board) -> None:
    there.sync(PLAN)
    row = only(there, "acme-api", "1.1 Set up")
    body = f"Mine, before.\r\n\r\n{row['body']}\r\n\r\nMine, @after #1.\r\n"
    edit(there, "acme-api", row, body=body, state="closed", labels=["roadmap", "urgent"])
    there.sync(PLAN)
    there.sync(PLAN.replace("Set up", "Set all up").replace("Why we do.", "Why not."))
    after = only(there, "acme-api", "1.1 Set all up")
    assert after["body"].replace("Why not.", "Why we do.") == body
    assert (after["number"], after["state"]) == (row["number"], "closed")
    assert {label["name"] for label in after["labels"]} == {"roadmap", "urgent"}


def test_a_changed_title_block_label_or_milestone_is_brought_back(there: Board) -> None:
    there.sync(PLAN)
    row = only(there, "acme-api", "1.1 Set up")
    body = row["body"].replace("Why we do.", "Why we don't.")
    edit(there, "acme-api", row, title="Other", body=body, labels=[], milestone=None)
    there.sync(PLAN)
    after = only(there, "acme-api", "1.1 Set up")
    assert (after["number"], after["body"]) == (row["number"], row["body"])
    assert after["milestone"]["title"] == "Step 1: Begin"
    assert [label["name"] for label in after["labels"]] == ["roadmap"]


def test_a_block_that_lost_its_end_is_made_whole_and_no_text_is_lost(there: Board) -> None:
    there.sync(PLAN)
    row = only(there, "acme-web", "2.1 Build")
    edit(there, "acme-web", row, body=row["body"].replace("<!-- /meta:item -->", "mine"))
    there.sync(PLAN)
    after = only(there, "acme-web", "2.1 Build")["body"]
    assert after.startswith(row["body"])
    assert after.endswith("mine")


def test_a_sub_issue_moves_below_another_parent_with_its_step(there: Board) -> None:
    there.sync(PLAN)
    number = only(there, "acme-api", "1.1.1 Make")["number"]
    there.sync(
        "## Step 1: Begin\n### Issue 1.1: Set up (**acme-api** and **acme-web**)\n"
        "- Sub-issue 1.1.1: Tell in meta repo\n- Sub-issue 1.1.2: Test\n"
        "## Step 2: Go on\n### Issue 2.1: Build (**acme-web**)\n"
        "- Sub-issue 2.1.1: Make (**acme-api**)\n"
    )
    after = only(there, "acme-api", "2.1.1 Make")
    assert (after["number"], after["milestone"]["title"]) == (number, "Step 2: Go on")
    assert there.children("acme-web", "2.1 Build") == ["2.1.1 Make"]
    assert there.children("acme-api", "1.1 Set up") == ["1.1.1 Tell in meta repo", "1.1.2 Test"]


def test_sub_issues_follow_the_plans_order_when_it_changes(there: Board) -> None:
    there.sync(PLAN)
    edited = PLAN.replace("1.1.3: Test", "1.1.4: Make").replace("1.1.1: Make", "1.1.1: Test")
    there.sync(edited.replace("- Sub-issue 1.1.4", "- Sub-issue 1.1.3: New\n- Sub-issue 1.1.4"))
    assert there.children("acme-api", "1.1 Set up") == [
        "1.1.1 Test",
        "1.1.2 Tell in meta repo",
        "1.1.3 New",
        "1.1.4 Make",
    ]


def test_sub_issues_that_somebody_put_into_another_order_are_put_back(there: Board) -> None:
    there.sync(PLAN)
    path = f"/repos/acme/acme-api/issues/{only(there, 'acme-api', '1.1 Set up')['number']}"
    rows = there.gh.get(f"{path}/sub_issues")
    words = {"sub_issue_id": rows[2]["id"], "before_id": rows[0]["id"]}
    there.gh.patch(f"{path}/sub_issues/priority", words)
    there.sync(PLAN)
    assert there.children("acme-api", "1.1 Set up") == [row["title"] for row in rows]


def test_no_name_is_notified_and_no_number_linked(there: Board) -> None:
    there.sync(
        "## Step 1: Ask @lead\n### Issue 1.1: Mend #12 with @crew\n\n"
        "Ask @crew/ops about #7, GH-8 and https://github.com/a/b/issues/9\n\n"
        "```\nnpm i @scope/pkg\n```\n"
    )
    row = only(there, "acme-meta", "1.1 Mend #\u200b12 with @\u200bcrew")
    assert row["body"].splitlines()[2:6] == [
        "Ask @\u200bcrew/ops about #\u200b7, GH-\u200b8 and https://redirect.github.com/a/b/issues/9",
        "",
        "```",
        "npm i @scope/pkg",
    ]
    assert row["milestone"]["title"] == "Step 1: Ask @\u200blead"


def test_an_answer_that_never_came_makes_no_second_issue(there: Board) -> None:
    whole = there.send
    there.send = losing(whole, "createIssue", 2)
    outcomes = [receipt.outcome for receipt in there.apply(PLAN)]
    assert "failed" in outcomes
    there.send = whole
    there.sync(PLAN)
    titles = [title for name in there.names for title in there.titles(name)]
    assert sorted(titles) == [
        *["1.1 Set up", "1.1.1 Make", "1.1.2 Tell in meta repo", "1.1.3 Test", "2.1 Build"]
    ]


def losing(send: Send, word: str, nth: int) -> Send:
    """Carries out every request, and loses the answer to the nth one that holds `word`."""
    seen = 0

    def lossy(request: Request) -> Response:
        nonlocal seen
        answer = send(request)
        seen += word in str(request.body)
        if seen == nth and word in str(request.body):
            raise GitHubError("no answer")
        return answer

    return lossy


def test_a_parent_that_fails_leaves_its_children_skipped_by_name(there: Board) -> None:
    whole = there.send

    def failing(request: Request) -> Response:
        if "createIssue" in str(request.body) and "1.1 Set up" in str(request.body):
            raise GitHubError("no answer")
        return whole(request)

    there.send = failing
    made = {r.change.address: r for r in there.apply(PLAN) if r.change.address.kind == "issue"}
    by_title = {r.change.after["title"]: (r.outcome, r.detail) for r in made.values()}
    parent = f"acme/acme-api issue {there.id('1.1')}"
    assert by_title == {
        "1.1 Set up": ("failed", "no answer"),
        "1.1.1 Make": ("skipped", f"needs {parent}, which failed"),
        "1.1.2 Tell in meta repo": ("skipped", f"needs {parent}, which failed"),
        "1.1.3 Test": ("skipped", f"needs {parent}, which failed"),
        "2.1 Build": ("done", ""),
    }
    there.send = whole
    there.sync(PLAN)


def as_stranger(send: Send, *numbers: int) -> Send:
    """The same answers, but the issues of these numbers are written by somebody from outside."""

    def changed(request: Request) -> Response:
        answer = send(request)
        data = (answer.body or {}).get("data") if isinstance(answer.body, dict) else None
        found = (data or {}).get("repository") or {}
        for row in found.get("issues", {}).get("nodes", ()):
            if row["number"] in numbers:
                row["authorAssociation"] = "NONE"
        return replace(answer, body=answer.body)

    return changed


def copied(there: Board, name: str, body: str) -> int:
    made = there.gh.post(f"/repos/acme/{name}/issues", {"title": "A copy", "body": body})
    return int(made["number"])


def test_a_strangers_copy_of_a_marker_is_left_alone(there: Board) -> None:
    there.sync(PLAN)
    row = only(there, "acme-web", "2.1 Build")
    copy = copied(there, "acme-web", row["body"])
    there.send = as_stranger(there.send, copy)
    there.sync(PLAN.replace("2.1: Build", "2.1: Build it"))
    assert there.titles("acme-web") == ["2.1 Build it", "A copy"]


def test_a_strangers_marker_never_counts_against_a_trusted_one_however_old(there: Board) -> None:
    there.sync(PLAN)
    row = only(there, "acme-web", "2.1 Build")
    copied(there, "acme-web", row["body"])
    there.send = as_stranger(there.send, row["number"])
    there.sync(PLAN)
    assert there.titles("acme-web") == ["2.1 Build", "2.1 Build"]


def test_of_two_trusted_issues_with_one_marker_the_older_counts(there: Board) -> None:
    there.sync(PLAN)
    row = only(there, "acme-web", "2.1 Build")
    copied(there, "acme-web", row["body"])
    there.sync(PLAN.replace("2.1: Build", "2.1: Build it"))
    assert there.titles("acme-web") == ["2.1 Build it", "A copy"]


def test_a_strangers_marker_that_nobody_knows_is_no_item(there: Board) -> None:
    there.sync(PLAN)
    copy = copied(there, "acme-web", "<!-- meta:item=zzzzzzzz -->\n<!-- /meta:item -->")
    trusted, _ = there.plan(PLAN)
    there.send = as_stranger(there.send, copy)
    stranger, _ = there.plan(PLAN)
    assert stale_issues(trusted) == ["acme/acme-web issue zzzzzzzz"]
    assert stale_issues(stranger) == []


def stale_issues(plan: Plan) -> list[str]:
    return [str(address) for address in plan.stale if address.kind == "issue"]


def test_more_than_a_page_of_issues_is_read_whole(there: Board) -> None:
    there.sync(PLAN)
    for number in range(105):
        copied(there, "acme-api", f"noise {number}")
    there.sync(PLAN + "### Issue 2.2: Late (**acme-api**)\n")
    assert there.titles("acme-api")[-1] == "2.2 Late"


SIBLINGS = [("a", "1.1.1 A"), ("b", "1.1.2 B"), ("x", "A person's own"), ("c", "1.1.4 C")]


@pytest.mark.parametrize(
    ("me", "place"),
    [
        (("n", "1.1.3 New"), {"afterId": "b"}),
        (("n", "1.1.0 New"), {"beforeId": "a"}),
        (("n", "1.1.10 New"), {}),
        (("n", "Not numbered"), {}),
    ],
)
def test_a_new_sub_issue_goes_where_its_number_belongs(
    me: tuple[str, str], place: dict[str, str]
) -> None:
    rows = [{"id": id, "title": title} for id, title in [*SIBLINGS, me]]
    assert wanted_place(me[0], rows) == place


def test_an_item_given_another_repository_takes_its_issue_and_all_said_in_it_along(
    there: Board,
) -> None:
    there.sync(PLAN)
    old = only(there, "acme-web", "2.1 Build")
    edit(there, "acme-web", old, body=f"Mine.\n\n{old['body']}", state="closed")
    there.gh.post(f"/repos/acme/acme-web/issues/{old['number']}/comments", {"body": "Said."})
    moved = PLAN.replace("Build (**acme-web**)", "Build (**acme-api**)")
    there.sync(moved)
    assert "2.1 Build" not in there.titles("acme-web")
    new = only(there, "acme-api", "2.1 Build")
    assert (new["state"], new["comments"]) == ("closed", 1)
    assert new["body"].startswith("Mine.\n\n")
    assert new["milestone"]["title"] == "Step 2: Go on"
    assert [label["name"] for label in new["labels"]] == ["roadmap"]
    assert not there.plan(moved)[0].changes
