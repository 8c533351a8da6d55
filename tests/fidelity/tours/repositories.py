"""Repositories, and what is declared for them: topics, rulesets, environments."""

from tests.fidelity.tours.walk import REPO, Walk


def repositories(go: Walk) -> None:
    go("GET /repos/Acme/tool")
    go("GET /repos/Acme/none", 404)
    go("POST /orgs/Acme/repos", 422, json={"name": "tool"})
    settings = {"description": "A tool", "homepage": "", "has_wiki": False, "archived": False}
    go(f"PATCH {REPO}", json=settings)
    go(f"PUT {REPO}/topics", json={"names": ["earth"]})
    go(f"GET {REPO}/topics")
    go(f"PUT {REPO}/topics", 422, json={"names": ["Not a topic"]})
    go("POST /orgs/Acme/repos", 201, json={"name": "old", "private": True})
    go("PATCH /repos/Acme/old", json={"name": "new"})
    go("GET /repos/Acme/old", 301)
    go("PATCH /repos/Acme/new", json={"archived": True})
    go("PATCH /repos/Acme/new", 403, json={"has_wiki": False})
    go("DELETE /repos/Acme/new", 204)


def rulesets(go: Walk) -> None:
    rule = {
        "name": "main",
        "target": "branch",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "rules": [
            {"type": "deletion"},
            {"type": "pull_request", "parameters": {"required_approving_review_count": 1}},
            {
                "type": "required_status_checks",
                "parameters": {"required_status_checks": [{"context": "test"}]},
            },
        ],
    }
    one = go(f"POST {REPO}/rulesets", 201, json=rule)
    go(f"POST {REPO}/rulesets", 422, json={"name": "main", "enforcement": "sometimes"})
    go(f"GET {REPO}/rulesets")
    go(f"GET {REPO}/rulesets/{one['id']}")
    go(f"GET {REPO}/rules/branches/main")
    go(f"PUT {REPO}/rulesets/{one['id']}", json={"enforcement": "disabled"})
    go(f"DELETE {REPO}/rulesets/{one['id']}", 204)
    go(f"GET {REPO}/rulesets/{one['id']}", 404)


def environments(go: Walk) -> None:
    me = go("GET /user")
    team = go("POST /orgs/Acme/teams", 201, json={"name": "Gate"})
    guarded = {
        "wait_timer": 30,
        "prevent_self_review": True,
        "reviewers": [{"type": "User", "id": me["id"]}, {"type": "Team", "id": team["id"]}],
        "deployment_branch_policy": {"protected_branches": True, "custom_branch_policies": False},
    }
    go(f"PUT {REPO}/environments/prod", json=guarded)
    go(f"PUT {REPO}/environments/free", json={})
    go(f"PUT {REPO}/environments/prod%2Feu", json={})
    go(f"PUT {REPO}/environments/prod", 422, json={"wait_timer": -1})
    go(f"GET {REPO}/environments")
    go(f"GET {REPO}/environments/prod")
    go(f"DELETE {REPO}/environments/free", 204)


AREAS = (repositories, rulesets, environments)
