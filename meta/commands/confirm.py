"""The last question before the first write: which account, which server, whose repositories."""

from __future__ import annotations

import sys

import click

from meta.commands import show
from meta.commands.planning import Work
from meta.errors import Refused


def confirmed(work: Work, *, yes: bool, owner: str) -> None:
    """Returns where the answer is yes. On a twin that is enough; else the owner is named too.

    Raises Refused, with nothing written.
    """
    manifest, connection = work.fleet.manifest, work.connection
    place = f"the twin at {connection.server.api_url}" if connection.is_twin else manifest.host
    show.note(
        f"{len(work.plan.changes)} changes for {manifest.owner} on {place}, as {connection.login}"
    )
    if not yes and not sys.stdin.isatty() and not owner:
        raise Refused("nobody to ask", where="sync", hint=how(manifest.owner, connection.is_twin))
    if connection.is_twin:
        if not yes:
            click.confirm("Go ahead?", abort=True, err=True)
        return
    named = owner or ("" if yes else click.prompt(f"Type {manifest.owner} to go ahead", err=True))
    if named != manifest.owner:
        found = (
            f"the owner is {manifest.owner}, not {named!r}" if named else "the owner is not named"
        )
        raise Refused(found, where="sync", hint=how(manifest.owner, False))
    if not yes and owner:
        click.confirm("Go ahead?", abort=True, err=True)


def how(owner: str, is_twin: bool) -> str:
    return "say --yes" if is_twin else f"say --yes --owner {owner}"
