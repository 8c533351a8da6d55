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
    say = "say --yes" if connection.is_twin else f"say --yes --owner {manifest.owner}"
    if owner and owner != manifest.owner:
        raise Refused(f"the owner is {manifest.owner}, not {owner!r}", where="sync", hint=say)
    if yes and not owner and not connection.is_twin:
        raise Refused("the owner is not named", where="sync", hint=say)
    if yes:
        return
    if not sys.stdin.isatty():
        raise Refused("nobody to ask", where="sync", hint=say)
    if owner or connection.is_twin:
        click.confirm("Go ahead?", abort=True, err=True)
        return
    named = click.prompt(f"Type {manifest.owner} to go ahead", err=True)
    if named != manifest.owner:
        raise Refused(f"the owner is {manifest.owner}, not {named!r}", where="sync")
