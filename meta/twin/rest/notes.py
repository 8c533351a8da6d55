"""A tag and the one before it -> the notes that GitHub would write of what lies between."""

from __future__ import annotations

from meta.twin import git, rules
from meta.twin.rest.commits import filled
from meta.twin.rest.labels import scope
from meta.twin.rest.shapes import repos
from meta.twin.store import Row
from meta.twin.web import Call, Refusal


def of(call: Call, repo: Row, tag: str, target: str, since: str) -> dict[str, str]:
    """Name and body; `since` "" stands for the latest release's tag. Raises Refusal."""
    folder = filled(call, repo)
    end = git.resolve(folder, rules.TAGS + tag) or git.resolve(folder, target)
    if end is None:
        raise Refusal(422, "Validation Failed", [f"Invalid target_commitish parameter: {target}"])
    since = since or _before(call, repo, tag)
    start = git.resolve(folder, rules.TAGS + since) if since else None
    if since and start is None:
        raise Refusal(422, "Validation Failed", [f"Invalid previous_tag parameter: {since}"])
    span = [end, f"^{start}"] if start else [end]
    shas = set(git.text(folder, "rev-list", *span).split())
    merged = [
        pull
        for pull in call.store.rows("pull", scope(repo))
        if pull.doc["merged"] and pull.doc["merge_commit_sha"] in shas
    ]
    web = repos.web(call, repo)
    lines = [
        f"* {pull.doc['title']} by @{pull.doc['author']} in {web}/pull/{pull.key}"
        for pull in merged
    ]
    place = f"compare/{since}...{tag}" if since else f"commits/{tag}"
    changed = ["## What's Changed", *lines, "", ""] if lines else []
    return {"name": tag, "body": "\n".join([*changed, f"**Full Changelog**: {web}/{place}"])}


def _before(call: Call, repo: Row, tag: str) -> str:
    """The tag of the newest published release but this one."""
    for row in call.store.rows("release", scope(repo))[::-1]:
        if not row.doc["draft"] and row.doc["tag_name"] != tag:
            return str(row.doc["tag_name"])
    return ""
