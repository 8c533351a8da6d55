"""/autolinks of a repository: words in texts that lead elsewhere."""

from __future__ import annotations

from typing import Any

from meta.twin.rest.labels import scope
from meta.twin.rest.shapes import repos
from meta.twin.store import Exists, NotFound, Row, row_id
from meta.twin.web import Answer, Call, Refusal, invalid, there, whole

KIND = "autolink"
MOST = 500


def all_of(call: Call, repo: Row) -> list[dict[str, Any]]:
    return [_shown(row) for row in call.store.rows(KIND, scope(repo))]


def show(call: Call, repo: Row, number: str) -> dict[str, Any]:
    return _shown(_find(call, repo, number))


def create(call: Call, repo: Row) -> Answer:
    prefix, template = call.text("key_prefix"), call.text("url_template")
    if not prefix.strip():
        raise invalid("KeyLink", "key_prefix", "missing_field")
    if "<num>" not in template:
        message = "url_template must contain a <num> token"
        raise invalid("KeyLink", "url_template", "custom", message)
    if len(call.store.rows(KIND, scope(repo))) >= MOST:
        raise Refusal(422, f"A repository has at most {MOST} autolinks")
    plain = call.fields.get("is_alphanumeric", True)
    doc = {"key_prefix": prefix, "url_template": template, "is_alphanumeric": bool(plain)}
    try:
        row = call.store.add(KIND, scope(repo), prefix.lower(), doc)
    except Exists as error:
        raise invalid("KeyLink", "key_prefix", "already_exists") from error
    return Answer(201, _shown(row), {"Location": f"{repos.api(call, repo)}/autolinks/{row.rest}"})


def delete(call: Call, repo: Row, number: str) -> None:
    call.store.drop(_find(call, repo, number))


def _find(call: Call, repo: Row, number: str) -> Row:
    row = there(call.store.by_id(row_id(KIND, whole(number))))
    if row.kind != KIND or row.scope != scope(repo):
        raise NotFound
    return row


def _shown(row: Row) -> dict[str, Any]:
    return {"id": row.rest, **row.doc, "updated_at": row.updated}


AUTOLINKS = "/repos/{owner}/{repo}/autolinks"
ROUTES = [
    ("GET", AUTOLINKS, all_of),
    ("POST", AUTOLINKS, create),
    ("GET", f"{AUTOLINKS}/{{number}}", show),
    ("DELETE", f"{AUTOLINKS}/{{number}}", delete),
]
