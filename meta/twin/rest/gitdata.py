"""/git/blobs, /git/trees, /git/commits, /git/tags: objects as git has them."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from meta.twin import git, trees
from meta.twin.ids import hidden
from meta.twin.rest.commits import filled
from meta.twin.rest.firstcommit import EMAIL
from meta.twin.rest.refs import GIT
from meta.twin.rest.shapes import commits, repos
from meta.twin.store import NotFound, Row
from meta.twin.web import ADMIN, Answer, Call, Refusal


def show_blob(call: Call, repo: Row, sha: str) -> Any:
    content = git.run(call.store.git_dir(repo), "cat-file", "blob", _find(call, repo, sha, "blob"))
    if "raw" in call.headers.get("accept", ""):
        return Answer(200, content, {"Content-Type": "application/vnd.github.raw"})
    words = base64.encodebytes(content).decode()
    return _blob(call, repo, sha) | {"size": len(content), "content": words, "encoding": "base64"}


def create_blob(call: Call, repo: Row) -> Answer:
    folder, content = filled(call, repo), plain(call.text("content"), call.fields.get("encoding"))
    shown = _blob(call, repo, git.store_object(folder, "blob", content))
    kept = {name: shown[name] for name in ("url", "sha")}
    return Answer(201, kept, {"Location": shown["url"]})


def show_tree(call: Call, repo: Row, sha: str) -> dict[str, Any]:
    filled(call, repo)
    return _tree(call, repo, _find(call, repo, sha, "tree"), deep="recursive" in call.query)


def create_tree(call: Call, repo: Row) -> Answer:
    folder, entries = filled(call, repo), call.fields.get("tree")
    if not isinstance(entries, list) or not entries:
        raise Refusal(422, "Invalid tree info")
    base = call.fields.get("base_tree")
    start = git.resolve(folder, base, "tree") if base else None
    if base and start is None:
        raise Refusal(422, "base_tree is not a valid tree oid")
    try:
        sha = trees.build(folder, start, [trees.entry(folder, each) for each in entries])
    except (trees.Malformed, git.GitFailed) as error:
        raise Refusal(422, str(error)) from error
    shown = _tree(call, repo, sha, deep=False)
    return Answer(201, shown, {"Location": shown["url"]})


def show_commit(call: Call, repo: Row, sha: str) -> dict[str, Any]:
    found = _find(call, repo, sha, "commit")
    return commits.small(call, repo, commits.one(call.store.git_dir(repo), found))


def create_commit(call: Call, repo: Row) -> Answer:
    folder = filled(call, repo)
    tree = git.resolve(folder, call.text("tree"), "tree")
    if tree is None:
        raise Refusal(422, "Tree SHA does not exist")
    parents = [git.resolve(folder, str(each)) for each in call.fields.get("parents") or ()]
    if None in parents:
        raise Refusal(422, "Parent SHA does not exist or is not a commit object")
    flags = [word for parent in parents if parent for word in ("-p", parent)]
    made = git.run(
        folder, "commit-tree", tree, *flags, stdin=call.text("message").encode(), env=people(call)
    )
    shown = commits.small(call, repo, commits.one(folder, made.decode().strip()))
    return Answer(201, shown, {"Location": shown["url"]})


def show_tag(call: Call, repo: Row, sha: str) -> dict[str, Any]:
    return _tag(call, repo, _find(call, repo, sha, "tag"))


def create_tag(call: Call, repo: Row) -> Answer:
    folder, target = filled(call, repo), call.text("object")
    who = {"name": ADMIN, "email": EMAIL, **(call.fields.get("tagger") or {})}
    stamp = git.text(folder, "var", "GIT_COMMITTER_IDENT", env=_person("COMMITTER", who))
    lines = [f"object {target}", f"type {call.text('type')}", f"tag {call.text('tag')}"]
    content = "\n".join([*lines, f"tagger {stamp}", "", call.text("message"), ""])
    try:
        sha = git.run(folder, "mktag", stdin=content.encode()).decode().strip()
    except git.GitFailed as error:
        raise Refusal(422, "Object does not exist, or the tag is not valid") from error
    shown = _tag(call, repo, sha)
    return Answer(201, shown, {"Location": shown["url"]})


def plain(content: str, encoding: Any) -> bytes:
    """What a client sent, as bytes; raises Refusal for what is not base64 although it says so."""
    if encoding != "base64":
        return content.encode()
    try:
        return base64.b64decode(content)
    except binascii.Error as error:
        raise Refusal(422, "content is not valid Base64") from error


def people(call: Call) -> dict[str, str]:
    """Author and committer of a call, as git wants to be told; each stands in for the other."""
    nobody = {"name": ADMIN, "email": EMAIL}
    author = {**nobody, **(call.fields.get("author") or call.fields.get("committer") or {})}
    committer = {**author, **(call.fields.get("committer") or {})}
    return _person("AUTHOR", author) | _person("COMMITTER", committer)


def _person(role: str, who: dict[str, str]) -> dict[str, str]:
    names = {f"GIT_{role}_NAME": who["name"], f"GIT_{role}_EMAIL": who["email"]}
    return names | ({f"GIT_{role}_DATE": who["date"]} if who.get("date") else {})


def _find(call: Call, repo: Row, name: str, kind: str) -> str:
    sha = git.resolve(call.store.git_dir(repo), name, kind)
    if sha is None:
        raise NotFound
    return sha


def _blob(call: Call, repo: Row, sha: str) -> dict[str, Any]:
    url = f"{repos.api(call, repo)}/git/blobs/{sha}"
    return {"sha": sha, "node_id": "B_kwDO" + hidden(f"blob/{repo.id}/{sha}"), "url": url}


def _tree(call: Call, repo: Row, sha: str, *, deep: bool) -> dict[str, Any]:
    url, folder = f"{repos.api(call, repo)}/git", call.store.git_dir(repo)
    return {
        "sha": sha,
        "url": f"{url}/trees/{sha}",
        "tree": [_entry(url, entry) for entry in trees.listed(folder, sha, deep=deep)],
        "truncated": False,
    }


def _entry(url: str, entry: trees.Entry) -> dict[str, Any]:
    shown = {"path": entry.path, "mode": entry.mode, "type": entry.kind, "sha": entry.sha}
    size = {"size": entry.size} if entry.kind == "blob" else {}
    return {**shown, **size, "url": f"{url}/{entry.kind}s/{entry.sha}"}


def _tag(call: Call, repo: Row, sha: str) -> dict[str, Any]:
    url, folder = f"{repos.api(call, repo)}/git", call.store.git_dir(repo)
    head, _, message = git.text(folder, "cat-file", "tag", sha).partition("\n\n")
    says = dict(line.split(" ", 1) for line in head.splitlines())
    return {
        "node_id": "TA_kwDO" + hidden(f"tag/{repo.id}/{sha}"),
        "sha": sha,
        "url": f"{url}/tags/{sha}",
        "tag": says["tag"],
        "message": message.rstrip("\n"),
        "tagger": _tagger(says["tagger"]),
        "object": {
            "sha": says["object"],
            "type": says["type"],
            "url": f"{url}/{says['type']}s/{says['object']}",
        },
        "verification": {**commits.UNSIGNED, "verified_at": None},
    }


def _tagger(line: str) -> dict[str, str]:
    name, _, rest = line.partition(" <")
    email, _, moment = rest.partition("> ")
    return commits.person(name, email, moment.split(" ")[0])


ROUTES = [
    ("POST", f"{GIT}/blobs", create_blob),
    ("GET", f"{GIT}/blobs/{{sha}}", show_blob),
    ("POST", f"{GIT}/trees", create_tree),
    ("GET", f"{GIT}/trees/{{sha*}}", show_tree),
    ("POST", f"{GIT}/commits", create_commit),
    ("GET", f"{GIT}/commits/{{sha}}", show_commit),
    ("POST", f"{GIT}/tags", create_tag),
    ("GET", f"{GIT}/tags/{{sha}}", show_tag),
]
