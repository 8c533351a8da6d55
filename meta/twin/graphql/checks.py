"""Resolvers of what statuses and checks say of a commit, and of classic protection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from meta.twin import reviews, rules
from meta.twin.actions import records
from meta.twin.graphql.code import Ref, folder
from meta.twin.graphql.connection import connection
from meta.twin.graphql.context import Context, Resolvers
from meta.twin.graphql.objects import Thing, find
from meta.twin.graphql.repositories import full_name
from meta.twin.ids import node_id
from meta.twin.rest import checking
from meta.twin.store import Row

LARGEST = (1 << 31) - 1


def of_commit(thing: Thing, ctx: Context) -> dict[str, Any] | None:
    """None where nobody said anything about a commit."""
    states = checking.states(ctx.store, thing.repo, thing.oid)
    if not states:
        return None
    return {
        "id": f"SCR_kwDO{thing.repo.id}x{thing.oid}",
        "state": _together({*states.values()}),
        "contexts": lambda _, **args: connection(_contexts(thing.repo, thing.oid, ctx), args),
    }


def of_pull(pull: Row, ctx: Context) -> dict[str, Any] | None:
    repo = ctx.repo(pull.scope)
    thing = find(repo, folder(repo, ctx), pull.doc["head_sha"])
    return of_commit(thing, ctx) if thing else None


def _together(states: set[str]) -> str:
    for word in ("failure", "error", "pending"):
        if word in states:
            return word.upper()
    return "SUCCESS"


def _contexts(repo: Row, sha: str, ctx: Context) -> list[dict[str, Any]]:
    statuses = checking.latest_statuses(ctx.store, repo, sha)
    runs = checking.check_runs(ctx.store, repo, sha)
    return [*(_run(repo, row, ctx) for row in runs), *(_status(row, ctx, repo) for row in statuses)]


def _status(row: Row, ctx: Context, repo: Row) -> dict[str, Any]:
    return {
        "__typename": "StatusContext",
        "context": row.doc["context"],
        "createdAt": row.created,
        "description": row.doc["description"],
        "id": row.node,
        "isRequired": _required(row.doc["context"], repo, ctx),
        "state": row.doc["state"].upper(),
        "targetUrl": row.doc["target_url"],
    }


def _run(repo: Row, row: Row, ctx: Context) -> dict[str, Any]:
    """A check run that a client made, or a job as one."""
    doc, home = row.doc, f"/{full_name(repo, ctx)}"
    run = records.run(ctx.store, doc["run"]) if row.kind == "job" else None
    place = f"{home}/actions/runs/{run.rest}/job/{row.rest}" if run else f"{home}/runs/{row.rest}"
    url = ctx.base.rstrip("/") + place
    return {
        "__typename": "CheckRun",
        "checkSuite": _suite(row, run, home, ctx),
        "completedAt": doc["completed_at"],
        "conclusion": doc["conclusion"].upper() if doc["conclusion"] else None,
        "databaseId": _small(row.rest),
        "detailsUrl": url if run else doc["details_url"],
        "id": row.node,
        "isRequired": _required(doc["name"], repo, ctx),
        "name": doc["name"],
        "resourcePath": place,
        "startedAt": doc["started_at"],
        "status": doc["status"].upper(),
        "url": url,
    }


def _suite(row: Row, run: Row | None, home: str, ctx: Context) -> dict[str, Any]:
    doc = run.doc if run else row.doc
    number = run.id if run else row.doc["suite"]
    return {
        "conclusion": doc["conclusion"].upper() if doc["conclusion"] else None,
        "createdAt": run.created if run else row.created,
        "databaseId": None,
        "id": node_id("check_suite", number),
        "status": doc["status"].upper(),
        "workflowRun": _workflow_run(run, home, ctx) if run else None,
    }


def _workflow_run(run: Row, home: str, ctx: Context) -> dict[str, Any]:
    flow, base = ctx.at(run.doc["workflow"]), ctx.base.rstrip("/")
    place, page = f"{home}/actions/runs/{run.rest}", f"{home}/actions/workflows/{flow.key}"
    return {
        "createdAt": run.created,
        "databaseId": _small(run.rest),
        "event": run.doc["event"],
        "id": run.node,
        "resourcePath": place,
        "runNumber": run.doc["number"],
        "url": base + place,
        "workflow": {
            "createdAt": flow.created,
            "databaseId": _small(flow.rest),
            "id": flow.node,
            "name": flow.doc["name"],
            "resourcePath": page,
            "url": base + page,
        },
    }


def _required(name: str, repo: Row, ctx: Context) -> Callable[..., bool]:
    """Whether a pull request, named by node or number, needs the context to be green."""

    def look(_: Any, **args: Any) -> bool:
        node, number = args.get("pullRequestId"), args.get("pullRequestNumber")
        place = f"{repo.scope}/{repo.key}"
        pull = ctx.find(node, "pull") if node else ctx.store.get("pull", place, str(number))
        return pull is not None and name in reviews.checks_needed(ctx.store, repo, pull)

    return look


def _small(number: int) -> int | None:
    """Where it fits GraphQL's 32 bits."""
    return number if number <= LARGEST else None


def protection(ref: Ref, ctx: Context) -> dict[str, Any] | None:
    branch = ref.full.removeprefix(rules.HEADS)
    row = rules.classic(ctx.store, ref.repo, branch) if branch != ref.full else None
    return _protection(row) if row else None


def protections(repo: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    rows = ctx.store.rows("protection", f"{repo.scope}/{repo.key}")
    return connection([_protection(row) for row in rows], args)


def _protection(row: Row) -> dict[str, Any]:
    doc = row.doc
    asked, checks = doc["required_pull_request_reviews"], doc["required_status_checks"]
    return {
        "allowsDeletions": doc["allow_deletions"],
        "allowsForcePushes": doc["allow_force_pushes"],
        "databaseId": _small(row.rest),
        "dismissesStaleReviews": bool(asked and asked["dismiss_stale_reviews"]),
        "id": row.node,
        "isAdminEnforced": doc["enforce_admins"],
        "lockBranch": doc["lock_branch"],
        "pattern": doc["branch"],
        "requiredApprovingReviewCount": asked["required_approving_review_count"] if asked else None,
        "requiredStatusCheckContexts": [one["context"] for one in checks["checks"]]
        if checks
        else [],
        "requiresApprovingReviews": bool(asked),
        "requiresCodeOwnerReviews": bool(asked and asked["require_code_owner_reviews"]),
        "requiresCommitSignatures": doc["required_signatures"],
        "requiresConversationResolution": doc["required_conversation_resolution"],
        "requiresLinearHistory": doc["required_linear_history"],
        "requiresStatusChecks": bool(checks),
        "requiresStrictStatusChecks": bool(checks and checks["strict"]),
    }


RESOLVERS: Resolvers = {
    "Commit.statusCheckRollup": of_commit,
    "PullRequest.statusCheckRollup": of_pull,
    "Ref.branchProtectionRule": protection,
    "Repository.branchProtectionRules": protections,
}
