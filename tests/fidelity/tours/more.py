"""Releases, hooks, reviews, protected branches, and people who are asked to join."""

from tests.fidelity.tours.walk import REPO, Walk

HOOK = {"name": "web", "config": {"url": "http://127.0.0.1:9/", "content_type": "json"}}


def releases(go: Walk) -> None:
    new = {"tag_name": "v2.0", "name": "Two", "body": "Notes", "draft": True}
    one = go(f"POST {REPO}/releases", 201, json=new)
    at = f"{REPO}/releases/{one['id']}"
    go(f"POST {REPO}/releases", 422, json={})
    go(f"PATCH {at}", json={"draft": False})
    for path in ("", "/latest", "/tags/v2.0", f"/{one['id']}"):
        go(f"GET {REPO}/releases{path}")
    notes = {"tag_name": "v3.0", "previous_tag_name": "v2.0"}
    go(f"POST {REPO}/releases/generate-notes", json=notes)
    sent = {"params": {"name": "a.txt"}, "headers": {"Content-Type": "text/plain"}}
    asset = go(f"POST {at}/assets", 201, content=b"a\n", **sent)["id"]
    go(f"GET {at}/assets")
    go(f"GET {REPO}/releases/assets/{asset}")
    go(f"PATCH {REPO}/releases/assets/{asset}", json={"label": "A"})
    go(f"DELETE {REPO}/releases/assets/{asset}", 204)
    go(f"DELETE {at}", 204)
    go(f"GET {at}", 404)
    go(f"PUT {REPO}/immutable-releases", 204)
    go(f"GET {REPO}/immutable-releases")
    go(f"DELETE {REPO}/immutable-releases", 204)


def hooks(go: Walk) -> None:
    for place in (REPO, "/orgs/Acme"):
        number = go(f"POST {place}/hooks", 201, json={**HOOK, "events": ["push"]})["id"]
        one = f"{place}/hooks/{number}"
        go(f"POST {place}/hooks", 422, json={"config": {}})
        go(f"GET {place}/hooks")
        go(f"GET {one}")
        go(f"PATCH {one}", json={"active": True, "events": ["push", "issues"]})
        go(f"GET {one}/config")
        go(f"PATCH {one}/config", json={"content_type": "form"})
        go(f"POST {one}/pings", 204)
        if place == REPO:
            go(f"POST {one}/tests", 204)
        sent = go(f"GET {one}/deliveries")[0]["id"]
        go(f"GET {one}/deliveries/{sent}")
        go(f"POST {one}/deliveries/{sent}/attempts", 202)
        go(f"DELETE {one}", 204)


def protection(go: Walk) -> None:
    branch = f"{REPO}/branches/main/protection"
    wanted = {
        "required_status_checks": {"strict": True, "contexts": ["test"]},
        "required_pull_request_reviews": {"required_approving_review_count": 1},
        "enforce_admins": True,
        "restrictions": None,
    }
    go(f"PUT {branch}", json=wanted)
    go(f"GET {branch}")
    go(f"GET {REPO}/branches/main")
    checks, reviews = f"{branch}/required_status_checks", f"{branch}/required_pull_request_reviews"
    go(f"GET {checks}")
    go(f"PATCH {checks}", json={"strict": False})
    go(f"DELETE {checks}", 204)
    go(f"GET {reviews}")
    go(f"PATCH {reviews}", json={"required_approving_review_count": 2})
    go(f"DELETE {reviews}", 204)
    for name in ("enforce_admins", "required_signatures"):
        go(f"POST {branch}/{name}")
        go(f"GET {branch}/{name}")
        go(f"DELETE {branch}/{name}", 204)
    go(f"DELETE {branch}", 204)


def reviews(go: Walk) -> None:
    head = go(f"GET {REPO}/git/ref/heads/main")["object"]["sha"]
    go(f"POST {REPO}/git/refs", 201, json={"ref": "refs/heads/seen", "sha": head})
    file = {"message": "See", "content": "YQo=", "branch": "seen"}
    go(f"PUT {REPO}/contents/seen.txt", 201, json=file)
    asked = {"title": "See", "head": "seen", "base": "main"}
    pull = go(f"POST {REPO}/pulls", 201, json=asked)["number"]
    at = f"{REPO}/pulls/{pull}/reviews"
    draft = go(f"POST {at}", json={"body": "Hm"})["id"]
    go(f"GET {at}/{draft}")
    go(f"PUT {at}/{draft}", json={"body": "Well"})
    go(f"POST {at}/{draft}/events", json={"event": "COMMENT", "body": "Well"})
    go(f"GET {at}")
    gone = go(f"POST {at}", json={"body": "No"})["id"]
    go(f"DELETE {at}/{gone}")
    made = go.client.post("/_twin/tokens", json={"login": "eve", "scopes": ["repo"]})
    eve = {"Authorization": f"Bearer {made.json()['token']}"}
    verdict = go(f"POST {at}", json={"event": "APPROVE", "body": "Yes"}, headers=eve)["id"]
    go(f"PUT {at}/{verdict}/dismissals", json={"message": "Too early"})


def guests(go: Walk) -> None:
    """Two who are asked in: one says yes, the other no; both may leave again."""
    made = go.client.post("/_twin/tokens", json={"login": "ada", "scopes": ["repo", "admin:org"]})
    ada = {"Authorization": f"Bearer {made.json()['token']}"}
    one = f"{REPO}/collaborators/ada"
    for wish in ("PATCH", "DELETE"):
        asked = go(f"PUT {one}", 201, json={"permission": "push"})["id"]
        go(f"GET {REPO}/invitations")
        go(f"PATCH {REPO}/invitations/{asked}", json={"permissions": "write"})
        go("GET /user/repository_invitations", headers=ada)
        go(f"{wish} /user/repository_invitations/{asked}", 204, headers=ada)
        go(f"DELETE {one}", 204)
    asked = go(f"PUT {one}", 201, json={})["id"]
    go(f"DELETE {REPO}/invitations/{asked}", 204)
    go("PUT /orgs/Acme/memberships/ada", json={"role": "member"})
    go("PATCH /user/memberships/orgs/Acme", json={"state": "active"}, headers=ada)
    go("GET /orgs/Acme/memberships/ada")
    go("DELETE /orgs/Acme/members/ada", 204)
    go("PUT /orgs/Acme/memberships/ada", json={"role": "member"})
    go("DELETE /orgs/Acme/memberships/ada", 204)


AREAS = (releases, hooks, protection, reviews, guests)
