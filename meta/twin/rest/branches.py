"""/branches of a repository: list, show, rename; /tags."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from meta.twin import git, rules
from meta.twin.rest import refs
from meta.twin.rest.commits import filled
from meta.twin.rest.shapes import commits, repos
from meta.twin.store import Row
from meta.twin.web import Answer, Call, Refusal, page

OFF = {"enforcement_level": "off", "contexts": [], "checks": []}


def all_of(call: Call, repo: Row) -> Answer:
    found = git.branches(call.store.git_dir(repo))
    asked = call.query.get("protected")
    kept = [
        name
        for name in found
        if asked is None or _is_protected(call, repo, name) == (asked == "true")
    ]
    return page(call, kept, lambda name: _short(call, repo, name, found[name]))


def show(call: Call, repo: Row, branch: str) -> dict[str, Any]:
    sha = _find(call, repo, branch)
    shown = _short(call, repo, branch, sha)
    commit = commits.full(call, repo, commits.one(call.store.git_dir(repo), sha))
    url = f"{repos.api(call, repo)}/branches/{quote(branch)}"
    links = {"self": url, "html": f"{repos.web(call, repo)}/tree/{branch}"}
    return {**shown, "commit": commit, "_links": links}


def rename(call: Call, repo: Row, branch: str) -> Answer:
    """The default branch stays it under its new name; open pull requests follow."""
    new, sha, folder = call.text("new_name"), _find(call, repo, branch), call.store.git_dir(repo)
    if git.resolve(folder, rules.HEADS + new):
        raise Refusal(422, "Reference already exists")
    git.set_ref(folder, rules.HEADS + new, sha)
    if repo.doc["default_branch"] == branch:
        repo.doc["default_branch"] = new
        git.run(folder, "symbolic-ref", "HEAD", rules.HEADS + new)
        call.store.save(repo)
    classic = rules.classic(call.store, repo, branch)
    if classic:
        classic.key = classic.doc["branch"] = new
        call.store.save(classic)
    for pull in call.store.rows("pull", f"{repo.scope}/{repo.key}"):
        sides = {side: new for side in ("head", "base") if pull.doc[side] == branch}
        if sides:
            pull.doc |= sides
            call.store.save(pull)
    refs.carry_out(call, repo, rules.Move(rules.HEADS + branch, sha, git.NOTHING))
    return Answer(201, show(call, repo, new))


def _find(call: Call, repo: Row, branch: str) -> str:
    found = git.branches(call.store.git_dir(repo))
    if branch not in found:
        raise Refusal(404, "Branch not found")
    return found[branch]


def _is_protected(call: Call, repo: Row, name: str) -> bool:
    if rules.classic(call.store, repo, name):
        return True
    return any(row.doc["rules"] for row in rules.active(call.store, repo, rules.HEADS + name))


def _short(call: Call, repo: Row, name: str, sha: str) -> dict[str, Any]:
    api = repos.api(call, repo)
    return {
        "name": name,
        "commit": {"sha": sha, "url": f"{api}/commits/{sha}"},
        "protected": _is_protected(call, repo, name),
        "protection": _protection(call, repo, name),
        "protection_url": f"{api}/branches/{quote(name)}/protection",
    }


def _protection(call: Call, repo: Row, name: str) -> dict[str, Any]:
    classic = rules.classic(call.store, repo, name)
    if classic is None or not classic.doc["required_status_checks"]:
        return {"enabled": classic is not None, "required_status_checks": OFF}
    checks = classic.doc["required_status_checks"]["checks"]
    level = "everyone" if classic.doc["enforce_admins"] else "non_admins"
    needed = {"enforcement_level": level, "checks": checks}
    contexts = [each["context"] for each in checks]
    return {"enabled": True, "required_status_checks": needed | {"contexts": contexts}}


def tags(call: Call, repo: Row) -> Answer:
    folder = call.store.git_dir(repo)
    names = list(git.refs(folder, rules.TAGS))
    return page(call, names[::-1], lambda name: _tag(call, repo, name))


def _tag(call: Call, repo: Row, name: str) -> dict[str, Any]:
    sha = git.resolve(filled(call, repo), rules.TAGS + name)
    api = repos.api(call, repo)
    return {
        "name": name,
        "zipball_url": f"{api}/zipball/{rules.TAGS}{name}",
        "tarball_url": f"{api}/tarball/{rules.TAGS}{name}",
        "commit": {"sha": sha, "url": f"{api}/commits/{sha}"},
        "node_id": commits.node(repo, name),
    }


BRANCHES = "/repos/{owner}/{repo}/branches"
ROUTES = [
    ("GET", BRANCHES, all_of),
    ("POST", f"{BRANCHES}/{{branch}}/rename", rename),
    ("GET", f"{BRANCHES}/{{branch*}}", show),
    ("GET", "/repos/{owner}/{repo}/tags", tags),
]
