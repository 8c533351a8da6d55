"""Mutations of boards and of their fields."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

from meta.twin.graphql.context import Context, Problem, Resolvers
from meta.twin.graphql.projects import inside, items, project_of
from meta.twin.store import Exists, Row, now

#: The fields that every new board has, in GitHub's order.
BUILT_IN = {
    "Title": "TITLE",
    "Assignees": "ASSIGNEES",
    "Status": "SINGLE_SELECT",
    "Labels": "LABELS",
    "Linked pull requests": "LINKED_PULL_REQUESTS",
    "Milestone": "MILESTONE",
    "Repository": "REPOSITORY",
    "Reviewers": "REVIEWERS",
    "Parent issue": "PARENT_ISSUE",
    "Sub-issues progress": "SUB_ISSUES_PROGRESS",
}
STATUS = (
    {"name": "Todo", "color": "GREEN", "description": "This item hasn't been started"},
    {"name": "In Progress", "color": "YELLOW", "description": "This is actively being worked on"},
    {"name": "Done", "color": "PURPLE", "description": "This has been completed"},
)
CUSTOM = frozenset({"TEXT", "NUMBER", "DATE", "SINGLE_SELECT", "ITERATION"})
OPTION_LIMIT = 50
Given = dict[str, Any]


def create_project(ctx: Context, given: Given) -> dict[str, Any]:
    owner = ctx.find(given["ownerId"], "org", "user")
    if not given["title"].strip():
        raise Problem("Title can't be blank")
    repo = _linkable(ctx, owner.key, given["repositoryId"]) if given.get("repositoryId") else None
    number = ctx.store.next_number(f"{owner.key}#projects")
    doc = {
        "title": given["title"],
        "closed": False,
        "closed_at": None,
        "public": False,
        "readme": None,
        "shortDescription": None,
        "creator": ctx.login,
        "repositories": [repo.id] if repo else [],
    }
    project = ctx.store.add("project", owner.key, str(number), doc)
    for name, sort in BUILT_IN.items():
        _add_field(ctx, project, name, sort, STATUS if name == "Status" else ())
    return {"projectV2": project}


def update_project(ctx: Context, given: Given) -> dict[str, Any]:
    project = ctx.find(given["projectId"], "project")
    for name in ("title", "shortDescription", "readme", "public", "closed"):
        if given.get(name) is not None:
            project.doc[name] = given[name]
    if given.get("closed") is not None:
        project.doc["closed_at"] = now() if given["closed"] else None
    ctx.store.save(project)
    return {"projectV2": project}


def delete_project(ctx: Context, given: Given) -> dict[str, Any]:
    project = ctx.find(given["projectId"], "project")
    ctx.store.drop_scope(inside(project))
    ctx.store.drop(project)
    return {"projectV2": project}


def create_field(ctx: Context, given: Given) -> dict[str, Any]:
    project = ctx.find(given["projectId"], "project")
    options = given.get("singleSelectOptions") or []
    if given["dataType"] == "SINGLE_SELECT" and not options:
        raise Problem("Single select options are required for a single select field")
    _check_options(options)
    weeks = given.get("iterationConfiguration")
    field = _add_field(ctx, project, given["name"], given["dataType"], options)
    if given["dataType"] == "ITERATION":
        field.doc["configuration"] = _iterations(weeks)
        ctx.store.save(field)
    return {"projectV2Field": field}


def update_field(ctx: Context, given: Given) -> dict[str, Any]:
    """Options that are given replace all that were there: each gets a new id, and no item
    keeps a value that named an old one.
    """
    field = ctx.find(given["fieldId"], "project_field")
    if given.get("name"):
        _rename(field, given["name"])
    if given.get("singleSelectOptions") is not None:
        if field.doc["dataType"] != "SINGLE_SELECT":
            raise Problem("Only a single select field has options")
        _check_options(given["singleSelectOptions"])
        field.doc["options"] = _options(ctx, field, given["singleSelectOptions"])
    try:
        ctx.store.save(field)
    except Exists as error:
        raise Problem("Name has already been taken") from error
    if given.get("singleSelectOptions") is not None:
        _clear(ctx, field)
    return {"projectV2Field": field}


def delete_field(ctx: Context, given: Given) -> dict[str, Any]:
    field = ctx.find(given["fieldId"], "project_field")
    if field.doc["name"] in BUILT_IN:
        raise Problem("The field is one of the board's own and cannot be deleted")
    _clear(ctx, field)
    ctx.store.drop(field)
    return {"projectV2Field": field}


def link(ctx: Context, given: Given) -> dict[str, Any]:
    project = ctx.find(given["projectId"], "project")
    repo = _linkable(ctx, project.scope, given["repositoryId"])
    project.doc["repositories"] = list(dict.fromkeys([*project.doc["repositories"], repo.id]))
    ctx.store.save(project)
    return {"repository": repo}


def unlink(ctx: Context, given: Given) -> dict[str, Any]:
    project = ctx.find(given["projectId"], "project")
    repo = ctx.find(given["repositoryId"], "repo")
    project.doc["repositories"] = [id for id in project.doc["repositories"] if id != repo.id]
    ctx.store.save(project)
    return {"repository": repo}


def _linkable(ctx: Context, owner: str, node: str) -> Row:
    repo = ctx.find(node, "repo")
    if repo.scope != owner:
        raise Problem("The repository must belong to the same owner as the project")
    return repo


def _add_field(ctx: Context, project: Row, name: str, sort: str, options: Any) -> Row:
    """A new field; a Problem where its name is empty or taken."""
    if not name.strip():
        raise Problem("Name can't be blank")
    doc: dict[str, Any] = {"name": name, "dataType": sort, "options": []}
    try:
        field = ctx.store.add("project_field", inside(project), name.lower(), doc)
    except Exists as error:
        raise Problem("Name has already been taken") from error
    if options:
        field.doc["options"] = _options(ctx, field, options)
        ctx.store.save(field)
    return field


def _check_options(given: Any) -> None:
    if len(given) > OPTION_LIMIT:
        raise Problem(f"A single select field cannot have more than {OPTION_LIMIT} options")
    names = [one["name"] for one in given]
    if len(set(names)) != len(names):
        raise Problem("Options must have unique names")


def _options(ctx: Context, field: Row, given: Any) -> list[dict[str, Any]]:
    return [{"id": _fresh(ctx, field), **one} for one in given]


def _fresh(ctx: Context, field: Row) -> str:
    """An id for an option that no option of the field ever had."""
    number = ctx.store.next_number(f"{field.scope}#options-{field.id}")
    return hashlib.sha256(f"{field.id}/{number}".encode()).hexdigest()[:8]


def _iterations(given: dict[str, Any] | None) -> dict[str, Any]:
    """Iterations as declared, or three of two weeks each, as GitHub makes them."""
    weeks = given or {"startDate": date.today().isoformat(), "duration": 14, "iterations": []}
    start = date.fromisoformat(weeks["startDate"])
    length = timedelta(days=weeks["duration"])
    named = weeks["iterations"] or [
        {
            "title": f"Iteration {n + 1}",
            "startDate": (start + n * length).isoformat(),
            "duration": weeks["duration"],
        }
        for n in range(3)
    ]
    made = [
        {"id": hashlib.sha256(f"{one['title']}".encode()).hexdigest()[:8], **one} for one in named
    ]
    return {"duration": weeks["duration"], "startDay": start.isoweekday(), "iterations": made}


def _rename(field: Row, name: str) -> None:
    if field.doc["dataType"] not in CUSTOM:
        raise Problem("The field is one of the board's own and cannot be renamed")
    field.doc["name"] = name
    field.key = name.lower()


def _clear(ctx: Context, field: Row) -> None:
    for item in items(project_of(field, ctx), ctx):
        if item.doc["values"].pop(str(field.id), None) is not None:
            ctx.store.save(item)


CHANGES: Resolvers = {
    "createProjectV2": create_project,
    "updateProjectV2": update_project,
    "deleteProjectV2": delete_project,
    "createProjectV2Field": create_field,
    "updateProjectV2Field": update_field,
    "deleteProjectV2Field": delete_field,
    "linkProjectV2ToRepository": link,
    "unlinkProjectV2FromRepository": unlink,
}
