"""A push -> the rules it breaks, or git carrying it out and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from meta.twin import access_pushes, git, pullsync, rules
from meta.twin.actions import events
from meta.twin.store import Row, Store, now

#: What git shows behind a ref that was refused.
DECLINED = "push declined due to repository rule violations"
WIDEST = 60_000


@dataclass(frozen=True, slots=True)
class Push:
    """What a client sends: its commands (ref, old, new), what it can read, its pack."""

    updates: tuple[rules.Move, ...]
    abilities: frozenset[str]
    pack: bytes


def receive(store: Store, repo: Row, body: bytes, env: dict[str, str]) -> bytes:
    """What git answers to a push, in its own protocol."""
    push = parse(body)
    folder = store.git_dir(repo)
    if push.pack and (access_pushes.asks() or rules.looks_at_history(store, repo, push.updates)):
        # The commits have to be there before their history can be looked at.
        git.run(folder, "index-pack", "--stdin", "--fix-thin", stdin=push.pack, codes=(0, 1, 128))
    broken = rules.broken(store, repo, push.updates)
    broken += access_pushes.refused(store, repo, push.updates)
    if broken:
        return _declined(push, broken)
    said = git.speak(folder, "git-receive-pack", body, env)
    if push.updates:
        after(store, repo, push.updates)
    return said


def after(store: Store, repo: Row, moves: tuple[rules.Move, ...]) -> None:
    """What GitHub does once refs have moved: default branch, times, pull requests."""
    folder = store.git_dir(repo)
    branches = git.branches(folder)
    with store.transaction():
        fresh = store.by_id(repo.id)
        if fresh is None:
            return
        fresh.doc["pushed_at"] = now()
        if branches and fresh.doc["default_branch"] not in branches:
            first = next((m.branch for m in moves if m.branch in branches), next(iter(branches)))
            fresh.doc["default_branch"] = first
            git.run(folder, "symbolic-ref", "HEAD", f"refs/heads/{first}")
        store.save(fresh)
        pullsync.follow(store, fresh, branches)
        events.pushed(store, fresh, moves)


def parse(body: bytes) -> Push:
    """Reads the commands of a push; what is not one is left to git to refuse."""
    updates, abilities, rest = [], frozenset[str](), 0
    for line, rest in _packets(body):  # noqa: B007 - where the lines end is where the pack starts
        command, _, words = line.partition(b"\0")
        if words:
            abilities = frozenset(words.decode(errors="replace").split())
        parts = command.decode(errors="surrogateescape").rstrip("\n").split(" ", 2)
        if len(parts) == 3 and len(parts[0]) == len(git.NOTHING):
            updates.append(rules.Move(parts[2], parts[0], parts[1]))
    at = body.find(b"PACK", rest)
    return Push(tuple(updates), abilities, body[at:] if at >= 0 else b"")


def _packets(body: bytes) -> Iterator[tuple[bytes, int]]:
    """Each line up to the first flush, and where it ends."""
    at = 0
    while size := _size(body[at : at + 4]):
        yield body[at + 4 : at + size], at + size
        at += size


def _size(head: bytes) -> int:
    try:
        size = int(head, 16)
    except ValueError:
        return 0
    return size if size > 4 else 0


def _declined(push: Push, broken: tuple[str, ...]) -> bytes:
    lines = [f"ng {move.ref} {DECLINED}\n" for move in push.updates]
    report = b"".join(git.packet(line.encode()) for line in ("unpack ok\n", *lines)) + b"0000"
    if "side-band-64k" not in push.abilities:
        return report
    words = "\n".join(broken)[:WIDEST].encode() + b"\n"
    return git.packet(b"\2" + words) + git.packet(b"\1" + report) + b"0000"
