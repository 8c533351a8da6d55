"""Labels, milestones, issues, comments and sub-issues over a socket."""

import pytest


def made(gh, repo, title="one", **fields):
    answer = gh.post(f"{repo}/issues", json={"title": title, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_label_is_normalised_as_github_does(gh, repo):
    answer = gh.post(f"{repo}/labels", json={"name": "Area", "color": "FF00AA"})
    assert answer.status_code == 201
    label = answer.json()
    assert (label["name"], label["color"], label["description"]) == ("Area", "ff00aa", None)
    assert label["default"] is False
    assert gh.get(f"{repo}/labels/aREA").json() == label


def test_a_label_that_is_there_or_wrong_is_refused_by_field(gh, repo):
    taken = gh.post(f"{repo}/labels", json={"name": "BUG", "color": "ffffff"})
    assert taken.status_code == 422
    assert taken.json()["message"] == "Validation Failed"
    assert taken.json()["errors"] == [
        {"resource": "Label", "code": "already_exists", "field": "name"}
    ]
    wrong = gh.post(f"{repo}/labels", json={"name": "x", "color": "#fff"})
    assert wrong.json()["errors"] == [{"resource": "Label", "code": "invalid", "field": "color"}]
    missing = gh.post(f"{repo}/labels", json={"color": "ffffff"})
    assert missing.json()["message"] == 'Invalid request.\n\n"name" wasn\'t supplied.'


def test_a_renamed_label_stays_on_its_issues_and_a_deleted_one_goes(gh, repo):
    made(gh, repo, labels=["bug"])
    gh.patch(f"{repo}/labels/bug", json={"new_name": "kind: defect/bug", "description": ""})
    held = gh.get(f"{repo}/issues/1").json()["labels"]
    assert [(each["name"], each["description"]) for each in held] == [("kind: defect/bug", None)]
    assert gh.delete(f"{repo}/labels/kind:%20defect%2Fbug").status_code == 204
    assert gh.get(f"{repo}/issues/1").json()["labels"] == []
    assert gh.get(f"{repo}/labels/bug").status_code == 404


def test_a_milestone_keeps_the_day_and_counts_its_issues(gh, repo):
    stone = gh.post(
        f"{repo}/milestones", json={"title": "Step 1", "due_on": "2027-03-31T23:59:59Z"}
    )
    assert stone.status_code == 201
    assert stone.json()["due_on"] == "2027-03-31T07:00:00Z"
    made(gh, repo, milestone=1)
    made(gh, repo, milestone=1)
    gh.patch(f"{repo}/issues/2", json={"state": "closed"})
    shown = gh.get(f"{repo}/milestones/1").json()
    assert (shown["open_issues"], shown["closed_issues"]) == (1, 1)
    assert gh.patch(f"{repo}/milestones/1", json={"state": "closed"}).json()["closed_at"]
    assert gh.get(f"{repo}/milestones").json() == []
    assert gh.delete(f"{repo}/milestones/1").status_code == 204
    assert gh.get(f"{repo}/issues/1").json()["milestone"] is None


def test_two_milestones_of_one_title_are_refused(gh, repo):
    gh.post(f"{repo}/milestones", json={"title": "Step 1"})
    again = gh.post(f"{repo}/milestones", json={"title": "Step 1"})
    assert again.json()["errors"] == [
        {"resource": "Milestone", "code": "already_exists", "field": "title"}
    ]


def test_an_issue_has_githubs_shape_and_makes_labels_it_names(gh, twin, repo):
    issue = made(gh, repo, body="text", labels=["bug", "brand new"], assignees=["Twin-Admin"])
    assert issue["number"] == 1
    assert issue["id"] > 2**32
    assert issue["html_url"] == f"{twin.url}/Acme/tool/issues/1"
    assert (issue["state"], issue["state_reason"], issue["closed_at"]) == ("open", None, None)
    assert [label["color"] for label in issue["labels"]] == ["d73a4a", "ededed"]
    assert issue["assignee"]["login"] == "twin-admin"
    assert issue["user"]["login"] == "twin-admin"
    assert issue["sub_issues_summary"] == {"total": 0, "completed": 0, "percent_completed": 0}
    assert "pull_request" not in issue


def test_closing_and_reopening_say_why_and_when(gh, repo):
    made(gh, repo)
    closed = gh.patch(f"{repo}/issues/1", json={"state": "closed"}).json()
    assert closed["state_reason"] == "completed"
    assert closed["closed_at"]
    assert closed["closed_by"]["login"] == "twin-admin"
    opened = gh.patch(f"{repo}/issues/1", json={"state": "open"}).json()
    assert (opened["state_reason"], opened["closed_at"]) == ("reopened", None)


def test_issues_are_listed_newest_first_and_filtered(gh, repo):
    gh.post(f"{repo}/milestones", json={"title": "m"})
    made(gh, repo, "a", labels=["bug"])
    made(gh, repo, "b", labels=["bug", "question"], milestone=1)
    made(gh, repo, "c")
    gh.patch(f"{repo}/issues/3", json={"state": "closed"})

    def titles(query):
        return [issue["title"] for issue in gh.get(f"{repo}/issues?{query}").json()]

    assert titles("") == ["b", "a"]
    assert titles("state=all&direction=asc") == ["a", "b", "c"]
    assert titles("state=closed") == ["c"]
    assert titles("labels=bug,Question") == ["b"]
    assert titles("milestone=1") == ["b"]
    assert titles("milestone=none&state=all") == ["c", "a"]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"title": " "}, {"resource": "Issue", "code": "missing_field", "field": "title"}),
        (
            {"title": "t", "milestone": 9},
            {"resource": "Issue", "code": "invalid", "field": "milestone"},
        ),
        (
            {"title": "t", "assignees": ["nobody"]},
            {"resource": "Issue", "code": "invalid", "field": "assignees"},
        ),
        (
            {"title": "t", "body": "x" * 65_537},
            {
                "resource": "Issue",
                "code": "custom",
                "field": "body",
                "message": "body is too long (maximum is 65536 characters)",
            },
        ),
    ],
)
def test_a_wrong_issue_is_refused_and_takes_no_number(gh, repo, fields, error):
    answer = gh.post(f"{repo}/issues", json=fields)
    assert (answer.status_code, answer.json()["errors"]) == (422, [error])
    assert made(gh, repo, body="x" * 65_536)["number"] == 1


