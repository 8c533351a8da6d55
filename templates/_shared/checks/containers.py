"""Images start from a pinned base, install locked packages and do not run as root."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

FROM = re.compile(r"^FROM +(?:--\S+ +)*(\S+)(?: +AS +(\S+))?", re.IGNORECASE | re.MULTILINE)
USER = re.compile(r"^USER +(\S+)", re.IGNORECASE | re.MULTILINE)
PINNED = re.compile(r"^[A-Za-z0-9._-]+(\[[A-Za-z0-9._,-]+\])?==[^=*\s]+$")


def problems(root: Path) -> Iterator[str]:
    dockerfiles = sorted(root.rglob("Dockerfile"))
    if not dockerfiles:
        yield "no Dockerfile was found"
    for path in dockerfiles:
        text = path.read_text(encoding="utf-8")
        for problem in image_problems(text):
            yield f"{path.relative_to(root)}: {problem}"
    for path in sorted(root.rglob("requirements.in")):
        yield from (f"{path.relative_to(root)}: {text}" for text in lock_problems(path))


def lock_problems(path: Path) -> Iterator[str]:
    """What is asked for has to be locked, and whatever is locked has one version."""
    lock = path.with_suffix(".txt")
    if not lock.is_file():
        yield f"{lock.name} is missing"
        return
    locked = set(requirements(lock))
    for requirement in sorted(locked):
        if not PINNED.match(requirement):
            yield f"{requirement} in {lock.name} is not pinned with =="
    for requirement in requirements(path):
        bare = re.sub(r"\[.*?\]", "", requirement)
        if not any(one == bare or one.startswith(f"{bare}==") for one in locked):
            yield f"{requirement} is not locked: make {lock.name} again"


def requirements(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        requirement = line.partition("#")[0].strip()
        if requirement:
            yield requirement


def image_problems(text: str) -> Iterator[str]:
    stages: set[str] = set()
    for image, stage in FROM.findall(text):
        if image not in stages and not is_pinned(image):
            yield f"the base image {image} has no version"
        stages.add(stage)
    users = USER.findall(text)
    if not users:
        yield "has no USER, so it runs as root"
    elif users[-1].partition(":")[0] in {"root", "0"}:
        yield f"ends as {users[-1]}, which is root"
    if re.search(r"^ADD +https?:", text, re.MULTILINE):
        yield "downloads with ADD, which verifies nothing"


def is_pinned(image: str) -> bool:
    name, _, tag = image.rpartition("/")[2].partition(":")
    return "@sha256:" in image or bool(name and tag and tag != "latest")
