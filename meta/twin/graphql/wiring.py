"""The schema's text and the tables of resolvers -> a schema that can be asked."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    build_schema,
    get_named_type,
)

from meta.twin.access_rules import may_change
from meta.twin.graphql import (
    change_code,
    change_issues,
    change_items,
    change_labels,
    change_parents,
    change_projects,
    change_pulls,
    change_relations,
    change_repositories,
    change_reviews,
    checks,
    code,
    issues,
    items,
    owners,
    projects,
    pulls,
    relations,
    releases,
    repositories,
    reviews,
    roots,
    search,
)
from meta.twin.graphql.connection import check_paging
from meta.twin.graphql.context import Context, Problem, Resolver
from meta.twin.graphql.rest import problem
from meta.twin.store import NotFound, Row
from meta.twin.view import Denied
from meta.twin.web import Refusal

Info = GraphQLResolveInfo[Context]

READS = (
    roots,
    owners,
    repositories,
    code,
    issues,
    relations,
    releases,
    pulls,
    reviews,
    projects,
    items,
    search,
    checks,
)
WRITES = (
    change_issues,
    change_parents,
    change_relations,
    change_labels,
    change_projects,
    change_items,
    change_repositories,
    change_pulls,
    change_reviews,
    change_code,
)
#: Which GraphQL type shows a row of the store.
TYPES = {
    "org": "Organization",
    "user": "User",
    "repo": "Repository",
    "label": "Label",
    "milestone": "Milestone",
    "issue": "Issue",
    "issue_type": "IssueType",
    "release": "Release",
    "review": "PullRequestReview",
    "release_asset": "ReleaseAsset",
    "pull": "PullRequest",
    "comment": "IssueComment",
    "ruleset": "RepositoryRuleset",
    "environment": "Environment",
    "team": "Team",
    "project": "ProjectV2",
    "project_item": "ProjectV2Item",
}
FIELD_TYPES = {
    "SINGLE_SELECT": "ProjectV2SingleSelectField",
    "ITERATION": "ProjectV2IterationField",
}


def source() -> str:
    """The text of the whole schema, in GraphQL's own language."""
    folder = files("meta.twin.graphql") / "schema"
    parts = sorted(folder.iterdir(), key=lambda one: one.name)
    return "\n".join(one.read_text() for one in parts if one.name.endswith(".graphql"))


@lru_cache(maxsize=1)
def schema() -> GraphQLSchema:
    """Built on the first question, which takes about a tenth of a second."""
    # It does not change, and a test holds it valid: no need to check it each time.
    made = build_schema(source(), assume_valid=True)
    for area in READS:
        for place, resolve in area.RESOLVERS.items():
            _attach(made, place, _reading(resolve))
    for change in WRITES:
        for name, resolve in change.CHANGES.items():
            _attach(made, f"Mutation.{name}", _writing(resolve))
    return made


def type_name(value: Any, *_: Any) -> str:
    """The GraphQL type of a row, or of a value that carries its type's name."""
    if isinstance(value, dict):
        return str(value["__typename"])
    if not isinstance(value, Row):
        return str(value.typename)
    if value.kind == "project_field":
        return FIELD_TYPES.get(value.doc["dataType"], "ProjectV2Field")
    return TYPES[value.kind]


def _attach(made: GraphQLSchema, place: str, resolve: Resolver) -> None:
    type_, _, field = place.partition(".")
    owner = made.type_map[type_]
    if not isinstance(owner, GraphQLObjectType):
        raise TypeError(f"{place}: {type_} has no fields to resolve")
    owner.fields[field].resolve = resolve


def _reading(resolve: Resolver) -> Resolver:
    """A resolver as graphql-core calls it, behind the rules for pages of connections."""

    def call(thing: Any, info: Info, **args: Any) -> Any:
        if get_named_type(info.return_type).name.endswith("Connection") and _pages(info):
            check_paging(info.field_name, args)
        try:
            return resolve(thing, info.context, **args)
        except NotFound as error:
            raise Problem("Could not resolve to a node", "NOT_FOUND") from error

    return call


def _writing(change: Resolver) -> Resolver:
    """A mutation in a transaction of its own: a failing one leaves nothing behind."""

    def call(_: Any, info: Info, input: dict[str, Any]) -> Any:
        ctx: Context = info.context
        ctx.forget()
        try:
            may_change(info.field_name)
            with ctx.store.transaction():
                payload = change(ctx, input)
        except Denied as denied:
            raise Problem(str(denied), "FORBIDDEN") from denied
        except NotFound as error:
            raise Problem("Could not resolve to a node", "NOT_FOUND") from error
        except Refusal as refusal:
            raise problem(refusal) from refusal
        finally:
            ctx.forget()
        return {"clientMutationId": input.get("clientMutationId"), **payload}

    return call


def _pages(info: Info) -> bool:
    """Whether a connection is asked for its nodes; its count alone needs no page size."""
    return any(_selects(node.selection_set, info.fragments) for node in info.field_nodes)


def _selects(
    selection: SelectionSetNode | None, fragments: dict[str, FragmentDefinitionNode]
) -> bool:
    for node in selection.selections if selection else ():
        match node:
            case FieldNode():
                if node.name.value in ("nodes", "edges"):
                    return True
            case InlineFragmentNode():
                if _selects(node.selection_set, fragments):
                    return True
            case FragmentSpreadNode():
                if _selects(fragments[node.name.value].selection_set, fragments):
                    return True
    return False
