"""`meta render REPO`: the rendered tree, for a look."""

from __future__ import annotations

import os
from pathlib import Path

import click

from meta.commands import options


@click.command()
@click.argument("repo")
@options.manifest
@options.api_url
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="A folder that is missing or empty.",
)
@click.option(
    "--template",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Render this folder instead of the manifest's source: for who writes templates.",
)
def command(repo: str, path: Path, api_url: str, output: Path, template: Path | None) -> None:
    """Write the rendered files of a repository into a folder."""
    from meta import connect, fleet
    from meta.commands import rendering
    from meta.errors import MetaError
    from meta.render import Templates, from_folder, from_server

    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise MetaError("is not an empty folder", where=str(output), hint="name another")
    manifest = fleet.read(path).manifest
    entry = rendering.entry(manifest, repo)
    rendering.check_declared(entry)
    if template is None:
        server = connect.connect(manifest.host, os.environ, api_url=api_url).server
        templates = Templates(from_server(server, manifest.host))
    else:
        templates = Templates(from_folder(template))
    try:
        tree = rendering.tree(entry, templates)
    finally:
        templates.close()
    rendering.write(tree, output)
    click.echo(f"{len(tree)} files of {entry.scope} in {output}")
