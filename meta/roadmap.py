"""An execution plan in Markdown -> its items, with numbers, homes and lines. Pure.

The dialect: `## Step 1: Title`, `### Issue 1.1: Title (**repository**)`, `- Sub-issue 1.1.1:
Title`. A bullet that only names a repository in bold says where the sub-issues inside it live.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from meta.errors import MetaError, RoadmapError
from meta.model import Item
from meta.roadmap_drafts import ISSUE, STEP, SUB_ISSUE, UNKNOWN, Draft, Reading, read
from meta.suggest import hint

ELSEWHERE = re.compile(r"(?i)\bin (?:the )?([A-Za-z0-9._-]+) repo(?:sitory)?\b")


def parse(text: str, *, path: str, home: str, repos: Sequence[str]) -> tuple[Item, ...]:
    """All items in the plan's order, without ids. Raises RoadmapError with every problem at once.

    `home` is the repository for what belongs to no single one. `repos` are the names that
    the plan may use; none given: any name it uses.
    """
    reading = read(text, path)
    check_numbers(reading)
    known = tuple(repos) or tuple(dict.fromkeys(names(reading.drafts)))
    items = tuple(settled(reading, home, known))
    if not items and not reading.problems:
        reading.problem(
            1,
            "no heading that fits, expected `## Step 1: Title` and `### Issue 1.1: Title`",
            "give the plan such headings, with `- Sub-issue 1.1.1: Title` bullets below them",
        )
    if reading.problems:
        raise refusal(reading.problems)
    return items


def refusal(problems: Sequence[MetaError]) -> RoadmapError:
    if len(problems) == 1:
        only = problems[0]
        return RoadmapError(only.message, where=only.where, hint=only.hint)
    ordered = sorted(problems, key=lambda each: int(each.where.rpartition(":")[2]))
    return RoadmapError("\n".join(f"{each} ({each.hint})" for each in ordered))


def check_numbers(reading: Reading) -> None:
    """Each number once per level, below the heading that it belongs to."""
    seen: dict[str, Draft] = {}
    for draft in reading.drafts:
        if (first := seen.setdefault(draft.number, draft)) is not draft:
            found = f"{draft.level} {draft.number} is there twice, first in line {first.line}"
            reading.problem(draft.line, found, "give one of them another number")
        if draft.level == STEP or draft.under == UNKNOWN:
            continue
        above = STEP if draft.level == ISSUE else ISSUE
        expected = draft.number.rpartition(".")[0]
        if not draft.under:
            found = f"{draft.level} {draft.number} stands below no {above}"
            reading.problem(draft.line, found, f"put it below the heading of {above} {expected}")
        elif draft.under != expected:
            found = f"{draft.level} {draft.number} stands below {above} {draft.under}"
            do = f"move it below {above} {expected}, or give it a number {draft.under}.N"
            reading.problem(draft.line, f"{found}, expected {above} {expected}", do)


def names(drafts: Iterable[Draft]) -> Iterator[str]:
    """Every repository that the plan itself names."""
    for draft in drafts:
        yield from (tag for tag in draft.tags if not means_all(tag))
        yield from filter(None, [draft.group])


def means_all(tag: str) -> bool:
    return tag.casefold() in ("all", "all repositories", "all repos")


def settled(reading: Reading, home: str, known: Sequence[str]) -> Iterator[Item]:
    """Each draft as an item that knows where it lives."""
    homes: dict[str, str] = {}
    for draft in reading.drafts:
        repos = tuple(named(reading, draft, known))
        parent = draft.number.rpartition(".")[0]
        lives = repos[0] if repos else homes.get(parent, "") or home
        if draft.level == STEP:
            lives = ""
        elif any(means_all(tag) for tag in draft.tags):
            lives = home
        homes[draft.number] = lives
        notes = "\n".join(spaced(draft.notes))
        yield Item(
            "", draft.level, draft.number, draft.title, repos, lives, parent, draft.done,
            draft.line, notes,
        )  # fmt: skip


def named(reading: Reading, draft: Draft, known: Sequence[str]) -> Iterator[str]:
    """The repositories that the plan names for an item, the one it lives in first."""
    if any(means_all(tag) for tag in draft.tags):
        yield from known
        return
    if draft.level == SUB_ISSUE and not draft.tags:
        for word in ELSEWHERE.findall(draft.title):
            if place := full_name(word, known):
                yield place
                return
    for name in dict.fromkeys(draft.tags or filter(None, [draft.group])):
        if name not in known:
            do = hint(name, known, f"the repositories are: {', '.join(known)}")
            found = f"{draft.level} {draft.number} names `{name}`, which is no repository here"
            reading.problem(draft.line, found, do)
        yield name


def full_name(word: str, known: Sequence[str]) -> str:
    """`meta` -> `acme-meta`, where exactly one repository is called that; else ""."""
    found = [name for name in known if word.lower() in (name, name.partition("-")[2])]
    return found[0] if len(found) == 1 else ""


def spaced(notes: Sequence[str]) -> Iterator[str]:
    """Lines of a checklist one below the other, anything else with a blank line around it."""
    before = ""
    for note in notes:
        in_list = before.lstrip().startswith("- [") and note.lstrip().startswith("- [")
        if before and not in_list:
            yield ""
        yield note
        before = note
