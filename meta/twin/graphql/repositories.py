"""Resolvers of repositories and of what is set on them."""

from __future__ import annotations

from typing import Any

from meta.twin.graphql.code import default_ref, is_empty
from meta.twin.graphql.connection import connection, ordered
from meta.twin.graphql.context import Context, Problem, Resolver, Resolvers
from meta.twin.graphql.issues import in_states, labelled
from meta.twin.graphql.owners import always, database_id, of_doc, of_row, searched
from meta.twin.graphql.roots import missing
from meta.twin.store import Row


def inside(repo: Row) -> str:
    """The scope of everything in a repository."""
    return f"{repo.scope}/{repo.key}"


def full_name(repo: Row, ctx: Context) -> str:
    return f"{ctx.owner(repo.scope).doc['login']}/{repo.doc['name']}"


def issue(repo: Row, ctx: Context, number: int) -> Row:
    row = ctx.store.get("issue", inside(repo), str(number))
    if row is None:
        raise missing("Issue", f"with the number of {number}", "an")
    return row


def pull(repo: Row, ctx: Context, number: int) -> Row:
    row = ctx.store.get("pull", inside(repo), str(number))
    if row is None:
        raise missing("PullRequest", f"with the number of {number}")
    return row


def issue_or_pull(repo: Row, ctx: Context, number: int) -> Row:
    scope, key = inside(repo), str(number)
    row = ctx.store.get("issue", scope, key) or ctx.store.get("pull", scope, key)
    if row is None:
        raise missing("issue or pull request", f"with the number of {number}", "an")
    return row


