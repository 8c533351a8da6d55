"""The compose file publishes on this machine only, pins its images and holds no password."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

PORT = re.compile(r"^ +- \"?([^\s\"]*:\d+)\"?$")
IMAGE = re.compile(r"^ +image: (\S+)$")
PASSWORD = re.compile(r"PASSWORD\w*: *(.*)$|://\w+:([^@]+)@")


def problems(root: Path) -> Iterator[str]:
    for path in sorted(root.rglob("compose.yaml")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, start=1):
            yield from (
                f"{path.relative_to(root)}:{number}: {text}" for text in line_problems(line)
            )


def line_problems(line: str) -> Iterator[str]:
    if "\t" in line:
        yield "a tab, which YAML does not allow"
    if (port := PORT.match(line)) and not port[1].startswith("127.0.0.1:"):
        yield f"{port[1]} is published to the network, expected 127.0.0.1:{port[1]}"
    if (image := IMAGE.match(line)) and ":" not in image[1].rpartition("/")[2]:
        yield f"the image {image[1]} has no version"
    for groups in PASSWORD.findall(line):
        value = "".join(groups)
        if value and not value.startswith("${"):
            yield "a password is written down, expected ${NAME}"
