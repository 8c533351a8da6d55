"""Items <-> titles, hidden markers, and the part of an issue's body that is meta's. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from markdown_it import MarkdownIt

from meta.model import Item

ITEM = re.compile(r"<!-- meta:item=([a-z2-7]{8}) -->")
STEP = re.compile(r"<!-- meta:step=([a-z2-7]{8}) -->")
END = "<!-- /meta:item -->"
#: A body holds 65,536 characters; the rest of it is left to people.
MAX_NOTES = 40_000
#: Who may write to a repository, in GitHub's words for an author.
TRUSTED = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
#: It has no width: what is on its two sides looks the same, and is no longer one word.
GAP = "\N{ZERO WIDTH SPACE}"
MENTION = re.compile(r"@(?=\w)|#(?=\d)|(?i:\bGH-)(?=\d)")
LINKED = re.compile(r"(?i)\bhttps?://(?:www\.)?github\.com(?=/[\w.-]+/[\w.-]+/\w+/\d)")
OWN_COMMENT = re.compile(r"<!--(?=\s*/?meta:)")


def step_title(step: Item) -> str:
    return defused(f"Step {step.number}: {step.title}")


def step_text(step: Item) -> str:
    """The description of a milestone."""
    return f"Step {step.number} of the execution plan.\n\n<!-- meta:step={step.id} -->"


def step_id(text: str | None) -> str:
    """The step that a milestone's description is marked with, "" for none."""
    match = STEP.search(text or "")
    return match[1] if match else ""


def issue_title(item: Item) -> str:
    return defused(f"{item.number} {item.title}")


def also(item: Item) -> str:
    """The repositories that take part beside the one where the item lives."""
    return ", ".join(name for name in item.repos if name != item.home)


def block(item: Item) -> str:
    """meta's own part of an issue's body, from marker to marker."""
    others = also(item)
    parts = [
        f"<!-- meta:item={item.id} -->",
        defused(shortened(item.notes)),
        f"Also: {others}" if others else "",
        f"_Item {item.number} of the execution plan, where this part is edited. "
        "The text around it is yours._",
        END,
    ]
    return "\n\n".join(part for part in parts if part)


def shortened(notes: str) -> str:
    if len(notes) <= MAX_NOTES:
        return notes
    kept = notes[:MAX_NOTES].rpartition("\n")[0]
    return f"{kept}\n\nThe plan says more than fits here."


def marked(body: str | None) -> str:
    """The id of the item that a body is marked with, "" for none."""
    match = ITEM.search(body or "")
    return match[1] if match else ""


def block_of(body: str | None) -> str:
    """meta's part of a body as it stands, "" where it is missing or has lost its end."""
    text = (body or "").replace("\r\n", "\n")
    start = ITEM.search(text)
    end = text.find(END, start.end()) if start else -1
    return text[start.start() : end + len(END)] if start and end >= 0 else ""


def spliced(body: str | None, new: str) -> str:
    """The body with meta's part made new, and every other character as people left it."""
    text = body or ""
    start = ITEM.search(text)
    if start is None:
        return f"{new}\n\n{text}" if text else new
    end = text.find(END, start.end())
    rest = text[end + len(END) :] if end >= 0 else text[start.end() :]
    return text[: start.start()] + new + rest


def defused(text: str) -> str:
    """The text with names and numbers that notify nobody and link nowhere.

    Fenced code is left as it is: GitHub finds no names in it, and people copy from it.
    """
    lines = text.split("\n")
    code = {line for start, end in fences(text) for line in range(start, end)}
    return "\n".join(
        OWN_COMMENT.sub(f"<!{GAP}--", line if index in code else harmless(line))
        for index, line in enumerate(lines)
    )


def fences(text: str) -> Iterable[tuple[int, int]]:
    for token in MarkdownIt("commonmark").parse(text):
        if token.type == "fence" and token.map:
            yield token.map[0], token.map[1]


def harmless(line: str) -> str:
    """A link to an issue goes by way of GitHub's own redirect, which is not seen as a mention."""
    return MENTION.sub(rf"\g<0>{GAP}", LINKED.sub("https://redirect.github.com", line))


def counted(rows: Iterable[Mapping[str, Any]], known: Collection[str]) -> Mapping[str, Any]:
    """Item id -> the one row whose marker counts, of rows with `body` and `authorAssociation`.

    A marker counts if its id is known or its author may write. Of two the trusted author's
    counts, then the older: `rows` come oldest first.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        id, trusted = marked(row["body"]), row["authorAssociation"] in TRUSTED
        if not id or not (trusted or id in known):
            continue
        first = found.setdefault(id, row)
        if trusted and first["authorAssociation"] not in TRUSTED:
            found[id] = row
    return found
