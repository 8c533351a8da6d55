"""What the documents name is there: functions, commands, links, the version."""

import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest

import meta

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/**/*.md")])
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
EACH = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text("utf-8"))


def slug(heading: str) -> str:
    """A heading's anchor, as GitHub makes it."""
    words = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return words.replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {slug(line) for line in re.findall(r"^#+ +(.*)$", prose(page), re.MULTILINE)}


def code_names(text: str) -> list[str]:
    """`module.name` and `module` of meta in backticks, as the flow and the words write them."""
    return re.findall(r"`([a-z_]+(?:\.[A-Za-z_]+)?)`", text)


def is_there(name: str) -> bool:
    module, _, attribute = name.partition(".")
    try:
        found = importlib.import_module(f"meta.{module}")
    except ModuleNotFoundError:
        return False
    if not attribute or hasattr(found, attribute):
        return True
    return (ROOT / "meta" / module / f"{attribute}.py").exists()


def help_of(*words: str) -> str:
    command = [sys.executable, "-m", "meta", *words, "--help"]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout


@EACH
def test_links_between_documents_resolve(page: Path) -> None:
    for link in (one or other for one, other in LINK.findall(prose(page))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} leads nowhere"
        assert not anchor or anchor in anchors(target), f"{link}: no such heading"


def test_the_flow_names_functions_that_are_there() -> None:
    names = [name for name in code_names((ROOT / "docs/flow.md").read_text()) if "." in name]
    assert len(names) > 8
    assert [name for name in names if name != "repos.yaml" and not is_there(name)] == []


def test_each_word_has_its_place_in_the_code() -> None:
    rows = [line for line in (ROOT / "docs/words.md").read_text().splitlines() if " | `" in line]
    places = {row.split("|")[1].strip(): row.split("|")[-2].strip(" `") for row in rows}
    assert len(places) > 20
    assert {word: place for word, place in places.items() if not is_there(place)} == {}


def test_the_commands_that_the_readme_shows_are_there() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    typed = "\n".join(match[0] for match in FENCE.finditer(text))
    shown = {
        *re.findall(r"`(?:\.venv/bin/)?meta ([a-z]+)", text),
        *re.findall(r"^(?:\$ )?(?:\.venv/bin/)?meta ([a-z]+)", typed, re.MULTILINE),
    }
    known = set(re.findall(r"^  ([a-z]+)\b", help_of(), re.MULTILINE))
    assert shown
    assert shown - known == set()


def test_the_scripts_that_the_documents_show_are_there() -> None:
    for page in PAGES:
        for script in re.findall(r"\b(?:scripts|\.ci)/[a-z]+\b", page.read_text("utf-8")):
            assert (ROOT / script).is_file(), f"{page.name} names {script}"


def test_the_changelog_has_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## {re.escape(meta.__version__)}\b", text, re.MULTILINE)


def test_a_decision_fits_on_half_a_page_and_is_in_the_list() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))
    listed = (ROOT / "docs/decisions/README.md").read_text("utf-8")
    for decision in decisions:
        assert len(decision.read_text("utf-8").split()) <= 450, f"{decision.name} is too long"
        assert decision.name == "README.md" or f"({decision.name})" in listed


def test_each_dependency_has_its_line_in_the_decision() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    wanted = [*project["project"]["dependencies"], *groups["build"], *groups["dev"]]
    names = [re.split(r"[<>=\[]", each)[0] for each in wanted if isinstance(each, str)]
    said = (ROOT / "docs/decisions/dependencies.md").read_text("utf-8").lower()
    assert [name for name in names if name.lower() not in said] == []
