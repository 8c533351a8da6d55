"""What every handler gets and gives: a call, an answer, a refusal, a page of a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from meta.twin.store import NotFound, Row, Store

DOCS = "https://docs.github.com/rest"
ADMIN = "twin-admin"


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is JSON, bytes as they are, or None for no body."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """An answer of 400 or more, in GitHub's words."""

    def __init__(self, status: int, message: str, errors: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {"message": message}
        if errors:
            self.body["errors"] = list(errors)
        self.body |= {"documentation_url": DOCS, "status": str(status)}


@dataclass(slots=True)
class Call:
    """One request. `api` and `web` are the addresses that its answer's links start with."""

    store: Store
    method: str
    path: str
    query: dict[str, str]
    body: Any
    login: str
    api: str
    web: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, Any]:
        """The body as an object; raises Refusal where it is something else."""
        if self.body is None:
            return {}
        if not isinstance(self.body, dict):
            raise Refusal(400, "Body should be a JSON object")
        return self.body

    def text(self, name: str) -> str:
        """A field that has to be there and to be text; raises Refusal."""
        value = self.fields.get(name)
        if value is None:
            raise Refusal(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.')
        if not isinstance(value, str):
            raise Refusal(422, f"Invalid request.\n\nFor '{name}', {value!r} is not a string.")
        return value

    def user(self) -> str:
        """Who calls; raises Refusal for nobody."""
        if not self.login:
            raise Refusal(401, "Requires authentication")
        return self.login


Handler = Callable[..., Any]


def invalid(resource: str, name: str, code: str, message: str = "") -> Refusal:
    """GitHub's 422 for one field: code is missing_field, already_exists, invalid or custom."""
    error = {"resource": resource, "code": code, "field": name}
    return Refusal(422, "Validation Failed", [error | ({"message": message} if message else {})])


def there(row: Row | None) -> Row:
    """The row; raises NotFound for None."""
    if row is None:
        raise NotFound
    return row


def whole(text: str) -> int:
    """A number of a path; raises NotFound for what is none."""
    if not text.isascii() or not text.isdigit():
        raise NotFound
    return int(text)


def page(call: Call, rows: Sequence[Any], show: Callable[[Any], Any], inside: str = "") -> Answer:
    """One page of a list with GitHub's Link header; only what is on it is shown.

    `inside` names the key that holds the rows, beside `total_count`, where GitHub has one.
    """
    size = min(max(_number(call.query.get("per_page"), 30), 1), 100)
    at = max(_number(call.query.get("page"), 1), 1)
    last = max(-(-len(rows) // size), 1)
    shown = [show(row) for row in rows[(at - 1) * size : at * size]]
    links: dict[str, int] = {}
    if at > 1:
        links |= {"prev": min(at - 1, last)}
    if at < last:
        links |= {"next": at + 1, "last": last}
    if at > 1:
        links |= {"first": 1}
    headers = {"Link": ", ".join(_link(call, number, rel) for rel, number in links.items())}
    body = {"total_count": len(rows), inside: shown} if inside else shown
    return Answer(200, body, headers if links else {})


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else default


def _link(call: Call, number: int, rel: str) -> str:
    query = urlencode({**call.query, "page": number})
    return f'<{call.api}{call.path}?{query}>; rel="{rel}"'
