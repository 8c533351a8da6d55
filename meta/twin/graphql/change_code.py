"""Mutations of refs and branches: real objects in the real repositories."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from meta.twin import git, pushes, rules
from meta.twin.graphql.code import Ref, folder, named, ref_of
from meta.twin.graphql.context import Context, Problem, Resolvers
from meta.twin.graphql.objects import find
from meta.twin.graphql.rest import ask, of_repo
from meta.twin.graphql.roots import missing
from meta.twin.rest.firstcommit import identity
from meta.twin.store import NotFound, Row

Given = dict[str, Any]


def create_ref(ctx: Context, given: Given) -> dict[str, Any]:
    repo = ctx.find(given["repositoryId"], "repo")
    ask(ctx, "POST", f"{of_repo(repo)}/git/refs", {"ref": given["name"], "sha": given["oid"]})
    return {"ref": named(repo, ctx, given["name"])}


def update_ref(ctx: Context, given: Given) -> dict[str, Any]:
    ref = ref_of(ctx, given["refId"])
    fields = {"sha": given["oid"], "force": bool(given.get("force"))}
    ask(ctx, "PATCH", _path(ref), fields)
    return {"ref": named(ref.repo, ctx, ref.full)}


def delete_ref(ctx: Context, given: Given) -> dict[str, Any]:
    ask(ctx, "DELETE", _path(ref_of(ctx, given["refId"])))
    return {}


def commit_on_branch(ctx: Context, given: Given) -> dict[str, Any]:
    """One commit on a branch that is there and still stands where the client saw it last."""
    ref = _branch(ctx, given["branch"])
    if ref.oid != given["expectedHeadOid"]:
        raise Problem(
            f"Expected branch to point to {given['expectedHeadOid']} but it points to {ref.oid}."
            " Pull and try again.",
            "STALE_DATA",
        )
    at = folder(ref.repo, ctx)
    tree = _tree(at, ref.oid, given.get("fileChanges") or {})
    words = "\n\n".join(filter(None, (given["message"]["headline"], given["message"].get("body"))))
    commit = git.text(at, "commit-tree", tree, "-p", ref.oid, "-m", words, env=identity(ctx.login))
    _move(ctx, ref, commit)
    fresh = named(ref.repo, ctx, ref.full)
    return {"ref": fresh, "commit": find(ref.repo, at, commit)}


def _move(ctx: Context, ref: Ref, commit: str) -> None:
    """The branch points to the commit, by the rules that a push keeps."""
    move = rules.Move(ref.full, ref.oid, commit)
    broken = rules.broken(ctx.store, ref.repo, [move])
    if broken:
        raise Problem("Repository rule violations found\n\n" + "\n".join(broken))
    git.set_ref(folder(ref.repo, ctx), ref.full, commit, ref.oid)
    pushes.after(ctx.store, ref.repo, (move,))
    ctx.forget()


def _tree(at: Path, head: str, changes: dict[str, Any]) -> str:
    """The head's tree with files put in and taken out; a changed file keeps its mode."""
    with TemporaryDirectory() as own:
        env = {"GIT_INDEX_FILE": str(Path(own) / "index")}
        git.run(at, "read-tree", head, env=env)
        lines = [*_gone(changes), *_put(at, env, changes)]
        git.run(at, "update-index", "-z", "--index-info", stdin="".join(lines).encode(), env=env)
        return git.text(at, "write-tree", env=env)


def _gone(changes: dict[str, Any]) -> list[str]:
    return [f"0 {git.NOTHING}\t{one['path']}\0" for one in changes.get("deletions") or ()]


def _put(at: Path, env: dict[str, str], changes: dict[str, Any]) -> list[str]:
    stands = git.text(at, "ls-files", "-z", "--stage", env=env).split("\0")
    modes = {line.partition("\t")[2]: line[:6] for line in stands}
    return [
        f"{modes.get(one['path'], '100644')} {_blob(at, one['contents'])}\t{one['path']}\0"
        for one in changes.get("additions") or ()
    ]


def _blob(at: Path, contents: str) -> str:
    try:
        return git.store_object(at, "blob", base64.b64decode(contents, validate=True))
    except binascii.Error as error:
        raise Problem("A file's contents are not in base64") from error


def _branch(ctx: Context, given: dict[str, Any]) -> Ref:
    if given.get("id"):
        return ref_of(ctx, given["id"])
    name = given.get("repositoryNameWithOwner") or ""
    branch = (given.get("branchName") or "").removeprefix("refs/heads/")
    ref = named(_repo(ctx, name), ctx, f"refs/heads/{branch}")
    if ref is None:
        raise Problem(f"No such branch: {branch}", "NOT_FOUND")
    return ref


def _repo(ctx: Context, name: str) -> Row:
    try:
        return ctx.repo(name.lower())
    except NotFound as error:
        raise missing("Repository", f"with the name '{name}'") from error


def _path(ref: Ref) -> str:
    return f"{of_repo(ref.repo)}/git/{ref.full}"


CHANGES: Resolvers = {
    "createRef": create_ref,
    "updateRef": update_ref,
    "deleteRef": delete_ref,
    "createCommitOnBranch": commit_on_branch,
}
