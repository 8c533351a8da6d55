#!/usr/bin/env python3
"""Ask services whether they are well: endpoints.py maps=URL catalogue=URL

Each service has one address that tells the truth about it, in probes.json beside this file. Prints
a line for each service and ends with 1 if one of them is not well.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

PROBES = json.loads(Path(__file__).with_name("probes.json").read_text(encoding="utf-8"))


def trouble(url: str) -> str:
    """What is wrong with the service, or the empty string."""
    try:
        with urlopen(url, timeout=10):  # noqa: S310 - main() takes http and https only
            return ""
    except (URLError, TimeoutError) as error:
        return str(error)


def main(arguments: list[str]) -> int:
    services = [argument.partition("=")[::2] for argument in arguments]
    for name, url in services:
        if name not in PROBES or not url.startswith(("http://", "https://")):
            known = " ".join(f"{probe}=URL" for probe in PROBES)
            print(f"{name}={url} is no service, expected: {known}", file=sys.stderr)
            return 2
    failures = {name: trouble(url.rstrip("/") + PROBES[name]) for name, url in services}
    for name, failure in failures.items():
        print(f"{name}: {failure or 'ok'}")
    return 1 if any(failures.values()) or not failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
