"""The files of a fleet's home -> a Manifest that is ready to be planned. Wiring.

Reads the manifest, the execution plan beside it and the plan's ledger.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from meta import engine, ledger, manifest, roadmap
from meta.errors import MetaError
from meta.kinds import OWNER_SECTIONS, PRUNABLE, SECTIONS
from meta.model import Item, Manifest
from meta.roadmap_identity import Ledger, identify


@dataclass(frozen=True, slots=True)
class Fleet:
    """A manifest with what it implies, its items with their ids, and the ledger to keep.

    `ledger_path` is where the ledger belongs, None where there is no roadmap.
    """

    manifest: Manifest
    items: tuple[Item, ...] = ()
    ledger: Ledger | None = None
    ledger_path: Path | None = None

    def keep_ledger(self) -> None:
        """Write the ledger before anything is made by its ids, so that a crash loses none."""
        if self.ledger is not None and self.ledger_path is not None:
            ledger.write(self.ledger_path, self.ledger)


def parse(path: Path) -> Manifest:
    """The manifest alone. Raises ManifestError with every problem, MetaError if unreadable."""
    return manifest.parse(
        text_of(path, "manifest"),
        path=str(path),
        sections=SECTIONS,
        owner_sections=OWNER_SECTIONS,
        kinds=sorted(PRUNABLE),
    )


def read(path: Path) -> Fleet:
    """Manifest, roadmap and ledger. Raises what is wrong with any of them."""
    parsed = parse(path)
    if parsed.roadmap is None:
        return Fleet(engine.fleet(parsed))
    plan = path.parent / parsed.roadmap.file
    items, kept = identified(plan, parsed)
    ledger_path = ledger.path_for(plan)
    seeds = {
        path.name: path.read_bytes(),
        parsed.roadmap.file: plan.read_bytes(),
        str(PurePosixPath(parsed.roadmap.file).with_name(ledger_path.name)): ledger.text(
            kept
        ).encode(),
    }
    return Fleet(engine.fleet(parsed, items, seeds), items, kept, ledger_path)


def identified(plan: Path, manifest: Manifest) -> tuple[tuple[Item, ...], Ledger]:
    """The items of a plan with their ids, and the ledger that now knows them all."""
    names = [entry.name for entry in manifest.entries if entry.name]
    text = text_of(plan, "roadmap")
    items = roadmap.parse(text, path=str(plan), home=manifest.home, repos=names)
    known = ledger.read(ledger.path_for(plan))
    return identify(items, known, ledger.new_id)


def items_of(path: Path, plan: Path | None = None) -> tuple[Item, ...]:
    """The items of `plan`, or of the manifest's own; an id is "" until the first sync."""
    parsed = parse(path)
    if plan is None and parsed.roadmap is None:
        raise MetaError("declares no roadmap", where=str(path), hint="name a FILE")
    file = plan or path.parent / (parsed.roadmap.file if parsed.roadmap else "")
    known = ledger.read(ledger.path_for(file)).items
    items, _ = identified(file, parsed)
    return tuple(item if item.id in known else replace(item, id="") for item in items)


def text_of(path: Path, what: str) -> str:
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise MetaError(
            f"byte {error.start} is not UTF-8", where=str(path), hint="save the file as UTF-8"
        ) from None
    except OSError as error:
        hint = f"name the {what} with `-m FILE`" if what == "manifest" else "correct `roadmap.file`"
        raise MetaError(f"cannot be read ({error.strerror})", where=str(path), hint=hint) from None
