"""A twin whose jobs are carried out by a function of a test, and what to ask it."""

from __future__ import annotations

import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from nacl.public import PublicKey, SealedBox

from meta.twin.actions.work import Job, Result
from meta.twin.serve import Twin, served

REPO = "/repos/Acme/tool"
RUNS = f"{REPO}/actions/runs"


@dataclass(frozen=True)
class Stage:
    """A repository Acme/tool on a twin, and its client."""

    twin: Twin
    gh: httpx.Client

    def workflow(self, text: str, name: str = "ci", branch: str = "main") -> None:
        self.write(f".github/workflows/{name}.yml", text, branch)

    def write(self, path: str, text: str, branch: str = "main", message: str = "change") -> None:
        body = {"message": message, "content": b64encode(text.encode()).decode(), "branch": branch}
        old = self.gh.get(f"{REPO}/contents/{path}", params={"ref": branch})
        if old.status_code == 200:
            body["sha"] = old.json()["sha"]
        answer = self.gh.put(f"{REPO}/contents/{path}", json=body)
        assert answer.status_code in (200, 201), answer.text

    def branch(self, name: str, of: str = "main") -> None:
        sha = self.gh.get(f"{REPO}/git/ref/heads/{of}").json()["object"]["sha"]
        made = self.gh.post(f"{REPO}/git/refs", json={"ref": f"refs/heads/{name}", "sha": sha})
        assert made.status_code == 201, made.text

    def dispatch(self, kind: str = "go", **payload: Any) -> None:
        body = {"event_type": kind, "client_payload": payload}
        answer = self.gh.post(f"{REPO}/dispatches", json=body)
        assert answer.status_code == 204, answer.text

    def runs(self, **query: str) -> list[dict[str, Any]]:
        """Oldest first."""
        found: list[dict[str, Any]] = self.gh.get(RUNS, params=query).json()["workflow_runs"]
        return found[::-1]

    def ended(self, at: int = -1, *statuses: str) -> dict[str, Any]:
        """A run, once it is over, or of another status that was named."""
        return self.until(lambda: self.runs()[at], *statuses)

    def until(self, look: Callable[[], dict[str, Any]], *statuses: str) -> dict[str, Any]:
        wanted, end = statuses or ("completed",), time.monotonic() + 30
        while time.monotonic() < end:
            found = look()
            if found["status"] in wanted:
                return found
            time.sleep(0.01)
        raise AssertionError(f"{found['status']} after 30 s, not {' or '.join(wanted)}")

    def jobs(self, run: dict[str, Any]) -> dict[str, str]:
        """Conclusion, or status while there is none, by name."""
        jobs = self.gh.get(f"{RUNS}/{run['id']}/jobs").json()["jobs"]
        return {job["name"]: job["conclusion"] or job["status"] for job in jobs}

    def job(self, run: dict[str, Any], name: str) -> dict[str, Any]:
        jobs = self.gh.get(f"{RUNS}/{run['id']}/jobs").json()["jobs"]
        return next(job for job in jobs if job["name"] == name)

    def log(self, run: dict[str, Any], name: str) -> str:
        where = f"{REPO}/actions/jobs/{self.job(run, name)['id']}/logs"
        return self.gh.get(where, follow_redirects=True).text

    def environment(self, name: str, **settings: Any) -> None:
        assert self.gh.put(f"{REPO}/environments/{name}", json=settings).status_code == 200

    def reviewed(self, name: str, **more: Any) -> None:
        """An environment that its only user has to approve."""
        me = self.gh.get("/user").json()["id"]
        self.environment(name, reviewers=[{"type": "User", "id": me}], **more)

    def review(self, run: dict[str, Any], state: str) -> None:
        where = f"{RUNS}/{run['id']}/pending_deployments"
        numbers = [each["environment"]["id"] for each in self.gh.get(where).json()]
        body = {"environment_ids": numbers, "state": state, "comment": "seen"}
        assert self.gh.post(where, json=body).status_code == 200

    def seal(self, place: str, name: str, value: str, **more: Any) -> int:
        key = self.gh.get(f"{place}/secrets/public-key").json()
        box = SealedBox(PublicKey(b64decode(key["key"]))).encrypt(value.encode())
        body = {"encrypted_value": b64encode(box).decode(), "key_id": key["key_id"], **more}
        return self.gh.put(f"{place}/secrets/{name}", json=body).status_code


@contextmanager
def staged(
    runner: Callable[[Job], Result] | None, size: int = 2, data: Path | None = None
) -> Iterator[Stage]:
    """Acme/tool with one commit; jobs go to the runner, or to act where there is none."""
    auth = {"Authorization": "Bearer any-token"}
    with (
        served(data, actions=size, runner=runner) as twin,
        httpx.Client(base_url=twin.url, headers=auth, timeout=30, trust_env=False) as gh,
    ):
        gh.post("/_twin/orgs", json={"login": "Acme"}).raise_for_status()
        gh.post("/orgs/Acme/repos", json={"name": "tool", "auto_init": True})
        yield Stage(twin, gh)
