"""`meta roadmap show FILE`: the items of an execution plan."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from meta.commands import options

#: What one object of `--json` holds, in this order.
KEYS = ("id", "level", "number", "title", "repos", "home", "parent", "done", "line")


@click.group()
def command() -> None:
    """Read the execution plan."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@options.manifest
@options.as_json
def show(file: Path | None, path: Path, as_json: bool) -> None:
    """Show the items of FILE, or of the manifest's plan: with --json, one object a line."""
    from meta import fleet
    from meta.commands.show import json_lines

    items = fleet.items_of(path, file)
    if as_json:
        json_lines({key: asdict(item)[key] for key in KEYS} for item in items)
        return
    depth = {"step": 0, "issue": 1, "sub-issue": 2}
    for item in items:
        mark = "x" if item.done else " "
        home = f"  ({', '.join(dict.fromkeys((item.home, *item.repos)))})" if item.home else ""
        click.echo(f"{'  ' * depth[item.level]}[{mark}] {item.number} {item.title}{home}")
