"""Images start from a pinned base, install pinned packages and do not run as root."""

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
    for path in sorted(root.rglob("requirements.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            requirement = line.partition("#")[0].strip()
            if requirement and not PINNED.match(requirement):
                yield f"{path.relative_to(root)}:{number}: {requirement} is not pinned with =="


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
