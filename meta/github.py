"""Requests -> answers: the only module that speaks HTTP to GitHub, or to what answers like it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from meta.errors import GitHubError
from meta.model import Address

#: The header by which a twin says that it is one, so that neither can be mistaken for the other.
TWIN_HEADER = "x-meta-twin"


@dataclass(frozen=True, slots=True)
class Request:
    """`path` starts with "/" and holds the query string; `body` is JSON or None."""

    method: str
    path: str
    body: Any = None


@dataclass(frozen=True, slots=True)
class Response:
    """`body` is parsed JSON, text where it is none, None where empty; headers are lower-case."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


#: The one seam between meta and the world: the network in life, faults in tests.
Send = Callable[[Request], Response]


@dataclass(frozen=True, slots=True)
class Server:
    """Where to work: base URLs without a trailing slash. The token is never shown."""

    api_url: str
    git_url: str
    token: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        return urlsplit(self.git_url).netloc


@dataclass(frozen=True, slots=True)
class Ref:
    """What GitHub itself calls the thing at an address: node id, number, database id."""

    node: str = ""
    number: int = 0
    database: int = 0


class Reader:
    """What observing needs. It has no method that changes anything.

    `refs` remembers GitHub's own ids for what was observed or made in this run. It is a
    cache for writing by id what is declared by name: never compared, never stored.
    """

    def __init__(self, send: Send, server: Server) -> None:
        self._send = send
        self.server = server
        self.refs: dict[Address, Ref] = {}
        self._seen: dict[str, Any] = {}

    def known_as(self, address: Address) -> str:
        """The node id of what was observed or made in this run; raises GitHubError."""
        if address not in self.refs:
            raise GitHubError("was not seen in this run", where=str(address), hint="sync again")
        return self.refs[address].node

    def once(self, path: str) -> Any:
        """As `get`, asked once in this run: for what several kinds read a part of."""
        if path not in self._seen:
            self._seen[path] = self.get(path)
        return self._seen[path]

    def get(self, path: str, **params: Any) -> Any:
        """The body; raises GitHubError for any status of 400 and more."""
        query = f"?{urlencode(params)}" if params else ""
        return self.call("GET", path + query).body

    def find(self, path: str, **params: Any) -> Any | None:
        """The body, or None where GitHub says 404 (not there, or not for this token)."""
        try:
            return self.get(path, **params)
        except GitHubError as error:
            if error.status == 404:
                return None
            raise

    def pages(self, path: str, *, inside: str = "", **params: Any) -> Iterator[Any]:
        """Every row of a paginated list; `inside` names the key that holds them, if one does."""
        page = 1
        while True:
            body = self.get(path, per_page=100, page=page, **params)
            rows = body[inside] if inside else body
            yield from rows
            if len(rows) < 100:
                return
            page += 1

    def blob(self, scope: str, sha: str) -> bytes:
        """The bytes of one file of a repository, by its blob id."""
        answer = self.once(f"/repos/{scope}/git/blobs/{sha}")
        return base64.b64decode(answer["content"])

    def query(self, text: str, **variables: Any) -> Any:
        """The `data` of a GraphQL query; raises GitHubError where GitHub reports any error."""
        if not text.lstrip().startswith("query"):
            raise GitHubError("a reader sends queries only", where="GraphQL")
        return self._graphql(text, variables)

    def call(self, method: str, path: str, body: Any = None) -> Response:
        response = self._send(Request(method, path, body))
        if response.status >= 400:
            raise refusal(method, path, response)
        return response

    def _graphql(self, text: str, variables: Mapping[str, Any]) -> Any:
        body = self.call("POST", "/graphql", {"query": text, "variables": variables}).body
        errors = body.get("errors") or ()
        if errors:
            kinds = ", ".join(str(error.get("type", "")) for error in errors if error.get("type"))
            status = 404 if kinds == "NOT_FOUND" else 200
            words = "; ".join(str(error.get("message")) for error in errors)
            raise GitHubError(words, status=status, where="GraphQL")
        return body["data"]


class Writer(Reader):
    """What applying needs. Plans never construct one."""

    def post(self, path: str, body: Any = None) -> Any:
        return self.call("POST", path, body).body

    def patch(self, path: str, body: Any) -> Any:
        return self.call("PATCH", path, body).body

    def put(self, path: str, body: Any = None) -> Any:
        return self.call("PUT", path, body).body

    def delete(self, path: str) -> None:
        self.call("DELETE", path)

    def mutate(self, text: str, **variables: Any) -> Any:
        return self._graphql(text, variables)


def refusal(method: str, path: str, response: Response) -> GitHubError:
    """GitHub's own words about a request that it refused, in one line."""
    body = response.body
    words = body.get("message", "") if isinstance(body, dict) else str(body or "")
    details = body.get("errors") if isinstance(body, dict) else None
    if details:
        words += f" ({json.dumps(details)})"
    return GitHubError(
        f"{response.status} {words}".strip(), status=response.status, where=f"{method} {path}"
    )


def over_http(server: Server) -> Send:
    """Real requests through PyGithub, whose own waiting and re-sending is switched off.

    PyGithub re-sends a POST after a 502 and sleeps before each write; both are the
    governor's to decide. Raises GitHubError with status 0 where no answer came.
    """
    from github import Auth, Github
    from requests import RequestException

    auth = Auth.Token(server.token) if server.token else None
    requester = Github(
        base_url=server.api_url,
        auth=auth,
        retry=None,
        seconds_between_requests=None,
        seconds_between_writes=None,
        timeout=60,
    ).requester

    def send(request: Request) -> Response:
        try:
            status, headers, text = requester.requestJson(
                request.method, request.path, input=request.body
            )
        except RequestException as error:
            raise unreachable(server, error) from None
        return Response(status, parsed(text), headers)

    return send


def unreachable(server: Server, error: Exception) -> GitHubError:
    return GitHubError(
        f"no answer from {server.api_url} ({type(error).__name__})",
        where="connection",
        hint="check the address and that the server is up; run the same command again to go on",
    )


def parsed(text: str) -> Any:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
