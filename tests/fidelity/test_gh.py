"""GitHub's own command line says on a twin what it says on GitHub: transcripts, run line by line.

In `gh/*.txt` a line `$ ...` is what is typed behind `gh`, and what follows is what it writes to its
standard output. `...` stands for anything, a line of it for any lines. `$(...)` is another command.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from meta.twin.serve import Twin, served

pytestmark = pytest.mark.slow

GH = Path(sys.executable).with_name("gh")
TRANSCRIPTS = sorted((Path(__file__).parent / "gh").glob("*.txt"))
WANTED = {
    *("repo", "issue", "pr", "label", "project", "secret", "variable", "ruleset", "api"),
}
Gh = Callable[[str], str]


def steps(transcript: Path) -> list[tuple[str, str]]:
    """What is typed and what is to be answered, in order."""
    parts = re.split(r"^\$ ", transcript.read_text("utf-8"), flags=re.MULTILINE)[1:]
    pairs = (part.partition("\n") for part in parts)
    return [(typed, answer.rstrip("\n")) for typed, _, answer in pairs]


def said(wanted: str) -> re.Pattern[str]:
    """A pattern of the answer, its `...` taken for anything."""
    return re.compile(".*?".join(re.escape(part) for part in wanted.split("...")), re.DOTALL)


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with served() as twin:
        yield twin


@pytest.fixture
def gh(twin: Twin, tmp_path: Path) -> Gh:
    """Runs `gh` with the twin as its proxy, on one organization with one repository."""
    with httpx.Client(base_url=twin.url, headers={"Authorization": "token any"}) as http:
        http.post("/_twin/reset").raise_for_status()
        http.post("/_twin/orgs", json={"login": "acme"}).raise_for_status()
        http.post("/orgs/acme/repos", json={"name": "infra", "auto_init": True})
    env = {name: value for name, value in os.environ.items() if name.lower() != "no_proxy"}
    env |= {"HTTP_PROXY": twin.url, "http_proxy": twin.url, "GH_HOST": "github.localhost"}
    env |= {"GH_TOKEN": "any", "GH_CONFIG_DIR": str(tmp_path), "GH_PROMPT_DISABLED": "1"}
    env |= {"GH_NO_UPDATE_NOTIFIER": "1", "GH_REPO": "acme/infra", "NO_COLOR": "1"}

    def run(typed: str) -> str:
        typed = re.sub(r"\$\((.*?)\)", lambda inner: run(inner[1]), typed)
        done = subprocess.run(
            [GH, *shlex.split(typed)],
            env=env,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"gh {typed}: {done.stdout}{done.stderr}"
        return done.stdout.strip()

    return run


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda each: each.stem)
def test_gh_says_what_it_says_on_github(gh: Gh, transcript: Path) -> None:
    for typed, wanted in steps(transcript):
        answer = gh(typed)
        assert said(wanted).fullmatch(answer), f"gh {typed}\nsays {answer!r}, not {wanted!r}"


def test_forty_commands_of_every_group_are_in_the_transcripts() -> None:
    typed = [shlex.split(line) for each in TRANSCRIPTS for line, _ in steps(each)]
    commands = {" ".join(words[:2]) for words in typed if words[0] != "api"}
    assert len(commands) >= 40
    assert {words[0] for words in typed} >= WANTED
    options = {word for words in typed for word in words}
    assert options >= {"--parent", "--type", "--blocked-by", "--paginate", "graphql"}
