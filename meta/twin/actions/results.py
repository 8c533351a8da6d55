"""What a runner came to -> the job's row, its log, its artifacts and what was deployed."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict
from typing import Any

from meta.twin.actions import deployments, records
from meta.twin.actions.records import OVER
from meta.twin.actions.work import Result
from meta.twin.store import Row, Store, now

CONCLUSIONS = ("success", "failure", "cancelled", "skipped", "timed_out", "neutral")
DEPLOYED = {"success": "success", "skipped": "inactive", "cancelled": "error"}


def record(store: Store, job: Row, result: Result) -> None:
    """Ends a job; it is the caller's to see what follows."""
    conclusion = result.conclusion if result.conclusion in CONCLUSIONS else "failure"
    shown(job, result)
    job.doc |= {
        "status": OVER,
        "conclusion": conclusion,
        "outputs": dict(result.outputs),
        "annotations": [dict(each) for each in result.annotations],
        "summary": result.summary,
        "completed_at": now(),
        "gate": None,
    }
    store.save(job)
    if result.log:
        records.set_log(store, job, result.log)
    for name, content in result.artifacts.items():
        keep(store, job, name, content)
    if job.doc["deployment"]:
        state, url = DEPLOYED.get(conclusion, "failure"), result.environment_url
        deployments.say(store, job.doc["deployment"], state, environment_url=url)


def progress(store: Store, number: int, result: Result) -> None:
    """How far a job has come, as a runner tells it meanwhile."""
    with store.transaction():
        job = store.by_id(number)
        if job is None or job.doc["status"] != "in_progress":
            return
        shown(job, result)
        store.save(job)


def shown(job: Row, result: Result) -> None:
    job.doc["steps"] = [asdict(step) for step in result.steps]


def keep(store: Store, job: Row, name: str, content: bytes) -> Row:
    """An artifact of a run; one of the same name takes the place of the older one."""
    scope = records.inside(job.doc["run"])
    old = store.get("artifact", scope, name)
    if old:
        store.drop(old)
    doc: dict[str, Any] = {
        "repo": job.doc["repo"],
        "run": job.doc["run"],
        "size": len(content),
        "digest": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    row = store.add("artifact", scope, name, doc)
    data = {"base64": base64.b64encode(content).decode()}
    store.add("artifact_data", "", str(row.id), data)
    return row


def content(store: Store, artifact: Row) -> bytes:
    row = store.get("artifact_data", "", str(artifact.id))
    return base64.b64decode(row.doc["base64"]) if row else b""
