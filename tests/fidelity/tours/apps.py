"""GitHub Apps: the app itself, where it is installed, and an installation's token."""

import time

import jwt

from tests.fidelity.tours.walk import Walk


def bearer(word: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {word}"}


def apps(go: Walk) -> None:
    places = [{"account": "Acme"}, {"account": "twin-admin"}]
    fields = {"slug": "fleet", "permissions": {"issues": "write"}, "installations": places}
    made = go.client.post("/_twin/apps", json=fields).json()
    now = int(time.time())
    claims = {"iss": str(made["id"]), "iat": now - 60, "exp": now + 540}
    itself = bearer(jwt.encode(claims, made["pem"], algorithm="RS256"))
    go("GET /app", headers=itself)
    go("GET /apps/fleet")
    go("GET /app/installations", headers=itself)
    for path in ("orgs/Acme", "users/twin-admin", "repos/Acme/tool"):
        go(f"GET /{path}/installation", headers=itself)
    on_org, on_user = (f"/app/installations/{place['id']}" for place in made["installations"])
    go(f"GET {on_org}", headers=itself)
    go(f"POST {on_org}/access_tokens", 422, headers=itself, json={"repositories": ["none"]})
    chosen = {"repositories": ["tool"], "permissions": {"issues": "read"}}
    go(f"POST {on_org}/access_tokens", 201, headers=itself, json=chosen)
    word = go(f"POST {on_org}/access_tokens", 201, headers=itself)["token"]
    go("GET /installation/repositories", headers=bearer(word))
    go("DELETE /installation/token", 204, headers=bearer(word))
    go(f"DELETE {on_user}", 204, headers=itself)


AREAS = (apps,)
