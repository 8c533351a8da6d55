"""STAC collections hold what the specification asks for, with an extent that can be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

REQUIRED = ("stac_version", "id", "title", "description", "license", "providers", "extent", "links")
ROLES = {"licensor", "producer", "processor", "host"}


def problems(root: Path) -> Iterator[str]:
    paths = sorted((root / "stac" / "collections").glob("*.json"))
    if not paths:
        yield "stac/collections: no collection was found"
    for path in paths:
        name = path.relative_to(root)
        try:
            collection = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            yield f"{name}: is not JSON: {error}"
            continue
        missing = [key for key in REQUIRED if not collection.get(key)]
        yield from (f"{name}: has no {key}" for key in missing)
        if not missing:
            yield from (f"{name}: {text}" for text in collection_problems(path.stem, collection))


def collection_problems(stem: str, collection: dict[str, Any]) -> Iterator[str]:
    if collection.get("type") != "Collection":
        yield f"is a {collection.get('type')}, expected a Collection"
    if collection["id"] != stem:
        yield f"has the id {collection['id']}, expected {stem} as the file"
    if not collection["stac_version"].startswith("1."):
        yield f"follows STAC {collection['stac_version']}, expected 1.0 or 1.1"
    for provider in collection["providers"]:
        for role in sorted(set(provider.get("roles", ())) - ROLES):
            yield f"gives {provider.get('name')} the unknown role {role}"
    if collection["license"] == "other" and "license" not in {
        link.get("rel") for link in collection["links"]
    }:
        yield "has the licence 'other' and no link that says which"
    yield from extent_problems(collection["extent"])


def extent_problems(extent: dict[str, Any]) -> Iterator[str]:
    for west, south, east, north in extent["spatial"]["bbox"]:
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            box = f"{west}, {south}, {east}, {north}"
            yield f"has the extent {box}, expected west, south, east, north"
    for start, end in extent["temporal"]["interval"]:
        moments = [
            datetime.fromisoformat(moment.replace("Z", "+00:00"))
            for moment in (start, end)
            if moment
        ]
        if not moments or moments != sorted(moments):
            yield f"runs from {start} to {end}"
