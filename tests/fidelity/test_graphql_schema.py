"""What the twin offers over GraphQL is a part of the schema that GitHub publishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
)

from meta.twin.graphql.wiring import source
from tests.fidelity import outside

pytestmark = pytest.mark.slow

#: What is newer than the published schema of early 2026 that the tests have: what shows each.
NEWER: dict[str, str] = {}

#: Connections that are offered for their number alone, and why.
COUNTED = {"ReactingUserConnection": "nobody reacts on a twin; clients ask how many did"}


@cache
def published() -> GraphQLSchema:
    return build_schema(outside.schema().read_text("utf-8"), assume_valid=True)


def offered() -> GraphQLSchema:
    return build_schema(source(), assume_valid=True)


def differences() -> Iterator[tuple[str, str]]:
    """`("Issue.parent", "is Issue, published is Issue!")` for all that is not GitHub's."""
    for name, ours in offered().type_map.items():
        if name.startswith("__"):
            continue
        theirs = published().type_map.get(name)
        if theirs is None:
            yield name, "is not published"
        elif type(ours) is not type(theirs):
            yield name, f"is {type(ours).__name__}, published is {type(theirs).__name__}"
        else:
            yield from of_type(name, ours, theirs)


def of_type(name: str, ours: GraphQLNamedType, theirs: Any) -> Iterator[tuple[str, str]]:
    match ours:
        case GraphQLObjectType() | GraphQLInterfaceType():
            yield from of_names(name, names(ours.interfaces), names(theirs.interfaces))
            yield from of_fields(name, ours.fields, theirs.fields)
        case GraphQLInputObjectType():
            yield from of_inputs(name, ours.fields, theirs.fields)
        case GraphQLEnumType():
            yield from of_names(name, set(ours.values), set(theirs.values))
        case GraphQLUnionType():
            yield from of_names(name, names(ours.types), names(theirs.types))


def of_fields(name: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[Any]:
    for field, mine in ours.items():
        place = f"{name}.{field}"
        if field not in theirs:
            yield place, "is not published"
            continue
        if str(mine.type) != str(theirs[field].type):
            yield place, f"is {mine.type}, published is {theirs[field].type}"
        yield from of_inputs(place, mine.args, theirs[field].args)


def of_inputs(name: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[Any]:
    """Arguments of a field, or fields of an input: a client may leave no more and no less out."""
    for each, mine in ours.items():
        place = f"{name}.{each}"
        if each not in theirs:
            yield place, "is not published"
        elif str(mine.type) != str(theirs[each].type):
            yield place, f"is {mine.type}, published is {theirs[each].type}"
        elif mine.default_value != theirs[each].default_value:
            yield place, f"is {mine.default_value} if left out, not {theirs[each].default_value}"
    for each, other in theirs.items():
        if each not in ours and str(other.type).endswith("!"):
            yield f"{name}.{each}", f"{other.type} is missing"


def of_names(name: str, ours: set[str], theirs: set[str]) -> Iterator[tuple[str, str]]:
    yield from ((f"{name} {each}", "is not published") for each in sorted(ours - theirs))


def names(types: Any) -> set[str]:
    return {each.name for each in types}


def test_every_type_field_argument_and_null_is_githubs() -> None:
    assert [each for each in differences() if each[0] not in NEWER] == []


def test_what_is_newer_is_still_offered_and_still_newer() -> None:
    assert set(NEWER) <= {place for place, _ in differences()}


def test_an_edge_of_every_connection_that_is_offered_is_offered_too() -> None:
    """`edges` and `nodes` are two ways through a connection: who has one has the other."""
    connections = {
        name: kind.fields
        for name, kind in offered().type_map.items()
        if name.endswith("Connection") and isinstance(kind, GraphQLObjectType)
        if name not in COUNTED
    }
    assert connections
    whole = {"edges", "nodes", "pageInfo", "totalCount"}
    missing = {
        f"{name}.{field}"
        for name, fields in connections.items()
        for field in whole & set(getattr(published().type_map[name], "fields", {})) - set(fields)
    }
    assert missing == set()
