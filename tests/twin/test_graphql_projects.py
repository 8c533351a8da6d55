"""Boards through the twin's GraphQL, over a socket as every client asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from meta.twin.serve import served

Ask = Callable[..., Any]
ITEM = """query($id: ID!) { node(id: $id) { ... on ProjectV2Item {
  type isArchived project { title }
  content { ... on Issue { title } ... on DraftIssue { title } }
  fieldValues(first: 20) { nodes {
    __typename
    ... on ProjectV2ItemFieldTextValue { text field { ... on ProjectV2Field { name } } }
    ... on ProjectV2ItemFieldSingleSelectValue
      { name optionId field { ... on ProjectV2SingleSelectField { name } } }
    ... on ProjectV2ItemFieldNumberValue { number }
    ... on ProjectV2ItemFieldDateValue { date }
    ... on ProjectV2ItemFieldRepositoryValue { repository { name } }
    ... on ProjectV2ItemFieldMilestoneValue { milestone { title } }
    ... on ProjectV2ItemFieldLabelValue { labels(first: 5) { nodes { name } } }
  } } } } }"""
SET = """mutation($p: ID!, $i: ID!, $f: ID!, $v: ProjectV2FieldValue!) {
  updateProjectV2ItemFieldValue(input: {projectId: $p, itemId: $i, fieldId: $f, value: $v})
    { projectV2Item { id } } }"""
ADD_FIELD = """mutation($p: ID!, $n: String!, $t: ProjectV2CustomFieldType!,
                        $o: [ProjectV2SingleSelectFieldOptionInput!]) {
  createProjectV2Field(input: {projectId: $p, name: $n, dataType: $t, singleSelectOptions: $o})
    { projectV2Field { __typename
        ... on ProjectV2Field { id name dataType }
        ... on ProjectV2SingleSelectField { id name options { id name color description } } } } }"""
STATUS = """query($p: ID!) { node(id: $p) { ... on ProjectV2 { field(name: "Status") {
  ... on ProjectV2SingleSelectField { id options { id name } } } } } }"""


class Fleet:
    """One organization with one repository, one issue and an empty board, on a twin."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, headers={"Authorization": "Bearer any"})
        self.http.post("/_twin/orgs", json={"login": "Acme"})
        self.http.post("/orgs/acme/repos", json={"name": "infra"})
        made = self.http.post(
            "/repos/acme/infra/milestones", json={"title": "Step 1", "state": "open"}
        )
        fields = {"title": "Build it", "labels": ["bug"], "milestone": made.json()["number"]}
        self.issue = self.http.post("/repos/acme/infra/issues", json=fields).json()["node_id"]
        self.org = self.ask('{ organization(login: "acme") { id } }')["organization"]["id"]
        self.board = self.ask(
            """mutation($o: ID!) { createProjectV2(input: {ownerId: $o, title: "Plan"})
              { projectV2 { id } } }""",
            o=self.org,
        )["createProjectV2"]["projectV2"]["id"]

    def said(self, query: str, **variables: Any) -> dict[str, Any]:
        answer = self.http.post("/graphql", json={"query": query, "variables": variables})
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found

    def ask(self, query: str, **variables: Any) -> Any:
        said = self.said(query, **variables)
        assert "errors" not in said, said
        return said["data"]

    def add(self) -> str:
        made = self.ask(
            """mutation($p: ID!, $c: ID!) { addProjectV2ItemById(
              input: {projectId: $p, contentId: $c}) { item { id } } }""",
            p=self.board,
            c=self.issue,
        )
        return str(made["addProjectV2ItemById"]["item"]["id"])

    def field(self, name: str, sort: str, options: list[str] | None = None) -> dict[str, Any]:
        given = [{"name": one, "color": "BLUE", "description": ""} for one in options or []]
        made = self.ask(ADD_FIELD, p=self.board, n=name, t=sort, o=given or None)
        found: dict[str, Any] = made["createProjectV2Field"]["projectV2Field"]
        return found

    def status(self) -> tuple[str, dict[str, str]]:
        field = self.ask(STATUS, p=self.board)["node"]["field"]
        return field["id"], {one["name"]: one["id"] for one in field["options"]}


