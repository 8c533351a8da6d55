"""Which server, who we are there, and whether anything may be written."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from meta.connect import api_of, check_owner, connect, git_of, writer
from meta.errors import GitHubError, MetaError, Refused
from meta.model import Manifest
from meta.twin.serve import served
from tests.grounds import Ground


def manifest(host: str = "github.com", owner: str = "acme") -> Manifest:
    return Manifest("repos.yaml", owner, host, ())


@pytest.fixture(scope="module")
def stranger() -> Iterator[str]:
    """A server like GitHub that does not say that it is a twin; its URL."""
    with served(announce=False) as twin:
        yield twin.url


@pytest.fixture
def unused_url() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize(
    ("host", "api", "git"),
    [
        ("github.com", "https://api.github.com", "https://github.com"),
        ("git.acme.example", "https://git.acme.example/api/v3", "https://git.acme.example"),
    ],
)
def test_a_host_has_its_addresses(host: str, api: str, git: str) -> None:
    assert api_of(host) == api
    assert git_of(api) == git


def test_a_twin_is_known_and_takes_whoever_comes(ground: Ground) -> None:
    found = connect("github.com", {"GITHUB_API_URL": f"{ground.url}/"})
    assert (found.is_twin, found.server.api_url, found.login) == (True, ground.url, found.login)
    assert found.login == ground.reader().get("/user")["login"]


def test_the_option_stands_above_the_environment(ground: Ground, unused_url: str) -> None:
    found = connect("github.com", {"GITHUB_API_URL": unused_url}, api_url=ground.url)
    assert found.server.api_url == ground.url


@pytest.mark.parametrize("name", ["GITHUB_TOKEN", "GH_TOKEN"])
def test_a_token_is_taken_from_either_name(ground: Ground, name: str) -> None:
    found = connect("github.com", {name: "mine"}, api_url=ground.url)
    assert found.server.token == "mine"
    assert "mine" not in repr(found)


def test_what_is_no_url_is_refused() -> None:
    with pytest.raises(Refused) as error:
        connect("github.com", {}, api_url="localhost:8080")
    assert (str(error.value), error.value.hint) == (
        "--api-url: 'localhost:8080' is no URL",
        "say http://HOST:PORT",
    )


def test_without_a_token_a_server_that_wants_one_is_refused(stranger: str) -> None:
    with pytest.raises(Refused) as error:
        connect("github.com", {}, api_url=stranger)
    assert (str(error.value), error.value.hint) == (
        "credentials: no token",
        "set GITHUB_TOKEN to a token of the account that should do this",
    )


def test_a_server_that_is_not_up_is_an_error(unused_url: str) -> None:
    with pytest.raises(GitHubError) as error:
        connect("github.com", {}, api_url=unused_url)
    assert str(error.value) == f"connection: no answer from {unused_url} (ConnectionError)"


def test_a_twin_may_be_written_to_whatever_the_manifests_host(ground: Ground) -> None:
    found = connect("github.com", {}, api_url=ground.url)
    gh = writer(found, manifest(), {})
    gh.post("/repos/acme/api/labels", {"name": "made", "color": "ffffff"})
    assert gh.find("/repos/acme/api/labels/made") is not None


def test_a_server_that_is_neither_the_manifests_host_nor_a_twin_is_refused(stranger: str) -> None:
    found = connect("github.com", {"GH_TOKEN": "t"}, api_url=stranger)
    assert not found.is_twin
    with pytest.raises(Refused) as error:
        writer(found, manifest(), {})
    at = stranger.removeprefix("http://")
    assert str(error.value) == (f"sync: {at} is neither the manifest's host github.com nor a twin")
    assert error.value.hint == "correct `host:` in the manifest, or GITHUB_API_URL"


def test_the_manifests_own_host_may_be_written_to(stranger: str) -> None:
    found = connect("github.com", {"GH_TOKEN": "t"}, api_url=stranger)
    assert writer(found, manifest(stranger.removeprefix("http://")), {})


@pytest.mark.parametrize("value", ["1", "true", "yes"])
def test_read_only_makes_no_writer_even_for_a_twin(ground: Ground, value: str) -> None:
    found = connect("github.com", {}, api_url=ground.url)
    with pytest.raises(Refused) as error:
        writer(found, manifest(), {"META_READ_ONLY": value})
    assert (str(error.value), error.value.hint) == (
        "sync: META_READ_ONLY is set",
        "unset it to write",
    )


@pytest.mark.parametrize("value", ["", "0"])
def test_read_only_that_is_off_is_off(ground: Ground, value: str) -> None:
    found = connect("github.com", {}, api_url=ground.url)
    assert writer(found, manifest(), {"META_READ_ONLY": value})


def test_connecting_and_looking_write_nothing(ground: Ground) -> None:
    check_owner(manifest(), connect("github.com", {}, api_url=ground.url).reader())
    assert ground.writes() == 0


def test_an_owner_that_is_not_there_is_told(ground: Ground) -> None:
    with pytest.raises(MetaError) as error:
        check_owner(manifest(owner="nobody"), ground.reader())
    assert str(error.value) == (f"owner: there is no organization or user 'nobody' on {ground.url}")
    assert error.value.hint == (
        "organizations are made by hand; a twin gets one by `meta twin seed`"
    )
