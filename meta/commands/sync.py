"""`meta sync`: plan, show, confirm, apply, receipts."""

from __future__ import annotations

import os
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
@click.option("--yes", is_flag=True, help="Do not ask. On a real server, --owner too.")
@click.option("--owner", default="", help="The owner's name, as if typed when asked.")
@click.option("--allow-destructive", is_flag=True, help="Carry out even a plan that deletes much.")
@click.option("-v", "--verbose", is_flag=True, help="A line for each change.")
def command(
    path: Path,
    api_url: str,
    repos: str,
    only: tuple[str, ...],
    as_json: bool,
    yes: bool,
    owner: str,
    allow_destructive: bool,
    verbose: bool,
) -> None:
    """Make the fleet as the manifest declares it."""
    from meta import connect, plans, report
    from meta.commands import applying, confirm, planning, show

    with planning.planned(path, api_url, repos=repos, only=only) as work:
        plans.check_safe(work.plan, allow_destructive=allow_destructive)
        if not as_json:
            click.echo(report.plan_text(work.plan, details=verbose), nl=False)
        receipts = []
        if work.plan.changes:
            gh = connect.writer(work.connection, work.fleet.manifest, os.environ)
            confirm.confirmed(work, yes=yes, owner=owner)
            made = applying.receipts(work, gh)
            total = len(work.plan.changes)
            receipts = (
                show.receipts_json(made) if as_json else show.receipts(made, total, every=verbose)
            )
        elif as_json:
            show.as_json([])
        sys.exit(applying.exit_code(work.plan, receipts))
