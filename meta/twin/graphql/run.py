"""A GraphQL request's JSON -> the JSON of its answer, with GitHub's errors and partial data."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    OverlappingFieldsCanBeMergedRule,
    execute_sync,
    parse,
    specified_rules,
    validate,
)

from meta.twin.graphql.context import Context, Problem
from meta.twin.graphql.wiring import schema, type_name
from meta.twin.store import Store

#: GitHub lets two fields of one name differ where their types exclude each other in practice.
RULES = [rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule]
#: Mistakes in the question itself: GitHub then answers no part of it.
WHOLE = frozenset({"MISSING_PAGINATION_BOUNDARIES", "EXCESSIVE_PAGINATION", "ARGUMENT_LIMIT"})


def answer(store: Store, body: dict[str, Any], login: str, base: str) -> dict[str, Any]:
    """The answer's JSON: `data`, `errors` or both. `login` is who asks, "" for nobody.

    `base` is the URL that the twin's pages start with.
    """
    if not login:
        return {"message": "This endpoint requires you to be authenticated."}
    text = body.get("query")
    if not isinstance(text, str):
        return {
            "errors": [{"message": "A query attribute must be specified and must be a string."}]
        }
    document, errors = _document(text)
    if document is None or errors:
        return {"errors": [_shown(error) for error in errors]}
    result = execute_sync(
        schema(),
        document,
        context_value=Context(store, login, base),
        variable_values=body.get("variables") or {},
        operation_name=body.get("operationName"),
        type_resolver=type_name,
    )
    return _result(result)


def is_mutation(body: dict[str, Any]) -> bool:
    """Whether carrying a request out may change something."""
    document, errors = _document(str(body.get("query") or ""))
    if document is None or errors:
        return False
    name = body.get("operationName")
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    chosen = [one for one in operations if not name or (one.name and one.name.value == name)]
    return any(one.operation is OperationType.MUTATION for one in chosen)


@lru_cache(maxsize=256)
def _document(text: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    """A text parsed and checked against the schema, and what is wrong with it."""
    try:
        document = parse(text)
    except GraphQLError as error:
        return None, (error,)
    return document, tuple(validate(schema(), document, RULES))


def _result(result: ExecutionResult) -> dict[str, Any]:
    errors = [_shown(error) for error in result.errors or ()]
    if any(error.get("type") in WHOLE for error in errors):
        return {"errors": errors}
    return {"data": result.data, **({"errors": errors} if errors else {})}


def _shown(error: GraphQLError) -> dict[str, Any]:
    cause = error.original_error
    sort = {"type": cause.type} if isinstance(cause, Problem) else {}
    path = {"path": list(error.path)} if error.path else {}
    places = [{"line": one.line, "column": one.column} for one in error.locations or ()]
    return {**sort, **path, "locations": places, "message": error.message}
