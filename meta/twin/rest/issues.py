"""/issues of a repository: list, show, create, change. Pull requests are issues too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from meta.twin import webhooks
from meta.twin.rest import labels, milestones
from meta.twin.rest.labels import scope
from meta.twin.rest.shapes import issues as shapes
from meta.twin.store import Row, now
from meta.twin.web import Answer, Call, Refusal, invalid, page, there, whole

LONGEST_BODY = 65_536
LONGEST_TITLE = 256
REASONS = ("completed", "not_planned", "duplicate", "reopened")
ORDERS = {
    "created": lambda row: (row.created, row.id),
    "updated": lambda row: (row.updated, row.id),
}


def all_of(call: Call, repo: Row) -> Answer:
    rows = [row for kind in ("issue", "pull") for row in call.store.rows(kind, scope(repo))]
    kept = [row for row in rows if _fits(call, repo, row)]
    kept.sort(key=_order(call), reverse=call.query.get("direction", "desc") != "asc")
    return page(call, kept, lambda row: shapes.issue(call, repo, row))


def _order(call: Call) -> Callable[[Row], Any]:
    by = call.query.get("sort", "created")
    if by == "comments":
        return lambda row: (len(call.store.where("comment", "issue", row.id)), row.id)
    return ORDERS.get(by, ORDERS["created"])


def show(call: Call, repo: Row, number: str) -> Any:
    """An issue that was transferred answers with where it is now."""
    gone = call.store.get("moved_issue", scope(repo), number)
    if gone:
        row = there(call.store.by_id(gone.doc["content"]))
        url = shapes.issue(call, shapes.repo_of(call, row), row)["url"]
        return Answer(301, {"message": "Moved Permanently", "url": url}, {"Location": url})
    return shapes.issue(call, repo, find(call, repo, number))


def create(call: Call, repo: Row) -> Answer:
    if not repo.doc["has_issues"]:
        raise Refusal(410, "Issues has been disabled in this repository.")
    call.text("title")
    doc = blank(call.user())
    change(call, repo, doc)
    number = call.store.next_number(scope(repo))
    row = call.store.add("issue", scope(repo), str(number), doc | {"number": number})
    webhooks.issued(call.store, repo, row, "opened")
    shown = shapes.issue(call, repo, row)
    return Answer(201, shown, {"Location": shown["url"]})


def update(call: Call, repo: Row, number: str) -> dict[str, Any]:
    row = find(call, repo, number)
    before = row.doc["state"]
    change(call, repo, row.doc)
    _set_state(call, row.doc)
    call.store.save(row)
    webhooks.issued(call.store, repo, row, action(before, row.doc["state"]))
    return shapes.issue(call, repo, row)


def action(before: str, after: str) -> str:
    """What an event calls a change."""
    if before == after:
        return "edited"
    return "closed" if after == "closed" else "reopened"


def find(call: Call, repo: Row, number: str) -> Row:
    """The issue or pull request of a number; raises NotFound."""
    key = str(whole(number))
    found = call.store.get("issue", scope(repo), key) or call.store.get("pull", scope(repo), key)
    return there(found)


def blank(author: str) -> dict[str, Any]:
    """What a new issue or pull request is before anything is said about it."""
    nothing = ("body", "state_reason", "milestone", "parent", "type", "closed_at", "closed_by")
    return {
        **dict.fromkeys(nothing),
        "title": "",
        "state": "open",
        "labels": [],
        "assignees": [],
        "sub_order": 0,
        "author": author,
    }


def change(call: Call, repo: Row, doc: dict[str, Any]) -> None:
    """Takes title, body, milestone, labels and assignees of a call; raises Refusal."""
    fields = call.fields
    if fields.get("title") is not None:
        doc["title"] = _valid_title(str(fields["title"]))
    if "body" in fields:
        doc["body"] = valid_body(fields["body"])
    if "milestone" in fields:
        doc["milestone"] = _milestone(call, repo, fields["milestone"])
    if fields.get("labels") is not None:
        doc["labels"] = label_ids(call, repo, fields["labels"])
    if fields.get("assignees") is not None:
        doc["assignees"] = _people(call, fields["assignees"])
    if "type" in fields:
        doc["type"] = _type(call, repo, fields["type"])


def valid_body(body: Any, resource: str = "Issue") -> str | None:
    if body is not None and len(str(body)) > LONGEST_BODY:
        message = f"body is too long (maximum is {LONGEST_BODY} characters)"
        raise invalid(resource, "body", "custom", message)
    return None if body is None else str(body)


def label_ids(call: Call, repo: Row, given: Any) -> list[int]:
    """Row ids of labels by name; one that is not there comes into being, as on GitHub."""
    if not isinstance(given, list):
        raise Refusal(422, "Invalid request.\n\nFor 'labels', expected an array.")
    ids = []
    for each in given:
        name = str(each.get("name", "") if isinstance(each, dict) else each)
        row = call.store.get("label", scope(repo), name.strip().lower())
        ids.append((row or labels.add(call, repo, name, {})).id)
    return list(dict.fromkeys(ids))


def _valid_title(title: str) -> str:
    if not title.strip():
        raise invalid("Issue", "title", "missing_field")
    if len(title) > LONGEST_TITLE:
        message = f"title is too long (maximum is {LONGEST_TITLE} characters)"
        raise invalid("Issue", "title", "custom", message)
    return title


def _milestone(call: Call, repo: Row, number: Any) -> int | None:
    if number is None:
        return None
    row = call.store.get("milestone", scope(repo), str(number))
    if row is None:
        raise invalid("Issue", "milestone", "invalid")
    return row.id


def _type(call: Call, repo: Row, name: Any) -> int | None:
    if name is None:
        return None
    row = call.store.get("issue_type", repo.scope, str(name).lower())
    if row is None or not row.doc["is_enabled"]:
        raise invalid("Issue", "type", "invalid")
    return row.id


def _people(call: Call, given: Any) -> list[str]:
    logins = []
    for login in given if isinstance(given, list) else [given]:
        user = call.store.get("user", "", str(login).lower())
        if user is None:
            raise invalid("Issue", "assignees", "invalid")
        logins.append(user.doc["login"])
    return list(dict.fromkeys(logins))


def _set_state(call: Call, doc: dict[str, Any]) -> None:
    state, reason = call.fields.get("state"), call.fields.get("state_reason")
    if state is None:
        return
    if state not in milestones.STATES or (reason is not None and reason not in REASONS):
        raise invalid("Issue", "state", "invalid")
    if doc.get("merged") and state == "open":
        raise invalid("Issue", "state", "invalid")
    if state == "closed":
        doc["closed_at"] = doc["closed_at"] or now()
        doc["closed_by"] = doc.get("closed_by") or call.login
        doc["state_reason"] = reason or doc["state_reason"] or "completed"
        doc["state_reason"] = (
            "completed" if doc["state_reason"] == "reopened" else doc["state_reason"]
        )
    elif doc["state"] == "closed":
        doc |= {"closed_at": None, "closed_by": None, "state_reason": "reopened"}
    doc["state"] = state


def _fits(call: Call, repo: Row, row: Row) -> bool:
    query, doc = call.query, row.doc
    if query.get("state", "open") not in ("all", doc["state"]):
        return False
    if query.get("labels") and not _has_labels(call, repo, doc, query["labels"]):
        return False
    if "since" in query and row.updated < query["since"]:
        return False
    if query.get("creator", doc["author"]).lower() != doc["author"].lower():
        return False
    if (
        query.get("mentioned")
        and f"@{query['mentioned']}".lower() not in (doc["body"] or "").lower()
    ):
        return False
    found = _in_milestone(call, repo, doc) and _of_type(call, repo, doc)
    return found and _assigned(query.get("assignee"), doc["assignees"])


def _of_type(call: Call, repo: Row, doc: dict[str, Any]) -> bool:
    match call.query.get("type"):
        case None:
            return True
        case "*":
            return doc.get("type") is not None
        case "none":
            return doc.get("type") is None
        case name:
            row = call.store.get("issue_type", repo.scope, name.lower())
            return row is not None and doc.get("type") == row.id


def _has_labels(call: Call, repo: Row, doc: dict[str, Any], names: str) -> bool:
    rows = (call.store.get("label", scope(repo), name.lower()) for name in names.split(","))
    return all(row is not None and row.id in doc["labels"] for row in rows)


def _in_milestone(call: Call, repo: Row, doc: dict[str, Any]) -> bool:
    match call.query.get("milestone"):
        case None:
            return True
        case "*":
            return doc["milestone"] is not None
        case "none":
            return doc["milestone"] is None
        case number:
            row = call.store.get("milestone", scope(repo), number)
            return row is not None and doc["milestone"] == row.id


def _assigned(login: str | None, assignees: list[str]) -> bool:
    match login:
        case None:
            return True
        case "*":
            return bool(assignees)
        case "none":
            return not assignees
    return login in assignees


ISSUES = "/repos/{owner}/{repo}/issues"
ROUTES = [
    ("GET", ISSUES, all_of),
    ("POST", ISSUES, create),
    ("GET", f"{ISSUES}/{{number}}", show),
    ("PATCH", f"{ISSUES}/{{number}}", update),
]