def test_issues_can_be_switched_off(gh, repo):
    gh.patch(repo, json={"has_issues": False})
    assert gh.post(f"{repo}/issues", json={"title": "t"}).status_code == 410


def test_labels_of_one_issue_are_added_replaced_and_removed(gh, repo):
    made(gh, repo, labels=["bug"])
    labels = f"{repo}/issues/1/labels"

    def names(answer):
        return [label["name"] for label in answer.json()]

    assert names(gh.post(labels, json={"labels": ["question"]})) == ["bug", "question"]
    assert names(gh.put(labels, json=["wontfix"])) == ["wontfix"]
    assert gh.delete(f"{labels}/bug").status_code == 404
    assert names(gh.delete(f"{labels}/wontfix")) == []


def test_comments_are_listed_and_counted(gh, repo):
    made(gh, repo)
    comment = gh.post(f"{repo}/issues/1/comments", json={"body": "first"}).json()
    gh.patch(f"{repo}/issues/comments/{comment['id']}", json={"body": "better"})
    assert [row["body"] for row in gh.get(f"{repo}/issues/1/comments").json()] == ["better"]
    assert gh.get(f"{repo}/issues/1").json()["comments"] == 1
    assert gh.delete(f"{repo}/issues/comments/{comment['id']}").status_code == 204
    assert gh.get(f"{repo}/issues/1").json()["comments"] == 0


