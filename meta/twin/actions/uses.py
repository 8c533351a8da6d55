"""The actions that a job uses -> folders that stand in for them, and those that nothing does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from meta.twin.actions.work import Job

FOLDER = Path(__file__).parent / "standins"
#: What each of them really does.
STAND_INS = {
    "actions/checkout": "fetches a commit from the twin with the job's own token",
    "actions/setup-python": "makes a virtual environment of a Python that the machine has",
    "actions/upload-artifact": "packs files as an artifact of the run, which the twin keeps",
    "actions/download-artifact": "unpacks artifacts of the run, over the twin's REST API",
    "actions/cache": "keeps nothing and finds nothing",
    "aws-actions/configure-aws-credentials": "sets made-up credentials; AWS is not asked",
}


def resolve(job: Job, clone: Path) -> tuple[dict[str, Path], list[str]]:
    """Folders by `owner/name@ref`, and the uses that lead nowhere.

    An action in a repository of the twin needs no folder: act fetches it from there.
    """
    known: dict[str, Path] = {}
    unknown = []
    for used in sorted(_used(job.definition.get("steps") or [], clone, set())):
        place, _, ref = used.partition("@")
        name = "/".join(place.split("/")[:2])
        if (job.repository.parent.parent / f"{name.lower()}.git").is_dir():
            continue
        if name.lower() in STAND_INS and not used.startswith("docker://"):
            known[f"{name}@{ref}"] = FOLDER / name.lower()
        else:
            unknown.append(used)
    return known, unknown


def unknown(names: Iterable[str]) -> str:
    return (
        f"Unable to resolve action `{'`, `'.join(names)}`: the twin has no such repository and no"
        f" stand-in for it. It has stand-ins for {', '.join(STAND_INS)}."
    )


def _used(steps: Iterable[Any], clone: Path, seen: set[str]) -> Iterator[str]:
    """Everything that steps use, also by way of actions in the repository itself."""
    for step in steps:
        used = str(step.get("uses") or "") if isinstance(step, Mapping) else ""
        if used.startswith("./"):
            if used not in seen:
                seen.add(used)
                yield from _used(_steps(clone / used), clone, seen)
        elif used:
            yield used


def _steps(folder: Path) -> list[Any]:
    for name in ("action.yml", "action.yaml"):
        if (folder / name).is_file():
            try:
                doc = YAML(typ="safe", pure=True).load((folder / name).read_text())
            except YAMLError:
                return []
            return list(((doc or {}).get("runs") or {}).get("steps") or [])
    return []
