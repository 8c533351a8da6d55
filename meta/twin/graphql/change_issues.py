"""Mutations of issues: make, edit, close, comment, label."""

from __future__ import annotations

from typing import Any

from meta.twin import webhooks
from meta.twin.graphql.change_items import add_item, check_owner
from meta.twin.graphql.change_relations import type_id
from meta.twin.graphql.context import Context, Problem, Resolvers
from meta.twin.graphql.roots import actor
from meta.twin.relations import forget
from meta.twin.rest.issues import LONGEST_BODY, LONGEST_TITLE, action, blank
from meta.twin.rest.subissues import hang
from meta.twin.store import Row, now
from meta.twin.web import Refusal

Given = dict[str, Any]


def create_issue(ctx: Context, given: Given) -> dict[str, Any]:
    """One request may give the issue its labels, milestone, parent and boards."""
    repo = ctx.find(given["repositoryId"], "repo")
    if repo.doc.get("has_issues") is False:
        raise Problem(f"Issues has been disabled in the {repo.doc['name']} repository.")
    if repo.doc.get("archived"):
        raise Problem("Repository was archived so is read-only.", "FORBIDDEN")
    _no_classic(given)
    doc = {
        **blank(ctx.login),
        "title": title(given["title"]),
        "body": body(given.get("body") or ""),
        "labels": label_ids(ctx, repo, given.get("labelIds") or []),
        "milestone": milestone_id(ctx, repo, given.get("milestoneId")),
        "assignees": logins(ctx, given.get("assigneeIds") or []),
        "type": type_id(ctx, inside(repo), given.get("issueTypeId")),
    }
    boards = [ctx.find(board, "project") for board in given.get("projectV2Ids") or []]
    parent = ctx.find(given["parentIssueId"], "issue") if given.get("parentIssueId") else None
    scope = inside(repo)
    check_owner(scope, boards)
    number = ctx.store.next_number(scope)
    issue = ctx.store.add("issue", scope, str(number), doc | {"number": number})
    if parent:
        _hang(ctx, parent, issue)
    for board in boards:
        add_item(ctx, board, issue)
    webhooks.issued(ctx.store, repo, issue, "opened")
    return {"issue": issue}


def _hang(ctx: Context, parent: Row, issue: Row) -> None:
    """Under its parent, or gone again: what is refused leaves no issue behind."""
    try:
        hang(ctx.store, parent, issue, replace=False)
    except Refusal:
        ctx.store.drop(issue)
        raise


def update_issue(ctx: Context, given: Given) -> dict[str, Any]:
    """A field that is not given stays; a milestone given as null goes."""
    _no_classic(given)
    issue = ctx.find(given["id"], "issue")
    before = issue.doc["state"]
    edit(ctx, issue, given)
    if given.get("state"):
        set_state(ctx, issue, given["state"].lower(), "completed")
    ctx.store.save(issue)
    webhooks.issued(ctx.store, ctx.repo(issue.scope), issue, action(before, issue.doc["state"]))
    return {"issue": issue, "actor": actor(ctx, ctx.login)}


def edit(ctx: Context, row: Row, given: Given) -> None:
    """The fields that an issue and a pull request have in common, into the row's document."""
    repo = ctx.repo(row.scope)
    if given.get("title") is not None:
        row.doc["title"] = title(given["title"])
    if given.get("body") is not None:
        row.doc["body"] = body(given["body"])
    if given.get("labelIds") is not None:
        row.doc["labels"] = label_ids(ctx, repo, given["labelIds"])
    if given.get("assigneeIds") is not None:
        row.doc["assignees"] = logins(ctx, given["assigneeIds"])
    if "milestoneId" in given:
        row.doc["milestone"] = milestone_id(ctx, repo, given["milestoneId"])
    if "issueTypeId" in given:
        row.doc["type"] = type_id(ctx, row.scope, given["issueTypeId"])


def _no_classic(given: Given) -> None:
    """The projects before Projects are gone from GitHub; clients name them out of habit."""
    if given.get("projectIds"):
        raise Problem("Projects (classic) has been deprecated")


def close_issue(ctx: Context, given: Given) -> dict[str, Any]:
    issue = ctx.find(given["issueId"], "issue")
    set_state(ctx, issue, "closed", (given.get("stateReason") or "COMPLETED").lower())
    ctx.store.save(issue)
    webhooks.issued(ctx.store, ctx.repo(issue.scope), issue, "closed")
    return {"issue": issue}


