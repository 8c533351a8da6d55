"""A twin over a socket, a client of it, and real git in folders of their own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from meta.twin.serve import Twin, served


@pytest.fixture(scope="session")
def _running() -> Iterator[Twin]:
    with served() as running:
        yield running


@pytest.fixture
def twin(_running: Twin) -> Twin:
    """One twin for all tests, emptied before each."""
    httpx.post(f"{_running.url}/_twin/reset").raise_for_status()
    httpx.post(f"{_running.url}/_twin/orgs", json={"login": "Acme"}).raise_for_status()
    return _running


@pytest.fixture
def gh(twin: Twin) -> Iterator[httpx.Client]:
    headers = {"Authorization": "Bearer any-token"}
    with httpx.Client(base_url=twin.url, headers=headers, timeout=30) as client:
        yield client


@pytest.fixture
def anyone(twin: Twin) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=twin.url, timeout=30) as client:
        yield client


@pytest.fixture
def repo(gh: httpx.Client) -> str:
    """The path of an empty repository, /repos/Acme/tool."""
    made = gh.post("/orgs/Acme/repos", json={"name": "tool"})
    assert made.status_code == 201
    return "/repos/Acme/tool"


@dataclass(frozen=True)
class Clone:
    """A folder with git in it; `remote` holds a made-up token, as git's credentials would."""

    folder: Path
    remote: str

    def git(self, *args: str, fails: bool = False) -> str:
        env = {
            **os.environ,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            **{f"GIT_{who}_NAME": "Ada" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "ada@example.org" for who in ("AUTHOR", "COMMITTER")},
        }
        done = subprocess.run(
            ["git", "-C", str(self.folder), *args],
            capture_output=True,
            text=True,
            env=env,
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stderr
        return done.stdout + done.stderr

    def commit(self, files: dict[str, str], message: str = "change") -> str:
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD").strip()

    def push(self, *refs: str, fails: bool = False) -> str:
        return self.git("push", self.remote, *refs, fails=fails)


@pytest.fixture
def fresh(twin: Twin, tmp_path: Path) -> Callable[[str], Clone]:
    """A new folder with git on branch main, for a repository of a full name."""

    def make(name: str = "Acme/tool") -> Clone:
        folder = tmp_path / f"clone-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        address = twin.url.replace("http://", "http://x:any-token@")
        clone = Clone(folder, f"{address}/{name}.git")
        clone.git("init", "-q", "-b", "main")
        return clone

    return make


@pytest.fixture
def clone(repo: str, fresh: Callable[[str], Clone]) -> Clone:
    """A clone of the repository with one commit pushed to main."""
    made = fresh("Acme/tool")
    made.commit({"README.md": "# tool\n"}, "first")
    made.push("main")
    return made
