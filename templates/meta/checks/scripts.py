"""Scripts can be run: they start with a shebang, are executable and parse."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

FOLDERS = ("deployment/scripts", "scripts/development", "scripts/monitoring")


def problems(root: Path) -> Iterator[str]:
    for folder in FOLDERS:
        paths = [
            path for path in sorted((root / folder).rglob("*")) if path.suffix in {".py", ".sh"}
        ]
        if not paths:
            yield f"{folder}: no script was found"
        for path in paths:
            yield from (f"{path.relative_to(root)}: {text}" for text in script_problems(path))


def script_problems(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if not text.startswith("#!/usr/bin/env "):
        yield "does not start with #!/usr/bin/env"
    if not os.access(path, os.X_OK):
        yield "is not executable"
    if path.suffix == ".py":
        try:
            compile(text, path.name, "exec")
        except SyntaxError as error:
            yield f"does not compile: line {error.lineno}: {error.msg}"
        return
    if "set -euo pipefail" not in text:
        yield "does not stop at the first error: set -euo pipefail"
    bash = shutil.which("bash")
    if bash is None:
        yield "cannot be checked: bash was not found"
        return
    result = subprocess.run([bash, "-n", path], capture_output=True, text=True, check=False)
    if result.returncode:
        yield f"does not parse: {result.stderr.strip()}"