def test_a_sub_issue_may_live_in_another_repository_of_the_owner(gh, twin, repo):
    gh.post("/orgs/Acme/repos", json={"name": "other"})
    made(gh, repo, "parent")
    child = made(gh, "/repos/Acme/other", "child")
    added = gh.post(f"{repo}/issues/1/sub_issues", json={"sub_issue_id": child["id"]})
    assert added.status_code == 201
    assert added.json()["title"] == "parent"
    assert added.json()["sub_issues_summary"]["total"] == 1
    assert [row["title"] for row in gh.get(f"{repo}/issues/1/sub_issues").json()] == ["child"]
    assert gh.get("/repos/Acme/other/issues/1/parent").json()["title"] == "parent"
    shown = gh.get("/repos/Acme/other/issues/1").json()
    assert shown["parent_issue_url"] == f"{twin.url}/repos/Acme/tool/issues/1"
    gone = gh.request("DELETE", f"{repo}/issues/1/sub_issue", json={"sub_issue_id": child["id"]})
    assert gone.status_code == 200
    assert gh.get("/repos/Acme/other/issues/1/parent").status_code == 404


def test_sub_issues_keep_the_order_that_they_are_given(gh, repo):
    made(gh, repo, "parent")
    ids = [made(gh, repo, title)["id"] for title in "abc"]
    for number in ids:
        gh.post(f"{repo}/issues/1/sub_issues", json={"sub_issue_id": number})
    moved = gh.patch(
        f"{repo}/issues/1/sub_issues/priority",
        json={"sub_issue_id": ids[2], "before_id": ids[0]},
    )
    assert moved.status_code == 200
    listed = gh.get(f"{repo}/issues/1/sub_issues").json()
    assert [row["title"] for row in listed] == ["c", "a", "b"]


def test_a_sub_issue_has_one_parent_unless_it_is_replaced(gh, repo):
    for title in ("one", "two", "child"):
        child = made(gh, repo, title)["id"]
    gh.post(f"{repo}/issues/1/sub_issues", json={"sub_issue_id": child})
    refused = gh.post(f"{repo}/issues/2/sub_issues", json={"sub_issue_id": child})
    assert refused.status_code == 422
    assert refused.json()["message"].endswith("Sub issue may only have one parent")
    body = {"sub_issue_id": child, "replace_parent": True}
    assert gh.post(f"{repo}/issues/2/sub_issues", json=body).status_code == 201
    assert gh.get(f"{repo}/issues/3/parent").json()["number"] == 2


def test_a_tree_of_issues_has_no_circle_and_at_most_eight_levels(gh, repo):
    ids = [made(gh, repo, f"level {level}")["id"] for level in range(9)]
    for number, below in enumerate(ids[1:8], start=1):
        body = {"sub_issue_id": below}
        assert gh.post(f"{repo}/issues/{number}/sub_issues", json=body).status_code == 201
    deep = gh.post(f"{repo}/issues/8/sub_issues", json={"sub_issue_id": ids[8]})
    assert deep.status_code == 422
    assert deep.json()["message"].endswith("Parent cannot have more than 8 layers of sub-issues")
    circle = gh.post(f"{repo}/issues/5/sub_issues", json={"sub_issue_id": ids[0]})
    assert circle.status_code == 422


def test_a_parent_has_at_most_a_hundred_sub_issues(gh, twin, repo):
    made(gh, repo, "parent")
    parent = twin.store.get("issue", "acme/tool", "1")
    for number in range(2, 102):
        child = made(gh, repo, f"child {number}")
        row = twin.store.get("issue", "acme/tool", str(child["number"]))
        row.doc |= {"parent": parent.id, "sub_order": number}
        twin.store.save(row)
    body = {"sub_issue_id": made(gh, repo, "one more")["id"]}
    refused = gh.post(f"{repo}/issues/1/sub_issues", json=body)
    assert refused.status_code == 422
    assert refused.json()["message"].endswith("Parent cannot have more than 100 sub-issues")
