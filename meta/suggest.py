"""A misspelt name and the known ones -> the one that was probably meant. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like `name`, whatever its case; "" where none comes near."""
    folded = {item.casefold(): item for item in sorted(known)}
    wanted = name.casefold()
    close = difflib.get_close_matches(wanted, folded, n=1, cutoff=0.6)
    # A short name is often the tail of a long one: `core` for `acme-core`.
    tails = [item for item in folded if wanted and item.endswith(f"-{wanted}")]
    return folded[(close or tails)[0]] if close or tails else ""


def hint(name: str, known: Iterable[str], otherwise: str) -> str:
    """`did you mean "bug"?` where something comes near, else what `otherwise` says."""
    near = nearest(name, known)
    return f'did you mean "{near}"?' if near else otherwise
