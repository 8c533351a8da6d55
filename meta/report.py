"""Plans and receipts -> text and JSON for people and programs. Pure: returns, prints nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from meta.model import Blob, Change, Create, Delete, Move, Outcome, Plan, Receipt

ACTIONS = {Create: "create", Move: "rename", Delete: "delete"}
#: A created tree or a long text says how much it is, not all of it.
LONGEST = 60


def plan_text(plan: Plan, *, details: bool = True) -> str:
    """The plan line by line; with `details`, each field before and after."""
    lines = [line for change in plan.changes for line in change_lines(change, details=details)]
    lines += [f"= {one.address}: proposed in {one.url}" for one in plan.pending]
    lines += [f"? {one.scope} {one.kind}: not seen: {one.reason}" for one in plan.unseen]
    return "\n".join([*lines, *stale_lines(plan), counted(plan)]) + "\n"


def counted(plan: Plan) -> str:
    if not plan.changes:
        return "nothing to do" if not plan.unseen else "nothing to do where meta could look"
    counts = Counter(ACTIONS.get(type(change), "update") for change in plan.changes)
    said = ", ".join(f"{counts[name]} to {name}" for name in sorted(counts))
    return f"{number(len(plan.changes), 'change')}: {said}"


def number(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def stale_lines(plan: Plan) -> Iterator[str]:
    for kind, count in sorted(Counter(address.kind for address in plan.stale).items()):
        yield f"  {kind}: {count} undeclared, left alone (see `prune:` in the manifest)"


def change_lines(change: Change, *, details: bool = True) -> Iterator[str]:
    source = f" (was {change.source.key})" if isinstance(change, Move) else ""
    yield f"{change.sign} {change.address}{title(change)}{source}"
    if not details or isinstance(change, Delete):
        return
    for name in sorted({*change.before, *change.after}):
        after = shown(change.after.get(name))
        if isinstance(change, Create):
            yield f"    {name}: {after}"
        else:
            yield f"    {name}: {shown(change.before.get(name))} -> {after}"


def title(change: Change) -> str:
    """An opaque key is given the name that people know it by."""
    words = change.after.get("title") or change.before.get("title")
    return f" {words!r}" if words and words != change.address.key else ""


def shown(value: Any) -> str:
    """One value on one line, short enough to read in a list."""
    match value:
        case None:
            return "(none)"
        case str():
            lines = value.splitlines() or [""]
            first = lines[0][:LONGEST]
            return first if first == value else f"{first}... ({number(len(lines), 'line')})"
        case list() | tuple():
            return "[" + ", ".join(str(one) for one in value) + "]"
        case _:
            return str(value)


def receipt_text(receipt: Receipt) -> str:
    detail = f": {receipt.detail}" if receipt.detail else ""
    url = f" {receipt.url}" if receipt.url else ""
    change = receipt.change
    return f"{receipt.outcome} {change.sign} {change.address}{title(change)}{detail}{url}\n"


def receipts_text(receipts: Sequence[Receipt]) -> str:
    """How many changes came to what, one line."""
    counts = Counter(receipt.outcome for receipt in receipts)
    said = ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome if counts[outcome])
    return f"{said or 'nothing to do'}\n"


def by_kind(changes: Iterable[Change]) -> Mapping[tuple[str, str], int]:
    """How many changes each repository (or the owner) gets of each kind."""
    return Counter((change.address.scope, change.address.kind) for change in changes)


def plan_json(plan: Plan) -> Mapping[str, Any]:
    """The plan as JSON values: `changes`, `pending`, `stale`, `unseen`."""
    return {
        "changes": [change_json(change) for change in plan.changes],
        "pending": [{"address": str(one.address), "url": one.url} for one in plan.pending],
        "stale": [str(address) for address in plan.stale],
        "unseen": [
            {"scope": one.scope, "kind": one.kind, "reason": one.reason} for one in plan.unseen
        ],
    }


def change_json(change: Change) -> Mapping[str, Any]:
    address = change.address
    source = {"source": change.source.key} if isinstance(change, Move) else {}
    return {
        "action": ACTIONS.get(type(change), "update"),
        "scope": address.scope,
        "kind": address.kind,
        "key": address.key,
        **source,
        "before": {name: plain(value) for name, value in change.before.items()},
        "after": {name: plain(value) for name, value in change.after.items()},
        "needs": [str(need) for need in change.needs],
    }


def receipt_json(receipt: Receipt) -> Mapping[str, Any]:
    return {
        **change_json(receipt.change),
        "outcome": str(receipt.outcome),
        "detail": receipt.detail,
        "url": receipt.url,
    }


def plain(value: Any) -> Any:
    match value:
        case Blob():
            return {"mode": value.mode, "sha": value.sha}
        case Mapping():
            return {str(name): plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case _:
            return value
