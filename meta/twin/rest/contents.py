"""/contents and /readme of a repository: files and directories read, written, deleted."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from meta.twin import git, rules, trees
from meta.twin.rest import refs
from meta.twin.rest.gitdata import people, plain
from meta.twin.rest.shapes import commits, repos
from meta.twin.store import NotFound, Row
from meta.twin.web import Answer, Call, Refusal

FOLDER = "tree"
KINDS = {"blob": "file", "tree": "dir", "commit": "submodule"}
READMES = ("README.md", "README", "README.rst", "README.txt", "readme.md")


def show(call: Call, repo: Row, path: str = "") -> Any:
    folder, path = call.store.git_dir(repo), path.strip("/")
    if not git.branches(folder):
        raise Refusal(404, "This repository is empty.")
    ref = call.query.get("ref") or repo.doc["default_branch"]
    sha = git.resolve(folder, ref)
    if sha is None:
        raise Refusal(404, f"No commit found for the ref {ref}")
    entry = _entry(folder, sha, path)
    if entry.kind == FOLDER:
        inside = trees.listed(folder, entry.sha)
        return [_shown(call, repo, ref, each, _join(path, each.path)) for each in inside]
    return _file(call, repo, ref, entry)


def readme(call: Call, repo: Row) -> Any:
    for name in READMES:
        try:
            return show(call, repo, name)
        except NotFound:
            continue
    raise NotFound


def put(call: Call, repo: Row, path: str) -> Answer:
    """Writes one file in a commit of its own; `sha` has to be that of the file before."""
    folder, content = call.store.git_dir(repo), plain(call.text("content"), "base64")
    branch, old = _tip(call, repo)
    before = _before(call, folder, old, path)
    blob = git.store_object(folder, "blob", content)
    mode = before.mode if before else "100644"
    commit = _commit(call, repo, branch, old, trees.Entry(path, mode, "blob", blob))
    made = _entry(folder, commit, path)
    body = {"content": _shown(call, repo, branch, made, path)}
    body["commit"] = commits.small(call, repo, commits.one(folder, commit))
    return Answer(200 if before else 201, body)


def delete(call: Call, repo: Row, path: str) -> dict[str, Any]:
    folder = call.store.git_dir(repo)
    branch, old = _tip(call, repo)
    if _before(call, folder, old, path) is None:
        raise NotFound
    commit = _commit(call, repo, branch, old, trees.Entry(path, "", "", ""))
    return {"content": None, "commit": commits.small(call, repo, commits.one(folder, commit))}


def _tip(call: Call, repo: Row) -> tuple[str, str | None]:
    """The branch that a call writes to and its commit, None in an empty repository."""
    folder, branch = (
        call.store.git_dir(repo),
        call.fields.get("branch") or repo.doc["default_branch"],
    )
    found = git.branches(folder)
    if found and branch not in found:
        raise Refusal(404, f"Branch {branch} not found")
    return branch, found.get(branch)


def _before(call: Call, folder: Path, commit: str | None, path: str) -> trees.Entry | None:
    """The file that is there, None where none is; raises Refusal for another `sha` than its."""
    try:
        entry = _entry(folder, commit, path) if commit else None
    except NotFound:
        entry = None
    given = call.fields.get("sha") or call.query.get("sha")
    if entry and not given:
        raise Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if entry and given != entry.sha:
        raise Refusal(409, f"{path} does not match {given}")
    return entry


def _commit(call: Call, repo: Row, branch: str, old: str | None, entry: trees.Entry) -> str:
    folder = call.store.git_dir(repo)
    tree = trees.build(folder, old, [entry])
    flags = ["-p", old] if old else []
    words = call.text("message").encode()
    made = git.run(folder, "commit-tree", tree, *flags, stdin=words, env=people(call))
    commit = made.decode().strip()
    refs.move(call, repo, rules.HEADS + branch, old or git.NOTHING, commit)
    return commit


def _entry(folder: Path, commit: str, path: str) -> trees.Entry:
    """What is at a path; raises NotFound."""
    if not path:
        return trees.Entry(
            "", "040000", FOLDER, git.text(folder, "rev-parse", f"{commit}^{{tree}}")
        )
    text = git.text(folder, "ls-tree", "-z", "-l", "--full-tree", commit, "--", path)
    found = [trees.parse(line) for line in text.split("\0") if line]
    if not found or found[0].path != path:
        raise NotFound
    return found[0]


def _file(call: Call, repo: Row, ref: str, entry: trees.Entry) -> Any:
    content = git.run(call.store.git_dir(repo), "cat-file", "blob", entry.sha)
    if "raw" in call.headers.get("accept", ""):
        return Answer(200, content, {"Content-Type": "application/vnd.github.raw"})
    words = base64.encodebytes(content).decode()
    return _shown(call, repo, ref, entry, entry.path) | {"content": words, "encoding": "base64"}


def _shown(call: Call, repo: Row, ref: str, entry: trees.Entry, path: str) -> dict[str, Any]:
    api, web = repos.api(call, repo), repos.web(call, repo)
    place = "blob" if entry.kind == "blob" else FOLDER
    links = {
        "self": f"{api}/contents/{path}?ref={ref}",
        "git": f"{api}/git/{entry.kind}s/{entry.sha}",
        "html": f"{web}/{place}/{ref}/{path}",
    }
    raw = f"{web}/raw/{ref}/{path}" if place == "blob" else None
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": entry.sha,
        "size": entry.size,
        "url": links["self"],
        "html_url": links["html"],
        "git_url": links["git"],
        "download_url": raw,
        "type": "symlink" if entry.mode == "120000" else KINDS[entry.kind],
        "_links": links,
    }


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def raw(call: Call, owner: str, repo: str, ref: str, path: str) -> Answer:
    """A file as it is, where `download_url` points."""
    place = call.store.repo(owner, repo)
    sha = git.resolve(call.store.git_dir(place), ref)
    if sha is None or (place.doc["private"] and not call.login):
        raise NotFound
    entry = _entry(call.store.git_dir(place), sha, path)
    if entry.kind != "blob":
        raise NotFound
    content = git.run(call.store.git_dir(place), "cat-file", "blob", entry.sha)
    return Answer(200, content, {"Content-Type": "text/plain; charset=utf-8"})


CONTENTS = "/repos/{owner}/{repo}/contents"
ROUTES = [
    ("GET", CONTENTS, show),
    ("GET", f"{CONTENTS}/{{path*}}", show),
    ("PUT", f"{CONTENTS}/{{path*}}", put),
    ("DELETE", f"{CONTENTS}/{{path*}}", delete),
    ("GET", "/repos/{owner}/{repo}/readme", readme),
    ("GET", "/{owner}/{repo}/raw/{ref}/{path*}", raw),
]
