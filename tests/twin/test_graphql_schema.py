"""The twin's schema is whole: all that it offers is there to be asked."""

from __future__ import annotations

import httpx
from graphql import (
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    introspection_from_schema,
    validate_schema,
)

from meta.twin.graphql.wiring import schema, source
from meta.twin.serve import served

#: Values that resolvers answer as they are: their fields stand in the value itself.
VALUES = ("Connection", "Edge", "Payload", "Value", "Iteration", "IterationConfiguration")
PLAIN = {
    "BranchProtectionRule",
    *("DraftIssue", "GitActor", "PageInfo", "ProjectV2IterationFieldIteration"),
    *("ProjectV2IterationFieldConfiguration", "ProjectV2SingleSelectFieldOption"),
    *("ProjectV2View", "PullRequestChangedFile", "PullRequestCommit", "RateLimit"),
    *("Ref", "RepositoryRule", "RepositoryTopic", "ReviewRequest", "SubIssuesSummary", "Topic"),
    "TreeEntry",
    # Values, too, or what the twin never shows and clients ask for: nobody reacted.
    *("AutoMergeRequest", "Bot", "CheckRun", "CheckSuite", "ReactionGroup"),
    *("StatusCheckRollup", "StatusContext", "Workflow", "WorkflowRun"),
}


def test_every_field_of_a_row_has_a_resolver() -> None:
    assert list(unresolved(schema())) == []


def unresolved(made: GraphQLSchema) -> list[str]:
    return [
        f"{name}.{field}"
        for name, sort in made.type_map.items()
        if isinstance(sort, GraphQLObjectType) and not name.startswith("__")
        if name not in PLAIN and not name.endswith(VALUES)
        for field, about in sort.fields.items()
        if about.resolve is None
    ]


def test_the_schema_is_valid_and_describes_itself() -> None:
    assert validate_schema(build_schema(source())) == []
    said = introspection_from_schema(schema())
    names = {one["name"] for one in said["__schema"]["types"]}
    assert {"Repository", "Issue", "ProjectV2", "CreateIssueInput"} <= names


def test_a_client_may_ask_which_fields_a_type_has() -> None:
    query = (
        '{ __type(name: "SubIssuesSummary") { fields { name } } __schema { queryType { name } } }'
    )
    with served() as twin:
        answer = httpx.post(
            f"{twin.url}/api/graphql",
            json={"query": query},
            headers={"Authorization": "token any"},
        )
    assert answer.json() == {
        "data": {
            "__type": {
                "fields": [{"name": "completed"}, {"name": "percentCompleted"}, {"name": "total"}]
            },
            "__schema": {"queryType": {"name": "Query"}},
        }
    }
