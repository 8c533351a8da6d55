"""`meta plan`: show what sync would change."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from meta.commands import options


@click.command()
@options.manifest
@options.api_url
@options.repos
@options.only
@options.as_json
@click.option("--exit-code", is_flag=True, help="Exit 2 where there is something to change.")
def command(
    path: Path, api_url: str, repos: str, only: tuple[str, ...], as_json: bool, exit_code: bool
) -> None:
    """Show what sync would change. Reads only."""
    from meta import report
    from meta.commands import planning, show

    with planning.planned(path, api_url, repos=repos, only=only) as work:
        if as_json:
            show.as_json(report.plan_json(work.plan))
        else:
            click.echo(report.plan_text(work.plan), nl=False)
        if work.plan.unseen:
            sys.exit(1)
        if exit_code and work.plan.changes:
            sys.exit(2)
