"""/git/refs of a repository: list, show, create, move, delete; rulesets hold here too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from meta.twin import git, pushes, rules
from meta.twin.ids import hidden
from meta.twin.rest.commits import filled
from meta.twin.rest.shapes import repos
from meta.twin.store import NotFound, Row
from meta.twin.web import Answer, Call, Refusal, page


def matching(call: Call, repo: Row, ref: str = "") -> Answer:
    """Refs whose name starts so; an answer without any is no error."""
    folder = filled(call, repo)
    found = git.refs(folder, "refs/")
    kept = [(f"refs/{name}", sha) for name, sha in found.items() if name.startswith(ref)]
    return page(call, kept, lambda pair: shown(call, repo, *pair))


def show(call: Call, repo: Row, ref: str) -> dict[str, Any]:
    name = f"refs/{ref}"
    return shown(call, repo, name, _there(filled(call, repo), name))


def create(call: Call, repo: Row) -> Answer:
    name, sha = call.text("ref"), call.text("sha")
    folder = filled(call, repo)
    if not name.startswith("refs/") or name.count("/") < 2 or not is_valid(folder, name):
        raise Refusal(422, f"Reference name must start with 'refs/' and be valid: {name}")
    if git.resolve(folder, sha, "object") is None:
        raise Refusal(422, "Object does not exist")
    if git.resolve(folder, name, "object"):
        raise Refusal(422, "Reference already exists")
    move(call, repo, name, git.NOTHING, sha)
    body = shown(call, repo, name, sha)
    return Answer(201, body, {"Location": body["url"]})


def update(call: Call, repo: Row, ref: str) -> dict[str, Any]:
    folder, name, sha = filled(call, repo), f"refs/{ref}", call.text("sha")
    old = git.resolve(folder, name, "object")
    if old is None:
        raise Refusal(422, "Reference does not exist")
    if git.resolve(folder, sha, "object") is None:
        raise Refusal(422, "Object does not exist")
    if not call.fields.get("force") and not git.is_ancestor(folder, old, sha):
        raise Refusal(422, "Update is not a fast forward")
    move(call, repo, name, old, sha)
    return shown(call, repo, name, sha)


def delete(call: Call, repo: Row, ref: str) -> None:
    folder, name = filled(call, repo), f"refs/{ref}"
    old = git.resolve(folder, name, "object")
    if old is None:
        raise Refusal(422, "Reference does not exist")
    if name == rules.HEADS + repo.doc["default_branch"]:
        raise Refusal(422, "Cannot delete the default branch")
    move(call, repo, name, old, git.NOTHING)


def move(call: Call, repo: Row, ref: str, old: str, new: str) -> None:
    """Moves one ref as a push would; raises Refusal where a ruleset forbids it."""
    step = rules.Move(ref, old, new)
    broken = rules.broken(call.store, repo, [step])
    if broken:
        raise Refusal(422, "Repository rule violations found\n\n" + "\n".join(broken[2:]))
    carry_out(call, repo, step)


def carry_out(call: Call, repo: Row, step: rules.Move) -> None:
    """Moves one ref whatever the rulesets say: what GitHub does for a merge."""
    folder = call.store.git_dir(repo)
    if step.new == git.NOTHING:
        git.drop_ref(folder, step.ref)
    else:
        git.set_ref(folder, step.ref, step.new, step.old)
    pushes.after(call.store, repo, (step,))


def shown(call: Call, repo: Row, ref: str, sha: str) -> dict[str, Any]:
    url, folder = f"{repos.api(call, repo)}/git", call.store.git_dir(repo)
    kind = git.text(folder, "cat-file", "-t", sha)
    return {
        "ref": ref,
        "node_id": "REF_kwDO" + hidden(f"ref/{repo.id}/{ref}"),
        "url": f"{url}/{ref}",
        "object": {"sha": sha, "type": kind, "url": f"{url}/{kind}s/{sha}"},
    }


def _there(folder: Path, name: str) -> str:
    found = git.refs(folder, name)
    if "" not in found:
        raise NotFound
    return found[""]


def is_valid(folder: Path, name: str) -> bool:
    """Whether git takes a full name for a ref's."""
    try:
        git.run(folder, "check-ref-format", name)
    except git.GitFailed:
        return False
    return True


GIT = "/repos/{owner}/{repo}/git"
ROUTES = [
    ("GET", f"{GIT}/refs", matching),
    ("POST", f"{GIT}/refs", create),
    ("GET", f"{GIT}/matching-refs/{{ref*}}", matching),
    ("GET", f"{GIT}/ref/{{ref*}}", show),
    ("GET", f"{GIT}/refs/{{ref*}}", show),
    ("PATCH", f"{GIT}/refs/{{ref*}}", update),
    ("DELETE", f"{GIT}/refs/{{ref*}}", delete),
]
