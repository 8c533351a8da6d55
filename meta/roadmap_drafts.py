"""An outlined plan -> its items as they are written, and what is wrong with them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from meta.errors import MetaError
from meta.roadmap_outline import Bullet, Heading, Prose, outline

STEP, ISSUE, SUB_ISSUE = LEVELS = ("step", "issue", "sub-issue")
#: GitHub's limit on an issue's title, less the number that goes before it.
MAX_TITLE = 240

ROLE = re.compile(r"(?i)^(step|issue|sub-?issue)\s+(?=\d)|^(sub-?issue)\b\s*")
NUMBER = re.compile(r"((?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))*)\s*[:–—-]\s*(\S.*)$")  # noqa: RUF001
BOLD = re.compile(r"\*\*([^*]+)\*\*")
TAGS = re.compile(r"\s*\(\s*(\*\*[^*]+\*\*(?:(?:\s*,)?\s*(?:and|&)?\s*\*\*[^*]+\*\*)*)\s*\)$")
#: The number of a heading that was meant as one, and cannot be read.
UNKNOWN = "?"
GROUP = re.compile(r"^\*\*([A-Za-z0-9._-]+):?\*\*(?=:|\s|$)")


@dataclass(frozen=True, slots=True)
class Draft:
    """An item as it is written: `under` is the heading's number above it, `group` the
    repository of the bullet that it is in."""

    level: str
    number: str
    title: str
    tags: tuple[str, ...]
    under: str
    group: str
    done: bool
    line: int
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """A document half read: the items so far, every problem, and the heading we are below."""

    path: str
    drafts: list[Draft] = field(default_factory=list)
    problems: list[MetaError] = field(default_factory=list)
    step: str = ""
    issue: str = ""
    depth: int = 0  # of the heading that the text belongs to; 0 where it belongs to none
    owner: int = -1  # its place in `drafts`

    def problem(self, line: int, found: str, do: str) -> None:
        self.problems.append(MetaError(found, where=f"{self.path}:{line}", hint=do))

    def note(self, text: str) -> None:
        """Keep a line of text with the item whose heading it is below."""
        if self.owner >= 0 and text:
            draft = self.drafts[self.owner]
            self.drafts[self.owner] = replace(draft, notes=(*draft.notes, text))


def read(text: str, path: str) -> Reading:
    reading = Reading(path)
    for block in outline(text):
        match block:
            case Heading():
                take_heading(reading, block)
            case Bullet():
                take_bullet(reading, block, group="", depth=0)
            case Prose() if not below_sub_issues(reading):
                reading.note(block.text)
    return reading


def below_sub_issues(reading: Reading) -> bool:
    """Text after an issue's sub-issues is about the document, not about that issue."""
    return bool(reading.drafts) and reading.drafts[-1].level == SUB_ISSUE


def take_heading(reading: Reading, heading: Heading) -> None:
    draft = drafted(reading, heading.text, heading.line, done=heading.ticked, group="")
    if draft and draft.level != SUB_ISSUE:
        reading.drafts.append(draft)
        reading.depth, reading.owner = heading.depth, len(reading.drafts) - 1
        reading.issue = draft.number if draft.level == ISSUE else ""
        if draft.level == STEP:
            reading.step = draft.number
    elif draft:
        reading.drafts.append(draft)
    elif heading.depth > reading.depth > 0 and not malformed(heading.text):
        reading.note(f"{'#' * heading.depth} {heading.text}")
    else:
        leave(reading, heading.text)


def leave(reading: Reading, text: str) -> None:
    """Begin another chapter: what stands below it belongs to no item.

    Below a heading that was meant as an item, only the heading itself is a problem.
    """
    reading.depth, reading.owner = 0, -1
    reading.issue = UNKNOWN if malformed(text) else ""
    if malformed(text) and text.lower().startswith(STEP):
        reading.step = UNKNOWN


def take_bullet(reading: Reading, bullet: Bullet, *, group: str, depth: int) -> None:
    draft = drafted(reading, bullet.text, bullet.line, done=bullet.ticked, group=group)
    if draft is None and not malformed(bullet.text):
        take_plain(reading, bullet, group, depth)
        return
    notes = [bullet.rest] if bullet.rest else []
    inner = [each for each in bullet.bullets if ROLE.match(each.text)]
    notes += [line for each in bullet.bullets if each not in inner for line in checklist(each, 0)]
    if draft is not None:
        reading.drafts.append(replace(draft, notes=tuple(notes)))
    for each in inner:
        take_bullet(reading, each, group=group, depth=depth + 1)


def take_plain(reading: Reading, bullet: Bullet, group: str, depth: int) -> None:
    """A bullet that is no item: a line of the checklist; it may hold items all the same."""
    reading.note(checklist_line(bullet, depth))
    match = GROUP.match(bullet.text)
    inside = match[1] if match and holds_items(bullet) else group
    for each in bullet.bullets:
        take_bullet(reading, each, group=inside, depth=depth + 1)


def holds_items(bullet: Bullet) -> bool:
    return any(ROLE.match(each.text) or holds_items(each) for each in bullet.bullets)


def malformed(text: str) -> bool:
    """It says that it is an item, and is not written like one."""
    return bool(ROLE.match(text))


def checklist(bullet: Bullet, depth: int) -> Iterator[str]:
    yield checklist_line(bullet, depth)
    for each in bullet.bullets:
        yield from checklist(each, depth + 1)


def checklist_line(bullet: Bullet, depth: int) -> str:
    return f"{'  ' * depth}- [{'x' if bullet.ticked else ' '}] {bullet.text}"


def drafted(reading: Reading, text: str, line: int, *, done: bool, group: str) -> Draft | None:
    """The item that a heading or a bullet is; None where it is none, or is not well written."""
    role = ROLE.match(text)
    if role is None:
        return None
    level = (role[1] or role[2]).lower().replace("subissue", SUB_ISSUE)
    match = NUMBER.match(text[role.end() :])
    places = LEVELS.index(level) + 1
    if match is None or match[1].count(".") + 1 != places:
        form = f"{level.capitalize()} {'.'.join('NMK'[:places])}: Title"
        reading.problem(line, f"`{text}` does not fit, expected `{form}`", "write it like that")
        return None
    title, tags = untagged(match[2]) if level != STEP else (match[2], ())
    if len(title) > MAX_TITLE:
        found = f"the title of {level} {match[1]} has {len(title)} characters"
        reading.problem(line, f"{found}, at most {MAX_TITLE} fit", "move a part of it below")
    under = {STEP: "", ISSUE: reading.step, SUB_ISSUE: reading.issue}[level]
    return Draft(level, match[1], title, tags, under, group, done, line)


def untagged(title: str) -> tuple[str, tuple[str, ...]]:
    """(the title, the repositories named in bold in the brackets at its end)."""
    match = TAGS.search(title)
    if match is None or match.start() == 0:
        return title, ()
    return title[: match.start()], tuple(name.strip() for name in BOLD.findall(match[1]))
