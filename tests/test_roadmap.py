"""Reading an execution plan: the dialect, the project's own plan, and every way to get it wrong."""

from __future__ import annotations

import contextlib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meta.errors import RoadmapError
from meta.model import Item
from meta.roadmap import parse

ROOT = Path(__file__).parents[1]
FLEET = tuple(
    f"piksel-{name}" for name in ("infra", "core", "jupyter", "geo-services", "website", "meta")
)
GIVEN = ROOT.parent / "shared" / "plans" / "piksel-execution-plan.md"
PLANS = [path for path in (ROOT / "docs" / "execution-plan.md", GIVEN) if path.exists()]


def read(text: str) -> tuple[Item, ...]:
    return parse(
        text, path="plan.md", home="acme-meta", repos=("acme-api", "acme-web", "acme-meta")
    )


def refused(text: str) -> str:
    with pytest.raises(RoadmapError) as caught:
        read(text)
    return str(caught.value)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_the_piksel_plan_has_its_known_counts(path: Path) -> None:
    items = parse(path.read_text("utf-8"), path=str(path), home="piksel-meta", repos=FLEET)
    levels = Counter(item.level for item in items)
    steps = {n: Counter() for n in "12345678"}
    for item in items:
        steps[item.number[0]][item.level] += 1
    assert levels == {"step": 8, "issue": 29, "sub-issue": 89}
    assert [steps[n]["issue"] for n in steps] == [2, 5, 4, 4, 4, 4, 3, 3]
    assert [steps[n]["sub-issue"] for n in steps] == [8, 15, 12, 12, 12, 12, 9, 9]
    assert Counter(item.home for item in items if item.level != "step") == {
        "piksel-infra": 30,
        "piksel-meta": 24,
        "piksel-core": 16,
        "piksel-jupyter": 16,
        "piksel-website": 16,
        "piksel-geo-services": 16,
    }
    assert len({(item.number[0], item.home) for item in items if item.home}) == 18
    homes = {item.number: item.home for item in items}
    assert [
        it.number for it in items if it.level == "sub-issue" and it.home != homes[it.parent]
    ] == [
        *["1.2.1", "1.2.2", "1.2.5", "1.2.6", "1.2.7", "1.2.8"],
        *["3.4.3", "4.4.3", "5.4.3", "6.4.3"],
    ]


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_our_own_plan_has_each_plans_items_in_the_same_places(path: Path) -> None:
    def places(path: Path) -> list[tuple[str, str, tuple[str, ...]]]:
        items = parse(path.read_text("utf-8"), path="", home="piksel-meta", repos=FLEET)
        return [(item.number, item.home, item.repos) for item in items]

    assert places(path) == places(PLANS[0])


def test_homes_come_from_tags_groups_titles_and_parents() -> None:
    items = read(
        "## Step 1: Begin\n"
        "### Issue 1.1: Tagged twice (**acme-api** and **acme-meta**)\n"
        "- Sub-issue 1.1.1: Like its parent\n"
        "- Sub-issue 1.1.2: Write it up in meta repo\n"
        "- Sub-issue 1.1.3: Tell the meta team\n"
        "### Issue 1.2: Untagged\n"
        "- **acme-web**: Set up\n"
        "  - Sub-issue 1.2.1: In a group\n"
        "- Sub-issue 1.2.2: Tagged itself (**acme-api**)\n"
        "### Issue 1.3: Everywhere (**all repositories**)\n"
        "- Sub-issue 1.3.1: Below all\n"
    )
    assert {item.number: (item.home, item.repos) for item in items} == {
        "1": ("", ()),
        "1.1": ("acme-api", ("acme-api", "acme-meta")),
        "1.1.1": ("acme-api", ()),
        "1.1.2": ("acme-meta", ("acme-meta",)),
        "1.1.3": ("acme-api", ()),
        "1.2": ("acme-meta", ()),
        "1.2.1": ("acme-web", ("acme-web",)),
        "1.2.2": ("acme-api", ("acme-api",)),
        "1.3": ("acme-meta", ("acme-api", "acme-web", "acme-meta")),
        "1.3.1": ("acme-meta", ()),
    }


