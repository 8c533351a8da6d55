"""`meta explain REPO [ADDRESS|PATH]`: where a value comes from."""

from __future__ import annotations

from pathlib import Path

import click

from meta.commands import options


@click.command()
@click.argument("repo")
@click.argument("what", nargs=-1)
@options.manifest
@options.as_json
def command(repo: str, what: tuple[str, ...], path: Path, as_json: bool) -> None:
    """Say where each value of a repository comes from.

    WHAT is a path like `settings.has_wiki`, or an address like `label bug`; without it,
    everything is said.
    """
    from meta import fleet
    from meta.commands import show
    from meta.explain import explain
    from meta.kinds import KINDS

    kinds = {name: kind.SECTION for name, kind in KINDS.items() if kind.SCHEMA}
    rows = explain(fleet.parse(path), repo, " ".join(what), sections=kinds)
    if as_json:
        show.as_json([{"path": p, "value": v, "origin": str(o)} for p, v, o in rows])
        return
    for name, value, origin in rows:
        click.echo(f"{name}: {value}  <- {origin}")
