"""Resolvers of refs, commits, trees and files, read from the real repositories."""

from __future__ import annotations

import base64
from pathlib import Path, PurePosixPath
from typing import Any

from meta.twin import git
from meta.twin.graphql.connection import connection
from meta.twin.graphql.context import Context, Problem, Resolver, Resolvers
from meta.twin.graphql.objects import GITLINK, Entry, Signature, Thing, commit, entries, find
from meta.twin.graphql.owners import always
from meta.twin.graphql.roots import actor
from meta.twin.store import Row

PREFIXES = ("refs/heads/", "refs/tags/", "refs/pull/")
SNIFFED = 8000
HISTORY = 1000


class Ref:
    """A branch or tag: its repository, its full name, the object that it points to."""

    typename = "Ref"

    def __init__(self, repo: Row, full: str, oid: str) -> None:
        self.repo, self.full, self.oid = repo, full, oid

    @property
    def prefix(self) -> str:
        return next((one for one in PREFIXES if self.full.startswith(one)), "refs/")

    @property
    def id(self) -> str:
        """Opaque, and read back by `ref_of`."""
        inside = base64.urlsafe_b64encode(f"{self.repo.id}:{self.full}".encode()).decode()
        return f"REF_kwDO{inside.rstrip('=')}"


def ref_of(ctx: Context, node: str) -> Ref:
    """The ref that a node id stands for; a Problem where it stands for none."""
    text = node.removeprefix("REF_kwDO")
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        repo = ctx.row(int(plain.partition(":")[0]))
    except ValueError:
        repo, plain = None, ""
    found = named(repo, ctx, plain.partition(":")[2]) if repo else None
    if found is None:
        raise Problem(f"Could not resolve to a node with the global id of '{node}'", "NOT_FOUND")
    return found


def folder(repo: Row, ctx: Context) -> Path:
    return ctx.store.git_dir(repo)


def all_refs(repo: Row, ctx: Context) -> dict[str, str]:
    """Full name -> object id, read once for a request."""

    def look() -> dict[str, str]:
        at = folder(repo, ctx)
        found = git.refs(at, "refs/") if at.is_dir() else {}
        return {f"refs/{name}": oid for name, oid in found.items()}

    refs: dict[str, str] = ctx.once(("refs", repo.id), look)
    return refs


def named(repo: Row, ctx: Context, name: str) -> Ref | None:
    """A ref by its full name, or by what git would take it for."""
    stands = all_refs(repo, ctx)
    for full in (name, f"refs/{name}", f"refs/heads/{name}", f"refs/tags/{name}"):
        if full in stands:
            return Ref(repo, full, stands[full])
    return None


def default_ref(repo: Row, ctx: Context) -> Ref | None:
    return named(repo, ctx, f"refs/heads/{repo.doc['default_branch']}")


def is_empty(repo: Row, ctx: Context) -> bool:
    return not any(name.startswith("refs/heads/") for name in all_refs(repo, ctx))


def refs(repo: Row, ctx: Context, **args: Any) -> dict[str, Any]:
    prefix, part = args["refPrefix"], (args.get("query") or "").lower()
    found = [
        Ref(repo, full, oid)
        for full, oid in all_refs(repo, ctx).items()
        if full.startswith(prefix) and part in full.removeprefix(prefix).lower()
    ]
    return connection(found, args)


def object_(
    repo: Row, ctx: Context, oid: str | None = None, expression: str | None = None
) -> Thing | None:
    return find(repo, folder(repo, ctx), oid or expression or "HEAD")


def target(ref: Ref, ctx: Context) -> Thing | None:
    return find(ref.repo, folder(ref.repo, ctx), ref.oid)


def text(blob: Thing, _: Context) -> str | None:
    return None if is_binary(blob) else blob.content.decode()


def is_binary(blob: Thing, _: Context | None = None) -> bool:
    """As git sees it, or what is not UTF-8."""
    if b"\0" in blob.content[:SNIFFED]:
        return True
    try:
        blob.content.decode()
    except UnicodeDecodeError:
        return True
    return False


def history(thing: Thing, _: Context, **args: Any) -> dict[str, Any]:
    path = ["--", args["path"]] if args.get("path") else []
    listed = git.text(thing.folder, "rev-list", f"--max-count={HISTORY}", thing.oid, *path)
    return connection([_commit(thing, oid) for oid in listed.split()], args)