@pytest.fixture
def fleet() -> Iterator[Fleet]:
    with served() as twin:
        fleet = Fleet(twin.url)
        yield fleet
        fleet.http.close()


def test_a_new_board_has_the_fields_that_github_gives_it(fleet: Fleet) -> None:
    said = fleet.ask(
        """{ organization(login: "acme") { projectV2(number: 1) {
          title url closed public shortDescription
          owner { ... on Organization { login } }
          items(first: 1) { totalCount }
          fields(first: 20) { totalCount nodes {
            ... on ProjectV2Field { name dataType }
            ... on ProjectV2SingleSelectField { name dataType options { name color } } } } } } }"""
    )["organization"]["projectV2"]
    assert said["title"] == "Plan"
    assert said["url"].endswith("/orgs/Acme/projects/1")
    assert (said["closed"], said["public"], said["shortDescription"]) == (False, False, None)
    assert said["owner"] == {"login": "Acme"}
    assert said["items"] == {"totalCount": 0}
    assert [(one["name"], one["dataType"]) for one in said["fields"]["nodes"]] == [
        ("Title", "TITLE"),
        ("Assignees", "ASSIGNEES"),
        ("Status", "SINGLE_SELECT"),
        ("Labels", "LABELS"),
        ("Linked pull requests", "LINKED_PULL_REQUESTS"),
        ("Milestone", "MILESTONE"),
        ("Repository", "REPOSITORY"),
        ("Reviewers", "REVIEWERS"),
        ("Parent issue", "PARENT_ISSUE"),
        ("Sub-issues progress", "SUB_ISSUES_PROGRESS"),
    ]
    assert said["fields"]["nodes"][2]["options"] == [
        {"name": "Todo", "color": "GREEN"},
        {"name": "In Progress", "color": "YELLOW"},
        {"name": "Done", "color": "PURPLE"},
    ]


def test_an_item_shows_what_was_set_and_what_follows_its_issue(fleet: Fleet) -> None:
    item = fleet.add()
    status, options = fleet.status()
    step = fleet.field("Step", "TEXT")["id"]
    size = fleet.field("Size", "NUMBER")["id"]
    due = fleet.field("Due", "DATE")["id"]
    for field, value in (
        (status, {"singleSelectOptionId": options["In Progress"]}),
        (step, {"text": "1. Setup"}),
        (size, {"number": 2.5}),
        (due, {"date": "2026-11-30"}),
    ):
        fleet.ask(SET, p=fleet.board, i=item, f=field, v=value)
    shown = fleet.ask(ITEM, id=item)["node"]
    assert (shown["type"], shown["isArchived"], shown["content"]["title"]) == (
        "ISSUE",
        False,
        "Build it",
    )
    assert shown["fieldValues"]["nodes"] == [
        {
            "__typename": "ProjectV2ItemFieldTextValue",
            "text": "Build it",
            "field": {"name": "Title"},
        },
        {
            "__typename": "ProjectV2ItemFieldSingleSelectValue",
            "name": "In Progress",
            "optionId": options["In Progress"],
            "field": {"name": "Status"},
        },
        {"__typename": "ProjectV2ItemFieldLabelValue", "labels": {"nodes": [{"name": "bug"}]}},
        {"__typename": "ProjectV2ItemFieldMilestoneValue", "milestone": {"title": "Step 1"}},
        {"__typename": "ProjectV2ItemFieldRepositoryValue", "repository": {"name": "infra"}},
        {
            "__typename": "ProjectV2ItemFieldTextValue",
            "text": "1. Setup",
            "field": {"name": "Step"},
        },
        {"__typename": "ProjectV2ItemFieldNumberValue", "number": 2.5},
        {"__typename": "ProjectV2ItemFieldDateValue", "date": "2026-11-30"},
    ]


def test_adding_an_item_again_answers_the_one_that_is_there(fleet: Fleet) -> None:
    assert fleet.add() == fleet.add()
    count = """{ organization(login: "acme") { projectV2(number: 1) {
      items(first: 5) { totalCount } } } }"""
    assert fleet.ask(count)["organization"]["projectV2"]["items"]["totalCount"] == 1


