"""Product definitions are what Open Data Cube can load: complete, typed, named once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REQUIRED = ("name", "description", "metadata_type", "license", "metadata", "load", "measurements")
MEASUREMENT = ("name", "dtype", "nodata", "units")
RANGES = {
    "uint8": (0, 2**8 - 1),
    "int8": (-(2**7), 2**7 - 1),
    "uint16": (0, 2**16 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "uint32": (0, 2**32 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "float32": (float("-inf"), float("inf")),
    "float64": (float("-inf"), float("inf")),
}


def problems(root: Path) -> Iterator[str]:
    paths = sorted((root / "products").glob("*.json"))
    if not paths:
        yield "products: no definition was found"
    for path in paths:
        name = path.relative_to(root)
        try:
            product = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            yield f"{name}: is not JSON: {error}"
            continue
        missing = [key for key in REQUIRED if not product.get(key)]
        yield from (f"{name}: has no {key}" for key in missing)
        if not missing:
            yield from (f"{name}: {text}" for text in product_problems(path.stem, product))


def product_problems(stem: str, product: dict[str, Any]) -> Iterator[str]:
    if product["name"] != stem:
        yield f"the product is called {product['name']}, expected {stem} as the file"
    if product["metadata"].get("product", {}).get("name") != product["name"]:
        yield "metadata.product.name differs from name, so no dataset would match"
    if not str(product["load"].get("crs", "")).startswith("EPSG:"):
        yield "load.crs is not an EPSG code"
    resolution = product["load"].get("resolution", {})
    if not (resolution.get("x", 0) > 0 > resolution.get("y", 0)):
        yield "load.resolution needs x above and y below zero"
    names = Counter(
        name
        for measurement in product["measurements"]
        for name in (measurement.get("name"), *measurement.get("aliases", ()))
    )
    yield from (f"{name} names {count} measurements" for name, count in names.items() if count > 1)
    for measurement in product["measurements"]:
        label = measurement.get("name", "?")
        yield from (f"measurement {label} {text}" for text in measurement_problems(measurement))


def measurement_problems(measurement: dict[str, Any]) -> Iterator[str]:
    missing = [key for key in MEASUREMENT if key not in measurement]
    yield from (f"has no {key}" for key in missing)
    if missing:
        return
    dtype, nodata = measurement["dtype"], measurement["nodata"]
    if dtype not in RANGES:
        yield f"has the unknown dtype {dtype}"
    elif not RANGES[dtype][0] <= nodata <= RANGES[dtype][1]:
        yield f"has nodata {nodata}, which {dtype} cannot hold"
    for flag, definition in measurement.get("flags_definition", {}).items():
        if not {"bits", "values"} <= definition.keys():
            yield f"has the flag {flag} without bits and values"
