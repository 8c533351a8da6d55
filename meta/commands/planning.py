"""Manifest path and options -> a plan with what is needed to carry it out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from meta import connect, engine, fleet, plans
from meta.commands import show
from meta.connect import Connection
from meta.errors import MetaError
from meta.fleet import Fleet
from meta.github import Reader
from meta.kinds import KINDS, Look
from meta.model import Manifest, Plan
from meta.render import Templates, from_server
from meta.suggest import hint


@dataclass(frozen=True, slots=True)
class Work:
    """A plan, and where and from what it was made. `reader` remembers GitHub's ids."""

    fleet: Fleet
    connection: Connection
    reader: Reader
    plan: Plan


@contextmanager
def planned(
    path: Path, api_url: str = "", *, repos: str = "*", only: Sequence[str] = ()
) -> Iterator[Work]:
    """The plan for the manifest at `path`, on the server that the environment names."""
    check_kinds(only)
    ready = fleet.read(path)
    check_repos(ready.manifest, repos)
    host = ready.manifest.host
    connection = connect.connect(host, os.environ, api_url=api_url, say=show.note)
    reader = connection.reader()
    connect.check_owner(ready.manifest, reader)
    templates = Templates(from_server(connection.server, host))
    try:
        plan = engine.plan(ready.manifest, reader, KINDS, looking(reader, templates))
        chosen = plans.select(plan, repos=repos, kinds=only)
        if left := len(plan.changes) - len(chosen.changes):
            show.note(f"{left} changes are left out by --repos or --only")
        yield Work(ready, connection, reader, chosen)
    finally:
        templates.close()


def looking(reader: Reader, templates: Templates) -> Look:
    return Look(templates.render, templates.workflow, reader.blob)


def check_repos(manifest: Manifest, glob: str) -> None:
    """A pattern that fits nothing is a slip of the pen, not an empty plan."""
    names = [entry.name for entry in manifest.entries if entry.name]
    if glob != "*" and not any(fnmatchcase(name, glob) for name in names):
        raise MetaError(
            f"no repository matches {glob!r}",
            where="--repos",
            hint=hint(glob, names, f"repositories are: {', '.join(names)}"),
        )


def check_kinds(only: Sequence[str]) -> None:
    for kind in only:
        if kind not in KINDS:
            raise MetaError(
                f"there is no kind {kind!r}",
                where="--only",
                hint=hint(kind, KINDS, f"kinds are: {', '.join(KINDS)}"),
            )