def issues(repo: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    rows = in_states(ctx.store.rows("issue", inside(repo)), args.get("states"))
    rows = _filtered(labelled(rows, args.get("labels"), ctx), args.get("filterBy") or {}, ctx)
    return connection(ordered(rows, args.get("orderBy")), args)


def _filtered(rows: list[Row], by: dict[str, Any], ctx: Context) -> list[Row]:
    rows = labelled(in_states(rows, by.get("states")), by.get("labels"), ctx)
    if by.get("createdBy"):
        rows = [row for row in rows if row.doc["author"] == by["createdBy"]]
    if by.get("assignee"):
        rows = [row for row in rows if by["assignee"] in row.doc["assignees"]]
    if by.get("mentioned"):
        rows = [row for row in rows if f"@{by['mentioned']}" in (row.doc["body"] or "")]
    if by.get("since"):
        rows = [row for row in rows if row.updated >= by["since"]]
    if by.get("type"):
        rows = [row for row in rows if _is_of_type(row, by["type"], ctx)]
    number = by.get("milestoneNumber") or by.get("milestone")
    return [row for row in rows if number is None or _in_milestone(row, number, ctx)]


def _is_of_type(row: Row, name: str, ctx: Context) -> bool:
    """`name` is a type's name, or * for any."""
    held = ctx.row(row.doc.get("type"))
    return held is not None and name.lower() in ("*", held.key)


def _in_milestone(row: Row, number: str, ctx: Context) -> bool:
    """`number` is a milestone's number, or * for any."""
    held = ctx.row(row.doc["milestone"])
    return held is not None and number in ("*", held.key)


def pulls(repo: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    rows = [
        row
        for row in ctx.store.rows("pull", inside(repo))
        if args.get("headRefName") in (None, row.doc["head"])
        and args.get("baseRefName") in (None, row.doc["base"])
        and (not args.get("states") or pull_state(row) in args["states"])
    ]
    return connection(ordered(labelled(rows, args.get("labels"), ctx), args.get("orderBy")), args)


def pull_state(row: Row) -> str:
    """MERGED is a state of its own here; REST calls it closed."""
    return "MERGED" if row.doc.get("merged") else str(row.doc["state"]).upper()


def labels(repo: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    rows = searched(ctx.store.rows("label", inside(repo)), "name", args)
    return connection(ordered(rows, args.get("orderBy")), args)


def milestones(repo: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    rows = in_states(ctx.store.rows("milestone", inside(repo)), args.get("states"))
    return connection(ordered(searched(rows, "title", args), args.get("orderBy")), args)


def topics(repo: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    made = [
        {
            "id": f"RT_{repo.id}_{name}",
            "topic": {"id": f"T_{name}", "name": name},
            "url": ctx.url("topics", name),
            "resourcePath": f"/topics/{name}",
        }
        for name in repo.doc.get("topics") or []
    ]
    return connection(made, args)


def environments(repo: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    rows = ctx.store.rows("environment", inside(repo))
    rows = [row for row in rows if not args.get("names") or row.doc["name"] in args["names"]]
    return connection(ordered(rows, args.get("orderBy")), args)


def environment(repo: Row, ctx: Context, name: str) -> Row | None:
    rows = ctx.store.rows("environment", inside(repo))
    return next((row for row in rows if row.doc["name"].lower() == name.lower()), None)


def rulesets(repo: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    return connection(ctx.store.rows("ruleset", inside(repo)), args)


def ruleset(repo: Row, ctx: Context, databaseId: int, **_: Any) -> Row | None:  # noqa: N803
    rows = ctx.store.rows("ruleset", inside(repo))
    return next((row for row in rows if row.rest == databaseId), None)


def rules(row: Row, _: Context, **args: Any) -> dict[str, Any]:
    made = [
        {"id": f"RRU_{row.id}_{at}", "type": rule["type"].upper()}
        for at, rule in enumerate(row.doc["rules"])
    ]
    return connection(made, args)


def projects(repo: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    """The boards that are linked to the repository."""
    return connection(ordered(searched(_linked(repo, ctx), "title", args), args["orderBy"]), args)


def project(repo: Row, ctx: Context, number: int) -> Row:
    for row in _linked(repo, ctx):
        if row.key == str(number):
            return row
    raise missing("ProjectV2", f"with the number {number}")


def _linked(repo: Row, ctx: Context) -> list[Row]:
    rows = ctx.store.rows("project", repo.scope)
    return [row for row in rows if repo.id in row.doc["repositories"]]


def assignable(_: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    return connection(searched(ctx.store.rows("user"), "login", args), args)


def _upper(name: str, default: str) -> Resolver:
    """A word of REST, in the capitals of GraphQL."""
    return lambda row, _: str(row.doc.get(name) or default).upper()


def _label(repo: Row, ctx: Context, name: str) -> Row | None:
    return ctx.store.get("label", inside(repo), name.lower())


def _milestone(repo: Row, ctx: Context, number: int) -> Row | None:
    return ctx.store.get("milestone", inside(repo), str(number))


def _owner(repo: Row, ctx: Context) -> Row:
    return ctx.owner(repo.scope)


def _ssh(repo: Row, ctx: Context) -> str:
    return f"git@{ctx.base.partition('://')[2]}:{full_name(repo, ctx)}.git"


def _target(row: Row, _: Context) -> str:
    word = str(row.doc.get("target", "branch")).upper()
    if word not in ("BRANCH", "TAG", "PUSH", "REPOSITORY"):
        raise Problem(f"A ruleset cannot target {word.lower()}", "INTERNAL")
    return word


#: Field -> key of REST and what stands where it was never set.
SWITCHES = {
    "allowUpdateBranch": ("allow_update_branch", False),
    "autoMergeAllowed": ("allow_auto_merge", False),
    "deleteBranchOnMerge": ("delete_branch_on_merge", False),
    "hasDiscussionsEnabled": ("has_discussions", False),
    "hasIssuesEnabled": ("has_issues", True),
    "hasProjectsEnabled": ("has_projects", True),
    "hasWikiEnabled": ("has_wiki", True),
    "isArchived": ("archived", False),
    "isDisabled": ("disabled", False),
    "isPrivate": ("private", False),
    "isTemplate": ("is_template", False),
    "mergeCommitAllowed": ("allow_merge_commit", True),
    "rebaseMergeAllowed": ("allow_rebase_merge", True),
    "squashMergeAllowed": ("allow_squash_merge", True),
    "webCommitSignoffRequired": ("web_commit_signoff_required", False),
}
REPOSITORY: dict[str, Resolver] = {
    **{name: of_doc(key, default) for name, (key, default) in SWITCHES.items()},
    "assignableUsers": assignable,
    "createdAt": of_row("created"),
    "databaseId": database_id,
    "defaultBranchRef": default_ref,
    "description": of_doc("description"),
    "environment": environment,
    "environments": environments,
    "forkCount": always(0),
    "homepageUrl": of_doc("homepage"),
    "id": of_row("node"),
    "isEmpty": is_empty,
    "isFork": always(False),
    "isInOrganization": lambda row, ctx: _owner(row, ctx).kind == "org",
    "issue": issue,
    "issueOrPullRequest": issue_or_pull,
    "issues": issues,
    "label": _label,
    "labels": labels,
    "mergeCommitMessage": _upper("merge_commit_message", "PR_TITLE"),
    "mergeCommitTitle": _upper("merge_commit_title", "MERGE_MESSAGE"),
    "milestone": _milestone,
    "milestones": milestones,
    "name": of_doc("name"),
    "nameWithOwner": full_name,
    "owner": _owner,
    "parent": always(None),
    "projectV2": project,
    "projectsV2": projects,
    "pullRequest": pull,
    "pullRequests": pulls,
    "pushedAt": of_doc("pushed_at"),
    "repositoryTopics": topics,
    "resourcePath": lambda row, ctx: f"/{full_name(row, ctx)}",
    "ruleset": ruleset,
    "rulesets": rulesets,
    "squashMergeCommitMessage": _upper("squash_merge_commit_message", "COMMIT_MESSAGES"),
    "squashMergeCommitTitle": _upper("squash_merge_commit_title", "COMMIT_OR_PR_TITLE"),
    "sshUrl": _ssh,
    "stargazerCount": always(0),
    "templateRepository": always(None),
    "updatedAt": of_row("updated"),
    "url": lambda row, ctx: ctx.url(full_name(row, ctx)),
    "viewerCanAdminister": always(True),
    "viewerDefaultMergeMethod": always("MERGE"),
    "viewerPermission": always("ADMIN"),
    "visibility": _upper("visibility", "PUBLIC"),
}
RESOLVERS: Resolvers = {
    **{f"Repository.{name}": resolve for name, resolve in REPOSITORY.items()},
    "Environment.databaseId": database_id,
    "Environment.id": of_row("node"),
    "Environment.name": of_doc("name"),
    "RepositoryRuleset.createdAt": of_row("created"),
    "RepositoryRuleset.databaseId": database_id,
    "RepositoryRuleset.rules": rules,
    "RepositoryRuleset.source": lambda row, ctx: ctx.repo(row.scope),
    "RepositoryRuleset.enforcement": _upper("enforcement", "ACTIVE"),
    "RepositoryRuleset.id": of_row("node"),
    "RepositoryRuleset.name": of_doc("name"),
    "RepositoryRuleset.target": _target,
    "RepositoryRuleset.updatedAt": of_row("updated"),
}
