"""Workflows, runs, jobs, artifacts, environments that wait, deployments, checks, secrets."""

import time
from base64 import b64decode, b64encode
from typing import Any

from nacl.public import PublicKey, SealedBox

from meta.twin.actions.work import Job, Result, Step
from tests.fidelity.tours.walk import REPO, Walk

ACTIONS = f"{REPO}/actions"
WORKFLOW = """
name: Deploy
on:
  repository_dispatch:
  workflow_dispatch: {inputs: {level: {default: low}}}
jobs:
  build:
    runs-on: ubuntu-latest
    steps: [{run: make}]
  bad:
    runs-on: ubuntu-latest
    steps: [{run: exit 1}]
  deploy:
    needs: build
    environment: production
    runs-on: ubuntu-latest
    steps: [{run: deploy}]
"""


def runner(job: Job) -> Result:
    """What stands in for act here: every job is over at once, and the one named bad is bad."""
    if job.path == "slow":
        job.stopped.wait(30)
    remark = {"level": "warning", "message": "careful", "path": "a.py", "line": 1, "title": ""}
    return Result(
        conclusion="failure" if job.path == "bad" else "success",
        steps=(Step("Run make", started=1.0, ended=2.0),),
        log="2026-01-01T00:00:00.0000000Z made\n",
        annotations=(remark,),
        artifacts={"made": b"PK\x05\x06" + b"\0" * 18} if job.path == "build" else {},
    )