def parents(thing: Thing, _: Context, **args: Any) -> dict[str, Any]:
    return connection([_commit(thing, oid) for oid in commit(thing).parents], args)


def _commit(near: Thing, oid: str) -> Thing:
    return Thing(near.repo, near.folder, oid, "commit")


def tree_of(thing: Thing, _: Context) -> Thing:
    return Thing(thing.repo, thing.folder, commit(thing).tree, "tree")


def path_of(thing: Thing, ctx: Context) -> str:
    home = f"/{ctx.owner(thing.repo.scope).doc['login']}/{thing.repo.doc['name']}"
    return f"{home}/{'tree' if thing.sort == 'tree' else 'commit'}/{thing.oid}"


def url(thing: Thing, ctx: Context) -> str:
    return ctx.base.rstrip("/") + path_of(thing, ctx)


def entry_object(entry: Entry, _: Context) -> Thing | None:
    """What a line of a tree points to; nothing for a submodule, which is elsewhere."""
    if entry.mode == GITLINK:
        return None
    return Thing(entry.tree.repo, entry.tree.folder, entry.oid, entry.sort, entry.path)


def user(who: Signature, ctx: Context) -> Any:
    return actor(ctx, ctx.login) if who.name == ctx.login else None


def _said(read: str) -> Resolver:
    """A field that stands in the commit's own text."""
    return lambda thing, _: getattr(commit(thing), read)


def _headline(thing: Thing, _: Context) -> str:
    return commit(thing).message.partition("\n")[0]


def _rest(thing: Thing, _: Context) -> str:
    return commit(thing).message.partition("\n")[2].strip("\n")


def _tag_line(thing: Thing, word: str) -> str:
    lines = thing.content.decode(errors="replace").partition("\n\n")[0].splitlines()
    return next(line.partition(" ")[2] for line in lines if line.startswith(f"{word} "))


def _tagged(thing: Thing, _: Context) -> Thing | None:
    return find(thing.repo, thing.folder, _tag_line(thing, "object"))


OBJECT: dict[str, Resolver] = {
    "abbreviatedOid": lambda thing, _: thing.oid[:7],
    "commitResourcePath": path_of,
    "commitUrl": url,
    "id": lambda thing, _: f"{thing.typename[0]}_kwDO{thing.repo.id}x{thing.oid}",
    "oid": lambda thing, _: thing.oid,
    "repository": lambda thing, _: thing.repo,
}
COMMIT: dict[str, Resolver] = {
    "author": _said("author"),
    "authoredDate": lambda thing, _: commit(thing).author.date,
    "changedFilesIfAvailable": always(None),
    "committedDate": lambda thing, _: commit(thing).committer.date,
    "committer": _said("committer"),
    "history": history,
    "message": _said("message"),
    "messageBody": _rest,
    "messageHeadline": _headline,
    "parents": parents,
    "resourcePath": path_of,
    "tree": tree_of,
    "treeResourcePath": path_of,
    "treeUrl": url,
    "url": url,
}
RESOLVERS: Resolvers = {
    **{f"{sort}.{n}": r for sort in ("Blob", "Tree", "Commit", "Tag") for n, r in OBJECT.items()},
    **{f"Commit.{name}": resolve for name, resolve in COMMIT.items()},
    "Blob.byteSize": lambda thing, _: len(thing.content),
    "Blob.isBinary": is_binary,
    "Blob.isTruncated": always(False),
    "Blob.text": text,
    "Tree.entries": lambda thing, _: entries(thing),
    "TreeEntry.extension": lambda entry, _: PurePosixPath(entry.name).suffix,
    "TreeEntry.object": entry_object,
    "TreeEntry.repository": lambda entry, _: entry.tree.repo,
    "TreeEntry.type": lambda entry, _: entry.sort,
    "Tag.message": lambda thing, _: thing.content.decode(errors="replace").partition("\n\n")[2],
    "Tag.name": lambda thing, _: _tag_line(thing, "tag"),
    "Tag.target": _tagged,
    "GitActor.user": user,
    "Ref.name": lambda ref, _: ref.full.removeprefix(ref.prefix),
    "Ref.repository": lambda ref, _: ref.repo,
    "Ref.target": target,
    "Repository.object": object_,
    "Repository.ref": lambda repo, ctx, qualifiedName: named(repo, ctx, qualifiedName),  # noqa: N803
    "Repository.refs": refs,
}
