"""Every Markdown file has one title, and its links to other files and headings lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^(#{1,6}) +(.+?) *#*$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def problems(root: Path) -> Iterator[str]:
    for path in sorted(root.rglob("*.md")):
        name = path.relative_to(root)
        if any(part.startswith(".") for part in name.parts[:-1]):
            continue
        text = prose(path)
        titles = sum(1 for level, _ in HEADING.findall(text) if level == "#")
        if titles != 1:
            yield f"{name}: has {titles} titles (lines that start with '# '), expected one"
        for link in LINK.findall(text):
            if not leads_somewhere(root, path, link):
                yield f"{name}: the link to {link} leads nowhere"


def prose(path: Path) -> str:
    """The text without its fenced code, where brackets and hashes mean something else."""
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def leads_somewhere(root: Path, source: Path, link: str) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True
    target = (source.parent / unquote(parts.path)).resolve() if parts.path else source
    if not target.exists() or not target.is_relative_to(root):
        return False
    if not parts.fragment or target.suffix != ".md":
        return True
    return parts.fragment in {anchor(text) for _, text in HEADING.findall(prose(target))}


def anchor(heading: str) -> str:
    """The id that GitHub gives a heading: letters, digits, hyphens and underscores are kept."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