def settled(go: Walk, run: int, *statuses: str) -> dict[str, Any]:
    """The run, once it is as wanted; asked for without being part of the walk."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        found: dict[str, Any] = go.client.get(f"{ACTIONS}/runs/{run}").json()
        if found["status"] in statuses:
            return found
        time.sleep(0.02)
    raise AssertionError(f"run {run} is {found['status']}")


def workflows(go: Walk) -> None:
    where = f"{REPO}/contents/.github/workflows/deploy.yml"
    new = {"message": "Deploy", "content": b64encode(WORKFLOW.encode()).decode()}
    go(f"PUT {where}", 201, json=new)
    found = go(f"GET {ACTIONS}/workflows")["workflows"][0]["id"]
    go(f"GET {ACTIONS}/workflows/{found}")
    go(f"GET {ACTIONS}/workflows/deploy.yml")
    go(f"PUT {ACTIONS}/workflows/{found}/disable", 204)
    go(f"PUT {ACTIONS}/workflows/{found}/enable", 204)


def dispatches(go: Walk) -> None:
    me = go.client.get("/user").json()["id"]
    reviewers = {"reviewers": [{"type": "User", "id": me}]}
    go(f"PUT {REPO}/environments/production", json=reviewers)
    go(f"POST {REPO}/dispatches", 204, json={"event_type": "go", "client_payload": {"a": 1}})
    go(f"POST {REPO}/dispatches", 422, json={"event_type": "x" * 101})
    hand = f"{ACTIONS}/workflows/deploy.yml/dispatches"
    details = {"ref": "main", "inputs": {"level": "high"}, "return_run_details": True}
    made = go(f"POST {hand}", json=details)["workflow_run_id"]
    go(f"POST {hand}", 204, json={"ref": "main"})
    settled(go, made, "waiting")
    go(f"POST {ACTIONS}/runs/{made}/cancel", 202)


def runs(go: Walk) -> None:
    listed = go(f"GET {ACTIONS}/runs", params={"event": "repository_dispatch"})
    run = f"{ACTIONS}/runs/{listed['workflow_runs'][0]['id']}"
    number = int(run.rpartition("/")[2])
    settled(go, number, "waiting")
    go(f"GET {ACTIONS}/workflows/deploy.yml/runs")
    go(f"GET {run}")
    (pending,) = go(f"GET {run}/pending_deployments")
    answer = {"environment_ids": [pending["environment"]["id"]], "comment": "fine"}
    go(f"POST {run}/pending_deployments", json={**answer, "state": "approved"})
    settled(go, number, "completed")
    go(f"GET {run}/approvals")
    go(f"POST {run}/cancel", 409)
    go(f"GET {run}/attempts/1")
    go(f"GET {run}/attempts/1/jobs")
    go(f"GET {run}/attempts/1/logs", 302)
    go(f"GET {run}/attempts/1/logs/zip")
    go(f"GET {run}/logs", 302)
    job = f"{ACTIONS}/jobs/{go(f'GET {run}/jobs')['jobs'][0]['id']}"
    go(f"GET {job}")
    go(f"GET {job}/logs", 302)
    go(f"GET {job}/logs/text")
    go(f"DELETE {run}/logs", 204)
    artifacts(go, run)
    go(f"POST {run}/rerun-failed-jobs", 201)
    settled(go, number, "completed")
    go(f"POST {ACTIONS}/jobs/{newest(go, run)}/rerun", 201)
    settled(go, number, "completed")
    go(f"POST {run}/rerun", 201)
    settled(go, number, "waiting")
    go(f"POST {run}/force-cancel", 202)
    settled(go, number, "completed")
    go(f"DELETE {run}", 204)


def newest(go: Walk, run: str) -> int:
    jobs = go.client.get(f"{run}/jobs").json()["jobs"]
    return int(next(job["id"] for job in jobs if job["name"] == "bad"))


def artifacts(go: Walk, run: str) -> None:
    (made,) = go(f"GET {run}/artifacts")["artifacts"]
    go(f"GET {ACTIONS}/artifacts")
    one = f"{ACTIONS}/artifacts/{made['id']}"
    go(f"GET {one}")
    go(f"GET {one}/zip", 302)
    go(f"GET {one}/zip/content")
    go(f"DELETE {one}", 204)
    go(f"GET {ACTIONS}/caches")


def deployments(go: Walk) -> None:
    new = {"ref": "main", "environment": "dev", "required_contexts": [], "payload": {"a": 1}}
    made = go(f"POST {REPO}/deployments", 201, json=new)["id"]
    go(f"POST {REPO}/deployments", 422, json={"ref": "none"})
    go(f"GET {REPO}/deployments")
    one = f"{REPO}/deployments/{made}"
    go(f"GET {one}")
    said = go(f"POST {one}/statuses", 201, json={"state": "success", "description": "done"})["id"]
    go(f"GET {one}/statuses")
    go(f"GET {one}/statuses/{said}")
    go(f"DELETE {one}", 204)


def checks(go: Walk) -> None:
    head = go.client.get(f"{REPO}/git/ref/heads/main").json()["object"]["sha"]
    go(f"POST {REPO}/statuses/{head}", 201, json={"state": "success", "context": "ci"})
    go(f"GET {REPO}/commits/main/status")
    go(f"GET {REPO}/commits/main/statuses")
    go(f"GET {REPO}/statuses/main")
    made = go(f"POST {REPO}/check-runs", 201, json={"name": "lint", "head_sha": head})
    one = f"{REPO}/check-runs/{made['id']}"
    go(f"PATCH {one}", json={"conclusion": "success", "output": {"title": "T", "summary": "S"}})
    go(f"GET {one}")
    go(f"GET {one}/annotations")
    go(f"GET {REPO}/commits/main/check-runs")
    go(f"GET {REPO}/commits/main/check-suites")
    suite = f"{REPO}/check-suites/{made['check_suite']['id']}"
    go(f"GET {suite}")
    go(f"GET {suite}/check-runs")


def policies(go: Walk) -> None:
    policy = {"protected_branches": False, "custom_branch_policies": True}
    go(f"PUT {REPO}/environments/guarded", json={"deployment_branch_policy": policy})
    where = f"{REPO}/environments/guarded/deployment-branch-policies"
    made = go(f"POST {where}", json={"name": "release/*"})["id"]
    go(f"GET {where}")
    go(f"GET {where}/{made}")
    go(f"PUT {where}/{made}", json={"name": "main"})
    go(f"DELETE {where}/{made}", 204)


def secrets(go: Walk) -> None:
    places = ("/orgs/Acme/actions", ACTIONS, f"{REPO}/environments/guarded")
    for place in places:
        key = go(f"GET {place}/secrets/public-key")
        box = SealedBox(PublicKey(b64decode(key["key"])))
        sealed = b64encode(box.encrypt(b"hidden")).decode()
        body = {"encrypted_value": sealed, "key_id": key["key_id"]}
        body |= {"visibility": "selected", "selected_repository_ids": []} if "orgs" in place else {}
        go(f"PUT {place}/secrets/PASS", 201, json=body)
        go(f"PUT {place}/secrets/PASS", 204, json=body)
        go(f"GET {place}/secrets")
        go(f"GET {place}/secrets/PASS")
        new = {"name": "LEVEL", "value": "low"}
        go(f"POST {place}/variables", 201, json={**new, **_reach(place)})
        go(f"PATCH {place}/variables/LEVEL", 204, json={"value": "high"})
        go(f"GET {place}/variables")
        go(f"GET {place}/variables/LEVEL")
    chosen(go)
    for place in places:
        go(f"DELETE {place}/secrets/PASS", 204)
        go(f"DELETE {place}/variables/LEVEL", 204)


def _reach(place: str) -> dict[str, Any]:
    shared = "orgs" in place
    return {"visibility": "selected", "selected_repository_ids": []} if shared else {}


def chosen(go: Walk) -> None:
    repo = go.client.get(REPO).json()["id"]
    for path in ("secrets/PASS", "variables/LEVEL"):
        where = f"/orgs/Acme/actions/{path}/repositories"
        go(f"PUT {where}", 204, json={"selected_repository_ids": [repo]})
        go(f"GET {where}")
    go(f"GET {ACTIONS}/organization-secrets")
    go(f"GET {ACTIONS}/organization-variables")


def permissions(go: Walk) -> None:
    go(f"GET {ACTIONS}/permissions")
    go(f"PUT {ACTIONS}/permissions", 204, json={"enabled": True, "allowed_actions": "selected"})
    go(f"GET {ACTIONS}/permissions/access")
    go(f"PUT {ACTIONS}/permissions/access", 204, json={"access_level": "organization"})
    org = "/orgs/Acme/actions/permissions"
    every = {"enabled_repositories": "all", "allowed_actions": "selected"}
    go(f"GET {org}")
    go(f"PUT {org}", 204, json=every)
    for place in (org, f"{ACTIONS}/permissions"):
        go(f"GET {place}/workflow")
        go(f"PUT {place}/workflow", 204, json={"default_workflow_permissions": "write"})
        go(f"GET {place}/selected-actions")
        go(f"PUT {place}/selected-actions", 204, json={"patterns_allowed": ["acme/*"]})


AREAS = (workflows, dispatches, runs, deployments, checks, policies, secrets, permissions)
