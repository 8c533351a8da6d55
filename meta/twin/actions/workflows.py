"""A commit -> the workflows in it, read from `.github/workflows`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from meta.twin import git

FOLDER = ".github/workflows"


@dataclass(frozen=True, slots=True)
class Workflow:
    """One file; `doc` is plain JSON, `problem` says why it is none that could run."""

    path: str
    doc: dict[str, Any]
    problem: str = ""

    @property
    def name(self) -> str:
        return str(self.doc.get("name") or self.path)


@lru_cache(maxsize=256)
def at(folder: Path, commit: str) -> tuple[Workflow, ...]:
    """Every workflow of a commit, by path; raises nothing for files that are broken."""
    try:
        listed = git.text(folder, "ls-tree", "--name-only", "-z", commit, f"{FOLDER}/")
    except git.GitFailed:
        return ()
    paths = sorted(path for path in listed.split("\0") if path.endswith((".yml", ".yaml")))
    return tuple(found for path in paths if (found := one(folder, commit, path)))


def one(folder: Path, commit: str, path: str) -> Workflow | None:
    """The workflow of a path, None where the commit has no such file."""
    try:
        content = git.run(folder, "cat-file", "blob", f"{commit}:{path}")
    except git.GitFailed:
        return None
    return read(path, content.decode(errors="replace"))


def read(path: str, text: str) -> Workflow:
    try:
        doc = _plain(YAML(typ="safe", pure=True).load(text))
    except (YAMLError, ValueError) as error:
        return Workflow(path, {}, f"Invalid workflow file: {str(error).splitlines()[0]}")
    if not isinstance(doc, dict):
        return Workflow(path, {}, "Invalid workflow file: it is not a mapping")
    return Workflow(path, doc, _problem(doc))


def _problem(doc: dict[str, Any]) -> str:
    if not doc.get("on"):
        return "Invalid workflow file: no event triggers defined in `on`"
    jobs = doc.get("jobs")
    if not isinstance(jobs, dict) or not jobs:
        return "Invalid workflow file: no jobs defined in `jobs`"
    for name, job in jobs.items():
        if not isinstance(job, dict) or not ("uses" in job or "runs-on" in job):
            return f"Invalid workflow file: job {name} has neither `runs-on` nor `uses`"
        unknown = set(needs(job)) - set(jobs)
        if unknown:
            return f"Invalid workflow file: job {name} needs {min(unknown)}, which is not there"
    return "Invalid workflow file: jobs need each other in a circle" if _circle(jobs) else ""


def needs(job: dict[str, Any]) -> list[str]:
    """The jobs that have to be over before a job."""
    given = job.get("needs") or []
    return [given] if isinstance(given, str) else [str(each) for each in given]


def _circle(jobs: dict[str, Any]) -> bool:
    left = {name: set(needs(job)) for name, job in jobs.items()}
    while free := {name for name, wanted in left.items() if not wanted}:
        left = {name: wanted - free for name, wanted in left.items() if name not in free}
    return bool(left)


def _plain(found: Any) -> Any:
    """What JSON can hold: keys are text, and so is a date."""
    if isinstance(found, dict):
        return {_key(name): _plain(part) for name, part in found.items()}
    if isinstance(found, list):
        return [_plain(part) for part in found]
    return found if found is None or isinstance(found, bool | int | float | str) else str(found)


def _key(name: Any) -> str:
    # YAML 1.1 reads a bare `on` as true.
    return "on" if name is True else str(name)
