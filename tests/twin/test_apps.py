"""GitHub Apps: a key, a signed token, and tokens of an hour for each place it is installed."""

from __future__ import annotations

import json

import httpx
import jwt
import pytest

NOON = 1935835200  # 2031-05-06T12:00:00Z
NO = "Resource not accessible by integration"
GIVEN = {"issues": "write", "contents": "read"}


@pytest.fixture
def app(gh):
    """An app on Acme, where it sees Acme/own alone; Acme/other is private too."""
    gh.post("/_twin/clock", json={"now": NOON})
    for name, private in (("open", False), ("own", True), ("other", True)):
        fields = {"name": name, "private": private, "auto_init": True}
        gh.post("/orgs/Acme/repos", json=fields).raise_for_status()
    places = [{"account": "Acme", "repositories": ["own"]}]
    fields = {"slug": "fleet", "permissions": GIVEN, "installations": places}
    made = gh.post("/_twin/apps", json=fields)
    assert made.status_code == 201, made.text
    return made.json()


def signed(app, *, key="", **claims):
    whole = {"iss": str(app["id"]), "iat": NOON - 60, "exp": NOON + 540, **claims}
    return jwt.encode(whole, key or app["pem"], algorithm="RS256")


def client(twin, word):
    return httpx.Client(base_url=twin.url, headers={"Authorization": f"Bearer {word}"}, timeout=30)


def access(twin, app, **fields):
    place = f"/app/installations/{app['installations'][0]['id']}/access_tokens"
    with client(twin, signed(app)) as itself:
        return itself.post(place, json=fields)


@pytest.fixture
def installed(twin, app):
    """A client with a token of the installation."""
    with client(twin, access(twin, app).json()["token"]) as found:
        yield found


def test_an_app_knows_itself_and_where_it_is_installed(twin, app):
    with client(twin, signed(app)) as itself:
        shown = itself.get("/app").json()
        assert (shown["slug"], shown["id"], shown["installations_count"]) == ("fleet", app["id"], 1)
        assert shown["permissions"] == {"metadata": "read", **GIVEN}
        [place] = itself.get("/app/installations").json()
        assert (place["account"]["login"], place["repository_selection"]) == ("Acme", "selected")
        for path in (
            f"/app/installations/{place['id']}",
            "/orgs/Acme/installation",
            "/repos/Acme/own/installation",
        ):
            assert itself.get(path).json()["id"] == place["id"]
        assert itself.get("/repos/Acme/other/installation").status_code == 404


def test_the_client_id_signs_as_well(twin, app):
    with client(twin, signed(app, iss=app["client_id"])) as itself:
        assert itself.get("/app").status_code == 200


def test_the_id_may_be_a_number(twin, app):
    claims = {"iss": app["id"], "iat": NOON - 60, "exp": NOON + 540}
    word = jwt.api_jws.encode(json.dumps(claims).encode(), app["pem"], algorithm="RS256")
    with client(twin, word) as itself:
        assert itself.get("/app").status_code == 200


def test_what_an_app_is_not_for_its_own_token_does_not_open(twin, app):
    with client(twin, signed(app)) as itself:
        assert itself.get("/repos/Acme/own").status_code in (403, 404)
        refused = itself.post("/orgs/Acme/repos", json={"name": "x"})
        assert (refused.status_code, refused.json()["message"]) == (403, NO)


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"exp": NOON - 1}, 401),
        ({"exp": NOON + 3600}, 401),
        ({"iat": NOON + 300}, 401),
        ({"exp": None}, 401),
        ({"iss": "1"}, 404),
    ],
)
def test_a_signed_token_is_for_a_short_time_and_its_own_app(twin, app, claims, status):
    with client(twin, signed(app, **claims)) as itself:
        assert itself.get("/app").status_code == status


def test_another_key_does_not_sign(gh, twin, app):
    other = gh.post("/_twin/apps", json={"slug": "other"}).json()
    with client(twin, signed(app, key=other["pem"])) as itself:
        refused = itself.get("/app")
    assert refused.status_code == 401
    assert refused.json()["message"] == "A JSON web token could not be decoded"


def test_other_tokens_are_no_apps(gh, app):
    assert gh.get("/app").status_code == 401


