"""Operations -> GraphQL text and variables; connections -> their rows. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: GitHub refuses requests that ask for much more at once.
AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Operation:
    """One mutation: its name, its input, and what to read of the answer."""

    name: str
    input: Mapping[str, Any]
    select: str = "clientMutationId"


def mutation(operations: Sequence[Operation]) -> tuple[str, Mapping[str, Any]]:
    """One request that carries out all of them in order; answers are under a0, a1 and so on."""
    heads, parts, variables = [], [], {}
    for index, each in enumerate(operations):
        heads.append(f"$i{index}: {each.name[0].upper()}{each.name[1:]}Input!")
        parts.append(f"  a{index}: {each.name}(input: $i{index}) {{ {each.select} }}")
        variables[f"i{index}"] = dict(each.input)
    text = f"mutation({', '.join(heads)}) {{\n" + "\n".join(parts) + "\n}"
    return text, variables


def batches(operations: Sequence[Operation]) -> Iterator[Sequence[Operation]]:
    for start in range(0, len(operations), AT_ONCE):
        yield operations[start : start + AT_ONCE]


def every(page: Callable[[str | None], Any]) -> Iterator[Any]:
    """Every node of a connection; `page(cursor)` asks for it from there on. None has no nodes."""
    cursor: str | None = None
    while True:
        connection = page(cursor)
        if connection is None:
            return
        yield from (node for node in connection["nodes"] if node)
        if not connection["pageInfo"]["hasNextPage"]:
            return
        cursor = connection["pageInfo"]["endCursor"]