def test_bullets_groups_and_text_become_the_notes_of_the_item_above() -> None:
    items = read(
        "## Step 1: Begin\n\nWhy we begin.\n\n"
        "### Issue 1.1: Set up (with care)\n\nText of it.\n\n"
        "- plain\n  - deeper\n- [x] ticked\n"
        "- **acme-api**: Its part\n  - [x] Sub-issue 1.1.1: Done\n\n    Its own text.\n"
        "    - its own bullet\n\n"
        "What ends the document is nobody's.\n"
    )
    assert [(item.title, item.done, item.line, item.notes) for item in items] == [
        ("Begin", False, 1, "Why we begin."),
        (
            "Set up (with care)",
            False,
            5,
            "Text of it.\n\n- [ ] plain\n  - [ ] deeper\n- [x] ticked\n"
            "- [ ] **acme-api**: Its part",
        ),
        ("Done", True, 13, "Its own text.\n\n- [ ] its own bullet"),
    ]


def test_what_stands_in_fences_tables_html_and_quotes_is_no_item() -> None:
    items = read(
        "## Step 1: Begin\n### Issue 1.1: Only one\n"
        "```\n### Issue 1.2: In a fence\n```\n"
        "<div>\n### Issue 1.3: In HTML\n</div>\n\n"
        "| a |\n|---|\n| Sub-issue 1.1.1: In a table |\n\n"
        "> ### Issue 1.4: In a quote\n"
    )
    assert [item.number for item in items] == ["1", "1.1"]


def test_another_chapter_takes_its_text_with_it_and_a_deeper_heading_does_not() -> None:
    items = read(
        "## Step 1: Begin\n### Issue 1.1: One\n#### Details\nmine\n## Appendix\n- not mine\n"
    )
    assert [item.notes for item in items] == ["", "#### Details\n\nmine"]


def test_windows_line_ends_and_odd_dashes_are_read_alike() -> None:
    text = "## Step 1: Begin\r\n### Issue 1.1 \N{EN DASH} Set up\r\n* Sub-issue 1.1.1: Go\r\n"
    assert [(item.number, item.title) for item in read(text)] == [
        ("1", "Begin"),
        ("1.1", "Set up"),
        ("1.1.1", "Go"),
    ]


def test_a_form_feed_ends_no_line() -> None:
    text = "A\fB\n\n## Step 1: Begin\n\nits text\n"
    assert [(item.line, item.notes) for item in read(text)] == [(3, "its text")]


def test_without_a_fleet_the_names_are_the_plans_own() -> None:
    text = (
        "## Step 1: A\n### Issue 1.1: B (**x-api** and **x-meta**)\n"
        "- Sub-issue 1.1.1: C in meta repo\n"
    )
    items = parse(text, path="plan.md", home="", repos=())
    assert [item.home for item in items] == ["", "x-api", "x-meta"]


NOTHING_FITS = (
    "plan.md:1: no heading that fits, expected `## Step 1: Title` and `### Issue 1.1: Title`"
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "# Notes\n\nnothing here\n",
            NOTHING_FITS,
        ),
        (
            "",
            NOTHING_FITS,
        ),
        (
            "## Step 1: A\n### Issue 1.1: B\n### Issue 1.1: C\n",
            "plan.md:3: issue 1.1 is there twice, first in line 2",
        ),
        (
            "## Step 1: A\n- Sub-issue 1.1.1: B\n",
            "plan.md:2: sub-issue 1.1.1 stands below no issue",
        ),
        ("### Issue 1.1: B\n", "plan.md:1: issue 1.1 stands below no step"),
        (
            "## Step 1: A\n### Issue 1.1: B\n- Sub-issue 1.2.1: C\n",
            "plan.md:3: sub-issue 1.2.1 stands below issue 1.1, expected issue 1.2",
        ),
        (
            "## Step 1: A\n### Issue 2.1: B\n",
            "plan.md:2: issue 2.1 stands below step 1, expected step 2",
        ),
        (
            "## Step 1: A\n### Issue 1.1: B (**acme-wbe**)\n",
            "plan.md:2: issue 1.1 names `acme-wbe`, which is no repository here",
        ),
        (
            "## Step 1: A\n### Issue 1.1: B\n- Sub-issue 1.1.1\n",
            "plan.md:3: `Sub-issue 1.1.1` does not fit, expected `Sub-issue N.M.K: Title`",
        ),
        (
            "## Step 1: A\n### Issue 1: B\n",
            "plan.md:2: `Issue 1: B` does not fit, expected `Issue N.M: Title`",
        ),
        (
            f"## Step 1: A\n### Issue 1.1: {'B' * 241}\n",
            "plan.md:2: the title of issue 1.1 has 241 characters, at most 240 fit",
        ),
    ],
)
def test_a_plan_that_is_wrong_is_refused_with_its_line(text: str, message: str) -> None:
    assert refused(text) == message


