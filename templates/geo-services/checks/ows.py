"""The map service's configuration hangs together: layers, bands, styles and their ranges."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

LAYER = ("name", "title", "abstract", "product_name", "bands", "native_crs", "styling")


def problems(root: Path) -> Iterator[str]:
    sys.path.insert(0, str(root / "wcs-wms"))
    try:
        config = import_module("ows_config").ows_cfg
    except Exception as error:  # whatever stops it stops the service
        yield f"wcs-wms/ows_config: cannot be imported: {error!r}"
        return
    finally:
        sys.path.pop(0)
    published = config["global"]["published_CRSs"]
    layers = list(leaves(config["layers"]))
    for name, count in Counter(layer.get("name") for layer in layers).items():
        if count > 1:
            yield f"wcs-wms: {count} layers are called {name}"
    for layer in layers:
        for text in layer_problems(layer, published):
            yield f"wcs-wms: layer {layer.get('name', '?')} {text}"


def leaves(layers: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The layers themselves, without the folders that group them."""
    for layer in layers:
        if "layers" in layer:
            yield from leaves(layer["layers"])
        else:
            yield layer


def layer_problems(layer: dict[str, Any], published: dict[str, Any]) -> Iterator[str]:
    missing = [key for key in LAYER if not layer.get(key)]
    yield from (f"has no {key}" for key in missing)
    if missing:
        return
    if layer["native_crs"] not in published:
        yield f"is in {layer['native_crs']}, which the service does not publish"
    styles = layer["styling"].get("styles", [])
    if layer["styling"].get("default_style") not in {style["name"] for style in styles}:
        yield "has a default style that it does not define"
    for style in styles:
        for band in sorted(style_bands(style) - layer["bands"].keys()):
            yield f"lacks the band {band} of its style {style['name']}"
        low, high = style.get("scale_range", (0, 1))
        if low >= high:
            yield f"has the empty range {low} to {high} in its style {style['name']}"


def style_bands(style: dict[str, Any]) -> set[str]:
    parts = style.get("components", {}).values()
    return {band for part in parts for band in part} | set(style.get("needed_bands", ()))
