"""Users, organizations, members and teams."""

from tests.fidelity.tours.walk import Walk


def users(go: Walk) -> None:
    for path in ("", "meta", "rate_limit", "user", "user/repos", "user/orgs"):
        go(f"GET /{path}")
    for path in ("", "/repos", "/orgs"):
        go(f"GET /users/twin-admin{path}")
    go("GET /users/nobody", 404)
    go("POST /user/repos", 201, json={"name": "own"})


def organizations(go: Walk) -> None:
    go("GET /orgs/Acme")
    go("PATCH /orgs/Acme", json={"description": "Makers"})
    go("GET /orgs/Acme/repos")
    go("GET /orgs/Acme/members")
    go("GET /orgs/Acme/members/twin-admin", 204)
    go("GET /orgs/Acme/memberships/twin-admin")
    go("GET /user/memberships/orgs/Acme")
    for path in ("collaborators", "collaborators/twin-admin/permission", "assignees"):
        go(f"GET /repos/Acme/tool/{path}")
    go("GET /repos/Acme/tool/collaborators/twin-admin", 204)
    go("GET /orgs/nobody", 404)


def teams(go: Walk) -> None:
    core = go("POST /orgs/Acme/teams", 201, json={"name": "Core", "privacy": "closed"})
    below = {"name": "Sub", "parent_team_id": core["id"], "privacy": "closed"}
    go("POST /orgs/Acme/teams", 201, json=below)
    go("POST /orgs/Acme/teams", 422, json={"name": "Core"})
    go("GET /orgs/Acme/teams")
    go("GET /orgs/Acme/teams/core")
    go("PATCH /orgs/Acme/teams/core", json={"description": "The core"})
    go("GET /orgs/Acme/teams/core/teams")
    one = "/orgs/Acme/teams/core/memberships/twin-admin"
    go(f"PUT {one}", json={"role": "maintainer"})
    go(f"GET {one}")
    go("GET /orgs/Acme/teams/core/members")
    granted = "/orgs/Acme/teams/core/repos/Acme/tool"
    go(f"PUT {granted}", 204, json={"permission": "push"})
    go(f"GET {granted}", 204)
    go(f"GET {granted}", headers={"Accept": "application/vnd.github.v3.repository+json"})
    go("GET /orgs/Acme/teams/core/repos")
    go("GET /repos/Acme/tool/teams")
    go(f"DELETE {granted}", 204)
    go(f"DELETE {one}", 204)
    go("DELETE /orgs/Acme/teams/sub", 204)
    go("GET /orgs/Acme/teams/sub", 404)


def teams_by_number(go: Walk) -> None:
    made = go("POST /orgs/Acme/teams", 201, json={"name": "Numbered", "privacy": "closed"})
    one = f"/organizations/{go('GET /orgs/Acme')['id']}/team/{made['id']}"
    go(f"PATCH {one}", json={"description": "By its number"})
    go(f"PUT {one}/memberships/twin-admin", json={"role": "member"})
    for path in ("", "/teams", "/members", "/memberships/twin-admin"):
        go(f"GET {one}{path}")
    go(f"DELETE {one}/memberships/twin-admin", 204)
    go(f"DELETE {one}", 204)


AREAS = (users, organizations, teams, teams_by_number)