def test_the_nearest_repository_is_suggested() -> None:
    with pytest.raises(RoadmapError) as caught:
        read("## Step 1: A\n### Issue 1.1: B (**acme-wbe**)\n")
    assert caught.value.hint == 'did you mean "acme-web"?'


def test_all_problems_are_told_at_once_in_the_order_of_their_lines() -> None:
    message = refused(
        "## Step 1: A\n### Issue 1.1: B (**acme-wbe**)\n### Issue 1.1: C\n- Sub-issue 1.3.1: D\n"
    )
    assert message.splitlines() == [
        "plan.md:2: issue 1.1 names `acme-wbe`, which is no repository here "
        '(did you mean "acme-web"?)',
        "plan.md:3: issue 1.1 is there twice, first in line 2 (give one of them another number)",
        "plan.md:4: sub-issue 1.3.1 stands below issue 1.1, expected issue 1.3 "
        "(move it below issue 1.3, or give it a number 1.1.N)",
    ]


def test_one_heading_that_cannot_be_read_is_one_problem() -> None:
    message = refused("## Step 1: A\n### Issue 1.1\n- Sub-issue 1.1.1: B\n- Sub-issue 1.1.2: C\n")
    assert message == "plan.md:2: `Issue 1.1` does not fit, expected `Issue N.M: Title`"


WORDS = st.lists(st.from_regex(r"[A-Za-z][a-z]{0,7}", fullmatch=True), min_size=1, max_size=4)
TITLES = WORDS.map(" ".join)
REPOS = st.sampled_from(["acme-api", "acme-web", "acme-meta"])
SUBS = st.lists(st.tuples(TITLES, st.booleans(), st.none() | REPOS), max_size=4)
ISSUES = st.lists(st.tuples(TITLES, st.lists(REPOS, unique=True, max_size=2), SUBS), max_size=3)


@given(st.lists(st.tuples(TITLES, ISSUES), min_size=1, max_size=4), st.sampled_from("-*+"))
def test_any_plan_of_the_dialect_is_read_to_its_items(
    plan: list[tuple[str, list[tuple[str, list[str], list[tuple[str, bool, str | None]]]]]],
    mark: str,
) -> None:
    lines: list[str] = []
    wanted: list[tuple[str, str, str, bool]] = []
    for n, (step, issues) in enumerate(plan, 1):
        lines += [f"## Step {n}: {step}", "", "prose", ""]
        wanted.append((str(n), step, "", False))
        for m, (issue, tags, subs) in enumerate(issues, 1):
            tag = f" ({' and '.join(f'**{name}**' for name in tags)})" if tags else ""
            home = tags[0] if tags else "acme-meta"
            lines += [f"### Issue {n}.{m}: {issue}{tag}", ""]
            wanted.append((f"{n}.{m}", issue, home, False))
            for k, (title, done, group) in enumerate(subs, 1):
                tick = "[x] " if done else ""
                row = f"{mark} {tick}Sub-issue {n}.{m}.{k}: {title}"
                lines += [f"{mark} **{group}**: part", "", f"  {row}"] if group else [row]
                wanted.append((f"{n}.{m}.{k}", title, group or home, done))
            lines.append("")
    items = read("\n".join(lines))
    assert [(item.number, item.title, item.home, item.done) for item in items] == wanted


@given(st.text(max_size=200))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(RoadmapError):
        assert read(text)
