"""`meta twin`: the local GitHub."""

from __future__ import annotations

import os
from pathlib import Path

import click

from meta.commands import options

PORT = 8765
twin_url = click.option(
    "--api-url",
    default="",
    help=f"The twin, instead of GITHUB_API_URL or http://127.0.0.1:{PORT}.",
)


@click.group()
def command() -> None:
    """A local GitHub to rehearse on: REST, GraphQL and git, on this machine alone."""


@command.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="0 takes a free one.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".meta/twin"),
    show_default=True,
    help="The folder that holds everything; made if missing.",
)
@click.option(
    "--actions",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Jobs of workflows that run at a time, through act; at 0 no event starts any.",
)
def serve(port: int, data: Path, actions: int) -> None:
    """Serve until interrupted."""
    from meta.twin.serve import rest, served, stopping

    with stopping() as stop, served(data, port, actions=actions) as twin:
        click.echo(f"A twin of GitHub answers at {twin.url} (Ctrl-C stops it)")
        rest(stop)


@command.command()
@options.manifest
@twin_url
@click.option(
    "--template",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A clone of the template source; what ships with meta otherwise.",
)
def seed(path: Path, api_url: str, template: Path | None) -> None:
    """Give the twin the manifest's owner and templates, so that `meta sync` can run on it."""
    from meta import connect, fleet, rehearsal

    manifest = fleet.parse(path)
    connection = connect.connect(manifest.host, os.environ, api_url=at(api_url))
    made = rehearsal.seed(connection, manifest, template)
    for line in made or ["nothing to do"]:
        click.echo(line)
    click.echo(f"next: meta sync -m {path} --api-url {connection.server.api_url}")


@command.command()
@twin_url
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(api_url: str, yes: bool) -> None:
    """Empty the twin."""
    from meta import connect, rehearsal

    connection = connect.connect("github.com", os.environ, api_url=at(api_url))
    gh = rehearsal.twin_writer(connection)
    if not yes:
        click.confirm(f"Empty the twin at {connection.server.api_url}?", abort=True, err=True)
    gh.post("/_twin/reset")
    click.echo("the twin is empty")


@command.command()
@click.option("--from", "owner", required=True, metavar="ORG", help="The organization to copy.")
@click.option(
    "--source-url",
    default="",
    help="The server it is on, instead of GITHUB_API_URL or https://api.github.com.",
)
@click.option("--api-url", default=f"http://127.0.0.1:{PORT}", show_default=True, help="The twin.")
def snapshot(owner: str, source_url: str, api_url: str) -> None:
    """Copy a live organization to the twin, so that a change can be rehearsed on it.

    GITHUB_TOKEN needs to read only, and goes to the source alone. Secrets are never copied.
    """
    from meta import connect, recording, rehearsal
    from meta.commands import show

    source = connect.connect("github.com", os.environ, api_url=source_url, say=show.note)
    twin = rehearsal.twin_writer(connect.connect("github.com", {}, api_url=api_url))
    recording.copy(source.reader(), twin, owner, click.echo)
    click.echo(f"next: meta plan --api-url {twin.server.api_url}")


def at(api_url: str) -> str:
    return api_url or os.environ.get("GITHUB_API_URL") or f"http://127.0.0.1:{PORT}"
