"""The `strategy` of a job -> its combinations and what they are called. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from meta.twin.actions.evaluate import text_of

MOST = 256


def combinations(matrix: Any) -> list[dict[str, Any]]:
    """Every combination, GitHub's way: excluded, then included; one empty one for no matrix.

    Raises ValueError for what is no matrix.
    """
    if not matrix:
        return [{}]
    if not isinstance(matrix, Mapping):
        raise ValueError("the matrix is not a mapping")
    axes = {name: part for name, part in matrix.items() if name not in ("include", "exclude")}
    for name, part in axes.items():
        if not isinstance(part, list) or not part:
            raise ValueError(f"the matrix has no values for {name}")
    crossed = [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]
    made = [each for each in crossed if not _excluded(each, matrix.get("exclude"))] if axes else []
    made = _included(made, axes, matrix.get("include") or [])
    if not made or len(made) > MOST:
        raise ValueError(f"the matrix makes {len(made)} jobs, GitHub takes 1 to {MOST}")
    return made


def title(name: str, combination: Mapping[str, Any]) -> str:
    """`test (3.12, linux)` for a job that does not name itself."""
    shown = ", ".join(text_of(part) for part in combination.values())
    return f"{name} ({shown})" if shown else name


def _excluded(each: Mapping[str, Any], rules: Any) -> bool:
    return any(all(each.get(name) == part for name, part in rule.items()) for rule in rules or [])


def _included(
    made: list[dict[str, Any]], axes: Mapping[str, Any], extra: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """An inclusion extends each combination whose own values it leaves alone, else it is one."""
    first = [dict(each) for each in made]
    alone = []
    for rule in extra:
        own = {name: part for name, part in rule.items() if name in axes}
        fits = [
            at
            for at, each in enumerate(first)
            if all(each[name] == part for name, part in own.items())
        ]
        for at in fits:
            made[at] |= rule
        if not fits:
            alone.append(dict(rule))
    return made + alone
