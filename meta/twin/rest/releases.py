"""/releases of a repository: list, show, create, change, delete, which is the latest."""

from __future__ import annotations

from typing import Any

from meta.twin import git, rules, webhooks
from meta.twin.rest import notes, refs
from meta.twin.rest.commits import filled
from meta.twin.rest.labels import scope
from meta.twin.rest.shapes import releases as shapes
from meta.twin.store import NotFound, Row, Store, now, row_id
from meta.twin.web import Answer, Call, Refusal, invalid, page, there, whole

LATEST = ("true", "false", "legacy")
FLAGS = ("draft", "prerelease")


def all_of(call: Call, repo: Row) -> Answer:
    """Newest first; drafts for those who may write."""
    rows = [row for row in of_repo(call.store, repo) if call.login or not row.doc["draft"]]
    return page(call, rows, lambda row: shapes.release(call, repo, row))


def show(call: Call, repo: Row, number: str) -> dict[str, Any]:
    return shapes.release(call, repo, find(call, repo, number))


def of_tag(call: Call, repo: Row, tag: str) -> dict[str, Any]:
    return shapes.release(call, repo, there(published(call.store, repo, tag)))


def latest_of(call: Call, repo: Row) -> dict[str, Any]:
    return shapes.release(call, repo, there(latest(call.store, repo)))


def create(call: Call, repo: Row) -> Answer:
    call.text("tag_name")
    nothing = dict.fromkeys(("name", "body", "published_at", "latest_at"))
    doc: dict[str, Any] = {**nothing, "draft": False, "prerelease": False, "immutable": False}
    doc |= {"author": call.user(), "target_commitish": repo.doc["default_branch"]}
    doc["make_latest"] = "true"
    change(call, repo, doc, 0)
    if call.fields.get("generate_release_notes"):
        made = notes.of(call, repo, doc["tag_name"], doc["target_commitish"], "")
        doc["name"] = doc["name"] or made["name"]
        doc["body"] = "\n\n".join(part for part in (doc["body"], made["body"]) if part)
    key = str(call.store.next_number(f"{scope(repo)}#releases"))
    row = call.store.add("release", scope(repo), key, doc)
    webhooks.released(call.store, repo, row, "created" if doc["draft"] else "published")
    shown = shapes.release(call, repo, row)
    return Answer(201, shown, {"Location": shown["url"]})


def update(call: Call, repo: Row, number: str) -> dict[str, Any]:
    row = find(call, repo, number)
    moved = any(
        name in call.fields and call.fields[name] != row.doc[name]
        for name in ("tag_name", "draft", "target_commitish")
    )
    if row.doc["immutable"] and moved:
        raise Refusal(422, "Cannot change the tag of an immutable release")
    was_draft = row.doc["draft"]
    change(call, repo, row.doc, row.id)
    call.store.save(row)
    out = was_draft and not row.doc["draft"]
    webhooks.released(call.store, repo, row, "published" if out else "edited")
    return shapes.release(call, repo, row)


def delete(call: Call, repo: Row, number: str) -> None:
    """Its tag stays."""
    row = find(call, repo, number)
    call.store.drop_scope(shapes.assets_of(row)[1])
    call.store.drop(row)


def generate(call: Call, repo: Row) -> dict[str, Any]:
    target = call.fields.get("target_commitish") or repo.doc["default_branch"]
    since = call.fields.get("previous_tag_name") or ""
    return notes.of(call, repo, call.text("tag_name"), str(target), str(since))


def immutable(call: Call, repo: Row) -> dict[str, bool]:
    if not repo.doc.get("immutable_releases"):
        raise NotFound
    return {"enabled": True, "enforced_by_owner": False}


def freeze(call: Call, repo: Row) -> None:
    """Releases published from now on cannot be changed."""
    repo.doc["immutable_releases"] = call.method == "PUT"
    call.store.save(repo)


def of_repo(store: Store, repo: Row) -> list[Row]:
    """Every release, newest first."""
    return store.rows("release", scope(repo))[::-1]


def published(store: Store, repo: Row, tag: str) -> Row | None:
    rows = of_repo(store, repo)
    return next((r for r in rows if r.doc["tag_name"] == tag and not r.doc["draft"]), None)


def latest(store: Store, repo: Row) -> Row | None:
    """The full release that was said last to be the latest; else the newest of those that may."""
    kept = [row for row in of_repo(store, repo) if may_be_latest(row)]
    return max(kept, key=lambda row: (row.doc["latest_at"] or 0, row.id), default=None)


def may_be_latest(row: Row) -> bool:
    doc = row.doc
    return not doc["draft"] and not doc["prerelease"] and doc["make_latest"] != "false"


def find(call: Call, repo: Row, number: str) -> Row:
    row = there(call.store.by_id(row_id("release", whole(number))))
    if row.kind != "release" or row.scope != scope(repo):
        raise NotFound
    return there(row if call.login or not row.doc["draft"] else None)


def change(call: Call, repo: Row, doc: dict[str, Any], own: int) -> None:
    """Takes what a call says; a release that is published gets its tag. Raises Refusal."""
    fields, was_draft = call.fields, doc["draft"] or not own
    for name in ("tag_name", "target_commitish"):
        if fields.get(name):
            doc[name] = str(fields[name])
    for name in ("name", "body"):
        if name in fields:
            doc[name] = None if fields[name] is None else str(fields[name])
    for name in FLAGS:
        if fields.get(name) is not None:
            doc[name] = bool(fields[name])
    said = fields.get("make_latest")
    if said is not None and str(said).lower() not in LATEST:
        raise invalid("Release", "make_latest", "invalid")
    doc["make_latest"] = str(said).lower() if said is not None else doc["make_latest"]
    if doc["draft"]:
        return
    _publish(call, repo, doc, own)
    if doc["make_latest"] == "true" and (was_draft or said is not None):
        doc["latest_at"] = call.store.next_number(f"{scope(repo)}#latest")


def _publish(call: Call, repo: Row, doc: dict[str, Any], own: int) -> None:
    other = published(call.store, repo, doc["tag_name"])
    if other and other.id != own:
        raise invalid("Release", "tag_name", "already_exists")
    folder, ref = filled(call, repo), rules.TAGS + doc["tag_name"]
    if git.resolve(folder, ref, "object") is None:
        sha = git.resolve(folder, doc["target_commitish"])
        if sha is None:
            raise invalid("Release", "target_commitish", "invalid")
        if not refs.is_valid(folder, ref):
            raise invalid("Release", "tag_name", "custom", "tag_name is not a valid tag")
        refs.move(call, repo, ref, git.NOTHING, sha)
    if doc["published_at"] is None:
        doc["published_at"] = now()
        doc["immutable"] = bool(repo.doc.get("immutable_releases"))


RELEASES = "/repos/{owner}/{repo}/releases"
FROZEN = "/repos/{owner}/{repo}/immutable-releases"
ROUTES = [
    ("GET", RELEASES, all_of),
    ("POST", RELEASES, create),
    ("POST", f"{RELEASES}/generate-notes", generate),
    ("GET", f"{RELEASES}/latest", latest_of),
    ("GET", f"{RELEASES}/tags/{{tag*}}", of_tag),
    ("GET", f"{RELEASES}/{{number}}", show),
    ("PATCH", f"{RELEASES}/{{number}}", update),
    ("DELETE", f"{RELEASES}/{{number}}", delete),
    ("GET", FROZEN, immutable),
    ("PUT", FROZEN, freeze),
    ("DELETE", FROZEN, freeze),
]
