"""Markdown that people wrote -> HTML, and plain text. Pure.

HTML inside the Markdown is not passed on: a comment stays hidden, a tag is shown as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
TAG = re.compile(r"<[^>]+>")
BOX = re.compile(r"<li>(\s*<p>)?\[([ xX])\] ")


def html(text: str) -> str:
    """Safe HTML; task list items have a box that cannot be clicked."""
    return BOX.sub(_box, _parser().render(text))


def plain(text: str) -> str:
    """The words without the marks."""
    return unescape(TAG.sub("", html(text))).strip()


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for rule in ("html_block", "html_inline"):
        parser.add_render_rule(rule, _raw)
    return parser


def _raw(_: Any, tokens: Sequence[Token], at: int, *__: Any) -> str:
    return escape(COMMENT.sub("", tokens[at].content))


def _box(found: re.Match[str]) -> str:
    checked = "" if found[2] == " " else " checked"
    return f'<li class="task">{found[1] or ""}<input type="checkbox" disabled{checked}> '
