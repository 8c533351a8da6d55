"""Teams and what they may do where; environments and who has to agree."""

import pytest


@pytest.fixture
def team(gh):
    made = gh.post(
        "/orgs/Acme/teams", json={"name": "Core Team", "privacy": "closed", "description": "Us"}
    )
    assert made.status_code == 201
    return made.json()


def test_a_team_is_found_by_the_slug_of_its_name(gh, team):
    assert (team["slug"], team["privacy"], team["permission"]) == ("core-team", "closed", "pull")
    assert gh.get("/orgs/acme/teams/core-team").json()["organization"]["login"] == "Acme"
    assert [row["slug"] for row in gh.get("/orgs/Acme/teams").json()] == ["core-team"]
    renamed = gh.patch("/orgs/Acme/teams/core-team", json={"name": "Kern", "description": ""})
    assert (renamed.json()["slug"], renamed.json()["description"]) == ("kern", None)
    assert gh.get("/orgs/Acme/teams/core-team").status_code == 404
    assert gh.delete("/orgs/Acme/teams/kern").status_code == 204
    assert gh.get("/orgs/Acme/teams").json() == []


def test_a_team_that_is_there_is_not_made_again(gh, team):
    again = gh.post("/orgs/Acme/teams", json={"name": "core team"})
    assert again.status_code == 422
    assert again.json()["errors"][0]["code"] == "already_exists"


def test_teams_nest_and_go_with_their_parent(gh, team):
    child = gh.post("/orgs/Acme/teams", json={"name": "Child", "parent_team_id": team["id"]})
    assert child.json()["parent"]["slug"] == "core-team"
    below = gh.get("/orgs/Acme/teams/core-team/teams").json()
    assert [row["slug"] for row in below] == ["child"]
    gh.delete("/orgs/Acme/teams/core-team")
    assert gh.get("/orgs/Acme/teams").json() == []


def test_a_team_gets_a_permission_on_a_repository_and_loses_it(gh, repo, team):
    place = "/orgs/Acme/teams/core-team/repos/Acme/tool"
    assert gh.get(place).status_code == 404
    assert gh.put(place, json={"permission": "maintain"}).status_code == 204
    assert gh.get(place).status_code == 204
    accept = {"Accept": "application/vnd.github.v3.repository+json"}
    shown = gh.get(place, headers=accept).json()
    assert shown["role_name"] == "maintain"
    assert shown["permissions"] == {
        "admin": False,
        "maintain": True,
        "push": True,
        "triage": True,
        "pull": True,
    }
    gh.put(place, json={"permission": "push"})
    listed = gh.get(f"{repo}/teams").json()
    assert [(row["slug"], row["permission"]) for row in listed] == [("core-team", "push")]
    held = gh.get("/orgs/Acme/teams/core-team/repos").json()
    assert [(row["full_name"], row["role_name"]) for row in held] == [("Acme/tool", "write")]
    assert gh.put(place, json={"permission": "god"}).status_code == 422
    assert gh.delete(place).status_code == 204
    assert gh.get(f"{repo}/teams").json() == []


def test_members_of_a_team_come_and_go(gh, team):
    place = "/orgs/Acme/teams/core-team/memberships/twin-admin"
    assert gh.get(place).json()["state"] == "active"
    assert gh.delete(place).status_code == 204
    assert gh.get("/orgs/Acme/teams/core-team/members").json() == []
    assert gh.put(place).status_code == 200


def test_strangers_see_no_teams(anyone, team):
    assert anyone.get("/orgs/Acme/teams/core-team").status_code == 404


def test_an_environment_is_set_as_a_whole(gh, repo, team):
    place = f"{repo}/environments/production"
    body = {
        "wait_timer": 30,
        "prevent_self_review": True,
        "reviewers": [{"type": "Team", "id": team["id"]}],
        "deployment_branch_policy": {"protected_branches": True, "custom_branch_policies": False},
    }
    assert gh.put(place, json=body).status_code == 200
    shown = gh.get(place).json()
    rules = {rule["type"]: rule for rule in shown["protection_rules"]}
    assert rules["wait_timer"]["wait_timer"] == 30
    assert rules["required_reviewers"]["prevent_self_review"] is True
    assert rules["required_reviewers"]["reviewers"][0]["reviewer"]["slug"] == "core-team"
    assert "branch_policy" in rules
    assert shown["deployment_branch_policy"] == body["deployment_branch_policy"]
    bare = gh.put(place).json()
    assert (bare["protection_rules"], bare["deployment_branch_policy"]) == ([], None)


def test_environments_are_counted_listed_and_deleted(gh, repo):
    for name in ("dev", "Production"):
        gh.put(f"{repo}/environments/{name}")
    listed = gh.get(f"{repo}/environments").json()
    assert listed["total_count"] == 2
    assert [row["name"] for row in listed["environments"]] == ["dev", "Production"]
    assert gh.delete(f"{repo}/environments/production").status_code == 204
    assert gh.get(f"{repo}/environments/Production").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"wait_timer": -1},
        {"wait_timer": 43_201},
        {"reviewers": [{"type": "Team", "id": 1}]},
        {"deployment_branch_policy": {"protected_branches": True, "custom_branch_policies": True}},
    ],
)
def test_a_wrong_environment_is_refused(gh, repo, body):
    assert gh.put(f"{repo}/environments/dev", json=body).status_code == 422
    assert gh.get(f"{repo}/environments").json()["total_count"] == 0
