"""The flow: manifest -> desired -> observed -> plan -> receipts. Wiring only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from meta.diff import diff, stale
from meta.errors import GitHubError, MetaError
from meta.github import Reader, Writer
from meta.kinds import Kind, Look, scope_of
from meta.model import (
    Address,
    Entry,
    Fields,
    Item,
    Manifest,
    Outcome,
    Pending,
    Plan,
    Receipt,
    State,
    Unseen,
)
from meta.plans import assemble

Kinds = Mapping[str, Kind]
TREE = ("template", "answers", "files", "workflows")


def fleet(
    manifest: Manifest, items: Sequence[Item] = (), seeds: Mapping[str, bytes] | None = None
) -> Manifest:
    """The manifest with what it implies: each entry's repository and files, the roadmap's items.

    `seeds` are the files that the fleet's home is given once.
    """
    entries = manifest.entries
    if not any(entry.scope == manifest.owner for entry in entries):
        entries = (Entry(manifest.owner, {}), *entries)
    return replace(manifest, entries=tuple(implied(manifest, e, items, seeds) for e in entries))


def implied(
    manifest: Manifest, entry: Entry, items: Sequence[Item], seeds: Mapping[str, bytes] | None
) -> Entry:
    spec: dict[str, Any] = dict(entry.spec)
    own = dict(seeds or {}) if entry.name and entry.name == manifest.home else {}
    if entry.name:
        spec.setdefault("repository", {})
        if spec.get("template") or own:
            spec["tree"] = {name: spec[name] for name in TREE if name in spec}
    if manifest.roadmap and items:
        spec["roadmap"] = {"board": manifest.roadmap.board}
    return replace(entry, spec=spec, items=tuple(items), seeds=own)


def plan(manifest: Manifest, gh: Reader, kinds: Kinds, look: Look) -> Plan:
    """What would make the fleet as declared. Reads only; raises TemplateError, PlanError."""
    have, unseen = observed(manifest, gh, kinds)
    wanted = visible(desired(manifest, kinds), unseen)
    entries = {entry.scope: entry for entry in manifest.entries}
    needs = {address: needed(entries, kinds, address, wanted[address]) for address in wanted}
    want, pending, unresolved = resolved(entries, wanted, have, kinds, look)
    changes = diff(want, have, pruned=manifest.prune, needs=needs)
    left = [address for address in stale(want, have) if address.kind not in manifest.prune]
    return assemble(
        changes,
        kinds=tuple(kinds),
        pending=pending,
        stale=left,
        unseen=(*unseen, *unresolved),
        observed=len(have),
    )


def declared_in(entry: Entry, kinds: Kinds) -> Iterator[Kind]:
    """The kinds that an entry declares: only those are looked at, so only those can be changed."""
    place = "repository" if entry.name else "owner"
    for kind in kinds.values():
        if scope_of(kind) == place and kind.SECTION in entry.spec:
            yield kind


def desired(manifest: Manifest, kinds: Kinds) -> State:
    return {
        address: fields
        for entry in manifest.entries
        for kind in declared_in(entry, kinds)
        for address, fields in kind.desired(entry)
    }


def observed(manifest: Manifest, gh: Reader, kinds: Kinds) -> tuple[State, tuple[Unseen, ...]]:
    """What is there. A missing repository is not looked into; a refusal is kept as unseen."""
    state: dict[Address, Fields] = {}
    unseen: list[Unseen] = []
    for entry in manifest.entries:
        for kind in declared_in(entry, kinds):
            try:
                state.update(kind.observe(gh, entry))
            except GitHubError as error:
                unseen.append(Unseen(entry.scope, kind.NAME, str(error)))
            if kind.NAME == "repository" and not in_sight(entry, state):
                break
    return state, tuple(unseen)


def in_sight(entry: Entry, state: State) -> bool:
    return Address(entry.scope, "repository", entry.name) in state


def visible(wanted: State, unseen: Sequence[Unseen]) -> State:
    """Without what could not be observed: planning it would take it for missing."""
    hidden = {(one.scope, one.kind) for one in unseen}
    scopes = {one.scope for one in unseen if one.kind == "repository"}
    return {
        address: fields
        for address, fields in wanted.items()
        if (address.scope, address.kind) not in hidden and address.scope not in scopes
    }


def needed(
    entries: Mapping[str, Entry], kinds: Kinds, address: Address, fields: Fields
) -> tuple[Address, ...]:
    """What a change at `address` waits for: its repository, and what its kind says."""
    entry = entries[address.scope]
    own = Address(address.scope, "repository", entry.name)
    first = (own,) if entry.name and address != own else ()
    says = getattr(kinds[address.kind], "needs", None)
    return (*first, *says(entry, address, fields)) if says else first


def resolved(
    entries: Mapping[str, Entry], wanted: State, have: State, kinds: Kinds, look: Look
) -> tuple[State, list[Pending], list[Unseen]]:
    """Each kind's last word on what it wants, now that what is there is known."""
    state: dict[Address, Fields] = {}
    pending: list[Pending] = []
    unseen: list[Unseen] = []
    for address, fields in wanted.items():
        state[address] = fields
        resolve = getattr(kinds[address.kind], "resolve", None)
        if resolve is None:
            continue
        try:
            state[address], waits = resolve(
                entries[address.scope], address, fields, have.get(address), look
            )
        except GitHubError as error:
            unseen.append(Unseen(address.scope, address.kind, str(error)))
            state[address] = {}
            continue
        if waits:
            pending.append(waits)
    return state, pending, unseen


def apply(plan: Plan, gh: Writer, kinds: Kinds) -> Iterator[Receipt]:
    """Make each change and say what became of it.

    A failure skips what needs it, wherever that is; what needs something that is only
    proposed waits for it; nothing else stops.
    """
    stopped = {one.address: (Outcome.WAITING, one.url) for one in plan.pending}
    for change in plan.changes:
        receipt = held(change.needs, stopped)
        if receipt is not None:
            outcome, detail = receipt
            made = Receipt(change, outcome, detail)
        else:
            made = carried_out(change, gh, kinds)
        if made.outcome is not Outcome.DONE:
            stopped[change.address] = (made.outcome, made.url)
        yield made


def held(
    needs: Sequence[Address], stopped: Mapping[Address, tuple[Outcome, str]]
) -> tuple[Outcome, str] | None:
    for need in needs:
        if need in stopped:
            outcome, url = stopped[need]
            if outcome in (Outcome.PROPOSED, Outcome.WAITING):
                return Outcome.WAITING, f"needs {need}, proposed{' in ' + url if url else ''}"
            return Outcome.SKIPPED, f"needs {need}, which {outcome}"
    return None


def carried_out(change: Any, gh: Writer, kinds: Kinds) -> Receipt:
    try:
        receipt = kinds[change.address.kind].apply(gh, change)
    except MetaError as error:
        return Receipt(change, Outcome.FAILED, f"{error}{'; ' + error.hint if error.hint else ''}")
    return receipt or Receipt(change, Outcome.DONE)
