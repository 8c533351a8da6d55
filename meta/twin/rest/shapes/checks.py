"""Check runs and suites, made by clients or by jobs -> the JSON that GitHub shows of them."""

from __future__ import annotations

from typing import Any

from meta.twin.actions import records
from meta.twin.ids import node_id, rest_id
from meta.twin.rest.shapes import actions, repos
from meta.twin.store import Row
from meta.twin.web import Call

#: GitHub's own application behind Actions, with its number.
APP = 15_368
SINCE = "2018-07-30T09:30:17Z"


def app(call: Call) -> dict[str, Any]:
    owner = {"login": "github", "id": 9919, "node_id": "MDEyOk9yZ2FuaXphdGlvbjk5MTk="}
    owner_urls = {"url": f"{call.api}/orgs/github", "html_url": f"{call.web}/github"}
    return {
        "id": APP,
        "slug": "github-actions",
        "node_id": "MDM6QXBwMTUzNjg=",
        "owner": {**_person(call), **owner, **owner_urls},
        "name": "GitHub Actions",
        "description": "Automate your workflow from idea to production",
        "external_url": "https://help.github.com/en/actions",
        "html_url": f"{call.web}/apps/github-actions",
        "created_at": SINCE,
        "updated_at": SINCE,
        "permissions": {"actions": "write", "checks": "write", "contents": "write"},
        "events": [],
    }


def run(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    """A check run that a client made, or a job as one."""
    of_job = row.kind == "job"
    url, doc = f"{repos.api(call, repo)}/check-runs/{row.rest}", row.doc
    owner = records.run(call.store, doc["run"]) if of_job else None
    html = f"{repos.web(call, repo)}/runs/{row.rest}"
    if owner:
        html = f"{repos.web(call, repo)}/actions/runs/{owner.rest}/job/{row.rest}"
    output = {} if of_job else doc["output"]
    return {
        "id": row.rest,
        "name": doc["name"],
        "node_id": row.node,
        "head_sha": owner.doc["sha"] if owner else doc["sha"],
        "external_id": "" if of_job else doc["external_id"],
        "url": url,
        "html_url": html,
        "details_url": html if of_job else doc["details_url"],
        "status": doc["status"],
        "conclusion": doc["conclusion"],
        "started_at": doc["started_at"],
        "completed_at": doc["completed_at"],
        "output": {
            **{name: output.get(name) for name in ("title", "summary", "text")},
            "annotations_count": len(doc["annotations"]),
            "annotations_url": f"{url}/annotations",
        },
        "check_suite": {"id": rest_id("check_suite", owner.id if owner else doc["suite"])},
        "app": app(call),
        "pull_requests": [],
    }


def suite(call: Call, repo: Row, row: Row, runs: int) -> dict[str, Any]:
    """A workflow run as a suite, or what clients made of one commit."""
    number, doc = rest_id("check_suite", row.id), row.doc
    url = f"{repos.api(call, repo)}/check-suites/{number}"
    return {
        "id": number,
        "node_id": node_id("check_suite", row.id),
        "head_branch": doc["branch"],
        "head_sha": doc["sha"],
        "status": doc["status"],
        "conclusion": doc["conclusion"],
        "url": url,
        "before": None,
        "after": doc["sha"],
        "pull_requests": [],
        "app": app(call),
        "repository": repos.minimal(call, repo),
        "created_at": row.created,
        "updated_at": row.updated,
        "head_commit": actions.head(call, repo, doc["sha"]),
        "latest_check_runs_count": runs,
        "check_runs_url": f"{url}/check-runs",
        "rerequestable": False,
        "runs_rerequestable": False,
    }


def annotation(call: Call, repo: Row, sha: str, doc: dict[str, Any]) -> dict[str, Any]:
    first = doc.get("start_line", doc.get("line", 1))
    path = doc.get("path") or ".github"
    return {
        "path": path,
        "blob_href": f"{repos.web(call, repo)}/blob/{sha}/{path}",
        "start_line": first,
        "end_line": doc.get("end_line", first),
        "start_column": doc.get("start_column"),
        "end_column": doc.get("end_column"),
        "annotation_level": doc.get("annotation_level", doc.get("level", "notice")),
        "title": doc.get("title") or "",
        "message": doc.get("message") or "",
        "raw_details": doc.get("raw_details") or "",
    }


def _person(call: Call) -> dict[str, Any]:
    """An account of GitHub's own, which is not on the twin."""
    url = f"{call.api}/users/github"
    tails = ("followers", "gists", "starred", "subscriptions", "repos", "events")
    return {
        "avatar_url": f"{call.web}/github.png",
        "gravatar_id": "",
        **{f"{tail}_url": f"{url}/{tail}" for tail in tails},
        "following_url": f"{url}/following",
        "organizations_url": f"{url}/orgs",
        "received_events_url": f"{url}/received_events",
        "type": "Organization",
        "site_admin": False,
    }
