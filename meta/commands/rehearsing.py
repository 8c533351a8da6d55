"""A twin's URL and a manifest -> the whole job done there, shown step by step."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from meta import census, connect, fleet, rehearsal, report, shipped
from meta.commands import applying, planning, show
from meta.errors import MetaError
from meta.model import Outcome


@contextmanager
def workspace(data: Path | None) -> Iterator[Path]:
    """A folder with the first fleet's manifest and plan, so that a clone stays as it is.

    Beside the twin's data where that is kept, so that the ledger is kept as well.
    """
    if data is not None:
        folder = data.with_name(f"{data.name}-home")
        copy_fleet(folder)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="meta-demo-") as name:
        copy_fleet(Path(name))
        yield Path(name)


def copy_fleet(folder: Path) -> None:
    for name in ("repos.yaml", "docs/execution-plan.md"):
        target = folder / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(shipped.root() / name, target)


def rehearse(url: str, manifest: Path, *, verbose: bool) -> None:
    """Seed, plan, sync, read back, sync again. Raises MetaError where any of it falls short."""
    parsed = fleet.parse(manifest)
    connection = connect.connect(parsed.host, os.environ, api_url=url)
    rehearsal.seed(connection, parsed)
    click.echo("\n1. The plan (`meta plan` lists each change)\n")
    with planning.planned(manifest, url) as work:
        show.summary(work.plan)
        click.echo(report.counted(work.plan))
        click.echo("\n2. Sync: git pushes and API writes (workflow runs are not waited for)\n")
        gh = connect.writer(work.connection, work.fleet.manifest, os.environ)
        made = applying.receipts(work, gh)
        kept = show.receipts(made, len(work.plan.changes), every=verbose)
        if any(receipt.outcome is not Outcome.DONE for receipt in kept):
            raise MetaError("not every change was made", where="demo", hint="see the lines above")
    click.echo("\n3. What is there now, read back over HTTP\n")
    for line in census.lines(connection.reader(), work.fleet.manifest):
        click.echo(line)
    again(url, manifest, rehearsal.tally(connection)["writes"])


def again(url: str, manifest: Path, writes: int) -> None:
    """The same sync once more: it has nothing to do, and the twin counts no write."""
    click.echo("\n4. Sync again\n")
    with planning.planned(manifest, url) as work:
        click.echo(report.plan_text(work.plan), nl=False)
        if work.plan.changes or work.plan.unseen:
            raise MetaError("the second plan is not empty", where="demo")
        more = rehearsal.tally(work.connection)["writes"] - writes
        click.echo(f"write requests made by the second sync: {more}")
        if more:
            raise MetaError(f"the second sync wrote {more} times", where="demo")


def next_steps(url: str, data: Path | None, *, serve: bool) -> str:
    """What to look at, and the next command to type: it only reads."""
    look = f"\nLook at it: {url}/  (Ctrl-C stops the twin)" if serve else ""
    if data is not None and not serve:
        look = f"\nLook at it: meta twin serve --data {data}"
    if data is None and not serve:
        look = "\nLook at it in a browser: add --serve"
    return f"""{look}

Next, your own organization, read only. Write mine.yaml:

  owner: YOUR-ORGANIZATION
  repos:
    YOUR-REPOSITORY:
      labels: {{bug: {{color: d73a4a}}}}

and ask what would change there (META_READ_ONLY makes sure that nothing does):

  META_READ_ONLY=1 GITHUB_TOKEN=... meta plan -m mine.yaml"""
