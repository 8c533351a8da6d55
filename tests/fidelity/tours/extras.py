"""What a repository may have besides: forks, autolinks, keys, a site, properties, watches."""

from tests.fidelity.tours.walk import REPO, Walk

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"


def autolinks(go: Walk) -> None:
    new = {"key_prefix": "TICKET-", "url_template": "https://example.org/<num>"}
    number = go(f"POST {REPO}/autolinks", 201, json=new)["id"]
    go(f"GET {REPO}/autolinks")
    go(f"GET {REPO}/autolinks/{number}")
    go(f"DELETE {REPO}/autolinks/{number}", 204)
    go(f"GET {REPO}/autolinks/{number}", 404)


def keys(go: Walk) -> None:
    number = go(f"POST {REPO}/keys", 201, json={"title": "one", "key": KEY})["id"]
    go(f"GET {REPO}/keys")
    go(f"GET {REPO}/keys/{number}")
    go(f"DELETE {REPO}/keys/{number}", 204)


def pages(go: Walk) -> None:
    go(f"GET {REPO}/pages", 404)
    go(f"POST {REPO}/pages", 201, json={"source": {"branch": "main", "path": "/"}})
    go(f"GET {REPO}/pages")
    go(f"PUT {REPO}/pages", 204, json={"build_type": "workflow"})
    go(f"DELETE {REPO}/pages", 204)


def properties(go: Walk) -> None:
    schema = "/orgs/Acme/properties/schema"
    tier = {"value_type": "single_select", "allowed_values": ["gold", "tin"]}
    go(f"PUT {schema}/tier", json=tier)
    go(f"PATCH {schema}", json={"properties": [{"property_name": "note", "value_type": "string"}]})
    go(f"GET {schema}")
    go(f"GET {schema}/tier")
    go(f"GET {schema}/none", 404)
    value = {"properties": [{"property_name": "tier", "value": "gold"}]}
    go(f"PATCH {REPO}/properties/values", 204, json=value)
    go(f"GET {REPO}/properties/values")
    go("PATCH /orgs/Acme/properties/values", 204, json={**value, "repository_names": ["tool"]})
    go("GET /orgs/Acme/properties/values")
    go(f"DELETE {schema}/note", 204)


def watches(go: Walk) -> None:
    switches = ("automated-security-fixes", "private-vulnerability-reporting")
    go(f"PUT {REPO}/vulnerability-alerts", 204)
    go(f"GET {REPO}/vulnerability-alerts", 204)
    for name in switches:
        go(f"PUT {REPO}/{name}", 204)
        go(f"GET {REPO}/{name}")
        go(f"DELETE {REPO}/{name}", 204)
    go(f"DELETE {REPO}/vulnerability-alerts", 204)
    go(f"GET {REPO}/vulnerability-alerts", 404)


def forks(go: Walk) -> None:
    go(f"POST {REPO}/forks", 202, json={"name": "mine"})
    go("GET /repos/twin-admin/mine")
    go(f"GET {REPO}/forks")


def search(go: Walk) -> None:
    go("GET /search/issues", params={"q": "is:issue One"})
    go("GET /search/repositories", params={"q": "tool in:name"})
    go("GET /search/issues", 422)


AREAS = (search, forks, autolinks, keys, pages, properties, watches)
