"""Webhooks: what they hold, and what arrives at an address of this machine."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from typing import Any

import httpx
import pytest


class Receiver(HTTPServer):
    """Keeps what it is sent: headers and body."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.heard: Queue[tuple[dict[str, str], bytes]] = Queue()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"

    def next(self) -> tuple[dict[str, str], bytes]:
        return self.heard.get(timeout=10)


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"thanks")
        self.server.heard.put(({name.lower(): value for name, value in self.headers.items()}, body))

    def log_message(self, *_: Any) -> None:
        """Silent."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()


def hook(gh: httpx.Client, place: str, receiver: Receiver, *events: str) -> Any:
    config = {"url": receiver.url, "content_type": "json", "secret": "made up"}
    answer = gh.post(place, json={"name": "web", "config": config, "events": [*events]})
    assert answer.status_code == 201, answer.text
    assert receiver.next()[0]["x-github-event"] == "ping"
    return answer.json()


def delivered(gh: httpx.Client, url: str, count: int) -> Any:
    """The list of deliveries once none of them is on its way."""
    for _ in range(200):
        rows = gh.get(f"{url}/deliveries").json()
        if len(rows) == count and all(row["status"] != "pending" for row in rows):
            return rows
    raise AssertionError(rows)


def test_a_hook_is_made_shown_without_its_secret_changed_and_removed(
    gh: httpx.Client, repo: str, receiver: Receiver
) -> None:
    made = hook(gh, f"{repo}/hooks", receiver, "push")
    assert (made["events"], made["config"]["secret"]) == (["push"], "********")
    one = f"{repo}/hooks/{made['id']}"
    body = {"add_events": ["issues"], "active": False}
    changed = gh.patch(one, json=body).json()
    assert (changed["events"], changed["active"]) == (["issues", "push"], False)
    config = gh.patch(f"{one}/config", json={"content_type": "form"}).json()
    assert config == {
        "url": receiver.url,
        "content_type": "form",
        "secret": "********",
        "insecure_ssl": "0",
    }
    twice = gh.post(f"{repo}/hooks", json={"config": {"url": receiver.url}})
    assert twice.json()["errors"][0]["message"] == "Hook already exists on this repository"
    wrong = gh.post(f"{repo}/hooks", json={"config": {"url": "ftp://x"}})
    assert wrong.status_code == 422
    assert gh.delete(one).status_code == 204
    assert gh.get(f"{repo}/hooks").json() == []


def test_an_issue_is_told_to_a_hook_with_a_signature_that_holds(
    gh: httpx.Client, twin: Any, repo: str, receiver: Receiver
) -> None:
    made = hook(gh, f"{repo}/hooks", receiver, "issues")
    gh.post(f"{repo}/issues", json={"title": "one"})
    headers, body = receiver.next()
    digest = hmac.new(b"made up", body, hashlib.sha256).hexdigest()
    assert headers["x-hub-signature-256"] == f"sha256={digest}"
    told = json.loads(body)
    assert (headers["x-github-event"], told["action"]) == ("issues", "opened")
    assert told["issue"]["url"] == f"{twin.url}/repos/Acme/tool/issues/1"
    assert told["repository"]["full_name"] == "Acme/tool"
    rows = delivered(gh, made["url"], 2)
    assert [(row["event"], row["status_code"], row["status"]) for row in rows] == [
        ("issues", 200, "OK"),
        ("ping", 200, "OK"),
    ]
    one = gh.get(f"{made['url']}/deliveries/{rows[0]['id']}").json()
    assert one["request"]["payload"] == told
    assert one["response"]["payload"] == "thanks"
    assert gh.post(f"{made['url']}/deliveries/{rows[0]['id']}/attempts").status_code == 202
    assert receiver.next()[1] == body
    assert delivered(gh, made["url"], 3)[0]["redelivery"] is True


def test_an_organizations_hook_hears_of_pushes_pull_requests_and_releases(
    gh: httpx.Client, repo: str, clone: Any, receiver: Receiver
) -> None:
    hook(gh, "/orgs/Acme/hooks", receiver, "*")
    clone.git("checkout", "-q", "-b", "topic")
    sha = clone.commit({"a.txt": "a\n"})
    clone.push("topic")
    headers, body = receiver.next()
    assert (headers["x-github-event"], json.loads(body)["after"]) == ("push", sha)
    gh.post(f"{repo}/pulls", json={"title": "t", "head": "topic", "base": "main"})
    headers, body = receiver.next()
    assert (headers["x-github-event"], json.loads(body)["action"]) == ("pull_request", "opened")
    gh.post(f"{repo}/releases", json={"tag_name": "v1"})
    heard = {receiver.next()[0]["x-github-event"] for _ in range(2)}
    assert heard == {"push", "release"}


def test_nothing_leaves_the_machine_and_nothing_refused_is_told(
    gh: httpx.Client, repo: str, receiver: Receiver
) -> None:
    config = {"url": "https://example.org/hook"}
    far = gh.post(f"{repo}/hooks", json={"config": config, "events": ["issues"]}).json()
    (row,) = delivered(gh, far["url"], 1)
    assert (row["status_code"], row["status"]) == (
        *(0,),
        "not sent: a twin delivers to addresses of this machine only",
    )
    near = hook(gh, f"{repo}/hooks", receiver, "issues")
    assert gh.post(f"{repo}/issues", json={"title": " "}).status_code == 422
    assert gh.post(f"{near['url']}/pings").status_code == 204
    assert receiver.next()[0]["x-github-event"] == "ping"
