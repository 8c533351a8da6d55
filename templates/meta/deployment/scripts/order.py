#!/usr/bin/env python3
"""Print the components in the order in which they are deployed, one stage on each line."""

from __future__ import annotations

import json
from graphlib import TopologicalSorter
from pathlib import Path

COMPONENTS = Path(__file__).resolve().parents[1] / "config" / "components.json"


def stages(needs: dict[str, list[str]]) -> list[list[str]]:
    """Groups that can be deployed side by side; raises graphlib.CycleError."""
    sorter = TopologicalSorter(needs)
    sorter.prepare()
    order = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order.append(ready)
        sorter.done(*ready)
    return order


if __name__ == "__main__":
    declared = json.loads(COMPONENTS.read_text(encoding="utf-8"))
    for stage in stages({name: part["needs"] for name, part in declared.items()}):
        print(" ".join(stage))
