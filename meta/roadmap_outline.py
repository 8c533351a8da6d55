"""Markdown text -> its headings, bullets and prose, each with its line. Pure."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

TICK = re.compile(r"^\[([ xX])\]\s+")
LISTS = ("bullet_list", "ordered_list")


@dataclass(frozen=True, slots=True)
class Heading:
    """`depth` is 1 to 6; `line` counts from 1, as everywhere here."""

    depth: int
    text: str
    ticked: bool
    line: int


@dataclass(frozen=True, slots=True)
class Bullet:
    """One list item: its first paragraph, the rest of it as Markdown, the bullets inside it."""

    text: str
    ticked: bool
    rest: str
    bullets: tuple[Bullet, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Prose:
    """Anything else, as it was written: paragraphs, tables, fences, quotes."""

    text: str
    line: int


Block = Heading | Bullet | Prose


def outline(text: str) -> Iterator[Block]:
    """What stands at the document's top level, in order; a list yields its bullets one by one."""
    # A line ends where CommonMark says so, and not at a form feed.
    lines = re.split("\r\n|\n|\r", text)
    tree = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(text))
    for node in tree.children:
        if node.type == "heading":
            ticked, words = unticked(inline(node))
            yield Heading(int(node.tag[1:]), words, ticked, first_line(node))
        elif node.type in LISTS:
            yield from (bullet(item, lines) for item in node.children)
        elif node.type != "hr":
            yield Prose(source(node, lines), first_line(node))


def bullet(item: SyntaxTreeNode, lines: Sequence[str]) -> Bullet:
    head = item.children[:1] if item.children[:1] and item.children[0].type == "paragraph" else []
    ticked, words = unticked(inline(head[0])) if head else (False, "")
    others = item.children[len(head) :]
    rest = [source(node, lines) for node in others if node.type not in LISTS]
    inside = [
        bullet(each, lines) for node in others if node.type in LISTS for each in node.children
    ]
    return Bullet(words, ticked, "\n\n".join(rest), tuple(inside), first_line(item))


def inline(node: SyntaxTreeNode) -> str:
    """The Markdown inside a heading or a paragraph, on one line."""
    return " ".join("".join(child.content for child in node.children).split())


def unticked(text: str) -> tuple[bool, str]:
    """(whether it begins with a ticked box, the text without its box)."""
    match = TICK.match(text)
    return (match[1] != " ", text[match.end() :]) if match else (False, text)


def first_line(node: SyntaxTreeNode) -> int:
    return node.map[0] + 1 if node.map else 0


def source(node: SyntaxTreeNode, lines: Sequence[str]) -> str:
    """The lines that a block was read from, without the indent of the list it may be in."""
    start, end = node.map or (0, 0)
    return textwrap.dedent("\n".join(lines[start:end])).rstrip()
