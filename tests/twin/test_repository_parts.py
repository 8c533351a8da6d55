"""Custom properties, autolinks, deploy keys, security switches, Pages, members and guests."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import pytest


def test_properties_are_declared_by_the_organization_and_said_by_repositories(
    gh: httpx.Client, repo: str
) -> None:
    schema = "/orgs/Acme/properties/schema"
    tier = {
        "value_type": "single_select",
        "allowed_values": ["one", "two"],
        "required": True,
        "default_value": "two",
    }
    made = gh.put(f"{schema}/tier", json=tier).json()
    assert (made["property_name"], made["default_value"]) == ("tier", "two")
    more = {"properties": [{"property_name": "docs", "value_type": "true_false"}]}
    assert [each["property_name"] for each in gh.patch(schema, json=more).json()] == ["docs"]
    values = f"{repo}/properties/values"
    assert gh.get(values).json() == [{"property_name": "tier", "value": "two"}]
    said = {"properties": [{"property_name": "tier", "value": "one"}]}
    assert gh.patch(values, json=said).status_code == 204
    assert gh.get(repo).json()["custom_properties"] == {"tier": "one"}
    body = {
        "repository_names": ["tool"],
        "properties": [{"property_name": "docs", "value": "true"}],
    }
    assert gh.patch("/orgs/Acme/properties/values", json=body).status_code == 204
    assert gh.get("/orgs/Acme/properties/values").json()[0]["properties"] == [
        {"property_name": "tier", "value": "one"},
        {"property_name": "docs", "value": "true"},
    ]
    assert gh.delete(f"{schema}/tier").status_code == 204
    assert gh.get(values).json() == [{"property_name": "docs", "value": "true"}]


@pytest.mark.parametrize(
    ("name", "value"), [("tier", "three"), ("tier", ["one"]), ("tier", 1), ("nothing", "x")]
)
def test_a_value_that_a_property_does_not_allow_is_refused(
    gh: httpx.Client, repo: str, name: str, value: Any
) -> None:
    tier = {"value_type": "single_select", "allowed_values": ["one"]}
    gh.put("/orgs/Acme/properties/schema/tier", json=tier)
    said = {"properties": [{"property_name": name, "value": value}]}
    assert gh.patch(f"{repo}/properties/values", json=said).status_code == 422
    assert gh.get(f"{repo}/properties/values").json() == []


def test_an_autolink_has_a_prefix_of_its_own_and_a_place_for_the_number(
    gh: httpx.Client, repo: str
) -> None:
    links, body = f"{repo}/autolinks", {"key_prefix": "T-", "url_template": "https://t/<num>"}
    made = gh.post(links, json=body)
    assert made.status_code == 201
    assert gh.get(links).json() == [made.json()]
    assert made.json()["is_alphanumeric"] is True
    assert gh.post(links, json=body).json()["errors"][0]["code"] == "already_exists"
    without = gh.post(links, json={"key_prefix": "U-", "url_template": "https://t/"})
    assert without.json()["errors"][0]["field"] == "url_template"
    assert gh.delete(f"{links}/{made.json()['id']}").status_code == 204
    assert gh.get(links).json() == []


def public_key(text: str) -> str:
    inside = b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + text.encode().ljust(32)
    return f"ssh-ed25519 {base64.b64encode(inside).decode()}"


def test_a_deploy_key_is_used_once_on_the_whole_host(gh: httpx.Client, repo: str) -> None:
    keys, key = f"{repo}/keys", public_key("a")
    made = gh.post(keys, json={"title": "CI", "key": f"{key} me@here", "read_only": True}).json()
    assert (made["title"], made["key"], made["read_only"]) == ("CI", key, True)
    gh.post("/orgs/Acme/repos", json={"name": "other"})
    again = gh.post("/repos/Acme/other/keys", json={"key": key})
    assert again.json()["errors"][0]["message"] == "key is already in use"
    assert gh.post(keys, json={"key": "ssh-ed25519 nonsense"}).status_code == 422
    assert gh.delete(f"{keys}/{made['id']}").status_code == 204
    assert gh.get(keys).json() == []


def test_security_is_switched_part_by_part(gh: httpx.Client, repo: str) -> None:
    alerts, fixes = f"{repo}/vulnerability-alerts", f"{repo}/automated-security-fixes"
    assert gh.get(alerts).status_code == 404
    assert gh.put(fixes).status_code == 422
    assert [gh.put(alerts).status_code, gh.put(fixes).status_code] == [204, 204]
    assert gh.get(alerts).status_code == 204
    assert gh.get(fixes).json() == {"enabled": True, "paused": False}
    assert gh.delete(alerts).status_code == 204
    assert gh.get(fixes).json()["enabled"] is False
    private = f"{repo}/private-vulnerability-reporting"
    assert gh.put(private).status_code == 204
    assert gh.get(private).json() == {"enabled": True}
    early = {"secret_scanning_push_protection": {"status": "enabled"}}
    assert gh.patch(repo, json={"security_and_analysis": early}).status_code == 422
    both = early | {"secret_scanning": {"status": "enabled"}}
    shown = gh.patch(repo, json={"security_and_analysis": both}).json()["security_and_analysis"]
    assert shown["secret_scanning_push_protection"] == {"status": "enabled"}
    assert gh.get(repo).json()["security_and_analysis"] == shown


def test_pages_have_a_source_that_exists_or_a_workflow(
    gh: httpx.Client, repo: str, clone: Any
) -> None:
    pages = f"{repo}/pages"
    assert gh.get(pages).status_code == 404
    nowhere = {"source": {"branch": "gone"}}
    assert gh.post(pages, json=nowhere).status_code == 422
    made = gh.post(pages, json={"source": {"branch": "main", "path": "/docs"}})
    assert made.status_code == 201
    assert made.json()["source"] == {"branch": "main", "path": "/docs"}
    assert gh.post(pages, json=nowhere).status_code == 409
    body = {"build_type": "workflow", "cname": "example.org"}
    assert gh.put(pages, json=body).status_code == 204
    shown = gh.get(pages).json()
    assert (shown["build_type"], shown["html_url"]) == ("workflow", "https://example.org/")
    assert gh.get(repo).json()["has_pages"] is True
    assert gh.delete(pages).status_code == 204
    assert gh.get(repo).json()["has_pages"] is False


@pytest.fixture
def ada(twin: Any) -> httpx.Client:
    scopes = ["repo", "admin:org", "user"]
    made = httpx.post(f"{twin.url}/_twin/tokens", json={"login": "ada", "scopes": scopes})
    headers = {"Authorization": f"Bearer {made.json()['token']}"}
    return httpx.Client(base_url=twin.url, headers=headers, timeout=30)


def test_a_member_is_invited_and_accepts_and_leaves_the_teams_when_removed(
    gh: httpx.Client, ada: httpx.Client, repo: str
) -> None:
    one = "/orgs/Acme/memberships/ada"
    assert gh.put(one, json={"role": "member"}).json()["state"] == "pending"
    assert gh.get("/orgs/Acme/members/ada").status_code == 404
    mine = ada.patch("/user/memberships/orgs/Acme", json={"state": "active"})
    assert (mine.status_code, mine.json()["state"]) == (200, "active")
    logins = [each["login"] for each in gh.get("/orgs/Acme/members").json()]
    assert logins == ["twin-admin", "ada"]
    assert [each["login"] for each in gh.get("/orgs/Acme/members?role=admin").json()] == [
        "twin-admin"
    ]
    gh.post("/orgs/Acme/teams", json={"name": "Core"})
    gh.put("/orgs/Acme/teams/core/memberships/ada")
    assert gh.delete(one).status_code == 204
    members = gh.get("/orgs/Acme/teams/core/members").json()
    assert [each["login"] for each in members] == ["twin-admin"]
    assert gh.delete("/orgs/Acme/members/twin-admin").status_code == 403


def test_a_guest_of_a_private_repository_sees_it_once_the_invitation_is_accepted(
    gh: httpx.Client, ada: httpx.Client, repo: str
) -> None:
    gh.patch(repo, json={"private": True})
    one = f"{repo}/collaborators/ada"
    asked = gh.put(one, json={"permission": "triage"})
    assert (asked.status_code, asked.json()["permissions"]) == (201, "triage")
    assert ada.get(repo).status_code == 404
    assert len(gh.get(f"{repo}/invitations").json()) == 1
    (invitation,) = ada.get("/user/repository_invitations").json()
    place = f"/user/repository_invitations/{invitation['id']}"
    assert ada.patch(place).status_code == 204
    assert ada.get(repo).status_code == 200
    shown = gh.get(f"{one}/permission").json()
    assert (shown["permission"], shown["role_name"]) == ("read", "triage")
    assert gh.put(one, json={"permission": "push"}).status_code == 204
    listed = {each["login"]: each["role_name"] for each in gh.get(f"{repo}/collaborators").json()}
    assert listed == {"twin-admin": "admin", "ada": "write"}
    assert gh.delete(one).status_code == 204
    assert ada.get(repo).status_code == 404
