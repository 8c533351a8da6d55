"""Requests over a real socket, to the twin: what readers and writers ask and refuse."""

from __future__ import annotations

import socket

import pytest

from meta.errors import GitHubError
from meta.github import Reader, Request, Response, Server, Writer, over_http, parsed
from tests.grounds import Ground

SECRET = "ghp_thesecretthesecretthesecretthesecret"


def test_a_list_is_read_to_its_last_page(ground: Ground) -> None:
    gh = ground.writer()
    for number in range(120):
        gh.post("/repos/acme/api/labels", {"name": f"n{number:03d}", "color": "ffffff"})
    names = [row["name"] for row in gh.pages("/repos/acme/api/labels")]
    assert len(names) == len(set(names))
    assert {f"n{number:03d}" for number in range(120)} <= set(names)


def test_exactly_one_full_page_is_read_once_more_and_no_row_twice() -> None:
    rows = [{"n": number} for number in range(100)]
    asked: list[str] = []

    def send(request: Request) -> Response:
        asked.append(request.path)
        return Response(200, rows if "page=1" in request.path.split("&") else [])

    assert list(Reader(send, Server("", "")).pages("/x")) == rows
    assert asked == ["/x?per_page=100&page=1", "/x?per_page=100&page=2"]


def test_rows_that_sit_inside_an_answer_are_found_there(ground: Ground) -> None:
    gh = ground.writer()
    gh.put("/repos/acme/api/environments/dev", {})
    rows = list(gh.pages("/repos/acme/api/environments", inside="environments"))
    assert [row["name"] for row in rows] == ["dev"]


def test_what_is_not_there_is_found_to_be_none(reader: Reader) -> None:
    assert reader.find("/repos/acme/nowhere") is None
    found = reader.find("/repos/acme/api")
    assert found is not None
    assert found["name"] == "api"


def test_finding_hides_no_other_refusal() -> None:
    gh = Reader(lambda _: Response(403, {"message": "no"}), Server("", ""))
    with pytest.raises(GitHubError) as error:
        gh.find("/x")
    assert error.value.status == 403


def test_a_refusal_is_told_in_githubs_own_words(writer: Writer) -> None:
    with pytest.raises(GitHubError) as error:
        writer.post("/orgs/acme/repos", {"name": "api"})
    assert error.value.status == 422
    assert error.value.where == "POST /orgs/acme/repos"
    assert str(error.value).startswith("POST /orgs/acme/repos: 422 ")
    assert "name already exists on this account" in str(error.value)


def test_what_has_no_words_is_told_by_its_number() -> None:
    gh = Reader(lambda _: Response(500), Server("", ""))
    with pytest.raises(GitHubError) as error:
        gh.get("/x")
    assert str(error.value) == "GET /x: 500"


def test_parameters_are_quoted(ground: Ground) -> None:
    asked: list[str] = []

    def send(request: Request) -> Response:
        asked.append(request.path)
        return Response(200, [])

    Reader(send, ground.server).get("/x", head="acme:meta/sync", q="a b&c")
    assert asked == ["/x?head=acme%3Ameta%2Fsync&q=a+b%26c"]


def test_once_asks_once(ground: Ground) -> None:
    gh = ground.reader()
    before = gh.get("/_twin/requests")["total"]
    assert gh.once("/repos/acme/api") == gh.once("/repos/acme/api")
    assert gh.get("/_twin/requests")["total"] == before + 1


def test_a_file_comes_by_its_blob_id(ground: Ground) -> None:
    sha = ground.files("api")["README.md"].sha
    assert ground.reader().blob("acme/api", sha) == b"# api\n"


def test_a_query_answers_with_its_data(reader: Reader) -> None:
    data = reader.query(
        "query($login: String!) { organization(login: $login) { login } }", login="acme"
    )
    assert data == {"organization": {"login": "acme"}}


@pytest.mark.parametrize("text", ["mutation { x }", " subscription { x }", "{ viewer { login } }"])
def test_a_reader_sends_queries_only(ground: Ground, text: str) -> None:
    before = ground.reader().get("/_twin/requests")["total"]
    with pytest.raises(GitHubError) as error:
        ground.reader().query(text)
    assert str(error.value) == "GraphQL: a reader sends queries only"
    assert ground.reader().get("/_twin/requests")["total"] == before


def test_a_reader_has_no_way_to_change_anything() -> None:
    ways = {name for name in vars(Writer) if not name.startswith("_")}
    assert ways == {"post", "patch", "put", "delete", "mutate"}
    assert not ways & set(dir(Reader))


def test_an_error_of_graphql_is_an_error_though_the_status_is_200(reader: Reader) -> None:
    with pytest.raises(GitHubError) as error:
        reader.query('query { repository(owner: "acme", name: "nowhere") { id } }')
    assert error.value.status == 404
    assert str(error.value) == (
        "GraphQL: Could not resolve to a Repository with the name 'acme/nowhere'."
    )


def test_a_query_that_does_not_parse_is_an_error(reader: Reader) -> None:
    with pytest.raises(GitHubError) as error:
        reader.query("query { nonsense }")
    assert str(error.value).startswith("GraphQL: ")


def test_a_deleted_thing_is_gone(writer: Writer) -> None:
    writer.post("/repos/acme/api/labels", {"name": "x y/z", "color": "ffffff"})
    writer.delete("/repos/acme/api/labels/x%20y%2Fz")
    assert writer.find("/repos/acme/api/labels/x%20y%2Fz") is None


def test_the_token_is_never_shown() -> None:
    server = Server("http://127.0.0.1:9", "http://127.0.0.1:9", SECRET)
    assert SECRET not in repr(server)
    assert SECRET not in repr(Reader(over_http(server), server))
    with pytest.raises(GitHubError) as error:
        over_http(server)(Request("GET", "/user"))
    assert SECRET not in f"{error.value!r} {error.value} {error.value.hint}"


def test_a_refusal_does_not_repeat_the_token(ground: Ground) -> None:
    server = Server(ground.url, ground.url, SECRET)
    with pytest.raises(GitHubError) as error:
        Reader(over_http(server), server).get("/repos/acme/nowhere")
    assert SECRET not in f"{error.value!r} {error.value} {error.value.hint}"


def test_a_server_that_is_not_up_is_named(unused_port: int) -> None:
    server = Server(f"http://127.0.0.1:{unused_port}", "")
    with pytest.raises(GitHubError) as error:
        over_http(server)(Request("GET", "/user"))
    assert error.value.status == 0
    assert str(error.value) == (
        f"connection: no answer from http://127.0.0.1:{unused_port} (ConnectionError)"
    )
    assert error.value.hint == (
        "check the address and that the server is up; run the same command again to go on"
    )


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_the_host_is_that_of_git() -> None:
    assert Server("https://api.github.com", "https://github.com").host == "github.com"


def test_a_body_is_json_where_it_is_and_text_where_not() -> None:
    assert parsed("") is None
    assert parsed('{"a": 1}') == {"a": 1}
    assert parsed("<html>") == "<html>"
