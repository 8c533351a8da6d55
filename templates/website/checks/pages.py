"""Pages are well formed, described, translated and linked, and ask no other host for anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
FETCHED = {"script", "img", "source", "iframe", "video", "audio", "embed"}


@dataclass
class Page(HTMLParser):
    """What one page says about itself, and what is wrong with its tags."""

    open: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    language: str = ""
    found: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    translations: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.open.append(tag)
        if tag == "html":
            self.language = values.get("lang", "")
        self.found.update((tag, f"{tag} {values.get('name', '')}".strip()))
        if tag == "img" and "alt" not in values:
            self.wrong.append(f"the image {values.get('src')} has no alt text")
        self.follow(tag, values)

    def follow(self, tag: str, values: dict[str, str]) -> None:
        target = values.get("href") or values.get("src")
        if target is None:
            return
        rel = values.get("rel", "")
        parts = urlsplit(target)
        if parts.netloc and (tag in FETCHED or (tag == "link" and rel != "canonical")):
            self.wrong.append(f"fetches {target} from another host")
        elif not parts.scheme and not parts.netloc:
            self.links.append(target)
        if tag == "link" and rel == "alternate" and "hreflang" in values:
            self.translations[values["hreflang"]] = target

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at line {self.getpos()[0]} closes nothing")


def problems(root: Path) -> Iterator[str]:
    public = root / "public"
    pages = {path: read(path) for path in sorted(public.rglob("*.html"))}
    if not pages:
        yield "public: no page was found"
    for path, page in pages.items():
        name = path.relative_to(root)
        yield from (f"{name}: {text}" for text in page.wrong)
        if page.open:
            yield f"{name}: <{page.open[-1]}> is never closed"
        for wanted in ("title", "h1", "main", "meta viewport", "meta description"):
            if wanted not in page.found:
                yield f"{name}: has no <{wanted}>"
        for link in page.links:
            if not target(public, path, link).is_file():
                yield f"{name}: the link to {link} leads nowhere"
        yield from (f"{name}: {text}" for text in language_problems(public, path, page, pages))
    for path in sorted(public.rglob("*.css")):
        text = path.read_text(encoding="utf-8")
        if text.count("{") != text.count("}"):
            yield f"{path.relative_to(root)}: brackets do not match"
        if "@import" in text or "//" in text:
            yield f"{path.relative_to(root)}: fetches from another host"


def read(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    return page


def target(public: Path, source: Path, link: str) -> Path:
    """The file that a web server gives for a link."""
    path = unquote(urlsplit(link).path)
    if not path:
        return source
    file = public / path.lstrip("/") if path.startswith("/") else source.parent / path
    return file / "index.html" if file.is_dir() else file


def language_problems(
    public: Path, path: Path, page: Page, pages: dict[Path, Page]
) -> Iterator[str]:
    expected = "en" if (public / "en") in path.parents else "id"
    if page.language != expected:
        yield f"has the language {page.language or 'none'}, expected {expected}"
    if path.name == "404.html":
        return
    for language in ("id", "en"):
        link = page.translations.get(language)
        other = pages.get(target(public, path, link)) if link else None
        if other is None:
            yield f"names no page in {language}"
        elif other.language != language or other.translations != page.translations:
            yield f"names {link} in {language}, which does not name it back"
