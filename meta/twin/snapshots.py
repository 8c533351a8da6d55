"""The twin's data -> a named copy of it, and back."""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from pathlib import Path

from meta.twin.store import NotFound, Store
from meta.twin.web import ADMIN, Refusal

#: How the names of folders begin that are being deleted.
GONE = ".gone-"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def seed(store: Store) -> None:
    """What is there on every twin: the user whom each token stands for."""
    for path in store.folder.glob(f"{GONE}*"):
        shutil.rmtree(path, ignore_errors=True)
    if store.get("user", "", ADMIN) is None:
        store.add("user", "", ADMIN, {"login": ADMIN, "name": "Twin Admin"})


def reset(store: Store) -> None:
    """Empties the twin, but for its snapshots."""
    with store.lock:
        store.clear()
        _discard(store, store.folder / "git")
        seed(store)


def snapshot(store: Store, name: str) -> None:
    """Keeps a copy of everything, over one of the same name; raises Refusal for a bad name."""
    folder = _folder(store, name)
    with store.lock:
        _discard(store, folder)
        folder.mkdir(parents=True)
        store.copy_to(folder / "twin.db")
        _copy(store.folder / "git", folder / "git")


def restore(store: Store, name: str) -> None:
    """Makes everything as it was; raises NotFound where there is no such copy."""
    folder = _folder(store, name)
    if not (folder / "twin.db").is_file():
        raise NotFound
    with store.lock:
        store.copy_from(folder / "twin.db")
        _discard(store, store.folder / "git")
        _copy(folder / "git", store.folder / "git")


def _folder(store: Store, name: str) -> Path:
    if not NAME.fullmatch(name):
        raise Refusal(422, "a snapshot's name is made of letters, digits, '.', '_' and '-'")
    return store.folder / "snapshots" / name


def _discard(store: Store, folder: Path) -> None:
    """Moves a folder out of the way, which takes no time, and deletes it meanwhile."""
    if not folder.exists():
        return
    gone = store.folder / f"{GONE}{time.monotonic_ns()}"
    folder.rename(gone)
    threading.Thread(target=shutil.rmtree, args=(gone, True), daemon=True).start()


def _copy(source: Path, target: Path) -> None:
    """Objects never change once written, so that a link is a copy; the rest is copied."""
    if not source.exists():
        return
    target.mkdir(parents=True)
    with os.scandir(source) as entries:
        for entry in entries:
            if entry.is_dir():
                _copy(Path(entry.path), target / entry.name)
            elif "/objects/" in entry.path:
                os.link(entry.path, target / entry.name)
            else:
                shutil.copyfile(entry.path, target / entry.name)
