"""A request's token -> who calls, what it may do, and which repositories it sees.

Unknown tokens are the administrator's, unless the twin is closed to them. What is made at
`/_twin/tokens` or for an installation of an app may do what it was made for.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from meta.twin import access_roles
from meta.twin.actions import tokens as job_tokens
from meta.twin.incoming import Incoming
from meta.twin.store import NotFound, Row, Store
from meta.twin.view import ALL, View
from meta.twin.web import ADMIN, Refusal

#: What an administrator's token may do, in the words that clients look for.
SCOPES = ("admin:org", "delete_repo", "gist", "project", "repo", "workflow")
PREFIXES = {"classic": "ghp_", "fine": "github_pat_", "installation": "ghs_"}
WORDS = {
    "classic": "Not Found",
    "fine": "Resource not accessible by personal access token",
    "installation": "Resource not accessible by integration",
    "app": "Resource not accessible by integration",
}
SETTING = ("access", "", "open")


@dataclass(frozen=True, slots=True)
class Caller:
    """`sort` is admin, nobody, job, classic, fine, app or installation.

    A token is for the repositories of `account` ("" for anyone's), and of these for `repos` (None
    for all). Limits are counted by `key`, with `allowance` for an hour where it differs; `number`
    is the id of the account that acts.
    """

    sort: str
    login: str = ""
    key: str = "anonymous"
    number: int = 0
    allowance: int | None = None
    scopes: tuple[str, ...] = ()
    permissions: Mapping[str, str] = field(default_factory=dict)
    repos: frozenset[int] | None = None
    account: str = ""
    row: Row | None = None
    expires: float | None = None

    @property
    def free(self) -> bool:
        """Whether nothing is to be checked here."""
        return self.sort in ("admin", "nobody", "job")

    @property
    def words(self) -> str:
        return WORDS.get(self.sort, "Not Found")

    def headers(self) -> dict[str, str]:
        shown: dict[str, str] = {}
        if self.sort in ("admin", "classic"):
            shown["X-OAuth-Scopes"] = ", ".join(self.scopes)
        if self.expires is not None:
            moment = datetime.fromtimestamp(self.expires, UTC)
            shown["GitHub-Authentication-Token-Expiration"] = f"{moment:%Y-%m-%d %H:%M:%S} UTC"
        return shown


NOBODY = Caller("nobody", allowance=60)
_CALLER: ContextVar[Caller] = ContextVar("caller", default=NOBODY)


def current() -> Caller:
    """Whoever the running request is of."""
    return _CALLER.get()


@contextmanager
def calling(caller: Caller) -> Iterator[None]:
    token = _CALLER.set(caller)
    try:
        yield
    finally:
        _CALLER.reset(token)


def caller(store: Store, request: Incoming) -> Caller:
    """Who calls; raises Refusal (401) for a token that is over, or not known where it must be."""
    token = given(request)
    if not token:
        return NOBODY
    if token.count(".") == 2 and token.startswith("eyJ"):
        from meta.twin.access_jwt import app_of

        app = app_of(store, token)
        login = f"{app.doc['slug']}[bot]"
        return Caller("app", login, f"app {app.id}", app.rest, row=app)
    row = store.get("token", "", digest(token))
    if row is not None:
        return _of_row(store, row)
    if job_tokens.find(store, token) is not None:
        return Caller("job", key=digest(token)[:12], allowance=1000)
    if not is_open(store):
        raise Refusal(401, "Bad credentials")
    number = store.get("user", "", ADMIN)
    return Caller("admin", ADMIN, ADMIN, number.rest if number else 0, scopes=SCOPES)


def _of_row(store: Store, row: Row) -> Caller:
    doc = row.doc
    if doc["expires"] is not None and doc["expires"] <= store.clock.seconds():
        raise Refusal(401, "Bad credentials")
    user = store.get("user", "", doc["login"].lower())
    if user is None or (doc["sort"] == "installation" and _suspended(store, doc)):
        raise Refusal(401, "Bad credentials")
    repos = None if doc["repos"] is None else frozenset(doc["repos"])
    where = doc.get("installation")
    return Caller(
        doc["sort"],
        doc["login"],
        f"installation {where}" if where else doc["login"],
        user.rest,
        scopes=tuple(doc["scopes"]),
        permissions=doc["permissions"],
        repos=repos,
        account=doc["account"],
        row=row,
        expires=doc["expires"],
    )


def _suspended(store: Store, doc: dict[str, Any]) -> bool:
    """Whether the installation that a token was made for is gone."""
    return store.by_id(doc["installation"]) is None


def given(request: Incoming) -> str:
    """The token of a request, however it is sent; "" for none."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() in ("bearer", "token"):
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        name, _, word = base64.b64decode(value).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return value.strip()
    return name if word in ("", "x-oauth-basic") else word


def view(store: Store, caller: Caller, since: str = "") -> View:
    """What a caller sees of the twin, and what of it is closed to its writes."""
    if caller.free:
        return View(since=since) if since else ALL
    if caller.sort == "app":
        # It comes to its own routes alone, which look at where it is installed.
        return View(caller.login, since=since)
    hidden, closed = set(), set()
    for repo in store.rows("repo"):
        name = f"{repo.scope}/{repo.key}"
        role = access_roles.role(store, caller.login, repo, installed=caller.sort == "installation")
        inside = caller.account in ("", repo.scope) and (
            caller.repos is None or repo.id in caller.repos
        )
        if repo.doc["private"] and not (inside and role and _reads_private(caller)):
            hidden.add(name)
        if not inside or (caller.sort == "classic" and not writes_repo(caller, repo)):
            closed.add(name)
    return View(caller.login, frozenset(hidden), frozenset(closed), caller.words, since)


def _reads_private(caller: Caller) -> bool:
    return caller.sort != "classic" or "repo" in caller.scopes


def writes_repo(caller: Caller, repo: Row) -> bool:
    """Whether a classic token's scopes let it write to a repository."""
    return "repo" in caller.scopes or ("public_repo" in caller.scopes and not repo.doc["private"])


def make(store: Store, sort: str, login: str, **doc: Any) -> tuple[str, Row]:
    """A new token and its row; the twin keeps no more than its digest."""
    token = PREFIXES[sort] + secrets.token_hex(18)
    whole = {
        "sort": sort,
        "login": login,
        "scopes": [],
        "permissions": {},
        "repos": None,
        "account": "",
        "expires": None,
        **doc,
    }
    return token, store.add("token", "", digest(token), whole)


def is_open(store: Store) -> bool:
    """Whether a token that was never made here is the administrator's."""
    row = store.get(*SETTING)
    return row is None or bool(row.doc["open"])


def set_open(store: Store, value: bool) -> None:
    row = store.get(*SETTING)
    if row is None:
        store.add(*SETTING, {"open": value})
    else:
        row.doc["open"] = value
        store.save(row)


def repository_ids(store: Store, names: Any, owner: str = "") -> list[int] | None:
    """The ids of repositories given by name or full name; None for all. Raises Refusal."""
    if names is None:
        return None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Refusal(422, '"repositories" is a list of names')
    found = []
    for name in names:
        place, _, key = (name if "/" in name else f"{owner}/{name}").partition("/")
        try:
            found.append(store.repo(place, key).id)
        except NotFound as error:
            raise Refusal(422, f"there is no repository {name}") from error
    return found


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
