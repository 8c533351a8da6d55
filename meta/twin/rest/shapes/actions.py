"""Rows of workflows, runs, jobs and artifacts -> the JSON that GitHub shows of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from meta.twin import git
from meta.twin.ids import node_id, rest_id
from meta.twin.rest.shapes import commits, repos, users
from meta.twin.store import Row
from meta.twin.web import Call

#: Days that artifacts are said to be kept; the twin keeps them for ever.
RETENTION = 90


def workflow(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    path = row.doc["path"]
    html = f"{repos.web(call, repo)}/blob/{repo.doc['default_branch']}/{path}"
    badge = f"{repos.web(call, repo)}/workflows/{quote(row.doc['name'])}/badge.svg"
    return {
        "id": row.rest,
        "node_id": row.node,
        "name": row.doc["name"],
        "path": path,
        "state": row.doc["state"],
        "created_at": row.created,
        "updated_at": row.updated,
        "url": f"{repos.api(call, repo)}/actions/workflows/{row.rest}",
        "html_url": html,
        "badge_url": badge,
    }


def run(call: Call, repo: Row, row: Row, doc: dict[str, Any] | None = None) -> dict[str, Any]:
    """A run as it stands, or an earlier attempt of it, whose document is given."""
    doc = doc or row.doc
    number, attempt = row.rest, doc["attempt"]
    suite = rest_id("check_suite", row.id)
    inside = repos.minimal(call, repo)
    return {
        "id": number,
        "name": doc["name"],
        "node_id": row.node,
        "head_branch": doc["branch"],
        "head_sha": doc["sha"],
        "path": doc["path"],
        "display_title": doc["title"],
        "run_number": doc["number"],
        "event": doc["event"],
        "status": doc["status"],
        "conclusion": doc["conclusion"],
        "workflow_id": rest_id("workflow", doc["workflow"]),
        "check_suite_id": suite,
        "check_suite_node_id": node_id("check_suite", row.id),
        **_addresses(call, repo, row, doc),
        "check_suite_url": f"{repos.api(call, repo)}/check-suites/{suite}",
        "pull_requests": _pulls(call, repo, doc["pulls"]),
        "created_at": row.created,
        "updated_at": doc.get("updated", row.updated),
        "actor": users.simple(call, doc["actor"]),
        "run_attempt": attempt,
        "referenced_workflows": [],
        "run_started_at": doc["started_at"],
        "triggering_actor": users.simple(call, doc["actor"]),
        "head_commit": head(call, repo, doc["sha"]),
        "repository": inside,
        "head_repository": inside,
    }


def _addresses(call: Call, repo: Row, row: Row, doc: dict[str, Any]) -> dict[str, Any]:
    url = f"{repos.api(call, repo)}/actions/runs/{row.rest}"
    attempt = doc["attempt"]
    shown = url if attempt == row.doc["attempt"] else f"{url}/attempts/{attempt}"
    return {
        "url": shown,
        "html_url": f"{repos.web(call, repo)}/actions/runs/{row.rest}",
        "jobs_url": f"{shown}/jobs",
        "logs_url": f"{shown}/logs",
        "artifacts_url": f"{url}/artifacts",
        "cancel_url": f"{url}/cancel",
        "rerun_url": f"{url}/rerun",
        "previous_attempt_url": f"{url}/attempts/{attempt - 1}" if attempt > 1 else None,
        "workflow_url": f"{repos.api(call, repo)}/actions/workflows/"
        f"{rest_id('workflow', doc['workflow'])}",
    }


def head(call: Call, repo: Row, sha: str) -> dict[str, Any] | None:
    """The commit of a run in brief, None where it is gone."""
    try:
        found = _commit(call.store.git_dir(repo), sha)
    except git.GitFailed:
        return None
    people = {"author": found.author, "committer": found.committer}
    return {
        "id": sha,
        "tree_id": found.tree,
        "message": found.message,
        "timestamp": found.committer["date"],
        **{name: {"name": who["name"], "email": who["email"]} for name, who in people.items()},
    }


@lru_cache(maxsize=4096)
def _commit(folder: Path, sha: str) -> commits.Commit:
    """A commit never changes, and a list of runs asks for the same ones over and over."""
    return commits.one(folder, sha)


def _pulls(call: Call, repo: Row, rows: list[int]) -> list[dict[str, Any]]:
    return [pull(call, repo, row) for each in rows if (row := call.store.by_id(each))]


def pull(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    """A pull request as runs and checks name it."""
    place = {"id": repo.rest, "url": repos.api(call, repo), "name": repo.doc["name"]}
    sides = {
        side: {"ref": row.doc[side], "sha": row.doc[f"{side}_sha"], "repo": place}
        for side in ("head", "base")
    }
    number = int(row.key)
    return {"url": f"{place['url']}/pulls/{number}", "id": row.rest, "number": number, **sides}


def job(call: Call, repo: Row, row: Row, run: Row) -> dict[str, Any]:
    doc, number = row.doc, row.rest
    run_url = f"{repos.api(call, repo)}/actions/runs/{run.rest}"
    begun = doc.get("runner")
    return {
        "id": number,
        "run_id": run.rest,
        "workflow_name": run.doc["name"],
        "head_branch": run.doc["branch"],
        "run_url": run_url,
        "run_attempt": doc["attempt"],
        "node_id": row.node,
        "head_sha": run.doc["sha"],
        "url": f"{repos.api(call, repo)}/actions/jobs/{number}",
        "html_url": f"{repos.web(call, repo)}/actions/runs/{run.rest}/job/{number}",
        "status": doc["status"],
        "conclusion": doc["conclusion"],
        "created_at": row.created,
        "started_at": doc["started_at"],
        "completed_at": doc["completed_at"],
        "name": doc["name"],
        "steps": [step(each, at) for at, each in enumerate(doc["steps"], 1)],
        "check_run_url": f"{repos.api(call, repo)}/check-runs/{number}",
        "labels": doc["labels"],
        "runner_id": 1 if begun else None,
        "runner_name": begun,
        "runner_group_id": 1 if begun else None,
        "runner_group_name": "Default" if begun else None,
    }


def step(doc: dict[str, Any], number: int) -> dict[str, Any]:
    over = doc["status"] == "completed"
    return {
        "name": doc["name"],
        "status": doc["status"],
        "conclusion": doc["conclusion"] if over else None,
        "number": number,
        "started_at": _time(doc["started"]),
        "completed_at": _time(doc["ended"]) if over else None,
    }


def artifact(call: Call, repo: Row, row: Row, run: Row) -> dict[str, Any]:
    url = f"{repos.api(call, repo)}/actions/artifacts/{row.rest}"
    made = datetime.fromisoformat(row.created)
    gone = made + timedelta(days=RETENTION)
    return {
        "id": row.rest,
        "node_id": row.node,
        "name": row.key,
        "size_in_bytes": row.doc["size"],
        "url": url,
        "archive_download_url": f"{url}/zip",
        "expired": False,
        "digest": row.doc["digest"],
        "created_at": row.created,
        "updated_at": row.updated,
        "expires_at": gone.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "workflow_run": {
            "id": run.rest,
            "repository_id": repo.rest,
            "head_repository_id": repo.rest,
            "head_branch": run.doc["branch"] or "",
            "head_sha": run.doc["sha"],
        },
    }


def _time(seconds: float) -> str | None:
    if not seconds:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
