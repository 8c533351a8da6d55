"""A repository and the path of one of its files -> what puts it there, and from where."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from meta import connect, fleet
from meta.commands import rendering
from meta.kinds import files
from meta.model import Entry
from meta.render import Templates, from_folder, from_server

Row = tuple[str, str, str]


def file_rows(path: Path, repo: str, name: str, api_url: str) -> Iterator[Row]:
    """(path, ownership, origin) of each file at or below `name`; none where nothing puts one there.

    The template is the folder of the manifest where `copier.yml` lies there, else it is fetched.
    """
    manifest = fleet.read(path).manifest
    entry = rendering.entry(manifest, repo)
    section = entry.spec.get(files.SECTION, {})
    if (path.parent / "copier.yml").is_file():
        templates = Templates(from_folder(path.parent))
    else:
        server = connect.connect(manifest.host, os.environ, api_url=api_url).server
        templates = Templates(from_server(server, manifest.host))
    try:
        tree = rendering.tree(entry, templates)
    finally:
        templates.close()
    owner = files.owners(entry, section, tree)
    for found in sorted(tree):
        if found == name or found.startswith(f"{name.rstrip('/')}/"):
            yield found, owner(found), source(entry, found)


def source(entry: Entry, path: str) -> str:
    """What a file is made from: a seed, a shared workflow, or the template."""
    if path in entry.seeds:
        return "the fleet's own files, put there once"
    template = entry.spec["template"]
    place = f"{template['source']} at {template['version']}"
    folder, _, name = path.rpartition("/")
    if folder == files.WORKFLOWS and name.removesuffix(".yml") in entry.spec.get("workflows", ()):
        return f"workflows/{name} of {place}"
    return f"the template {place}"
