"""Resolvers of pull requests; what they change is read from the real branches."""

from __future__ import annotations

from typing import Any

from meta.twin import git
from meta.twin.graphql.code import all_refs, folder, named
from meta.twin.graphql.connection import connection
from meta.twin.graphql.context import Context, Resolver, Resolvers
from meta.twin.graphql.issues import TRACKED
from meta.twin.graphql.objects import Thing
from meta.twin.graphql.owners import always, nothing, of_doc
from meta.twin.graphql.repositories import pull_state
from meta.twin.graphql.roots import actor
from meta.twin.rest import checking
from meta.twin.reviews import in_the_way
from meta.twin.store import Row

CHANGES = {"A": "ADDED", "D": "DELETED", "M": "MODIFIED", "R": "RENAMED", "C": "COPIED"}


def repository(pull: Row, ctx: Context) -> Row:
    return ctx.repo(pull.scope)


def files(pull: Row, ctx: Context) -> list[dict[str, Any]]:
    """Each changed file with its counts; a binary file counts no lines."""

    def look() -> list[dict[str, Any]]:
        at = folder(repository(pull, ctx), ctx)
        span = f"{pull.doc['base_sha']}...{pull.doc['head_sha']}"
        # With -z a path is as it is, whatever its characters.
        counts = git.text(at, "diff", "-z", "--numstat", "--no-renames", span).split("\0")
        sorts = git.text(at, "diff", "-z", "--name-status", "--no-renames", span).split("\0")
        return [_file(*pair) for pair in zip(counts[:-1], sorts[:-1:2], strict=True)]

    found: list[dict[str, Any]] = ctx.once(("files", pull.id), look)
    return found


def _file(count: str, sort: str) -> dict[str, Any]:
    more, less, path = count.split("\t")
    return {
        "additions": int(more) if more.isdigit() else 0,
        "deletions": int(less) if less.isdigit() else 0,
        "path": path,
        "changeType": CHANGES.get(sort[0], "CHANGED"),
    }


def commits(pull: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    repo = repository(pull, ctx)
    at = folder(repo, ctx)
    span = f"{pull.doc['base_sha']}..{pull.doc['head_sha']}"
    listed = git.text(at, "rev-list", "--reverse", span).split()
    made = [
        {
            "id": f"PURC_{pull.id}_{oid}",
            "commit": Thing(repo, at, oid, "commit"),
            "pullRequest": pull,
            "url": ctx.url(pull.scope, "pull", pull.key, "commits", oid),
            "resourcePath": f"/{pull.scope}/pull/{pull.key}/commits/{oid}",
        }
        for oid in listed
    ]
    return connection(made, args)


def mergeable(pull: Row, ctx: Context) -> str:
    """Whether git can merge the branches as they are; UNKNOWN once the request is closed."""
    if pull.doc["state"] != "open":
        return "UNKNOWN"
    at = folder(repository(pull, ctx), ctx)
    try:
        git.run(at, "merge-tree", "--write-tree", pull.doc["base_sha"], pull.doc["head_sha"])
    except git.GitFailed:
        return "CONFLICTING"
    return "MERGEABLE"


def merge_state(pull: Row, ctx: Context) -> str:
    """What `mergeable` says, in the words of the merge button."""
    if pull.doc.get("draft"):
        return "DRAFT"
    word = mergeable(pull, ctx)
    if word != "MERGEABLE":
        return "DIRTY" if word == "CONFLICTING" else "UNKNOWN"
    repo = repository(pull, ctx)
    states = checking.states(ctx.store, repo, pull.doc["head_sha"])
    return "BLOCKED" if in_the_way(ctx.store, repo, pull, states) else "CLEAN"


def merged_by(pull: Row, ctx: Context) -> Any:
    return actor(ctx, pull.doc["merged_by"]) if pull.doc.get("merged_by") else None


def requests(pull: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    """The people and teams who are asked to look."""
    owner = pull.scope.partition("/")[0]
    people = [actor(ctx, login) for login in pull.doc.get("reviewers") or []]
    named = pull.doc.get("team_reviewers") or []
    teams = [ctx.store.get("team", owner, slug) for slug in named]
    asked = [*people, *(team for team in teams if team)]
    made = [
        {"id": f"RR_{pull.id}_{at}", "requestedReviewer": each} for at, each in enumerate(asked)
    ]
    return connection(made, args)


def merge_commit(pull: Row, ctx: Context) -> Thing | None:
    repo = repository(pull, ctx)
    oid = pull.doc.get("merge_commit_sha") if pull.doc.get("merged") else None
    return Thing(repo, folder(repo, ctx), oid, "commit") if oid else None


def _branch(side: str) -> Resolver:
    def read(pull: Row, ctx: Context) -> Any:
        return named(repository(pull, ctx), ctx, f"refs/heads/{pull.doc[side]}")

    return read


def _oid(side: str) -> Resolver:
    """Where a side stands: its branch while that is there, else where it was last seen."""

    def read(pull: Row, ctx: Context) -> str:
        stands = all_refs(repository(pull, ctx), ctx).get(f"refs/heads/{pull.doc[side]}")
        seen = str(pull.doc[f"{side}_sha"])
        return stands or seen if pull.doc["state"] == "open" else seen

    return read


def _total(count: str) -> Resolver:
    return lambda pull, ctx: sum(one[count] for one in files(pull, ctx))


PULL: dict[str, Resolver] = {
    **TRACKED,
    "additions": _total("additions"),
    "baseRef": _branch("base"),
    "baseRefName": of_doc("base"),
    "baseRefOid": _oid("base"),
    "baseRepository": repository,
    "changedFiles": lambda pull, ctx: len(files(pull, ctx)),
    "closingIssuesReferences": nothing,
    "commits": commits,
    "deletions": _total("deletions"),
    "files": lambda pull, ctx, **args: connection(files(pull, ctx), args),
    "headRef": _branch("head"),
    "headRefName": of_doc("head"),
    "headRefOid": _oid("head"),
    "headRepository": repository,
    "headRepositoryOwner": lambda pull, ctx: ctx.owner(pull.scope.partition("/")[0]),
    "isCrossRepository": always(False),
    "isDraft": of_doc("draft", False),
    "isInMergeQueue": always(False),
    "isMergeQueueEnabled": always(False),
    "maintainerCanModify": of_doc("maintainer_can_modify", False),
    "mergeCommit": merge_commit,
    "mergeStateStatus": merge_state,
    "mergeable": mergeable,
    "merged": of_doc("merged", False),
    "mergedAt": of_doc("merged_at"),
    "mergedBy": merged_by,
    "potentialMergeCommit": always(None),
    "reviewRequests": requests,
    "state": lambda pull, _: pull_state(pull),
}
RESOLVERS: Resolvers = {f"PullRequest.{name}": resolve for name, resolve in PULL.items()}
