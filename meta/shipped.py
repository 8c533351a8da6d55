"""What ships with meta -> its place on disk: the template source and the first fleet.

In a clone these lie at its root; in a wheel, in `meta/data`.
"""

from __future__ import annotations

import stat
from pathlib import Path

from meta.model import Blob, Tree

#: What makes up the template source: see docs/reference/templates.md.
TEMPLATE = ("copier.yml", "templates", "workflows")


def root() -> Path:
    packaged = Path(__file__).parent / "data"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent


def tree(folder: Path, names: tuple[str, ...] = TEMPLATE) -> Tree:
    """The files below `names` of a folder, by path."""
    files: dict[str, Blob] = {}
    for name in names:
        top = folder / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts:
                executable = path.stat().st_mode & stat.S_IXUSR
                mode = "100755" if executable else "100644"
                files[path.relative_to(folder).as_posix()] = Blob.of(path.read_bytes(), mode)
    return files
