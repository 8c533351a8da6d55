"""What commands print: progress bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import click

from meta import report
from meta.model import Outcome, Plan, Receipt

#: How many changes one plain line of progress stands for.
EACH = 50


def note(words: str) -> None:
    """A remark beside the output: on standard error."""
    click.echo(words, err=True)


def json_lines(rows: Iterable[Any]) -> None:
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False))


def as_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def receipts(made: Iterable[Receipt], total: int, *, every: bool) -> list[Receipt]:
    """Show receipts as they come and return them. What went wrong is always shown.

    With `every`, each is a line; without, a terminal gets a bar, anything else a line for so many.
    """
    kept: list[Receipt] = []
    progress = barred if sys.stderr.isatty() else counted
    shown = made if every else progress(made, total)
    try:
        for receipt in shown:
            kept.append(receipt)
            if every or receipt.outcome not in (Outcome.DONE,):
                click.echo(report.receipt_text(receipt), nl=False)
    finally:
        # Also when interrupted: what was done so far is what the reader needs to know.
        click.echo(report.receipts_text(kept), nl=False)
    return kept


def receipts_json(made: Iterable[Receipt]) -> list[Receipt]:
    """As `receipts`, for a program: one list, also when interrupted."""
    kept: list[Receipt] = []
    try:
        for receipt in made:
            kept.append(receipt)
    finally:
        as_json([report.receipt_json(receipt) for receipt in kept])
    return kept


def counted(made: Iterable[Receipt], total: int) -> Iterator[Receipt]:
    for number, receipt in enumerate(made, start=1):
        if number % EACH == 0:
            note(f"{number} of {total} changes: {receipt.change.address.scope}")
        yield receipt


def barred(made: Iterable[Receipt], total: int) -> Iterator[Receipt]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("syncing", total=total)
        for receipt in made:
            progress.update(task, advance=1, description=receipt.change.address.scope)
            yield receipt


def summary(plan: Plan) -> None:
    """How many changes of each kind, and in how many repositories."""
    counts = report.by_kind(plan.changes)
    for kind in dict.fromkeys(kind for _, kind in counts):
        scopes = [scope for scope, other in counts if other == kind]
        total = sum(counts[scope, kind] for scope in scopes)
        place = f"{len(scopes)} repositories" if len(scopes) > 1 else scopes[0]
        click.echo(f"  {total:4} {kind:12} in {place}")
