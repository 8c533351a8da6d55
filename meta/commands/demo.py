"""`meta demo`: the whole job on a twin, from nothing."""

from __future__ import annotations

import time
from pathlib import Path

import click


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the twin's data here, for `meta twin serve --data` to serve again.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="The twin's port; 0 takes a free one.",
)
@click.option("--serve", is_flag=True, help="Leave the twin up until interrupted.")
@click.option("-v", "--verbose", is_flag=True, help="A line for each change.")
def command(data: Path | None, port: int, serve: bool, verbose: bool) -> None:
    """The whole job on a twin, from nothing: six repositories, their files, plan and board.

    Needs no account, no token and no network beyond this machine.
    """
    from meta.commands import rehearsing
    from meta.twin.serve import served, wait

    started = time.monotonic()
    with served(data, port) as twin, rehearsing.workspace(data) as folder:
        click.echo(f"A twin of GitHub answers at {twin.url}")
        rehearsing.rehearse(twin.url, folder / "repos.yaml", verbose=verbose)
        click.echo(f"\nDone in {time.monotonic() - started:.1f} s.")
        click.echo(rehearsing.next_steps(twin.url, data, serve=serve))
        if serve:
            wait()
