"""An ASGI scope and a body -> one request: addresses, query, who calls. Pure."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from meta.twin.view import view
from meta.twin.web import ADMIN, Refusal

#: Where GitHub Enterprise keeps its API; the twin answers there as at its root.
PREFIX = "/api/v3"


@dataclass(frozen=True, slots=True)
class Incoming:
    """`path` is still percent-encoded and without PREFIX; header names are lower-case."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes
    api: str
    web: str

    @property
    def login(self) -> str:
        """Whoever has any token is the twin's administrator, unless the view knows better."""
        known_as = view().login
        if known_as is not None:
            return known_as
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        known = scheme.lower() in ("bearer", "token", "basic")
        return ADMIN if known and token.strip() else ""

    @property
    def wants_page(self) -> bool:
        return self.method == "GET" and "text/html" in self.headers.get("accept", "")

    def plain(self) -> bytes:
        """The body as it was before a client packed it; raises Refusal where it is broken."""
        if self.headers.get("content-encoding", "") not in ("gzip", "x-gzip"):
            return self.body
        try:
            return gzip.decompress(self.body)
        except (OSError, EOFError, zlib.error) as error:
            raise Refusal(400, "The body is not what its encoding says") from error


def incoming(scope: Mapping[str, Any], body: bytes) -> Incoming:
    """Takes both forms of a request line: the path alone, and the whole address of a proxy."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    target = urlsplit(scope["raw_path"].decode("latin-1"))
    host = target.netloc or headers.get("host", "127.0.0.1")
    path = target.path or "/"
    prefix = PREFIX if path.startswith(f"{PREFIX}/") else ""
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    return Incoming(
        method=scope["method"],
        path=path.removeprefix(prefix),
        query=query,
        headers=headers,
        body=body,
        api=f"http://{host}{prefix}",
        web=f"http://{host.removeprefix('api.')}",
    )
