"""`meta check`: manifest, roadmap and templates, offline."""

from __future__ import annotations

from pathlib import Path

import click

from meta.commands import options


@click.command()
@options.manifest
def command(path: Path) -> None:
    """Check manifest, plan and templates, offline. All problems are reported at once.

    Templates are checked where their source lies beside the manifest: the folder that holds
    `copier.yml`.
    """
    from meta import fleet
    from meta.commands import rendering
    from meta.render import Templates, from_folder

    ready = fleet.read(path)
    entries = [entry for entry in ready.manifest.entries if entry.name]
    click.echo(f"{path}: {len(entries)} repositories of {ready.manifest.owner}")
    if ready.manifest.roadmap:
        click.echo(f"{path.parent / ready.manifest.roadmap.file}: {len(ready.items)} items")
    if not (path.parent / "copier.yml").is_file():
        click.echo("templates: not here, so not checked")
        return
    templates = Templates(from_folder(path.parent))
    try:
        files = rendering.check(entries, templates)
    finally:
        templates.close()
    click.echo(f"{path.parent / 'copier.yml'}: {files} files rendered")
