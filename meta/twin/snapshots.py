"""The twin's data -> a named copy of it, and back."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from meta.twin.store import NotFound, Store
from meta.twin.web import ADMIN, Refusal

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def seed(store: Store) -> None:
    """What is there on every twin: the user whom each token stands for."""
    if store.get("user", "", ADMIN) is None:
        store.add("user", "", ADMIN, {"login": ADMIN, "name": "Twin Admin"})


def reset(store: Store) -> None:
    """Empties the twin, but for its snapshots."""
    with store.lock:
        store.clear()
        _replace(store.folder / "git", None)
        seed(store)


def snapshot(store: Store, name: str) -> None:
    """Keeps a copy of everything, over one of the same name; raises Refusal for a bad name."""
    folder = _folder(store, name)
    with store.lock:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        store.copy_to(folder / "twin.db")
        if (store.folder / "git").is_dir():
            shutil.copytree(store.folder / "git", folder / "git", copy_function=_link)


def restore(store: Store, name: str) -> None:
    """Makes everything as it was; raises NotFound where there is no such copy."""
    folder = _folder(store, name)
    if not (folder / "twin.db").is_file():
        raise NotFound
    with store.lock:
        store.copy_from(folder / "twin.db")
        _replace(store.folder / "git", folder / "git")


def _folder(store: Store, name: str) -> Path:
    if not NAME.fullmatch(name):
        raise Refusal(422, "a snapshot's name is made of letters, digits, '.', '_' and '-'")
    return store.folder / "snapshots" / name


def _replace(target: Path, source: Path | None) -> None:
    shutil.rmtree(target, ignore_errors=True)
    if source is not None and source.is_dir():
        shutil.copytree(source, target, copy_function=_link)


def _link(source: str, target: str) -> None:
    """Objects never change once written, so that a link is a copy; the rest is copied."""
    if "/objects/" in source:
        Path(target).hardlink_to(source)
    else:
        shutil.copy2(source, target)
