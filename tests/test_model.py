"""The words themselves, where they know something."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meta.errors import GitHubError, ManifestError, MetaError
from meta.model import Address, Blob, Entry, Origin


def test_an_address_reads_as_scope_kind_and_key() -> None:
    assert str(Address("acme/api", "label", "good first issue")) == (
        "acme/api label good first issue"
    )


def test_an_entry_knows_its_owner_and_its_name() -> None:
    assert (Entry("acme/api", {}).owner, Entry("acme/api", {}).name) == ("acme", "api")
    assert (Entry("acme", {}).owner, Entry("acme", {}).name) == ("acme", "")


def test_an_origin_reads_as_a_position_and_a_layer() -> None:
    assert str(Origin("repos.yaml", 3, 5, "groups.services")) == "repos.yaml:3:5 (groups.services)"


@settings(max_examples=15)
@given(st.binary(max_size=80))
def test_a_blob_has_the_id_that_git_gives_it(data: bytes) -> None:
    command = ["git", "hash-object", "--stdin", "--no-filters"]
    said = subprocess.run(command, input=data, capture_output=True, check=True).stdout
    assert Blob.of(data).sha == said.decode().strip()


def test_blobs_are_equal_where_git_would_say_so() -> None:
    known = Blob.of(b"hello\n")
    assert known == Blob("100644", "ce013625030ba8dba906f756967f9e9ca394464a")
    assert known != Blob.of(b"hello\n", "100755")


def test_a_blob_never_shows_its_bytes() -> None:
    assert "secret" not in repr(Blob.of(b"secret"))
    assert str(Blob.of(b"hello\n")) == "ce01362503"


def test_an_error_says_where_and_what_and_keeps_what_to_do() -> None:
    error = MetaError("found x, expected y", where="repos.yaml:3:5", hint="write y")
    assert str(error) == "repos.yaml:3:5: found x, expected y"
    assert (error.message, error.hint) == ("found x, expected y", "write y")
    assert str(MetaError("no token")) == "no token"


def test_a_manifests_error_holds_every_problem() -> None:
    problems = (MetaError("one", where="a:1:1"), MetaError("two", where="a:2:1"))
    error = ManifestError(problems)
    assert str(error) == "a:1:1: one\na:2:1: two"
    assert error.problems == problems


def test_githubs_refusals_are_errors_for_people_too() -> None:
    with pytest.raises(MetaError) as error:
        raise GitHubError("404 Not Found", status=404, where="GET /x")
    assert str(error.value) == "GET /x: 404 Not Found"
