"""Issue types, dependencies and transfers, by REST and by GraphQL."""

from __future__ import annotations

from typing import Any

import httpx
import pytest


def ask(gh: httpx.Client, query: str, **variables: Any) -> Any:
    body = {"query": query, "variables": variables}
    return gh.post("/graphql", json=body).raise_for_status().json()


def made(gh: httpx.Client, repo: str, title: str, **fields: Any) -> Any:
    answer = gh.post(f"{repo}/issues", json={"title": title, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_an_organization_begins_with_githubs_three_types_and_takes_more(gh: httpx.Client) -> None:
    types = "/orgs/Acme/issue-types"
    assert [each["name"] for each in gh.get(types).json()] == ["Task", "Bug", "Feature"]
    epic = gh.post(types, json={"name": "Epic", "is_enabled": True, "color": "purple"})
    assert epic.status_code == 200
    again = gh.post(types, json={"name": "EPIC", "is_enabled": True})
    assert again.json()["errors"] == ["Name has already been taken"]
    one = f"{types}/{epic.json()['id']}"
    changed = gh.put(one, json={"name": "Theme", "is_enabled": False}).json()
    assert (changed["name"], changed["color"], changed["is_enabled"]) == ("Theme", "purple", False)
    assert gh.delete(one).status_code == 204
    assert gh.put(one, json={"name": "x", "is_enabled": True}).status_code == 404


def test_an_organization_has_at_most_25_types(gh: httpx.Client) -> None:
    body: dict[str, Any] = {"is_enabled": True}
    answers = [
        gh.post("/orgs/Acme/issue-types", json=body | {"name": f"t{number}"}).status_code
        for number in range(23)
    ]
    assert answers == [200] * 22 + [422]


def test_issues_are_found_by_their_type(gh: httpx.Client, repo: str) -> None:
    made(gh, repo, "a", type="Bug")
    made(gh, repo, "b", type="feature")
    made(gh, repo, "c")
    gh.patch(f"{repo}/issues/2", json={"type": "Task"})

    def titles(query: str) -> list[str]:
        return [issue["title"] for issue in gh.get(f"{repo}/issues?{query}").json()]

    assert titles("type=bug") == ["a"]
    assert titles("type=*") == ["b", "a"]
    assert titles("type=none") == ["c"]
    assert gh.get(f"{repo}/issues/2").json()["type"]["name"] == "Task"
    unknown = gh.patch(f"{repo}/issues/2", json={"type": "Nonsense"})
    assert unknown.json()["errors"][0]["field"] == "type"


def test_graphql_sets_and_shows_types(gh: httpx.Client, repo: str) -> None:
    issue = made(gh, repo, "a")["node_id"]
    data = ask(
        gh,
        """{ repository(owner: "Acme", name: "tool") {
          id issueTypes(first: 9) { nodes { id name color isEnabled } } } }""",
    )["data"]["repository"]
    bug = data["issueTypes"]["nodes"][1]
    assert (bug["name"], bug["color"], bug["isEnabled"]) == ("Bug", "RED", True)
    shown = ask(
        gh,
        """mutation($issue: ID!, $type: ID!, $repo: ID!) {
          updateIssueIssueType(input: {issueId: $issue, issueTypeId: $type}) {
            issue { issueType { name } } }
          createIssue(input: {repositoryId: $repo, title: "b", issueTypeId: $type}) {
            issue { issueType { name } } } }""",
        issue=issue,
        type=bug["id"],
        repo=data["id"],
    )["data"]
    assert [each["issue"]["issueType"]["name"] for each in shown.values()] == ["Bug", "Bug"]
    found = ask(
        gh,
        """{ repository(owner: "Acme", name: "tool") {
          issues(first: 9, filterBy: {type: "bug"}) { nodes { title } } } }""",
    )
    nodes = found["data"]["repository"]["issues"]["nodes"]
    assert [node["title"] for node in nodes] == ["a", "b"]


def test_one_issue_waits_for_another_in_another_repository(gh: httpx.Client, repo: str) -> None:
    gh.post("/orgs/Acme/repos", json={"name": "other"})
    made(gh, repo, "late")
    early = made(gh, "/repos/Acme/other", "early")
    before = f"{repo}/issues/1/dependencies/blocked_by"
    added = gh.post(before, json={"issue_id": early["id"]})
    assert added.status_code == 201
    assert added.json()["issue_dependencies_summary"] == {
        "blocked_by": 1,
        "total_blocked_by": 1,
        "blocking": 0,
        "total_blocking": 0,
    }
    assert [row["title"] for row in gh.get(before).json()] == ["early"]
    after = gh.get("/repos/Acme/other/issues/1/dependencies/blocking").json()
    assert [row["title"] for row in after] == ["late"]
    gh.patch("/repos/Acme/other/issues/1", json={"state": "closed"})
    summary = gh.get(f"{repo}/issues/1").json()["issue_dependencies_summary"]
    assert (summary["blocked_by"], summary["total_blocked_by"]) == (0, 1)
    assert gh.delete(f"{before}/{early['id']}").status_code == 200
    assert gh.delete(f"{before}/{early['id']}").status_code == 404


def test_a_dependency_on_itself_twice_or_in_a_circle_is_refused(
    gh: httpx.Client, repo: str
) -> None:
    ids = [made(gh, repo, title)["id"] for title in "abc"]

    def block(number: int, other: int) -> int:
        place = f"{repo}/issues/{number}/dependencies/blocked_by"
        return gh.post(place, json={"issue_id": ids[other - 1]}).status_code

    assert [block(1, 1), block(1, 2), block(1, 2), block(2, 3), block(3, 1)] == [
        *(422, 201, 422, 201, 422)
    ]


def test_graphql_adds_and_removes_dependencies(gh: httpx.Client, repo: str) -> None:
    one, two = (made(gh, repo, title)["node_id"] for title in ("one", "two"))
    text = """mutation($one: ID!, $two: ID!) {
      %s(input: {issueId: $one, blockingIssueId: $two}) {
        issue { blockedBy(first: 5) { nodes { title } } issueDependenciesSummary { blockedBy } }
        blockingIssue { blocking(first: 5) { totalCount } } } }"""
    added = ask(gh, text % "addBlockedBy", one=one, two=two)["data"]["addBlockedBy"]
    assert added == {
        "issue": {
            "blockedBy": {"nodes": [{"title": "two"}]},
            "issueDependenciesSummary": {"blockedBy": 1},
        },
        "blockingIssue": {"blocking": {"totalCount": 1}},
    }
    gone = ask(gh, text % "removeBlockedBy", one=one, two=two)["data"]["removeBlockedBy"]
    assert gone["issue"]["blockedBy"]["nodes"] == []


@pytest.fixture
def moved(gh: httpx.Client, repo: str) -> Any:
    """An issue with everything that can hang on one, transferred from tool to other."""
    gh.post("/orgs/Acme/repos", json={"name": "other"})
    for place in (repo, "/repos/Acme/other"):
        gh.post(f"{place}/milestones", json={"title": "Step 1"})
    gh.post(f"{repo}/labels", json={"name": "only here", "color": "ffffff"})
    made(gh, repo, "parent")
    labels = ["bug", "only here"]
    child = made(gh, repo, "child", body="text", labels=labels, milestone=1, type="Bug")
    early = made(gh, repo, "early")
    gh.post(f"{repo}/issues/1/sub_issues", json={"sub_issue_id": child["id"]})
    place = f"{repo}/issues/2/dependencies/blocked_by"
    gh.post(place, json={"issue_id": early["id"]})
    gh.post(f"{repo}/issues/2/comments", json={"body": "said"})
    ids = ask(
        gh,
        """{ organization(login: "Acme") { id }
             repository(owner: "Acme", name: "other") { id } }""",
    )["data"]
    board = ask(
        gh,
        """mutation($owner: ID!) {
          createProjectV2(input: {ownerId: $owner, title: "Plan"}) { projectV2 { id } } }""",
        owner=ids["organization"]["id"],
    )["data"]["createProjectV2"]["projectV2"]["id"]
    ask(
        gh,
        """mutation($board: ID!, $id: ID!) {
          addProjectV2ItemById(input: {projectId: $board, contentId: $id}) { item { id } } }""",
        board=board,
        id=child["node_id"],
    )
    return ask(
        gh,
        """mutation($issue: ID!, $repo: ID!) {
          transferIssue(input: {issueId: $issue, repositoryId: $repo}) { issue {
            number title body repository { name } milestone { title } issueType { name }
            labels(first: 9) { nodes { name } } parent { title }
            comments(first: 9) { nodes { body } } blockedBy(first: 9) { nodes { title } }
            projectItems(first: 9) { nodes { project { title } } } } } }""",
        issue=child["node_id"],
        repo=ids["repository"]["id"],
    )["data"]["transferIssue"]["issue"]


def test_a_transferred_issue_keeps_all_that_can_come_with_it(moved: Any) -> None:
    assert moved == {
        "number": 1,
        "title": "child",
        "body": "text",
        "repository": {"name": "other"},
        "milestone": {"title": "Step 1"},
        "issueType": {"name": "Bug"},
        "labels": {"nodes": [{"name": "bug"}]},
        "parent": {"title": "parent"},
        "comments": {"nodes": [{"body": "said"}]},
        "blockedBy": {"nodes": [{"title": "early"}]},
        "projectItems": {"nodes": [{"project": {"title": "Plan"}}]},
    }


def test_the_old_place_of_a_transferred_issue_points_to_the_new_one(
    gh: httpx.Client, repo: str, moved: Any
) -> None:
    old = gh.get(f"{repo}/issues/2")
    assert (old.status_code, old.json()["message"]) == (301, "Moved Permanently")
    assert gh.get(old.headers["Location"]).json()["title"] == moved["title"]
    assert [row["title"] for row in gh.get(f"{repo}/issues").json()] == ["early", "parent"]
    children = gh.get(f"{repo}/issues/1/sub_issues").json()
    assert [row["repository_url"].rpartition("/")[2] for row in children] == ["other"]


def test_a_deleted_repository_takes_its_issues_off_boards_and_out_of_others_trees(
    gh: httpx.Client, repo: str, moved: Any
) -> None:
    gh.delete("/repos/Acme/other")
    board = """{ organization(login: "Acme") { projectV2(number: 1) {
      items(first: 9) { totalCount } } } }"""
    items = ask(gh, board)["data"]["organization"]["projectV2"]["items"]
    assert items["totalCount"] == 0
    summary = gh.get(f"{repo}/issues/3").json()["issue_dependencies_summary"]
    assert summary["total_blocking"] == 0
    assert gh.get(f"{repo}/issues/1/sub_issues").json() == []


def test_a_failing_alias_does_not_take_back_the_ones_before_it(gh: httpx.Client, repo: str) -> None:
    made(gh, repo, "parent")
    place = ask(gh, '{ repository(owner: "Acme", name: "tool") { id } }')["data"]["repository"]
    answer = ask(
        gh,
        """mutation($repo: ID!) {
          a: createIssue(input: {repositoryId: $repo, title: "kept"}) { issue { number } }
          b: createIssue(input: {repositoryId: $repo, title: " "}) { issue { number } }
          c: createIssue(input: {repositoryId: $repo, title: "too"}) { issue { number } } }""",
        repo=place["id"],
    )
    assert answer["data"] == {
        "a": {"issue": {"number": 2}},
        "b": None,
        "c": {"issue": {"number": 3}},
    }
    assert [each["path"] for each in answer["errors"]] == [["b"]]
    titles = [row["title"] for row in gh.get(f"{repo}/issues").json()]
    assert titles == ["too", "kept", "parent"]
