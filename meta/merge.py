"""Old rendering, new rendering and a repository's own files -> the files it should have. Pure.

Each path has an ownership: `managed` is as rendered, always; `merged` keeps what people
changed (three-way); `seeded` is made once; `absent` is removed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from merge3 import Merge3

from meta.model import Blob, Tree

Ownership = Callable[[str], str]
DEFAULT = "merged"
NOTHING = Blob.of(b"")


@dataclass(frozen=True, slots=True)
class Merged:
    """What one path should hold (None: nothing), and whether two changes to it collide."""

    path: str
    blob: Blob | None
    conflict: bool = False


def ownership(declared: Mapping[str, str], always: Mapping[str, str]) -> Ownership:
    """Path -> ownership. `always` names exact paths; of the globs that match, the last counts."""

    def owner(path: str) -> str:
        if path in always:
            return always[path]
        matching = [word for glob, word in declared.items() if fnmatchcase(path, glob)]
        return matching[-1] if matching else DEFAULT

    return owner


def combine(
    old: Tree, new: Tree, have: Tree, owner: Ownership, read: Callable[[str], bytes]
) -> Iterator[Merged]:
    """What should differ from `have`; paths that may stay as they are yield nothing.

    `old` is empty where the repository was never rendered. `read(sha)` is the content of one
    of its files: asked only where all three sides differ.
    """
    for path in sorted({*old, *new}):
        base, wanted, current = old.get(path), new.get(path), have.get(path)
        match owner(path):
            case "absent":
                result: Merged | None = Merged(path, None)
            case "managed":
                result = Merged(path, wanted) if wanted or current == base else None
            case "seeded":
                made_before = current is not None or base is not None
                result = None if made_before or wanted is None else Merged(path, wanted)
            case _:
                # In a file that both sides made, everything collides; before the first
                # rendering there is nothing to merge.
                both_made = old and base is None and current
                result = three_way(path, NOTHING if both_made else base, wanted, current, read)
        if result is not None and (result.blob != current or result.conflict):
            yield result


def three_way(
    path: str,
    base: Blob | None,
    wanted: Blob | None,
    current: Blob | None,
    read: Callable[[str], bytes],
) -> Merged | None:
    """The rules of `copier update`: a side that did not change gives way to the one that did."""
    if wanted in (base, current):
        return None
    if current == base:
        return Merged(path, wanted)
    if current is None or wanted is None or base is None:
        # A person removed it, or changed what the template drops, or made it first: theirs stays.
        return None
    return merged_text(path, base, wanted, current, read)


def merged_text(
    path: str, base: Blob, wanted: Blob, current: Blob, read: Callable[[str], bytes]
) -> Merged:
    mode = wanted.mode if current.mode == base.mode else current.mode
    if wanted.sha == base.sha:
        return Merged(path, Blob(mode, current.sha, current.data))
    ours = read(current.sha)
    sides = [base.data or b"", ours, wanted.data or b""]
    if any(b"\0" in side for side in sides):
        return Merged(path, Blob.of(ours, mode), conflict=True)
    merge = three_lines(sides)
    if collides(merge):
        # A last line that does not end would swallow the marker that follows it.
        merge = three_lines([ended(side) for side in sides])
    text = b"".join(
        merge.merge_lines(
            name_a=b"before updating",
            name_b=b"after updating",
            start_marker=b"<<<<<<<",
            mid_marker=b"=======",
            end_marker=b">>>>>>>",
        )
    )
    return Merged(path, Blob.of(text, mode), conflict=collides(merge))


def three_lines(sides: Sequence[bytes]) -> Merge3[bytes]:
    base, ours, theirs = (side.splitlines(keepends=True) for side in sides)
    return Merge3(base, ours, theirs)


def collides(merge: Merge3[bytes]) -> bool:
    return any(group[0] == "conflict" for group in merge.merge_groups())


def ended(side: bytes) -> bytes:
    return side if not side or side.endswith(b"\n") else side + b"\n"
