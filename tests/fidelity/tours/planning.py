"""Labels, milestones, issues with their tree, comments."""

from tests.fidelity.tours.walk import REPO, Walk


def labels(go: Walk) -> None:
    go(f"GET {REPO}/labels")
    go(f"POST {REPO}/labels", 201, json={"name": "area", "color": "FF0000"})
    go(f"POST {REPO}/labels", 422, json={"name": "area", "color": "ff0000"})
    go(f"PATCH {REPO}/labels/area", json={"new_name": "field", "description": "Where"})
    go(f"GET {REPO}/labels/field")
    go(f"GET {REPO}/labels/none", 404)
    go(f"DELETE {REPO}/labels/wontfix", 204)


def milestones(go: Walk) -> None:
    new = {"title": "Step", "description": "First", "due_on": "2027-03-31T00:00:00Z"}
    stone = go(f"POST {REPO}/milestones", 201, json=new)
    go(f"POST {REPO}/milestones", 422, json=new)
    go(f"GET {REPO}/milestones")
    one = f"{REPO}/milestones/{stone['number']}"
    go(f"GET {one}")
    go(f"PATCH {one}", json={"state": "closed"})
    go(f"GET {one}/labels")
    gone = go(f"POST {REPO}/milestones", 201, json={"title": "Gone"})["number"]
    go(f"DELETE {REPO}/milestones/{gone}", 204)
    go(f"GET {REPO}/milestones/{gone}", 404)


def issues(go: Walk) -> None:
    new = {"title": "One", "body": "Do it", "labels": ["bug"], "assignees": ["twin-admin"]}
    number = go(f"POST {REPO}/issues", 201, json={**new, "milestone": 1})["number"]
    go(f"POST {REPO}/issues", 422, json={"body": "No title"})
    go(f"GET {REPO}/issues", params={"state": "all"})
    one = f"{REPO}/issues/{number}"
    go(f"GET {one}")
    go(f"GET {REPO}/issues/9999", 404)
    go(f"PATCH {one}", json={"state": "closed", "state_reason": "not_planned"})
    go(f"PATCH {one}", json={"state": "open"})
    go(f"POST {one}/labels", json={"labels": ["question"]})
    go(f"GET {one}/labels")
    go(f"PUT {one}/labels", json={"labels": ["bug", "field"]})
    go(f"DELETE {one}/labels/bug")
    go(f"DELETE {one}/labels", 204)
    go(f"POST {one}/assignees", 201, json={"assignees": ["twin-admin"]})
    go(f"DELETE {one}/assignees", json={"assignees": ["twin-admin"]})


def sub_issues(go: Walk) -> None:
    made = [go(f"POST {REPO}/issues", 201, json={"title": title}) for title in "ABC"]
    one = f"{REPO}/issues/{made[0]['number']}"
    first, second = made[1]["id"], made[2]["id"]
    go(f"POST {one}/sub_issues", 201, json={"sub_issue_id": first})
    go(f"POST {one}/sub_issues", 201, json={"sub_issue_id": second})
    go(f"POST {one}/sub_issues", 404, json={"sub_issue_id": 1})
    go(f"GET {one}/sub_issues")
    go(f"GET {REPO}/issues/{made[1]['number']}/parent")
    go(f"PATCH {one}/sub_issues/priority", json={"sub_issue_id": second, "before_id": first})
    go(f"DELETE {one}/sub_issue", json={"sub_issue_id": first})


def comments(go: Walk) -> None:
    number = go(f"POST {REPO}/issues", 201, json={"title": "Talk"})["number"]
    first = go(f"POST {REPO}/issues/{number}/comments", 201, json={"body": "Hello"})["id"]
    go(f"GET {REPO}/issues/{number}/comments")
    go(f"GET {REPO}/issues/comments")
    go(f"GET {REPO}/issues/comments/{first}")
    go(f"PATCH {REPO}/issues/comments/{first}", json={"body": "Bye"})
    go(f"DELETE {REPO}/issues/comments/{first}", 204)
    go(f"GET {REPO}/issues/comments/{first}", 404)


def dependencies(go: Walk) -> None:
    first, second = (go(f"POST {REPO}/issues", 201, json={"title": title}) for title in "DE")
    blocked = f"{REPO}/issues/{second['number']}/dependencies/blocked_by"
    go(f"POST {blocked}", 201, json={"issue_id": first["id"]})
    go(f"GET {blocked}")
    go(f"GET {REPO}/issues/{first['number']}/dependencies/blocking")
    go(f"GET {REPO}/issues/{first['number']}")
    go(f"DELETE {blocked}/{first['id']}")


def issue_types(go: Walk) -> None:
    new = {"name": "Story", "is_enabled": True, "description": "A wish", "color": "green"}
    number = go("POST /orgs/Acme/issue-types", json=new)["id"]
    go("GET /orgs/Acme/issue-types")
    go(f"GET {REPO}/issue-types")
    go(f"PUT /orgs/Acme/issue-types/{number}", json={**new, "name": "Tale"})
    typed = go(f"POST {REPO}/issues", 201, json={"title": "F", "type": "Tale"})
    go(f"GET {REPO}/issues/{typed['number']}")
    go(f"DELETE /orgs/Acme/issue-types/{number}", 204)


AREAS = (labels, milestones, issues, sub_issues, comments, dependencies, issue_types)
