"""/deployments of a repository and their statuses: list, show, create, delete."""

from __future__ import annotations

import json
from typing import Any

from meta.twin import git, rules
from meta.twin.actions import deployments, events
from meta.twin.rest import checking, refs
from meta.twin.rest.firstcommit import identity
from meta.twin.rest.shapes import deployments as shapes
from meta.twin.store import Row, row_id
from meta.twin.web import Answer, Call, Refusal, invalid, page, there, whole

STATES = ("error", "failure", "inactive", "pending", "success", "queued", "in_progress")


def all_of(call: Call, repo: Row) -> Answer:
    rows = call.store.rows("deployment", deployments.of_repo(repo.id))
    kept = [row for row in rows if _fits(call, row)][::-1]
    return page(call, kept, lambda row: shapes.deployment(call, repo, row))


def show(call: Call, repo: Row, deployment_id: str) -> dict[str, Any]:
    return shapes.deployment(call, repo, _find(call, repo, deployment_id))


def create(call: Call, repo: Row) -> Answer:
    """Merges the default branch in first, unless told not to, and asks for the checks."""
    ref, fields = call.text("ref"), call.fields
    sha = git.resolve(call.store.git_dir(repo), ref)
    if sha is None:
        raise Refusal(422, f"No ref found for: {ref}")
    if fields.get("auto_merge", True) and _merged(call, repo, ref, sha):
        message = f"Auto-merged {repo.doc['default_branch']} into {ref} on deployment."
        return Answer(202, {"message": message})
    _refuse_unchecked(call, repo, ref, sha)
    environment = str(fields.get("environment") or "production")
    doc = {
        "sha": sha,
        "ref": ref,
        "task": str(fields.get("task") or "deploy"),
        "environment": environment,
        "payload": _payload(fields.get("payload")),
        "description": fields.get("description") or None,
        "transient": bool(fields.get("transient_environment")),
        "creator": call.login,
    }
    if fields.get("production_environment") is not None:
        doc["production"] = bool(fields["production_environment"])
    row = deployments.add(call.store, repo.id, doc)
    shown = shapes.deployment(call, repo, row)
    events.deployed(call.store, repo, row, shown)
    return Answer(201, shown, {"Location": shown["url"]})


def delete(call: Call, repo: Row, deployment_id: str) -> None:
    row = _find(call, repo, deployment_id)
    said = deployments.statuses(call.store, row)
    rows = call.store.rows("deployment", row.scope)
    alone = [each for each in rows if each.doc["environment"] == row.doc["environment"]] == [row]
    if not alone and (not said or said[0].doc["state"] != deployments.INACTIVE):
        words = "We cannot delete an active deployment unless it is the only deployment in a given"
        raise Refusal(422, f"{words} environment.")
    call.store.drop_scope(f"deployment/{row.id}")
    call.store.drop(row)


def statuses(call: Call, repo: Row, deployment_id: str) -> Answer:
    row = _find(call, repo, deployment_id)
    rows = deployments.statuses(call.store, row)
    return page(call, rows, lambda each: shapes.status(call, repo, row, each))


def status(call: Call, repo: Row, deployment_id: str, status_id: str) -> dict[str, Any]:
    row = _find(call, repo, deployment_id)
    found = there(call.store.by_id(row_id("deployment_status", whole(status_id))))
    there(found if found.scope == f"deployment/{row.id}" else None)
    return shapes.status(call, repo, row, found)


def say(call: Call, repo: Row, deployment_id: str) -> Answer:
    row, fields = _find(call, repo, deployment_id), call.fields
    if fields.get("state") not in STATES:
        raise invalid("DeploymentStatus", "state", "invalid")
    names = ("description", "environment_url")
    more = {name: str(fields[name]) for name in names if fields.get(name)}
    log = fields.get("log_url") or fields.get("target_url") or ""
    more |= {"log_url": str(log), "creator": call.login}
    if fields.get("environment"):
        row.doc["environment"] = more["environment"] = str(fields["environment"])
        call.store.save(row)
    auto = fields.get("auto_inactive", True) is not False
    made = there(deployments.say(call.store, row.id, fields["state"], auto_inactive=auto, **more))
    shown = shapes.status(call, repo, row, made)
    return Answer(201, shown, {"Location": shown["url"]})


def _find(call: Call, repo: Row, number: str) -> Row:
    row = there(call.store.by_id(row_id("deployment", whole(number))))
    return there(row if row.kind == "deployment" and row.doc["repo"] == repo.id else None)


def _fits(call: Call, row: Row) -> bool:
    names = ("sha", "ref", "task", "environment")
    return all(call.query.get(name) in (None, "", "none", row.doc[name]) for name in names)


def _payload(given: Any) -> Any:
    """An object, or a text, which may be one in JSON."""
    if not isinstance(given, str):
        return given or {}
    try:
        return json.loads(given) if given else {}
    except ValueError:
        return given


def _merged(call: Call, repo: Row, ref: str, sha: str) -> bool:
    """Whether a branch was behind the default one, and is not any more."""
    folder, default = call.store.git_dir(repo), repo.doc["default_branch"]
    found = git.branches(folder)
    if ref not in found or ref == default or git.is_ancestor(folder, found[default], sha):
        return False
    try:
        tree = git.text(folder, "merge-tree", "--write-tree", sha, found[default])
    except git.GitFailed as error:
        raise Refusal(409, f"Conflict merging {default} into {ref}.") from error
    words = f"Merge branch '{default}' into {ref}"
    sides = ("-p", sha, "-p", found[default])
    made = git.text(folder, "commit-tree", tree, *sides, "-m", words, env=identity())
    refs.carry_out(call, repo, rules.Move(rules.HEADS + ref, sha, made))
    return True


def _refuse_unchecked(call: Call, repo: Row, ref: str, sha: str) -> None:
    """Every context that was reported has to be a success, or those that are named."""
    found = checking.states(call.store, repo, sha)
    wanted = call.fields.get("required_contexts")
    names = list(found) if wanted is None else [str(each) for each in wanted]
    bad = [name for name in names if found.get(name) != "success"]
    if bad:
        errors = [{"contexts": [_context(found, name) for name in names], "resource": "Deployment"}]
        errors[0] |= {"field": "required_contexts", "code": "invalid"}
        raise Refusal(409, f"Conflict: Commit status checks failed for {ref}.", errors)


def _context(found: dict[str, str], name: str) -> dict[str, str]:
    return {"context": name, "state": found.get(name, "pending")}


DEPLOYMENTS = "/repos/{owner}/{repo}/deployments"
ONE = f"{DEPLOYMENTS}/{{deployment_id}}"
ROUTES = [
    ("GET", DEPLOYMENTS, all_of),
    ("POST", DEPLOYMENTS, create),
    ("GET", ONE, show),
    ("DELETE", ONE, delete),
    ("GET", f"{ONE}/statuses", statuses),
    ("POST", f"{ONE}/statuses", say),
    ("GET", f"{ONE}/statuses/{{status_id}}", status),
]
