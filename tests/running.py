"""Real processes for tests: a twin of its own, and `meta` as a person starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOKEN = "s3cret-of-the-tests"
#: What the environment of whoever runs the tests must not change.
OUTSIDE = (
    "GITHUB_API_URL",
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "META_READ_ONLY",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "COLUMNS",
)
ROOT = Path(__file__).parents[1]
SERVE = """
import sys
from pathlib import Path
from meta.twin.serve import served, stopping
with stopping() as stop, served(Path(sys.argv[1]), announce=sys.argv[2] == "announced") as twin:
    print(twin.url, flush=True)
    stop.wait()
"""


@dataclass(frozen=True)
class Remote:
    """A server in another process, spoken to without any of meta's own code."""

    url: str
    data: Path

    @property
    def git_url(self) -> str:
        """With credentials in it, which any server but a twin would have to check."""
        return self.url.replace("://", "://any:token@")

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON, None where it is empty; raises urllib.error.HTTPError."""
        request = urllib.request.Request(
            f"{self.url}{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def get(self, path: str) -> Any:
        return self.ask("GET", path)

    def find(self, path: str) -> Any:
        """As `get`, None where there is nothing."""
        try:
            return self.get(path)
        except urllib.error.HTTPError as error:
            if error.code in (404, 409):
                return None
            raise

    def rows(self, path: str, inside: str = "") -> list[Any]:
        """Every row of a list that comes in pages."""
        found: list[Any] = []
        joint = "&" if "?" in path else "?"
        while True:
            body = self.get(f"{path}{joint}per_page=100&page={len(found) // 100 + 1}")
            rows = body[inside] if inside else body
            found += rows
            if len(rows) < 100:
                return found

    def query(self, text: str, **variables: Any) -> Any:
        body = self.ask("POST", "/graphql", {"query": text, "variables": variables})
        if body.get("errors"):
            raise AssertionError(body["errors"])
        return body["data"]

    @property
    def log(self) -> Any:
        """The twin's own log: `total`, `reads`, `writes`, and `log` with each request."""
        return self.get("/_twin/requests")

    @property
    def writes(self) -> int:
        return int(self.log["writes"])


@contextmanager
def twin(data: Path, *, announced: bool = True) -> Iterator[Remote]:
    """A twin in a process of its own; one that is not announced looks like any other server."""
    words = [sys.executable, "-c", SERVE, str(data), "announced" if announced else "silent"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment()
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url, "the twin did not start"
        try:
            yield Remote(url, data)
        finally:
            process.terminate()


@contextmanager
def demonstrated(folder: Path) -> Iterator[Remote]:
    """What `meta demo --data` leaves, served; the fleet's home is in `folder / "twin-home"`."""
    done = meta("demo", "--data", "twin", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    with twin(folder / "twin") as remote:
        yield remote


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
    return {**kept, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **more}


def meta(
    *words: str | Path, cwd: Path, feed: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    """`meta WORDS` in `cwd`, with `more` in its environment, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "meta", *map(str, words)],
        cwd=cwd,
        env=environment(**more),
        input=feed,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def git(folder: Path, *words: str) -> str:
    """What git prints; its own settings only, so that the machine's do not matter."""
    env = {
        **environment(),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
    }
    done = subprocess.run(
        ["git", *words], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"git {' '.join(words)}: {done.stderr}"
    return done.stdout
