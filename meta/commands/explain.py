"""`meta explain REPO [ADDRESS|PATH]`: where a value comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from meta.commands import options


@click.command()
@click.argument("repo")
@click.argument("what", nargs=-1)
@options.manifest
@options.api_url
@options.as_json
def command(repo: str, what: tuple[str, ...], path: Path, api_url: str, as_json: bool) -> None:
    """Say where each value of a repository comes from.

    WHAT is a path like `settings.has_wiki`, an address like `label bug`, or a file of the
    repository like `README.md`; without it, everything that the manifest says is listed.
    """
    from meta import fleet
    from meta.commands import explaining, show
    from meta.errors import MetaError
    from meta.explain import explain
    from meta.kinds import KINDS

    kinds = {name: kind.SECTION for name, kind in KINDS.items() if kind.SCHEMA}
    words = " ".join(what)
    rows: list[tuple[str, Any, object]]
    try:
        rows = [*explain(fleet.parse(path), repo, words, sections=kinds)]
    except MetaError:
        # No value of the manifest has that name: it may be a file that something puts there.
        found = explaining.file_rows(path, repo, words, api_url) if is_path(words) else ()
        rows = [*found]
        if not rows:
            raise
    if as_json:
        show.as_json([{"path": p, "value": v, "origin": str(o)} for p, v, o in rows])
        return
    for name, value, origin in rows:
        click.echo(f"{name}: {value}  <- {origin}")


def is_path(words: str) -> bool:
    return "/" in words or "." in words or words.isupper()
