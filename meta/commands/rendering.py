"""An entry -> its rendered files, written into a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from meta.errors import ManifestError, MetaError
from meta.kinds import Look, files
from meta.model import Address, Entry, Manifest, Tree
from meta.render import Templates
from meta.suggest import hint


def entry(manifest: Manifest, name: str) -> Entry:
    """The entry of a repository by its name, with or without the owner before it."""
    names = {one.name: one for one in manifest.entries if one.name}
    found = names.get(name.removeprefix(f"{manifest.owner}/"))
    if found is None:
        known = f"repositories are: {', '.join(names)}"
        raise MetaError(
            f"there is no repository {name!r}", where=manifest.path, hint=hint(name, names, known)
        )
    return found


def check_declared(entry: Entry) -> None:
    """Raises MetaError where nothing declares files for the repository."""
    if files.SECTION not in entry.spec:
        raise MetaError("declares no template", where=entry.scope, hint="add `template:` to it")


def tree(entry: Entry, templates: Templates) -> Tree:
    """What an empty repository would get. Raises TemplateError."""
    address = Address(entry.scope, files.NAME, "tree")
    look = Look(templates.render, templates.workflow, lambda scope, sha: b"")
    wanted, _ = files.resolve(entry, address, entry.spec.get(files.SECTION, {}), None, look)
    return wanted


def write(tree: Tree, folder: Path) -> None:
    for path, blob in tree.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        data = blob.data or b""
        if blob.mode == "120000":
            target.symlink_to(data.decode())
            continue
        target.write_bytes(data)
        target.chmod(0o755 if blob.mode == "100755" else 0o644)


def check(entries: Sequence[Entry], templates: Templates) -> int:
    """How many files the entries render to; every problem at once, as ManifestError."""
    problems: list[MetaError] = []
    count = 0
    for one in entries:
        if files.SECTION not in one.spec:
            continue
        try:
            count += len(tree(one, templates))
        except MetaError as error:
            problems.append(MetaError(str(error), where=one.scope, hint=error.hint))
    if problems:
        raise ManifestError(tuple(problems))
    return count
