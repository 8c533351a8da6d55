"""Files that match the patterns of a step -> one zip file, where the twin collects it."""

import os
import sys
import zipfile
from glob import glob
from pathlib import Path


def matching(pattern: str) -> set[Path]:
    found = {Path(each).absolute() for each in glob(pattern, recursive=True, include_hidden=True)}
    below = {path for each in found if each.is_dir() for path in each.rglob("*")}
    return {path for path in found | below if path.is_file()}


def shown(path: Path) -> bool:
    parts = path.relative_to(Path.cwd()).parts if path.is_relative_to(Path.cwd()) else path.parts
    return os.environ["HIDDEN"] == "true" or not any(part.startswith(".") for part in parts)


def root(patterns: list[str], files: set[Path]) -> Path:
    """What all files have in common; of one pattern that is a folder, that folder."""
    if len(patterns) == 1 and Path(patterns[0]).is_dir():
        return Path(patterns[0]).absolute()
    return Path(os.path.commonpath([path.parent for path in files]))


def main() -> None:
    lines = [line.strip() for line in os.environ["PATHS"].splitlines() if line.strip()]
    patterns = [line for line in lines if not line.startswith("!")]
    files = {path for each in patterns for path in matching(each) if shown(path)}
    files -= {path for each in lines if each.startswith("!") for path in matching(each[1:])}
    name, none = os.environ["ARTIFACT"], os.environ["NONE"]
    if not files:
        message = f"No files were found with the provided path: {', '.join(lines)}."
        print(f"::{'error' if none == 'error' else 'warning'}::{message}" * (none != "ignore"))
        sys.exit(none == "error")
    folder = Path(os.environ["TWIN_ARTIFACTS"])
    folder.mkdir(parents=True, exist_ok=True)
    top = root(patterns, files)
    with zipfile.ZipFile(folder / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(files):
            packed.write(path, path.relative_to(top))
    print(f"Artifact {name}: {len(files)} files")


main()
