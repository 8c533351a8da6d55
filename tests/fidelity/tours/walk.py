"""A client that remembers every exchange: what it asked, and what it got."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

REPO = "/repos/Acme/tool"


@dataclass(frozen=True)
class Exchange:
    """`path` is as it was sent, without the query; `body` is JSON, or None where it is none."""

    method: str
    path: str
    status: int
    body: Any


@dataclass
class Walk:
    client: httpx.Client
    exchanges: list[Exchange] = field(default_factory=list)

    def __call__(self, asked: str, status: int = 200, /, **options: Any) -> Any:
        """`"POST /user/repos"`, the status that it has to have, and what httpx takes."""
        method, _, path = asked.partition(" ")
        answer = self.client.request(method, path, **options)
        assert answer.status_code == status, f"{asked}: {answer.status_code} {answer.text}"
        is_json = "json" in answer.headers.get("content-type", "")
        body = answer.json() if is_json else None
        sent = answer.request.url.raw_path.decode().partition("?")[0]
        self.exchanges.append(Exchange(method, sent, status, body))
        return body
