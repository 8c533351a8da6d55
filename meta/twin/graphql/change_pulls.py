"""Mutations of pull requests."""

from __future__ import annotations

from typing import Any

from meta.twin.graphql.change_issues import edit
from meta.twin.graphql.context import Context, Problem, Resolver, Resolvers
from meta.twin.graphql.rest import ask, of_repo
from meta.twin.graphql.roots import actor
from meta.twin.rest import automerge
from meta.twin.store import Row

Given = dict[str, Any]
#: What a pull request has of an issue, and REST sets through the issue.
TRACKED = ("labelIds", "assigneeIds", "milestoneId")


def create_pull(ctx: Context, given: Given) -> dict[str, Any]:
    repo = ctx.find(given["repositoryId"], "repo")
    fields = {
        "title": given["title"],
        "body": given.get("body"),
        "head": given["headRefName"],
        "base": given["baseRefName"].removeprefix("refs/heads/"),
        "draft": given.get("draft", False),
        "maintainer_can_modify": given.get("maintainerCanModify", True),
    }
    made = ask(ctx, "POST", f"{of_repo(repo)}/pulls", fields)
    return {"pullRequest": ctx.find(made["node_id"], "pull")}


def update_pull(ctx: Context, given: Given) -> dict[str, Any]:
    """Title, body, base and state by REST's rules; labels and the like as on an issue."""
    pull = ctx.find(given["pullRequestId"], "pull")
    names = {"title": "title", "body": "body", "baseRefName": "base", "state": "state"}
    fields = {rest: given[name] for name, rest in names.items() if given.get(name) is not None}
    if "state" in fields:
        fields["state"] = fields["state"].lower()
    if fields:
        ask(ctx, "PATCH", _path(ctx, pull), fields)
    pull = ctx.find(pull.node, "pull")
    rest: Given = {name: given[name] for name in TRACKED if name in given}
    if rest:
        edit(ctx, pull, rest)
        ctx.store.save(pull)
    return {"pullRequest": pull, "actor": actor(ctx, ctx.login)}


def merge_pull(ctx: Context, given: Given) -> dict[str, Any]:
    pull = ctx.find(given["pullRequestId"], "pull")
    names = {
        "commitHeadline": "commit_title",
        "commitBody": "commit_message",
        "expectedHeadOid": "sha",
    }
    fields = {rest: given[name] for name, rest in names.items() if given.get(name) is not None}
    fields["merge_method"] = (given.get("mergeMethod") or "MERGE").lower()
    ask(ctx, "PUT", f"{_path(ctx, pull)}/merge", fields)
    return {"pullRequest": ctx.find(pull.node, "pull"), "actor": actor(ctx, ctx.login)}


def _state(state: str) -> Resolver:
    def change(ctx: Context, given: Given) -> dict[str, Any]:
        pull = ctx.find(given["pullRequestId"], "pull")
        ask(ctx, "PATCH", _path(ctx, pull), {"state": state})
        return {"pullRequest": ctx.find(pull.node, "pull")}

    return change


def _draft(draft: bool) -> Resolver:
    """REST cannot turn a draft into a request for review, nor back."""

    def change(ctx: Context, given: Given) -> dict[str, Any]:
        pull = ctx.find(given["pullRequestId"], "pull")
        if pull.doc["state"] != "open":
            raise Problem("Pull request is closed")
        pull.doc["draft"] = draft
        ctx.store.save(pull)
        automerge.attempt(ctx.store, ctx.repo(pull.scope), pull)
        return {"pullRequest": pull}

    return change


def _path(ctx: Context, pull: Row) -> str:
    return f"{of_repo(ctx.repo(pull.scope))}/pulls/{pull.key}"


CHANGES: Resolvers = {
    "createPullRequest": create_pull,
    "updatePullRequest": update_pull,
    "mergePullRequest": merge_pull,
    "closePullRequest": _state("closed"),
    "reopenPullRequest": _state("open"),
    "markPullRequestReadyForReview": _draft(False),
    "convertPullRequestToDraft": _draft(True),
}