@pytest.mark.parametrize("name", ["Status", "Repository", "repository", "Labels"])
def test_a_field_cannot_take_a_name_that_is_taken(fleet: Fleet, name: str) -> None:
    said = fleet.said(ADD_FIELD, p=fleet.board, n=name, t="TEXT")
    assert [(e["type"], e["message"]) for e in said["errors"]] == [
        ("UNPROCESSABLE", "Name has already been taken")
    ]


def test_a_field_that_is_refused_leaves_nothing_behind(fleet: Fleet) -> None:
    option = {"name": "One", "color": "BLUE", "description": ""}
    given = {"p": fleet.board, "n": "Step", "t": "SINGLE_SELECT", "o": [option, option]}
    said = fleet.said(ADD_FIELD, **given)
    assert [e["message"] for e in said["errors"]] == ["Options must have unique names"]
    assert fleet.field("Step", "SINGLE_SELECT", ["One", "Two"])["name"] == "Step"


def test_what_follows_the_issue_cannot_be_set(fleet: Fleet) -> None:
    item = fleet.add()
    query = """query($p: ID!) { node(id: $p) { ... on ProjectV2 {
      field(name: "Repository") { ... on ProjectV2Field { id } } } } }"""
    field = fleet.ask(query, p=fleet.board)["node"]["field"]["id"]
    said = fleet.said(SET, p=fleet.board, i=item, f=field, v={"text": "core"})
    assert [e["message"] for e in said["errors"]] == [
        "The field of type repository cannot be set here"
    ]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"text": "Done"}, "Did not receive a value of the correct type for the field"),
        ({}, "Did not receive a value of the correct type for the field"),
        (
            {"singleSelectOptionId": "00000000"},
            "The single select option Id does not belong to the field",
        ),
    ],
)
def test_a_value_has_to_fit_its_field(fleet: Fleet, value: dict[str, str], message: str) -> None:
    item, (status, _) = fleet.add(), fleet.status()
    said = fleet.said(SET, p=fleet.board, i=item, f=status, v=value)
    assert [e["message"] for e in said["errors"]] == [message]


def test_new_options_get_new_ids_and_take_the_values_with_them(fleet: Fleet) -> None:
    item, (status, before) = fleet.add(), fleet.status()
    fleet.ask(SET, p=fleet.board, i=item, f=status, v={"singleSelectOptionId": before["Done"]})
    names = ["Todo", "In Progress", "Done", "Claimed"]
    fleet.ask(
        """mutation($f: ID!, $o: [ProjectV2SingleSelectFieldOptionInput!]) {
          updateProjectV2Field(input: {fieldId: $f, singleSelectOptions: $o})
            { projectV2Field { ... on ProjectV2SingleSelectField { id } } } }""",
        f=status,
        o=[{"name": name, "color": "GRAY", "description": ""} for name in names],
    )
    _, after = fleet.status()
    assert list(after) == names
    assert not set(before.values()) & set(after.values())
    query = """query($id: ID!) { node(id: $id) { ... on ProjectV2Item {
      fieldValueByName(name: "Status") { __typename } } } }"""
    assert fleet.ask(query, id=item)["node"]["fieldValueByName"] is None


def test_a_value_can_be_cleared(fleet: Fleet) -> None:
    item, field = fleet.add(), fleet.field("Step", "SINGLE_SELECT", ["One", "Two"])
    one = field["options"][0]["id"]
    fleet.ask(SET, p=fleet.board, i=item, f=field["id"], v={"singleSelectOptionId": one})
    query = """query($id: ID!) { node(id: $id) { ... on ProjectV2Item {
      fieldValueByName(name: "Step")
        { ... on ProjectV2ItemFieldSingleSelectValue { name } } } } }"""
    assert fleet.ask(query, id=item)["node"]["fieldValueByName"] == {"name": "One"}
    fleet.ask(
        """mutation($p: ID!, $i: ID!, $f: ID!) { clearProjectV2ItemFieldValue(
          input: {projectId: $p, itemId: $i, fieldId: $f}) { projectV2Item { id } } }""",
        p=fleet.board,
        i=item,
        f=field["id"],
    )
    assert fleet.ask(query, id=item)["node"]["fieldValueByName"] is None


