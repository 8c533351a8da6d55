"""Environment and manifest -> the server to work on, and whether meta may write there. Wiring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from meta.clock import Clock, Moved
from meta.errors import GitHubError, MetaError, Refused
from meta.github import TWIN_HEADER, Reader, Request, Send, Server, Writer, over_http
from meta.governor import Waits, paced
from meta.model import Manifest


@dataclass(frozen=True, slots=True)
class Connection:
    """A server that answered: who we are there, and whether it is a twin."""

    server: Server
    send: Send
    login: str
    is_twin: bool

    def reader(self) -> Reader:
        return Reader(self.send, self.server)


def connect(
    host: str,
    environment: Mapping[str, str],
    *,
    api_url: str = "",
    say: Callable[[str], None] = lambda _: None,
) -> Connection:
    """Find the server, and ask it who we are. `host` is the manifest's.

    The API is `api_url`, else `GITHUB_API_URL`, else the manifest's host; the token is
    `GITHUB_TOKEN` or `GH_TOKEN`. A twin takes any token. Raises Refused, GitHubError.
    """
    api = (api_url or environment.get("GITHUB_API_URL") or api_of(host)).rstrip("/")
    if urlsplit(api).scheme not in ("http", "https") or not urlsplit(api).netloc:
        raise Refused(f"{api!r} is no URL", where="--api-url", hint="say http://HOST:PORT")
    token = environment.get("GITHUB_TOKEN") or environment.get("GH_TOKEN") or ""
    server = Server(api, git_of(api), token)
    is_twin = announces_itself(over_http(server))
    if is_twin and not token:
        server = Server(api, git_of(api), "rehearsal")
    plain = over_http(server)
    send = paced(plain, clock_of(plain) if is_twin else Clock(), say=say)
    return Connection(server, send, whoami(send, server), is_twin)


def announces_itself(send: Send) -> bool:
    return TWIN_HEADER in send(Request("GET", "/meta")).headers


def clock_of(send: Send) -> Waits:
    """The clock to wait by on a twin: its own where that is set by hand, else the machine's."""
    shown = send(Request("GET", "/_twin/clock")).body
    if not isinstance(shown, dict) or shown.get("mode") != "manual":
        return Clock()
    return Moved(lambda seconds: advance(send, seconds))


def advance(send: Send, seconds: float) -> None:
    answer = send(Request("POST", "/_twin/clock", {"advance": seconds}))
    if answer.status >= 400:
        raise GitHubError(
            f"{answer.status} from POST /_twin/clock", status=answer.status, where="connection"
        )


def whoami(send: Send, server: Server) -> str:
    answer = send(Request("GET", "/user"))
    if answer.status in (401, 403):
        raise Refused(
            f"{server.api_url} does not know this token" if server.token else "no token",
            where="credentials",
            hint="set GITHUB_TOKEN to a token of the account that should do this",
        )
    if answer.status >= 400:
        raise GitHubError(
            f"{answer.status} from GET /user", status=answer.status, where="connection"
        )
    return str(answer.body["login"])


def api_of(host: str) -> str:
    return "https://api.github.com" if host == "github.com" else f"https://{host}/api/v3"


def git_of(api: str) -> str:
    if api == "https://api.github.com":
        return "https://github.com"
    return api.removesuffix("/api/v3")


def check_owner(manifest: Manifest, gh: Reader) -> None:
    """Raises MetaError where the owner that everything belongs to is not there."""
    if gh.find(f"/users/{manifest.owner}") is None:
        raise MetaError(
            f"there is no organization or user {manifest.owner!r} on {gh.server.api_url}",
            where="owner",
            hint="organizations are made by hand; a twin gets one by `meta twin seed`",
        )


def writer(connection: Connection, manifest: Manifest, environment: Mapping[str, str]) -> Writer:
    """The only place where a writer is made. Raises Refused."""
    if environment.get("META_READ_ONLY", "") not in ("", "0"):
        raise Refused("META_READ_ONLY is set", where="sync", hint="unset it to write")
    at = urlsplit(connection.server.api_url).netloc
    if not connection.is_twin and at not in (manifest.host, urlsplit(api_of(manifest.host)).netloc):
        raise Refused(
            f"{at} is neither the manifest's host {manifest.host} nor a twin",
            where="sync",
            hint="correct `host:` in the manifest, or GITHUB_API_URL",
        )
    return Writer(connection.send, connection.server)
