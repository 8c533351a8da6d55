"""The files that the fleet shares: a template's rendering, shared workflows, first seeds.

An empty repository gets them as its first commit. One with a history gets one pull request,
with each path treated by its ownership: `managed`, `merged`, `seeded` or `absent`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from meta import answers, git, proposals
from meta.answers import ANSWERS
from meta.errors import GitHubError
from meta.github import Reader, Writer
from meta.merge import Ownership, combine, ownership
from meta.model import Address, Blob, Change, Create, Entry, Fields, Outcome, Pending, Receipt, Tree

SECTION = "tree"
NAME = "files"
CHANGES = ("create", "update")
SCHEMA: Mapping[str, Any] = {}
EXAMPLE = """
template: {source: "https://github.com/acme/templates", version: v1.0.0}
answers: {kind: service}
workflows: [hygiene]
"""
THEN = """
template: {source: "https://github.com/acme/templates", version: v2.0.0}
answers: {kind: service}
workflows: [hygiene]
"""
WORKFLOWS = ".github/workflows"
#: Observed fields that are not paths start with this.
FACT = "@"


def desired(entry: Entry) -> Iterator[tuple[Address, Fields]]:
    yield Address(entry.scope, NAME, "tree"), entry.spec[SECTION]


def observe(gh: Reader, entry: Entry) -> Iterator[tuple[Address, Fields]]:
    """Nothing for an empty repository; else its files by path, and the open proposal."""
    files = tree(gh, entry.scope, "HEAD")
    if files is not None:
        proposal = proposals.find(gh, entry.scope)
        proposed = tree(gh, entry.scope, proposal.head) if proposal else None
        fields = {f"{FACT}proposal": proposal and proposal.url, f"{FACT}proposed": proposed}
        yield Address(entry.scope, NAME, "tree"), {**files, **fields}


def tree(gh: Reader, scope: str, ref: str) -> Tree | None:
    """The files at `ref`, ids only; None where the repository has no commit."""
    try:
        answer = gh.get(f"/repos/{scope}/git/trees/{ref}", recursive=1)
    except GitHubError as error:
        if error.status in (404, 409):
            return None
        raise
    if answer.get("truncated"):
        raise GitHubError("has more files than one answer holds", where=scope)
    rows = answer["tree"]
    return {row["path"]: Blob(row["mode"], row["sha"]) for row in rows if row["type"] == "blob"}


def resolve(
    entry: Entry, address: Address, desired: Fields, observed: Fields | None, look: Any
) -> tuple[Fields, Pending | None]:
    """Only the paths that should differ from what is there."""
    new = rendering(entry, desired, look)
    owner = owners(entry, desired, new)
    if observed is None:
        return {path: blob for path, blob in new.items() if owner(path) != "absent"}, None
    have = {path: blob for path, blob in observed.items() if not path.startswith(FACT)}
    wanted = differing(entry, desired, new, have, owner, look)
    proposed = observed[f"{FACT}proposed"]
    if wanted and proposed is not None and holds(proposed, wanted):
        return {}, Pending(address, observed[f"{FACT}proposal"])
    return wanted, None


def differing(
    entry: Entry, desired: Fields, new: Tree, have: Tree, owner: Ownership, look: Any
) -> dict[str, Any]:
    old = old_rendering(entry, desired, new, have, look)
    read = partial(look.blob, entry.scope)
    found = [*combine(old, new, have, owner, read)]
    wanted: dict[str, Any] = {one.path: one.blob for one in found}
    if set(wanted) == {ANSWERS} and only_version(new[ANSWERS], have.get(ANSWERS), read):
        return {}
    if conflicts := [one.path for one in found if one.conflict]:
        wanted[f"{FACT}conflicts"] = conflicts
    return wanted


def rendering(entry: Entry, desired: Fields, look: Any) -> Tree:
    """Template, then shared workflows, then seeds: the later has the last word on a path."""
    template, files = desired.get("template"), {}
    if template:
        source, version = template["source"], template["version"]
        files.update(look.render(source, version, desired.get("answers") or {}))
        for name in desired.get("workflows") or ():
            data = look.workflow(source, version, name)
            files[f"{WORKFLOWS}/{name}.yml"] = Blob.of(data)
    return {**files, **{path: Blob.of(data) for path, data in entry.seeds.items()}}


def old_rendering(entry: Entry, desired: Fields, new: Tree, have: Tree, look: Any) -> Tree:
    """What the template gave last time, by the repository's own answers; empty if it never did.

    A template may have moved, but only on its host: an answers file that anybody may edit does
    not send us elsewhere.
    """
    if ANSWERS not in have or ANSWERS not in new:
        return {}
    if have[ANSWERS] == new[ANSWERS]:
        return {path: blob for path, blob in new.items() if path not in entry.seeds}
    where = f"{entry.scope} {ANSWERS}"
    given = answers.read(look.blob(entry.scope, have[ANSWERS].sha), where=where)
    source, version = str(given.get("_src_path")), str(given.get("_commit"))
    if not answers.same_host(source, desired["template"]["source"]):
        return {}
    return dict(look.render(source, version, answers.own(given)))


def owners(entry: Entry, desired: Fields, new: Tree) -> Ownership:
    names = desired.get("workflows") or ()
    shared = {f"{WORKFLOWS}/{name}.yml": "managed" for name in names}
    seeds = dict.fromkeys(entry.seeds, "seeded")
    return ownership(desired.get("files") or {}, {**shared, **seeds, ANSWERS: "managed"})


def only_version(new: Blob, have: Blob | None, read: Callable[[str], bytes]) -> bool:
    """Whether a new version of the template changes nothing here but its own name."""
    return have is not None and answers.same_but_version(new.data or b"", read(have.sha))


def holds(proposed: Tree, wanted: Mapping[str, Any]) -> bool:
    paths = {path: blob for path, blob in wanted.items() if not path.startswith(FACT)}
    return all(proposed.get(path) == blob for path, blob in paths.items())


def apply(gh: Writer, change: Change) -> Receipt:
    scope = change.address.scope
    if isinstance(change, Create):
        url = f"{gh.server.git_url}/{scope}.git"
        branch = gh.get(f"/repos/{scope}")["default_branch"]
        message = "chore: first files of this repository"
        token = gh.server.token
        commit = git.push_new(url, change.after, branch=branch, message=message, token=token)
        return Receipt(change, Outcome.DONE, f"{len(change.after)} files, commit {commit[:10]}")
    files = {path: blob for path, blob in change.after.items() if not path.startswith(FACT)}
    conflicts = change.after.get(f"{FACT}conflicts", ())
    return proposals.propose(gh, change, files, conflicts)
