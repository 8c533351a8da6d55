"""Releases, their files and notes, over a socket."""

from __future__ import annotations

import hashlib
from typing import Any

import httpx
import pytest


@pytest.fixture
def full(gh: httpx.Client) -> str:
    """The path of a repository with one commit."""
    assert gh.post("/orgs/Acme/repos", json={"name": "tool", "auto_init": True}).status_code == 201
    return "/repos/Acme/tool"


def made(gh: httpx.Client, repo: str, tag: str, **fields: Any) -> Any:
    answer = gh.post(f"{repo}/releases", json={"tag_name": tag, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_release_makes_its_tag_and_is_the_latest(gh: httpx.Client, full: str) -> None:
    one = made(gh, full, "v1.0.0", name="One", body="First.")
    head = gh.get(f"{full}/git/ref/heads/main").json()["object"]["sha"]
    assert gh.get(f"{full}/git/ref/tags/v1.0.0").json()["object"]["sha"] == head
    assert (one["draft"], one["prerelease"], one["immutable"]) == (False, False, False)
    assert one["target_commitish"] == "main"
    assert gh.get(f"{full}/releases/latest").json() == one
    assert gh.get(f"{full}/releases/tags/v1.0.0").json() == one


def test_a_draft_has_no_tag_and_is_shown_to_those_who_may_write(
    gh: httpx.Client, anyone: httpx.Client, full: str
) -> None:
    draft = made(gh, full, "v1", draft=True)
    assert draft["published_at"] is None
    assert draft["html_url"].rpartition("/")[2].startswith("untagged-")
    assert gh.get(f"{full}/git/ref/tags/v1").status_code == 404
    assert [len(who.get(f"{full}/releases").json()) for who in (gh, anyone)] == [1, 0]
    assert gh.get(f"{full}/releases/tags/v1").status_code == 404
    out = gh.patch(f"{full}/releases/{draft['id']}", json={"draft": False}).json()
    assert out["published_at"]
    assert gh.get(f"{full}/git/ref/tags/v1").status_code == 200


def test_the_latest_is_the_last_full_release_unless_one_says_otherwise(
    gh: httpx.Client, full: str
) -> None:
    def latest() -> Any:
        return gh.get(f"{full}/releases/latest").json()["tag_name"]

    old = made(gh, full, "v1")
    made(gh, full, "v2")
    made(gh, full, "v3-rc", prerelease=True)
    made(gh, full, "v1.1", make_latest="false")
    assert latest() == "v2"
    gh.patch(f"{full}/releases/{old['id']}", json={"make_latest": "true"})
    assert latest() == "v1"
    listed = gh.get(f"{full}/releases").json()
    assert [each["tag_name"] for each in listed] == ["v1.1", "v3-rc", "v2", "v1"]


def test_a_tag_that_is_taken_or_a_target_that_is_not_there_is_refused(
    gh: httpx.Client, full: str
) -> None:
    made(gh, full, "v1")
    again = gh.post(f"{full}/releases", json={"tag_name": "v1"})
    assert again.json()["errors"] == [
        {"resource": "Release", "code": "already_exists", "field": "tag_name"}
    ]
    wrong = gh.post(f"{full}/releases", json={"tag_name": "v2", "target_commitish": "nowhere"})
    assert wrong.json()["errors"][0]["field"] == "target_commitish"
    assert gh.delete(f"{full}/releases/{gh.get(f'{full}/releases/latest').json()['id']}")
    assert gh.get(f"{full}/releases/latest").status_code == 404
    assert gh.get(f"{full}/git/ref/tags/v1").status_code == 200


def test_a_file_is_uploaded_with_its_digest_and_downloaded_as_it_was(
    gh: httpx.Client, twin: Any, full: str
) -> None:
    release = made(gh, full, "v1")
    content = bytes(range(256))
    place = release["upload_url"].partition("{")[0]
    sent = {"Content-Type": "application/zip"}
    answer = gh.post(f"{place}?name=a b.zip&label=All", content=content, headers=sent)
    assert answer.status_code == 201
    asset = answer.json()
    assert (asset["name"], asset["label"], asset["size"]) == ("a.b.zip", "All", 256)
    assert asset["digest"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    raw = gh.get(asset["url"], headers={"Accept": "application/octet-stream"})
    assert (raw.content, raw.headers["content-type"]) == (content, "application/zip")
    assert httpx.get(asset["browser_download_url"]).content == content
    taken = gh.post(f"{place}?name=a.b.zip", content=b"x", headers=sent)
    assert taken.json()["errors"][0]["code"] == "already_exists"
    renamed = gh.patch(asset["url"], json={"name": "b.zip"}).json()
    assert renamed["name"] == "b.zip"
    assert gh.delete(asset["url"]).status_code == 204
    assert gh.get(f"{full}/releases/latest").json()["assets"] == []


def test_an_immutable_release_keeps_its_files_and_its_tag(gh: httpx.Client, full: str) -> None:
    assert gh.get(f"{full}/immutable-releases").status_code == 404
    assert gh.put(f"{full}/immutable-releases").status_code == 204
    draft = made(gh, full, "v1", draft=True)
    place = f"{full}/releases/{draft['id']}"
    one = gh.post(f"{place}/assets?name=a.txt", content=b"a").json()
    assert gh.patch(place, json={"draft": False}).json()["immutable"] is True
    assert gh.delete(f"{full}/releases/assets/{one['id']}").status_code == 422
    assert gh.post(f"{place}/assets?name=b.txt", content=b"b").status_code == 422
    assert gh.delete(f"{full}/git/refs/tags/v1").status_code == 422
    assert gh.patch(place, json={"body": "Still editable."}).status_code == 200


def test_notes_name_the_pull_requests_merged_since_the_release_before(
    gh: httpx.Client, twin: Any, full: str
) -> None:
    made(gh, full, "v1")
    head = gh.get(f"{full}/git/ref/heads/main").json()["object"]["sha"]
    gh.post(f"{full}/git/refs", json={"ref": "refs/heads/topic", "sha": head})
    file = {"message": "add", "content": "YQ==", "branch": "topic"}
    gh.put(f"{full}/contents/a.txt", json=file)
    gh.post(f"{full}/pulls", json={"title": "Add a", "head": "topic", "base": "main"})
    gh.put(f"{full}/pulls/1/merge")
    web = f"{twin.url}/Acme/tool"
    body = {"tag_name": "v2"}
    assert gh.post(f"{full}/releases/generate-notes", json=body).json() == {
        "name": "v2",
        "body": (
            f"## What's Changed\n* Add a by @twin-admin in {web}/pull/1\n\n\n"
            f"**Full Changelog**: {web}/compare/v1...v2"
        ),
    }
    release = made(gh, full, "v2", generate_release_notes=True, body="By hand.")
    assert release["body"].startswith("By hand.\n\n## What's Changed")
    assert release["name"] == "v2"


def test_graphql_shows_releases_and_which_is_the_latest(gh: httpx.Client, full: str) -> None:
    made(gh, full, "v1", name="One")
    made(gh, full, "v2", prerelease=True)
    query = """{ repository(owner: "Acme", name: "tool") {
      latestRelease { tagName tagCommit { oid } tag { name } }
      release(tagName: "v1") { name description isDraft author { login } }
      releases(first: 5) { nodes { tagName isLatest isPrerelease immutable } } } }"""
    shown = gh.post("/graphql", json={"query": query}).json()["data"]["repository"]
    head = gh.get(f"{full}/git/ref/heads/main").json()["object"]["sha"]
    assert shown == {
        "latestRelease": {"tagName": "v1", "tagCommit": {"oid": head}, "tag": {"name": "v1"}},
        "release": {
            "name": "One",
            "description": None,
            "isDraft": False,
            "author": {"login": "twin-admin"},
        },
        "releases": {
            "nodes": [
                {"tagName": "v2", "isLatest": False, "isPrerelease": True, "immutable": False},
                {"tagName": "v1", "isLatest": True, "isPrerelease": False, "immutable": False},
            ]
        },
    }
