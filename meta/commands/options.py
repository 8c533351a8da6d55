"""The options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

manifest = click.option(
    "-m",
    "--manifest",
    "path",
    type=click.Path(path_type=Path),
    default=Path("repos.yaml"),
    show_default=True,
    help="The fleet's manifest.",
)
api_url = click.option(
    "--api-url", default="", help="The server, instead of GITHUB_API_URL or the manifest's host."
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
repos = click.option(
    "--repos", metavar="GLOB", default="*", help="Only repositories whose names match."
)
only = click.option(
    "--only", metavar="KIND", multiple=True, help="Only things of this kind; may be repeated."
)
