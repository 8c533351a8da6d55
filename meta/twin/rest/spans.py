"""A span of time as GitHub's searches write it -> whether a moment is in it. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

ONE_DAY = len("2026-01-31")


def inside(span: str, moment: str) -> bool:
    """`>=T`, `<T`, `T..U`, `*..T` or a day; a span that cannot be read holds nothing."""
    if not span:
        return True
    try:
        at = _read(moment)
        for sign in (">=", "<=", ">", "<"):
            if span.startswith(sign):
                return _compare(sign, at, span.removeprefix(sign))
        first, dots, last = span.partition("..")
        last = last if dots else first
        return (first == "*" or _compare(">=", at, first)) and (
            last == "*" or _compare("<=", at, last)
        )
    except ValueError:
        return False


def _compare(sign: str, at: datetime, text: str) -> bool:
    """A day has no hours: it begins at its first moment and ends at its last."""
    limit = _read(text)
    if len(text) == ONE_DAY and sign in ("<=", ">"):
        limit = limit.replace(hour=23, minute=59, second=59, microsecond=999_999)
    match sign:
        case ">=":
            return at >= limit
        case "<=":
            return at <= limit
        case ">":
            return at > limit
    return at < limit


def _read(text: str) -> datetime:
    # A plus sign in an address that nobody encoded arrives as a space.
    found = datetime.fromisoformat(text.strip().replace(" ", "+"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
