"""Changes -> an ordered Plan, and the checks that a plan is fit to apply. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from meta.errors import PlanError
from meta.model import Address, Change, Delete, Pending, Plan, Unseen

#: At most this share of what was observed, and never more than this many, is destroyed unasked.
MAX_SHARE, MAX_DELETES = 0.25, 10


def assemble(
    changes: Iterable[Change],
    *,
    kinds: Sequence[str],
    pending: Sequence[Pending] = (),
    stale: Sequence[Address] = (),
    unseen: Sequence[Unseen] = (),
    observed: int = 0,
) -> Plan:
    """What is needed comes first, across repositories; else as given: by entry, by kind.

    Deletes come last, in the reverse order of kinds. Raises PlanError where needs run in a circle.
    """
    given = list(changes)
    making = [change for change in given if not isinstance(change, Delete)]
    deleting = [change for change in given if isinstance(change, Delete)]
    deleting.sort(key=lambda change: -kinds.index(change.address.kind))
    return Plan(
        (*ordered(making), *deleting), tuple(pending), tuple(stale), tuple(unseen), observed
    )


def ordered(changes: Sequence[Change]) -> list[Change]:
    """Topological, and stable: of the changes that are ready, the first given is next."""
    place = {change.address: index for index, change in enumerate(changes)}
    missing = {
        index: {place[need] for need in change.needs if need in place}
        for index, change in enumerate(changes)
    }
    users: dict[int, list[int]] = {}
    for index, needed in missing.items():
        for need in needed:
            users.setdefault(need, []).append(index)
    ready = [index for index, needed in missing.items() if not needed]
    order: list[int] = []
    while ready:
        done = heapq.heappop(ready)
        order.append(done)
        for user in users.get(done, ()):
            missing[user].discard(done)
            if not missing[user]:
                heapq.heappush(ready, user)
    if len(order) < len(changes):
        raise circle(changes, missing, set(order))
    return [changes[index] for index in order]


def circle(changes: Sequence[Change], missing: Mapping[int, set[int]], done: set[int]) -> PlanError:
    index = next(index for index in missing if index not in done)
    path: list[int] = []
    while index not in path:
        path.append(index)
        index = min(missing[index])
    names = [str(changes[step].address) for step in (*path[path.index(index) :], index)]
    return PlanError(f"these need each other: {' -> '.join(names)}", where="plan")


def select(plan: Plan, *, repos: str = "*", kinds: Sequence[str] = ()) -> Plan:
    """Only the changes of repositories whose names match and, if any are named, of those kinds.

    What needs a change that is left out is left out as well.
    """
    kept: list[Change] = []
    dropped: set[Address] = set()
    for change in plan.changes:
        address = change.address
        name = address.scope.partition("/")[2]
        chosen = fnmatchcase(name, repos) and (not kinds or address.kind in kinds)
        if chosen and not dropped.intersection(change.needs):
            kept.append(change)
        else:
            dropped.add(address)
    return replace(plan, changes=tuple(kept))


def check_safe(plan: Plan, *, allow_destructive: bool = False) -> None:
    """Raises PlanError where the plan deletes more than it may of what was observed."""
    deletes = sum(isinstance(change, Delete) for change in plan.changes)
    most = min(MAX_DELETES, max(1, int(plan.observed * MAX_SHARE)))
    if deletes > most and not allow_destructive:
        raise PlanError(
            f"{deletes} deletes of {plan.observed} things observed, at most {most} allowed",
            where="plan",
            hint="read the plan again; --allow-destructive lifts the limit",
        )
