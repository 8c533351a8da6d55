"""/pulls/{number}/reviews: write, submit, change, dismiss, delete what people say of a change."""

from __future__ import annotations

from typing import Any

from meta.twin import reviews
from meta.twin.rest import automerge
from meta.twin.rest.labels import scope
from meta.twin.rest.pulls import ONE
from meta.twin.rest.pulls import find as find_pull
from meta.twin.rest.shapes import repos, users
from meta.twin.store import NotFound, Row, now, row_id
from meta.twin.web import Answer, Call, Refusal, page, there, whole

EVENTS = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


def all_of(call: Call, repo: Row, number: str) -> Answer:
    """Pending ones are their author's alone."""
    pull = find_pull(call, repo, number)
    mine = (call.login, None)
    kept = [
        row
        for row in reviews.of(call.store, pull)
        if row.doc["state"] != "PENDING" or row.doc["author"] in mine
    ]
    return page(call, kept, lambda row: shown(call, repo, pull, row))


def show(call: Call, repo: Row, number: str, review: str) -> dict[str, Any]:
    return shown(call, repo, *_find(call, repo, number, review))


def create(call: Call, repo: Row, number: str) -> dict[str, Any]:
    """Without an event it is pending until it is submitted."""
    pull, event = find_pull(call, repo, number), call.fields.get("event")
    if call.fields.get("comments"):
        raise Refusal(501, "the twin has no comments on lines")
    return shown(call, repo, pull, add(call, repo, pull, event, call.fields.get("body")))


def add(call: Call, repo: Row, pull: Row, event: Any, body: Any) -> Row:
    """A new review; raises Refusal where GitHub would."""
    store, login = call.store, call.user()
    said = reviews.of(store, pull)
    if any(row.doc["state"] == "PENDING" and row.doc["author"] == login for row in said):
        raise Refusal(422, "Unprocessable Entity", ["User can only have one pending review"])
    doc = {"author": login, "body": str(body or ""), "state": "PENDING", "pull": pull.id}
    doc |= {"sha": pull.doc["head_sha"], "submitted_at": None}
    if event is not None:
        _submit(doc, pull, event)
    key = str(store.next_number(f"{scope(repo)}#reviews"))
    row = store.add(reviews.KIND, f"reviews:{pull.id}", key, doc)
    _said(call, repo, pull, row)
    return row


def update(call: Call, repo: Row, number: str, review: str) -> dict[str, Any]:
    pull, row = _find(call, repo, number, review)
    row.doc["body"] = call.text("body")
    call.store.save(row)
    return shown(call, repo, pull, row)


def submit(call: Call, repo: Row, number: str, review: str) -> dict[str, Any]:
    pull, row = _find(call, repo, number, review)
    if row.doc["state"] != "PENDING":
        raise Refusal(422, "Unprocessable Entity", ["Can not submit a submitted review"])
    row.doc["body"] = str(call.fields.get("body") or row.doc["body"])
    _submit(row.doc, pull, call.text("event"))
    call.store.save(row)
    _said(call, repo, pull, row)
    return shown(call, repo, pull, row)


def dismiss(call: Call, repo: Row, number: str, review: str) -> dict[str, Any]:
    pull, row = _find(call, repo, number, review)
    call.text("message")
    if row.doc["state"] not in ("APPROVED", "CHANGES_REQUESTED"):
        words = "Can not dismiss a commented pull request review"
        raise Refusal(422, "Unprocessable Entity", [words])
    row.doc["state"] = "DISMISSED"
    call.store.save(row)
    automerge.attempt(call.store, repo, pull)
    return shown(call, repo, pull, row)


def delete(call: Call, repo: Row, number: str, review: str) -> dict[str, Any]:
    pull, row = _find(call, repo, number, review)
    if row.doc["state"] != "PENDING":
        raise Refusal(422, "Unprocessable Entity", ["Can not delete a non-pending review"])
    call.store.drop(row)
    return shown(call, repo, pull, row)


def shown(call: Call, repo: Row, pull: Row, row: Row) -> dict[str, Any]:
    html = f"{repos.web(call, repo)}/pull/{pull.key}#pullrequestreview-{row.rest}"
    place = f"{repos.api(call, repo)}/pulls/{pull.key}"
    submitted = {"submitted_at": row.doc["submitted_at"]} if row.doc["submitted_at"] else {}
    return {
        "id": row.rest,
        "node_id": row.node,
        "user": users.simple(call, row.doc["author"]),
        "body": row.doc["body"],
        "state": row.doc["state"],
        "html_url": html,
        "pull_request_url": place,
        "author_association": "MEMBER" if call.store.get("org", "", repo.scope) else "OWNER",
        "_links": {"html": {"href": html}, "pull_request": {"href": place}},
        **submitted,
        "commit_id": row.doc["sha"],
    }


def _submit(doc: dict[str, Any], pull: Row, event: Any) -> None:
    if event not in EVENTS:
        raise Refusal(422, "Unprocessable Entity", [f"{event!r} is no event of a review"])
    own = doc["author"] == pull.doc["author"]
    if own and event != "COMMENT":
        words = {"APPROVE": "approve", "REQUEST_CHANGES": "request changes on"}[event]
        raise Refusal(422, "Unprocessable Entity", [f"Can not {words} your own pull request"])
    if event != "APPROVE" and not doc["body"]:
        raise Refusal(422, "Unprocessable Entity", ["Body can't be blank"])
    doc |= {"state": EVENTS[event], "submitted_at": now()}


def _said(call: Call, repo: Row, pull: Row, row: Row) -> None:
    """Whoever has reviewed is no longer asked to; and an approval may let a merge happen."""
    if row.doc["state"] == "PENDING":
        return
    asked = [login for login in pull.doc["reviewers"] if login != row.doc["author"].lower()]
    pull.doc["reviewers"] = asked
    call.store.save(pull)
    automerge.attempt(call.store, repo, pull)


def _find(call: Call, repo: Row, number: str, review: str) -> tuple[Row, Row]:
    """A review behind its pull request; raises NotFound."""
    pull = find_pull(call, repo, number)
    row = there(call.store.by_id(row_id(reviews.KIND, whole(review))))
    if row.kind != reviews.KIND or row.doc["pull"] != pull.id:
        raise NotFound
    return pull, row


PLACE = f"{ONE}/reviews"
ROUTES = [
    ("GET", PLACE, all_of),
    ("POST", PLACE, create),
    ("GET", f"{PLACE}/{{review}}", show),
    ("PUT", f"{PLACE}/{{review}}", update),
    ("DELETE", f"{PLACE}/{{review}}", delete),
    ("POST", f"{PLACE}/{{review}}/events", submit),
    ("PUT", f"{PLACE}/{{review}}/dismissals", dismiss),
]
