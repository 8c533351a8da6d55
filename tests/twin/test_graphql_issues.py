"""Issues through the twin's GraphQL: their tree, and what GitHub refuses, over a socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from meta.twin.graphql import answer, is_mutation
from meta.twin.serve import Twin, served
from meta.twin.store import Row, Store

Ask = Callable[..., dict[str, Any]]
REFUSED = "An error occurred while adding the sub-issue to the parent issue."
CREATE = """mutation($input: CreateIssueInput!) {
  createIssue(input: $input) { clientMutationId issue { id number title parent { number } } }
}"""


@pytest.fixture
def twin() -> Iterator[Twin]:
    with served() as running:
        running.store.add("org", "", "acme", {"login": "Acme"})
        for name in ("Infra", "core"):
            doc = {"name": name, "owner": "Acme", "default_branch": "main", "private": False}
            running.store.add("repo", "acme", name.lower(), doc)
        yield running


@pytest.fixture
def store(twin: Twin) -> Store:
    return twin.store


@pytest.fixture
def ask(twin: Twin) -> Iterator[Ask]:
    with httpx.Client(base_url=twin.url, headers={"Authorization": "Bearer any"}) as client:

        def ask(query: str, **variables: Any) -> dict[str, Any]:
            answer = client.post("/graphql", json={"query": query, "variables": variables})
            assert answer.status_code == 200
            found: dict[str, Any] = answer.json()
            return found

        yield ask


@pytest.fixture
def infra(store: Store) -> Row:
    return store.repo("acme", "infra")


@pytest.fixture
def core(store: Store) -> Row:
    return store.repo("acme", "core")


@pytest.fixture
def create(ask: Ask) -> Callable[..., str]:
    def create(repo: Row, title: str, **more: Any) -> str:
        said = ask(CREATE, input={"repositoryId": repo.node, "title": title, **more})
        assert "errors" not in said, said
        return str(said["data"]["createIssue"]["issue"]["id"])

    return create


def problems(said: dict[str, Any]) -> list[tuple[str, Any, str]]:
    return [(e.get("type", ""), e.get("path"), e["message"]) for e in said["errors"]]


def test_one_request_makes_an_issue_with_labels_milestone_parent_and_board(
    ask: Ask, twin: Twin, infra: Row, core: Row, create: Callable[..., str]
) -> None:
    store = twin.store
    label = store.add("label", "acme/infra", "step 1", {"name": "Step 1", "color": "d73a4a"})
    milestone = store.add("milestone", "acme/infra", "1", {"title": "One", "state": "open"})
    parent = create(core, "The parent")
    owner = store.org("acme").node
    board = ask(
        'mutation($o: ID!) { createProjectV2(input: {ownerId: $o, title: "Plan"}) '
        "{ projectV2 { id } } }",
        o=owner,
    )["data"]["createProjectV2"]["projectV2"]["id"]
    child = create(
        infra,
        "The child",
        body="Text",
        labelIds=[label.node],
        milestoneId=milestone.node,
        parentIssueId=parent,
        projectV2Ids=[board],
    )
    said = ask(
        """query($id: ID!) { node(id: $id) { __typename ... on Issue {
          number title body state stateReason url author { login }
          repository { nameWithOwner }
          labels(first: 5) { totalCount nodes { name color } }
          milestone { number title openIssueCount }
          parent { title repository { name } subIssuesSummary { total completed } }
          projectItems(first: 5) { nodes { project { title } content { ... on Issue { number } } } }
        } } }""",
        id=child,
    )
    assert said == {
        "data": {
            "node": {
                "__typename": "Issue",
                "number": 1,
                "title": "The child",
                "body": "Text",
                "state": "OPEN",
                "stateReason": None,
                "url": f"{twin.url}/Acme/Infra/issues/1",
                "author": {"login": "twin-admin"},
                "repository": {"nameWithOwner": "Acme/Infra"},
                "labels": {"totalCount": 1, "nodes": [{"name": "Step 1", "color": "d73a4a"}]},
                "milestone": {"number": 1, "title": "One", "openIssueCount": 1},
                "parent": {
                    "title": "The parent",
                    "repository": {"name": "core"},
                    "subIssuesSummary": {"total": 1, "completed": 0},
                },
                "projectItems": {
                    "nodes": [{"project": {"title": "Plan"}, "content": {"number": 1}}]
                },
            }
        }
    }


def test_a_batch_goes_on_behind_the_mutation_that_fails(ask: Ask, infra: Row) -> None:
    said = ask(
        """mutation($repo: ID!) {
          a: createIssue(input: {repositoryId: $repo, title: "First", clientMutationId: "1"})
            { clientMutationId issue { number } }
          b: createIssue(input: {repositoryId: "R_kgDOnothing", title: "Nowhere"}) { issue { id } }
          c: createIssue(input: {repositoryId: $repo, title: " "}) { issue { id } }
          d: createIssue(input: {repositoryId: $repo, title: "Last"}) { issue { number } }
        }""",
        repo=infra.node,
    )
    assert said["data"] == {
        "a": {"clientMutationId": "1", "issue": {"number": 1}},
        "b": None,
        "c": None,
        "d": {"issue": {"number": 2}},
    }
    assert problems(said) == [
        (
            "NOT_FOUND",
            ["b"],
            "Could not resolve to a node with the global id of 'R_kgDOnothing'",
        ),
        ("UNPROCESSABLE", ["c"], "Title can't be blank"),
    ]


def test_what_is_missing_is_an_error_beside_what_is_there(ask: Ask) -> None:
    said = ask(
        """{ a: repository(owner: "acme", name: "infra") { name issue(number: 7) { id } }
             b: repository(owner: "acme", name: "gone") { name }
             organization(login: "acme") { login }
             user(login: "acme") { login } }"""
    )
    assert said["data"] == {
        "a": {"name": "Infra", "issue": None},
        "b": None,
        "organization": {"login": "Acme"},
        "user": None,
    }
    assert sorted(problems(said), key=str) == [
        ("NOT_FOUND", ["a", "issue"], "Could not resolve to an Issue with the number of 7."),
        ("NOT_FOUND", ["b"], "Could not resolve to a Repository with the name 'acme/gone'."),
        ("NOT_FOUND", ["user"], "Could not resolve to a User with the login of 'acme'."),
    ]


def test_nodes_are_answered_one_by_one(ask: Ask, infra: Row) -> None:
    said = ask(
        "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Repository { name } } }",
        ids=[infra.node, "I_kwDOnone"],
    )
    assert said["data"] == {"nodes": [{"id": infra.node, "name": "Infra"}, None]}
    assert problems(said) == [
        (
            "NOT_FOUND",
            ["nodes", 1],
            "Could not resolve to a node with the global id of 'I_kwDOnone'",
        )
    ]


def test_closing_and_opening_an_issue_tells_why(
    ask: Ask, infra: Row, create: Callable[..., str]
) -> None:
    issue = create(infra, "One")
    close = """mutation($id: ID!, $why: IssueClosedStateReason) {
      closeIssue(input: {issueId: $id, stateReason: $why})
        { issue { state stateReason closed closedAt } } }"""
    shown = ask(close, id=issue, why="NOT_PLANNED")["data"]["closeIssue"]["issue"]
    assert (shown["state"], shown["stateReason"], shown["closed"]) == (
        "CLOSED",
        "NOT_PLANNED",
        True,
    )
    assert shown["closedAt"].endswith("Z")
    reopen = """mutation($id: ID!) { reopenIssue(input: {issueId: $id})
      { issue { state stateReason closedAt } } }"""
    assert ask(reopen, id=issue)["data"]["reopenIssue"]["issue"] == {
        "state": "OPEN",
        "stateReason": "REOPENED",
        "closedAt": None,
    }


def test_an_update_leaves_alone_what_it_does_not_name(
    ask: Ask, store: Store, infra: Row, create: Callable[..., str]
) -> None:
    milestone = store.add("milestone", "acme/infra", "1", {"title": "One", "state": "open"})
    issue = create(infra, "One", body="Body", milestoneId=milestone.node)
    update = """mutation($input: UpdateIssueInput!) { updateIssue(input: $input)
      { issue { title body milestone { title } } } }"""
    shown = ask(update, input={"id": issue, "title": "Two"})["data"]["updateIssue"]["issue"]
    assert shown == {"title": "Two", "body": "Body", "milestone": {"title": "One"}}
    shown = ask(update, input={"id": issue, "milestoneId": None})["data"]["updateIssue"]["issue"]
    assert shown == {"title": "Two", "body": "Body", "milestone": None}


def test_a_body_has_at_most_65536_characters(ask: Ask, infra: Row) -> None:
    said = ask(CREATE, input={"repositoryId": infra.node, "title": "Long", "body": "x" * 65_537})
    assert problems(said) == [
        ("UNPROCESSABLE", ["createIssue"], "Body is too long (maximum is 65536 characters)")
    ]
    ask(CREATE, input={"repositoryId": infra.node, "title": "Full", "body": "x" * 65_536})


ADD = """mutation($a: ID!, $b: ID!, $r: Boolean) {
  addSubIssue(input: {issueId: $a, subIssueId: $b, replaceParent: $r})
    { issue { subIssues(first: 10) { nodes { title } } } subIssue { parent { title } } } }"""


def test_a_sub_issue_has_one_parent_unless_it_is_to_be_replaced(
    ask: Ask, infra: Row, core: Row, create: Callable[..., str]
) -> None:
    first, second, child = create(infra, "A"), create(core, "B"), create(core, "C")
    ask(ADD, a=first, b=child)
    assert problems(ask(ADD, a=second, b=child)) == [
        (
            "UNPROCESSABLE",
            ["addSubIssue"],
            f"{REFUSED} Sub issue may only have one parent",
        )
    ]
    moved = ask(ADD, a=second, b=child, r=True)["data"]["addSubIssue"]
    assert moved == {
        "issue": {"subIssues": {"nodes": [{"title": "C"}]}},
        "subIssue": {"parent": {"title": "B"}},
    }


def test_a_tree_of_issues_has_no_circles_and_eight_levels(
    ask: Ask, infra: Row, create: Callable[..., str]
) -> None:
    chain = [create(infra, "1")]
    for level in range(2, 9):
        chain.append(create(infra, str(level), parentIssueId=chain[-1]))
    ninth = create(infra, "9")
    assert problems(ask(ADD, a=chain[-1], b=ninth)) == [
        (
            "UNPROCESSABLE",
            ["addSubIssue"],
            f"{REFUSED} Parent cannot have more than 8 layers of sub-issues",
        )
    ]
    assert problems(ask(ADD, a=chain[3], b=chain[0]))[0][2] == (
        f"{REFUSED} Sub-issue cannot be an ancestor of its parent"
    )


def test_a_parent_has_at_most_100_sub_issues_and_keeps_nothing_of_a_refused_one(
    ask: Ask, store: Store, infra: Row, create: Callable[..., str]
) -> None:
    parent = create(infra, "Parent")
    for number in range(100):
        create(infra, f"Child {number}", parentIssueId=parent)
    said = ask(
        CREATE, input={"repositoryId": infra.node, "title": "One more", "parentIssueId": parent}
    )
    assert problems(said) == [
        (
            "UNPROCESSABLE",
            ["createIssue"],
            f"{REFUSED} Parent cannot have more than 100 sub-issues",
        )
    ]
    assert len(store.rows("issue")) == 101


def test_sub_issues_keep_the_order_that_people_give_them(
    ask: Ask, infra: Row, create: Callable[..., str]
) -> None:
    parent = create(infra, "Parent")
    first, _, third = (create(infra, name, parentIssueId=parent) for name in ("A", "B", "C"))
    said = ask(
        """mutation($p: ID!, $c: ID!, $b: ID!) { reprioritizeSubIssue(
          input: {issueId: $p, subIssueId: $c, beforeId: $b})
          { issue { subIssues(first: 5) { nodes { title } } } } }""",
        p=parent,
        c=third,
        b=first,
    )
    titles = said["data"]["reprioritizeSubIssue"]["issue"]["subIssues"]["nodes"]
    assert [one["title"] for one in titles] == ["C", "A", "B"]


def test_sub_issues_stay_with_one_owner(
    ask: Ask, store: Store, infra: Row, create: Callable[..., str]
) -> None:
    store.add("org", "", "other", {"login": "other"})
    doc = {"name": "far", "owner": "other", "default_branch": "main", "private": False}
    far = store.add("repo", "other", "far", doc)
    assert problems(ask(ADD, a=create(infra, "Here"), b=create(far, "There")))[0][2] == (
        f"{REFUSED} Sub-issue must belong to the same owner as the parent issue"
    )


def test_a_page_of_a_connection_needs_a_size_of_at_most_100(ask: Ask) -> None:
    query = '{ repository(owner: "acme", name: "infra") { issues%s { nodes { id } } } }'
    assert ask(query % "") == {
        "errors": [
            {
                "type": "MISSING_PAGINATION_BOUNDARIES",
                "path": ["repository", "issues"],
                "locations": [{"line": 1, "column": 46}],
                "message": "You must provide a `first` or `last` value to properly paginate the"
                " `issues` connection.",
            }
        ]
    }
    assert problems(ask(query % "(first: 101)")) == [
        (
            "EXCESSIVE_PAGINATION",
            ["repository", "issues"],
            "Requesting 101 records on the `issues` connection exceeds the `first` limit of"
            " 100 records.",
        )
    ]
    count = '{ repository(owner: "acme", name: "infra") { issues { totalCount } } }'
    assert ask(count) == {"data": {"repository": {"issues": {"totalCount": 0}}}}


def test_pages_follow_each_other_in_both_directions(
    ask: Ask, infra: Row, create: Callable[..., str]
) -> None:
    for number in range(1, 6):
        create(infra, f"Issue {number}")
    query = """query($first: Int, $after: String, $last: Int, $before: String) {
      repository(owner: "acme", name: "infra") {
        issues(first: $first, after: $after, last: $last, before: $before) {
          totalCount nodes { number } edges { cursor }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""

    def page(**variables: Any) -> tuple[list[int], dict[str, Any]]:
        found = ask(query, **variables)["data"]["repository"]["issues"]
        assert found["totalCount"] == 5
        return [node["number"] for node in found["nodes"]], found["pageInfo"]

    numbers, info = page(first=2)
    assert (numbers, info["hasNextPage"], info["hasPreviousPage"]) == ([1, 2], True, False)
    numbers, info = page(first=3, after=info["endCursor"])
    assert (numbers, info["hasNextPage"], info["hasPreviousPage"]) == ([3, 4, 5], False, True)
    assert page(last=1, before=info["startCursor"])[0] == [2]
    assert page(last=2)[0] == [4, 5]


def test_issues_are_found_by_state_and_label(
    ask: Ask, store: Store, infra: Row, create: Callable[..., str]
) -> None:
    bug = store.add("label", "acme/infra", "bug", {"name": "bug", "color": "d73a4a"})
    create(infra, "Plain")
    labelled = create(infra, "Labelled", labelIds=[bug.node])
    ask("mutation($id: ID!) { closeIssue(input: {issueId: $id}) { issue { id } } }", id=labelled)
    said = ask(
        """{ repository(owner: "acme", name: "infra") {
          open: issues(first: 5, states: [OPEN]) { nodes { title } }
          closed: issues(first: 5, states: CLOSED) { nodes { title } }
          bugs: issues(first: 5, labels: ["BUG"]) { nodes { title } }
          latest: issues(first: 1, orderBy: {field: CREATED_AT, direction: DESC})
            { nodes { title } } } }"""
    )["data"]["repository"]
    titles = {name: [one["title"] for one in page["nodes"]] for name, page in said.items()}
    assert titles == {
        "open": ["Plain"],
        "closed": ["Labelled"],
        "bugs": ["Labelled"],
        "latest": ["Labelled"],
    }


def test_a_label_is_normalised_and_its_name_is_taken_once(ask: Ask, infra: Row) -> None:
    create = """mutation($r: ID!, $n: String!) { createLabel(
      input: {repositoryId: $r, name: $n, color: "D73A4A"})
      { label { name color description isDefault } } }"""
    assert ask(create, r=infra.node, n="Step 1")["data"]["createLabel"]["label"] == {
        "name": "Step 1",
        "color": "d73a4a",
        "description": None,
        "isDefault": False,
    }
    assert problems(ask(create, r=infra.node, n="STEP 1")) == [
        ("UNPROCESSABLE", ["createLabel"], "Name has already been taken")
    ]


def test_a_comment_is_on_its_issue(ask: Ask, infra: Row, create: Callable[..., str]) -> None:
    issue = create(infra, "One")
    said = ask(
        """mutation($id: ID!) { addComment(input: {subjectId: $id, body: "Seen"})
          { commentEdge { node { body author { login } issue { number } } } } }""",
        id=issue,
    )
    assert said["data"]["addComment"]["commentEdge"]["node"] == {
        "body": "Seen",
        "author": {"login": "twin-admin"},
        "issue": {"number": 1},
    }


def test_two_fields_of_one_name_may_differ_by_type_as_on_github(
    ask: Ask, infra: Row, create: Callable[..., str]
) -> None:
    create(infra, "One")
    said = ask(
        """{ repository(owner: "acme", name: "infra") { issueOrPullRequest(number: 1) {
          ... on Issue { number state } ... on PullRequest { number state } } } }"""
    )
    assert said["data"]["repository"]["issueOrPullRequest"] == {"number": 1, "state": "OPEN"}


def test_only_a_mutation_is_a_write() -> None:
    both = """query Look { viewer { login } }
      mutation Do { deleteLabel(input: {id: "x"}) { clientMutationId } }"""
    assert not is_mutation({"query": "{ viewer { login } }"})
    assert is_mutation({"query": both, "operationName": "Do"})
    assert not is_mutation({"query": both, "operationName": "Look"})
    assert not is_mutation({"query": "mutation {"})
    assert not is_mutation({})


def test_nobody_is_told_nothing(store: Store) -> None:
    said = answer(store, {"query": "{ viewer { login } }"}, "", "http://127.0.0.1:1")
    assert said == {"message": "This endpoint requires you to be authenticated."}


def test_an_unknown_field_is_named_and_nothing_is_answered(ask: Ask) -> None:
    said = ask("{ viewer { shoeSize } }")
    assert said == {
        "errors": [
            {
                "locations": [{"line": 1, "column": 12}],
                "message": "Cannot query field 'shoeSize' on type 'User'.",
            }
        ]
    }
