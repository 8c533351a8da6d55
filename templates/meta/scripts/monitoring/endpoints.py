#!/usr/bin/env python3
"""Ask every endpoint of an environment whether it is well: endpoints.py dev|production.

Ends with 1 if one of them is not. The addresses are in deployment/config.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

CONFIG = Path(__file__).resolve().parents[2] / "deployment" / "config"


def answer(url: str) -> str:
    """The empty string if the endpoint is well, else what is wrong with it."""
    try:
        with urlopen(url, timeout=10) as response:  # noqa: S310 - http and https, by checks/config.py
            return "" if response.status == 200 else f"status {response.status}"
    except URLError as error:
        return str(error)


def main(environment: str) -> int:
    config = json.loads((CONFIG / f"{environment}.json").read_text(encoding="utf-8"))
    failures = {name: answer(url) for name, url in config["endpoints"].items()}
    for name, failure in failures.items():
        print(f"{name}: {failure or 'ok'}")
    return 1 if any(failures.values()) else 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or not (CONFIG / f"{sys.argv[1]}.json").is_file():
        sys.exit("usage: endpoints.py dev|production")
    sys.exit(main(sys.argv[1]))
