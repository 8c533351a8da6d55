"""Many clients at once on one twin -> what they were told, and what is there once it was killed."""

from __future__ import annotations

import http.client
import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.running import ROOT, SERVE, Remote, environment

REPOS = [f"tool-{number}" for number in range(10)]
PAGE = """query($name: String!) { repository(owner: "acme", name: $name) {
  issues(first: 20) { nodes { number title labels(first: 5) { nodes { name } } } }
} }"""


@dataclass(frozen=True)
class Running:
    """A twin in a process of its own, with what it takes to kill it."""

    remote: Remote
    process: subprocess.Popen[str]
    seconds: float  # from the start of its interpreter to its first answer

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def memory(self) -> int:
        """The most that it ever held, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))


@contextmanager
def twin(data: Path) -> Iterator[Running]:
    words = [sys.executable, "-c", SERVE, str(data), "announced"]
    begun = time.perf_counter()
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment()
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url, "the twin did not start"
        remote = Remote(url, data)
        remote.get("/rate_limit")
        try:
            yield Running(remote, process, time.perf_counter() - begun)
        finally:
            process.kill()


@dataclass
class Crowd:
    """Clients that read and write in turns until they are told to stop, or the twin is gone."""

    url: str
    statuses: Counter[int] = field(default_factory=Counter)
    created: dict[tuple[str, int], str] = field(default_factory=dict)
    edited: dict[tuple[str, int], str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def visit(self, client: int) -> None:
        chance = random.Random(client)
        line = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        turn = 0
        while not self.gone.is_set():
            turn += 1
            try:
                self.turn(line, chance, f"{client}-{turn}")
            except (OSError, http.client.HTTPException) as error:
                if not self.gone.is_set():
                    self.broken.append(repr(error))
                return

    def turn(self, line: http.client.HTTPConnection, chance: random.Random, name: str) -> None:
        """A thing made and changed, for every three reads."""
        repo = chance.choice(REPOS)
        issues = f"/repos/acme/{repo}/issues"
        match chance.randrange(4):
            case 0:
                made = self.ask(line, "POST", issues, {"title": name, "body": "new"})
                place = (repo, int(made["number"]))
                with self.lock:
                    self.created[place] = name
                self.ask(line, "PATCH", f"{issues}/{place[1]}", {"body": name})
                with self.lock:
                    self.edited[place] = name
            case 1:
                self.ask(line, "GET", f"{issues}?per_page=20")
            case 2:
                self.ask(line, "GET", f"/repos/acme/{repo}")
            case _:
                self.ask(line, "POST", "/graphql", {"query": PAGE, "variables": {"name": repo}})

    def ask(
        self, line: http.client.HTTPConnection, method: str, path: str, body: Any = None
    ) -> Any:
        sent = None if body is None else json.dumps(body)
        line.request(method, path, sent, {"Authorization": "Bearer any"})
        answer = line.getresponse()
        text = answer.read()
        with self.lock:
            self.statuses[answer.status] += 1
        return json.loads(text)


def crowded(running: Running, clients: int, seconds: float) -> Crowd:
    """Lets the clients in, and kills the twin while they are at it."""
    remote = running.remote
    with suppress(OSError):
        remote.ask("POST", "/_twin/orgs", {"login": "acme"})
    for name in REPOS:
        remote.ask("POST", "/orgs/acme/repos", {"name": name})
    crowd = Crowd(remote.url)
    threads = [
        threading.Thread(target=crowd.visit, args=(client,), daemon=True)
        for client in range(clients)
    ]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    crowd.gone.set()
    running.kill()
    for thread in threads:
        thread.join(timeout=60)
    return crowd


def lost(remote: Remote, crowd: Crowd) -> list[str]:
    """Acknowledged writes that are not there; an edit that was under way may be there or not."""
    found = {
        (name, row["number"]): row
        for name in REPOS
        for row in remote.rows(f"/repos/acme/{name}/issues?state=all")
    }
    missing = [
        f"issue {place}"
        for place, title in crowd.created.items()
        if place not in found or found[place]["title"] != title
    ]
    return missing + [
        f"edit of {place}"
        for place, body in crowd.edited.items()
        if place not in found or found[place]["body"] != body
    ]
