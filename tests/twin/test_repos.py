"""Repositories and organizations over a socket."""

import httpx
import pytest

from meta.twin.rest.defaults import LABELS


def test_a_new_repository_has_githubs_defaults_and_its_nine_labels(gh, repo):
    shown = gh.get(repo).json()
    assert shown["full_name"] == "Acme/tool"
    assert shown["owner"]["type"] == "Organization"
    assert (shown["visibility"], shown["private"]) == ("public", False)
    assert (shown["default_branch"], shown["description"], shown["topics"]) == ("main", None, [])
    assert shown["allow_squash_merge"]
    assert not shown["delete_branch_on_merge"]
    names = [label["name"] for label in gh.get(f"{repo}/labels").json()]
    assert names == sorted(label["name"] for label in LABELS)


def test_owners_and_names_compare_without_case(gh, repo):
    assert gh.get("/repos/aCME/TOOL").json()["full_name"] == "Acme/tool"
    taken = gh.post("/orgs/acme/repos", json={"name": "Tool"})
    assert taken.status_code == 422
    assert taken.json()["errors"] == [
        {
            "resource": "Repository",
            "code": "custom",
            "field": "name",
            "message": "name already exists on this account",
        }
    ]


def test_settings_change_and_stay_and_unknown_ones_are_passed_over(gh, repo):
    changes = {"has_wiki": False, "description": "A tool", "delete_branch_on_merge": True}
    assert gh.patch(repo, json=changes | {"colour": "red"}).status_code == 200
    shown = gh.get(repo).json()
    assert {name: shown[name] for name in changes} == changes
    assert "colour" not in shown
    assert gh.patch(repo, json={"description": ""}).json()["description"] is None
    assert gh.patch(repo, json={"has_wiki": "yes"}).status_code == 422


def test_private_repositories_are_not_there_for_strangers(gh, anyone, repo):
    assert anyone.get(repo).status_code == 200
    assert gh.patch(repo, json={"private": True}).json()["visibility"] == "private"
    assert anyone.get(repo).status_code == 404
    assert anyone.get("/orgs/Acme/repos").json() == []
    assert gh.patch(repo, json={"visibility": "public"}).json()["private"] is False


def test_topics_are_lower_cased_and_checked(gh, repo):
    put = gh.put(f"{repo}/topics", json={"names": ["Earth", "data-cube", "earth"]})
    assert put.json() == {"names": ["earth", "data-cube"]}
    assert gh.get(repo).json()["topics"] == ["earth", "data-cube"]
    assert gh.put(f"{repo}/topics", json={"names": ["no spaces"]}).status_code == 422
    assert gh.get(f"{repo}/topics").json() == {"names": ["earth", "data-cube"]}


def test_a_renamed_repository_is_found_by_its_old_name(gh, repo, clone):
    gh.post(f"{repo}/issues", json={"title": "stays"})
    assert gh.patch(repo, json={"name": "kit"}).json()["full_name"] == "Acme/kit"
    assert gh.get(repo).status_code == 301
    followed = gh.get(f"{repo}/issues", follow_redirects=True)
    assert [issue["title"] for issue in followed.json()] == ["stays"]
    moved = gh.patch(repo, json={"has_wiki": False})
    assert moved.status_code == 307
    assert gh.patch(moved.headers["location"], json={"has_wiki": False}).json()["name"] == "kit"
    clone.commit({"more": "x"})
    clone.push("main")
    assert gh.get("/repos/Acme/kit/contents/more").status_code == 200


def test_a_deleted_repository_takes_everything_with_it(gh, repo, clone):
    gh.post(f"{repo}/issues", json={"title": "gone"})
    assert gh.delete(repo).status_code == 204
    assert gh.get(repo).status_code == 404
    gh.post("/orgs/Acme/repos", json={"name": "tool"})
    assert gh.get(f"{repo}/issues?state=all").json() == []
    assert gh.get(f"{repo}/branches").json() == []
    assert gh.post(f"{repo}/issues", json={"title": "new"}).json()["number"] == 1


def test_an_archived_repository_is_read_only_until_it_is_not(gh, repo):
    gh.patch(repo, json={"archived": True})
    assert gh.post(f"{repo}/labels", json={"name": "x"}).status_code == 403
    assert gh.get(f"{repo}/labels").status_code == 200
    assert gh.patch(repo, json={"archived": False}).status_code == 200
    assert gh.post(f"{repo}/labels", json={"name": "x"}).status_code == 201


def test_auto_init_makes_a_first_commit_with_the_description(gh):
    made = {"name": "init", "auto_init": True, "description": "Starts"}
    assert gh.post("/orgs/Acme/repos", json=made).status_code == 201
    raw = gh.get("/repos/Acme/init/readme", headers={"Accept": "application/vnd.github.raw"})
    assert raw.text == "# init\nStarts\n"
    assert gh.get("/repos/Acme/init/commits").json()[0]["commit"]["message"] == "Initial commit"


