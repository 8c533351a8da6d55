"""A GraphQL request -> what it asks for: names, aliases, its cost and its nodes. Pure.

Cost and nodes are counted before anything is looked up, as GitHub does. Source: GitHub's
"Rate limits and query limits for the GraphQL API".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    parse,
)

#: How many requests to a connection make one point.
PER_POINT = 100
#: A connection's fields that tell nothing of what is in it.
ABOUT = frozenset({"totalCount", "pageInfo", "__typename"})


@dataclass(frozen=True, slots=True)
class Question:
    """`fields` are the names at the root of the operation, `all_fields` the names anywhere."""

    mutation: bool = False
    name: str = ""
    fields: tuple[str, ...] = ()
    aliases: int = 0
    requests: int = 0
    nodes: int = 0
    all_fields: frozenset[str] = frozenset()

    @property
    def cost(self) -> int:
        return max(1, round(self.requests / PER_POINT))


NOTHING = Question()


def asked(body: bytes) -> Question:
    """What a request's body asks for; NOTHING where it cannot be read."""
    try:
        given = json.loads(body)
    except ValueError:
        return NOTHING
    if not isinstance(given, dict) or not isinstance(given.get("query"), str):
        return NOTHING
    variables = given.get("variables")
    sizes = variables if isinstance(variables, dict) else {}
    whole = tuple(sorted((name, n) for name, n in sizes.items() if isinstance(n, int)))
    return _question(given["query"], str(given.get("operationName") or ""), whole)


@lru_cache(maxsize=256)
def _question(text: str, name: str, sizes: tuple[tuple[str, int], ...]) -> Question:
    try:
        document = parse(text)
    except GraphQLError:
        return NOTHING
    operation = _operation(document, name)
    if operation is None:
        return NOTHING
    counter = Counter(_fragments(document), {**_defaults(operation), **dict(sizes)})
    roots = [*counter.fields(operation.selection_set)]
    counter.count(operation.selection_set, 1)
    return Question(
        mutation=operation.operation is OperationType.MUTATION,
        name=operation.name.value if operation.name else "",
        fields=tuple(field.name.value for field in roots),
        aliases=sum(1 for field in roots if field.alias),
        requests=counter.requests,
        nodes=counter.nodes,
        all_fields=frozenset(counter.seen),
    )


class Counter:
    """Walks a selection; `requests` and `nodes` grow by what its connections take."""

    def __init__(
        self, fragments: Mapping[str, FragmentDefinitionNode], sizes: Mapping[str, int]
    ) -> None:
        self.fragments, self.sizes = fragments, sizes
        self.requests = self.nodes = 0
        self.seen: set[str] = set()

    def count(self, selection: SelectionSetNode | None, times: int, depth: int = 0) -> None:
        """Counts what a selection takes that is looked up so many times."""
        if depth > 50:  # deeper than any answer, or a fragment within itself
            return
        for field in self.fields(selection):
            self.seen.add(field.name.value)
            size = self._size(field)
            below = times
            if size is not None:
                self.requests += times
                below = times * size
                self.nodes += below
            self.count(field.selection_set, below, depth + 1)

    def fields(self, selection: SelectionSetNode | None, depth: int = 0) -> Iterator[FieldNode]:
        """The fields of a selection, with those of its fragments."""
        for node in selection.selections if selection and depth < 20 else ():
            match node:
                case FieldNode():
                    yield node
                case InlineFragmentNode():
                    yield from self.fields(node.selection_set, depth + 1)
                case FragmentSpreadNode() if node.name.value in self.fragments:
                    inside = self.fragments[node.name.value].selection_set
                    yield from self.fields(inside, depth + 1)

    def _size(self, field: FieldNode) -> int | None:
        """How many nodes a connection is asked for; None for a field that is none."""
        sizes = [
            each.value for each in field.arguments or () if each.name.value in ("first", "last")
        ]
        if not sizes:
            return None
        if {each.name.value for each in self.fields(field.selection_set)} <= ABOUT:
            return 0
        match sizes[0]:
            case IntValueNode(value=text):
                return max(int(text), 0)
            case VariableNode(name=name):
                return max(self.sizes.get(name.value, 0), 0)
        return 0


def _operation(document: DocumentNode, name: str) -> OperationDefinitionNode | None:
    found = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    named = (one for one in found if not name or (one.name and one.name.value == name))
    return next(named, None)


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    found = (one for one in document.definitions if isinstance(one, FragmentDefinitionNode))
    return {one.name.value: one for one in found}


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    given = operation.variable_definitions or ()
    return {
        one.variable.name.value: int(one.default_value.value)
        for one in given
        if isinstance(one.default_value, IntValueNode)
    }
