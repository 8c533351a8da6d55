"""A confirmed plan and a writer -> receipts, and the exit code that they come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meta import engine
from meta.commands.planning import Work
from meta.github import Writer
from meta.kinds import KINDS
from meta.model import Outcome, Plan, Receipt

FAILED, WAITING = 1, 3


def receipts(work: Work, gh: Writer) -> Iterator[Receipt]:
    """Carry the plan out. The ledger is kept first: an id is never made twice."""
    work.fleet.keep_ledger()
    gh.refs.update(work.reader.refs)
    yield from engine.apply(work.plan, gh, KINDS)


def exit_code(plan: Plan, made: Sequence[Receipt]) -> int:
    """0 done or proposed; 1 something failed, was skipped or not seen; 3 only waiting."""
    outcomes = {receipt.outcome for receipt in made}
    if outcomes & {Outcome.FAILED, Outcome.SKIPPED} or plan.unseen:
        return FAILED
    return WAITING if Outcome.WAITING in outcomes else 0
