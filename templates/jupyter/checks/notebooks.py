"""Notebooks are valid, carry no outputs, begin with a title, and their code compiles."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def problems(root: Path) -> Iterator[str]:
    paths = sorted((root / "notebooks").rglob("*.ipynb"))
    if not paths:
        yield "notebooks: no notebook was found"
    for path in paths:
        if ".ipynb_checkpoints" in path.parts:
            continue
        name = path.relative_to(root)
        try:
            notebook = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            yield f"{name}: is not JSON: {error}"
            continue
        yield from (f"{name}: {text}" for text in notebook_problems(notebook))


def notebook_problems(notebook: dict[str, Any]) -> Iterator[str]:
    if (notebook.get("nbformat"), notebook.get("nbformat_minor", 0) >= 5) != (4, True):
        yield "is not in notebook format 4.5 or newer"
        return
    if notebook.get("metadata", {}).get("kernelspec", {}).get("name") != "python3":
        yield "does not ask for the python3 kernel"
    cells = notebook.get("cells", [])
    if not cells or not source(cells[0]).startswith("# ") or cells[0]["cell_type"] != "markdown":
        yield "does not begin with a title"
    for identity, count in Counter(cell.get("id") for cell in cells).items():
        if identity is None or count > 1:
            yield f"{count} cells have the id {identity}, expected one for each"
    for number, cell in enumerate(cells, start=1):
        if cell["cell_type"] == "code":
            yield from (f"cell {number} {text}" for text in code_problems(cell))


def code_problems(cell: dict[str, Any]) -> Iterator[str]:
    if cell.get("outputs") or cell.get("execution_count") is not None:
        yield "holds outputs, expected none: clear them before the commit"
    try:
        compile(source(cell), "cell", "exec")
    except SyntaxError as error:
        yield f"does not compile: line {error.lineno}: {error.msg}"


def source(cell: dict[str, Any]) -> str:
    """The text of a cell, which the format allows to be one string or a list of lines."""
    text = cell.get("source", "")
    return text if isinstance(text, str) else "".join(text)