def test_users_have_repositories_of_their_own(gh):
    made = gh.post("/user/repos", json={"name": "mine", "private": True}).json()
    assert made["full_name"] == "twin-admin/mine"
    assert gh.get("/user").json()["login"] == "twin-admin"
    assert [repo["name"] for repo in gh.get("/users/twin-admin/repos").json()] == ["mine"]


def test_an_organization_shows_and_keeps_what_is_set(gh):
    assert gh.get("/orgs/acme").json()["type"] == "Organization"
    gh.patch("/orgs/Acme", json={"description": "Makers"})
    assert gh.get("/orgs/Acme").json()["description"] == "Makers"
    assert gh.get("/orgs/none").status_code == 404


@pytest.mark.parametrize("prefix", ["", "/api/v3"])
def test_both_prefixes_answer_with_links_of_their_own(gh, twin, repo, prefix):
    shown = gh.get(f"{prefix}{repo}").json()
    assert shown["url"] == f"{twin.url}{prefix}/repos/Acme/tool"
    assert shown["html_url"] == f"{twin.url}/Acme/tool"
    assert shown["clone_url"] == f"{twin.url}/Acme/tool.git"


def test_lists_come_in_pages_with_links(gh, twin, repo):
    for number in range(5):
        gh.post("/orgs/Acme/repos", json={"name": f"r{number}"})
    second = gh.get("/orgs/Acme/repos?per_page=2&page=2")
    assert [row["name"] for row in second.json()] == ["r1", "r2"]
    address = f"{twin.url}/orgs/Acme/repos?per_page=2&page="
    assert second.headers["link"] == (
        f'<{address}1>; rel="prev", <{address}3>; rel="next", '
        f'<{address}3>; rel="last", <{address}1>; rel="first"'
    )
    assert "link" not in gh.get("/orgs/Acme/repos?per_page=500").headers
    assert gh.get("/orgs/Acme/repos?per_page=2&page=9").json() == []


def test_the_same_answer_is_not_sent_twice(gh, repo):
    first = gh.get(repo)
    again = gh.get(repo, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    gh.patch(repo, json={"has_wiki": False})
    changed = gh.get(repo, headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200


def test_each_answer_carries_githubs_headers_and_the_twins_own(gh, repo):
    headers = gh.get(repo).headers
    assert headers["x-meta-twin"]
    assert headers["x-github-media-type"] == "github.v3; format=json"
    assert headers["x-ratelimit-limit"] == "5000"
    assert headers["date"]
    assert headers["x-github-request-id"] != gh.get(repo).headers["x-github-request-id"]


def test_what_the_twin_has_not_is_said_by_name(gh):
    answer = gh.get("/repos/Acme/tool/traffic/views")
    assert answer.status_code == 501
    assert answer.json()["message"] == "the twin has no GET /repos/Acme/tool/traffic/views"


def test_what_is_missing_is_githubs_404(gh):
    answer = gh.get("/repos/Acme/none")
    assert answer.status_code == 404
    assert answer.json()["message"] == "Not Found"
    assert answer.json()["status"] == "404"


def test_without_a_token_nothing_is_written(anyone, repo):
    answer = anyone.post(f"{repo}/labels", json={"name": "x"})
    assert (answer.status_code, answer.json()["message"]) == (401, "Requires authentication")
    assert anyone.get("/user").status_code == 401


def test_a_failure_of_the_twins_own_is_a_500_and_is_logged(gh, twin, repo, clone, caplog):
    (twin.data / "git" / "acme" / "tool.git" / "config").write_text("[broken")
    answer = gh.get(f"{repo}/commits")
    assert (answer.status_code, answer.json()["message"]) == (500, "Server Error")
    assert "GET /repos/Acme/tool/commits failed" in caplog.text
    assert gh.get(repo).status_code == 200


def test_broken_json_is_refused(gh, repo):
    answer = gh.post(f"{repo}/labels", content=b"{")
    assert (answer.status_code, answer.json()["message"]) == (400, "Problems parsing JSON")
    assert gh.post(f"{repo}/labels", json=[1]).status_code == 400


def test_a_proxys_request_line_is_understood(twin, gh, repo):
    with httpx.Client(proxy=twin.url, headers={"Authorization": "token x"}) as client:
        shown = client.get("http://api.github.localhost/repos/Acme/tool").json()
    assert shown["url"] == "http://api.github.localhost/repos/Acme/tool"
    assert shown["html_url"] == "http://github.localhost/Acme/tool"