def reopen_issue(ctx: Context, given: Given) -> dict[str, Any]:
    issue = ctx.find(given["issueId"], "issue")
    set_state(ctx, issue, "open", "")
    ctx.store.save(issue)
    webhooks.issued(ctx.store, ctx.repo(issue.scope), issue, "reopened")
    return {"issue": issue}


def delete_issue(ctx: Context, given: Given) -> dict[str, Any]:
    """Its sub-issues stay, without a parent; its places on boards go with it."""
    issue = ctx.find(given["issueId"], "issue")
    forget(ctx.store, issue)
    ctx.store.drop(issue)
    return {"repository": ctx.repo(issue.scope)}


def set_state(ctx: Context, row: Row, state: str, reason: str) -> None:
    """Opens or closes; nothing changes for what is so already, but for the reason."""
    was = row.doc["state"]
    if state == "closed":
        row.doc["state_reason"] = reason
        row.doc["closed_at"] = row.doc["closed_at"] or now()
        row.doc["closed_by"] = row.doc.get("closed_by") or ctx.login
    elif was == "closed":
        row.doc |= {"state_reason": "reopened", "closed_at": None, "closed_by": None}
    row.doc["state"] = state


def add_comment(ctx: Context, given: Given) -> dict[str, Any]:
    subject = ctx.find(given["subjectId"], "issue", "pull")
    if not given["body"].strip():
        raise Problem("Body cannot be blank")
    number = ctx.store.next_number(f"{subject.scope}#comments")
    doc = {"issue": subject.id, "body": body(given["body"]), "author": ctx.login}
    comment = ctx.store.add("comment", subject.scope, str(number), doc)
    ctx.store.save(subject)
    return {"subject": subject, "commentEdge": {"cursor": comment.node, "node": comment}}


def add_labels(ctx: Context, given: Given) -> dict[str, Any]:
    row = ctx.find(given["labelableId"], "issue", "pull")
    more = label_ids(ctx, ctx.repo(row.scope), given["labelIds"])
    row.doc["labels"] = list(dict.fromkeys([*row.doc["labels"], *more]))
    ctx.store.save(row)
    return {"labelable": row}


def remove_labels(ctx: Context, given: Given) -> dict[str, Any]:
    row = ctx.find(given["labelableId"], "issue", "pull")
    gone = {ctx.find(id, "label").id for id in given["labelIds"]}
    row.doc["labels"] = [id for id in row.doc["labels"] if id not in gone]
    ctx.store.save(row)
    return {"labelable": row}


def inside(repo: Row) -> str:
    """The scope of everything in a repository."""
    return f"{repo.scope}/{repo.key}"


def title(text: str) -> str:
    if not text.strip():
        raise Problem("Title can't be blank")
    if len(text) > LONGEST_TITLE:
        raise Problem(f"Title is too long (maximum is {LONGEST_TITLE} characters)")
    return text


def body(text: str) -> str:
    if len(text) > LONGEST_BODY:
        raise Problem(f"Body is too long (maximum is {LONGEST_BODY} characters)")
    return text


def label_ids(ctx: Context, repo: Row, nodes: list[str]) -> list[int]:
    rows = [ctx.find(node, "label") for node in dict.fromkeys(nodes)]
    for row in rows:
        if row.scope != inside(repo):
            raise _elsewhere(row.node)
    return [row.id for row in rows]


def milestone_id(ctx: Context, repo: Row, node: str | None) -> int | None:
    if node is None:
        return None
    row = ctx.find(node, "milestone")
    if row.scope != inside(repo):
        raise _elsewhere(node)
    return row.id


def logins(ctx: Context, nodes: list[str]) -> list[str]:
    return [str(ctx.find(node, "user").doc["login"]) for node in nodes]


def _elsewhere(node: str) -> Problem:
    return Problem(f"Could not resolve to a node with the global id of '{node}'", "NOT_FOUND")


CHANGES: Resolvers = {
    "createIssue": create_issue,
    "updateIssue": update_issue,
    "closeIssue": close_issue,
    "reopenIssue": reopen_issue,
    "deleteIssue": delete_issue,
    "addComment": add_comment,
    "addLabelsToLabelable": add_labels,
    "removeLabelsFromLabelable": remove_labels,
}
