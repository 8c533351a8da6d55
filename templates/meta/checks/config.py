"""Environments have the same keys and enough connections; components can be put in an order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

ENVIRONMENTS = ("dev", "production")


def problems(root: Path) -> Iterator[str]:
    folder = root / "deployment" / "config"
    found: dict[str, dict[str, Any]] = {}
    for name in (*ENVIRONMENTS, "components"):
        path = folder / f"{name}.json"
        try:
            found[name] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            yield f"{path.relative_to(root)}: cannot be read: {error}"
    for name in (name for name in ENVIRONMENTS if name in found):
        yield from (f"deployment/config/{name}.json: {text}" for text in own(name, found[name]))
    if found.keys() >= set(ENVIRONMENTS):
        dev, production = (set(keys(found[name])) for name in ENVIRONMENTS)
        yield from (
            f"deployment/config: only one environment has {key}" for key in sorted(dev ^ production)
        )
    if "components" in found:
        yield from (
            f"deployment/config/components.json: {text}" for text in order(found["components"])
        )


def own(name: str, config: dict[str, Any]) -> Iterator[str]:
    if config.get("environment") != name:
        yield f"is for {config.get('environment')}, expected {name}"
    allowed = config.get("database_connections", 0)
    wanted = sum(
        service["workers"] * service["connections_per_worker"]
        for service in config.get("services", {}).values()
    )
    if wanted >= allowed:
        yield f"services open up to {wanted} connections, and the database allows {allowed}"


def keys(config: dict[str, Any], above: str = "") -> Iterator[str]:
    for key, value in config.items():
        yield above + key
        if isinstance(value, dict):
            yield from keys(value, f"{above}{key}.")


def order(components: dict[str, Any]) -> Iterator[str]:
    needs = {name: part.get("needs", []) for name, part in components.items()}
    for name, wanted in needs.items():
        yield from (
            f"{name} needs {other}, which is not there" for other in wanted if other not in needs
        )
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        yield f"components need each other in a circle: {' -> '.join(error.args[1])}"