def test_an_installations_token_does_what_the_app_may_where_it_is(gh, installed):
    found = installed.get("/installation/repositories").json()
    assert [row["name"] for row in found["repositories"]] == ["own"]
    made = installed.post("/repos/Acme/own/issues", json={"title": "by the app"})
    assert (made.status_code, made.json()["user"]["login"]) == (201, "fleet[bot]")
    assert installed.get("/repos/Acme/own/contents/README.md").status_code == 200
    assert installed.get("/repos/Acme/other").status_code == 404
    for method, path in [
        ("POST", "/repos/Acme/open/issues"),
        ("PATCH", "/repos/Acme/own"),
        ("POST", "/orgs/Acme/repos"),
    ]:
        refused = installed.request(method, path, json={"title": "x", "name": "x"})
        assert (refused.status_code, refused.json()["message"]) == (403, NO)


def test_it_is_over_after_an_hour_of_the_twins_clock(gh, twin, app):
    answer = access(twin, app)
    assert answer.status_code == 201
    assert answer.json()["expires_at"] == "2031-05-06T13:00:00Z"
    with client(twin, answer.json()["token"]) as installed:
        gh.post("/_twin/clock", json={"advance": 3599})
        assert installed.get("/repos/Acme/own").status_code == 200
        gh.post("/_twin/clock", json={"advance": 1})
        refused = installed.get("/repos/Acme/own")
    assert (refused.status_code, refused.json()["message"]) == (401, "Bad credentials")


def test_a_token_may_be_made_for_less_and_never_for_more(twin, app):
    less = access(twin, app, permissions={"issues": "read"}, repositories=["own"]).json()
    assert less["permissions"] == {"metadata": "read", "issues": "read"}
    assert [row["name"] for row in less["repositories"]] == ["own"]
    with client(twin, less["token"]) as installed:
        assert installed.get("/repos/Acme/own/issues").status_code == 200
        assert installed.post("/repos/Acme/own/issues", json={"title": "x"}).status_code == 403
    for more in (
        {"permissions": {"administration": "write"}},
        {"permissions": {"contents": "write"}},
        {"repositories": ["other"]},
        {"repositories": ["none"]},
    ):
        assert access(twin, app, **more).status_code == 422


def test_a_token_may_be_given_back_and_an_app_be_taken_away(twin, app, installed):
    with client(twin, access(twin, app).json()["token"]) as other:
        assert other.delete("/installation/token").status_code == 204
        assert other.get("/installation/repositories").status_code == 401
    assert installed.get("/installation/repositories").status_code == 200
    with client(twin, signed(app)) as itself:
        place = f"/app/installations/{app['installations'][0]['id']}"
        assert itself.delete(place).status_code == 204
    assert installed.get("/installation/repositories").status_code == 401


def test_on_all_repositories_it_is_also_on_later_ones(gh, twin, app):
    fields = {"slug": "wide", "permissions": GIVEN, "installations": [{"account": "Acme"}]}
    wide = gh.post("/_twin/apps", json=fields).json()
    word = access(twin, wide).json()
    assert word["repository_selection"] == "all"
    gh.post("/orgs/Acme/repos", json={"name": "later", "private": True}).raise_for_status()
    gh.post("/user/repos", json={"name": "elsewhere", "private": True}).raise_for_status()
    with client(twin, word["token"]) as installed:
        assert installed.get("/repos/Acme/later").status_code == 200
        assert installed.get("/repos/twin-admin/elsewhere").status_code == 404


def test_its_requests_are_counted_apart(gh, installed):
    gh.post("/_twin/limits", json={"primary": True, "core": 2})
    codes = [installed.get("/repos/Acme/own").status_code for _ in range(3)]
    assert codes == [200, 200, 403]
    assert gh.get("/user").status_code == 200
    gh.delete("/_twin/limits")


def test_pygithub_signs_in_as_an_app(gh, twin, app):
    """An independent client, whose own clock has to be the twin's."""
    from github import Auth, GithubIntegration

    gh.post("/_twin/clock", json={"mode": "machine"})
    integration = GithubIntegration(
        auth=Auth.AppAuth(app["id"], app["pem"]), base_url=twin.url, seconds_between_requests=None
    )
    place = integration.get_org_installation("Acme")
    github = place.get_github_for_installation()
    assert github.get_repo("Acme/own").create_issue("by the app").user.login == "fleet[bot]"