def test_an_item_that_is_deleted_is_gone_and_its_issue_stays(fleet: Fleet) -> None:
    item = fleet.add()
    gone = fleet.ask(
        """mutation($p: ID!, $i: ID!) { deleteProjectV2Item(
          input: {projectId: $p, itemId: $i}) { deletedItemId } }""",
        p=fleet.board,
        i=item,
    )
    assert gone["deleteProjectV2Item"]["deletedItemId"] == item
    assert fleet.ask("query($id: ID!) { node(id: $id) { id } }", id=fleet.issue)["node"]
    assert fleet.said("query($id: ID!) { node(id: $id) { id } }", id=item)["errors"][0]["type"] == (
        "NOT_FOUND"
    )


def test_a_board_is_linked_to_repositories_and_told_about_itself(fleet: Fleet) -> None:
    repo = fleet.ask('{ repository(owner: "acme", name: "infra") { id } }')["repository"]["id"]
    fleet.ask(
        """mutation($p: ID!, $r: ID!) {
          linkProjectV2ToRepository(input: {projectId: $p, repositoryId: $r})
            { repository { name } }
          updateProjectV2(input: {projectId: $p, title: "The plan", shortDescription: "All of it",
            readme: "# Read", public: true}) { projectV2 { id } } }""",
        p=fleet.board,
        r=repo,
    )
    said = fleet.ask(
        """{ repository(owner: "acme", name: "infra") { projectsV2(first: 5) { nodes {
          title shortDescription readme public repositories(first: 5) { nodes { name } } } } } }"""
    )
    assert said["repository"]["projectsV2"]["nodes"] == [
        {
            "title": "The plan",
            "shortDescription": "All of it",
            "readme": "# Read",
            "public": True,
            "repositories": {"nodes": [{"name": "infra"}]},
        }
    ]


def test_a_board_that_is_deleted_takes_its_items_with_it(fleet: Fleet) -> None:
    fleet.add()
    fleet.ask(
        """mutation($p: ID!) { deleteProjectV2(input: {projectId: $p})
          { projectV2 { title } } }""",
        p=fleet.board,
    )
    said = fleet.said('{ organization(login: "acme") { projectV2(number: 1) { id } } }')
    assert said["errors"][0]["message"] == "Could not resolve to a ProjectV2 with the number 1."
    query = """query($id: ID!) { node(id: $id) { ... on Issue {
      projectItems(first: 1) { totalCount } } } }"""
    assert fleet.ask(query, id=fleet.issue)["node"]["projectItems"]["totalCount"] == 0


def test_a_draft_and_an_archived_item_are_items(fleet: Fleet) -> None:
    made = fleet.ask(
        """mutation($p: ID!) { addProjectV2DraftIssue(input: {projectId: $p, title: "Idea"})
          { projectItem { id type content { ... on DraftIssue { title body } } } } }""",
        p=fleet.board,
    )["addProjectV2DraftIssue"]["projectItem"]
    assert (made["type"], made["content"]) == ("DRAFT_ISSUE", {"title": "Idea", "body": ""})
    archived = fleet.ask(
        """mutation($p: ID!, $i: ID!) { archiveProjectV2Item(input: {projectId: $p, itemId: $i})
          { item { isArchived } } }""",
        p=fleet.board,
        i=made["id"],
    )
    assert archived["archiveProjectV2Item"]["item"] == {"isArchived": True}


def test_a_mutation_counts_as_a_write_and_a_query_does_not(fleet: Fleet) -> None:
    fleet.http.delete("/_twin/requests")
    fleet.status()
    fleet.add()
    log = fleet.http.get("/_twin/requests").json()
    assert (log["reads"], log["writes"]) == (1, 1)


def test_without_a_token_graphql_says_401(fleet: Fleet) -> None:
    url = fleet.http.base_url.join("/graphql")
    assert httpx.post(url, json={"query": "{ viewer { login } }"}).status_code == 401
