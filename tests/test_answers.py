"""The file in which Copier keeps a repository's answers."""

from __future__ import annotations

import pytest

from meta.answers import own, read, same_but_version, signed
from meta.errors import TemplateError


def test_every_value_is_read_copiers_own_too() -> None:
    data = b"# a note\n_commit: v1\n_src_path: https://x/y\nname: thing\nport: 8000\n"
    assert read(data) == {
        "_commit": "v1",
        "_src_path": "https://x/y",
        "name": "thing",
        "port": 8000,
    }


def test_the_answers_are_what_is_not_copiers_own() -> None:
    assert own({"_commit": "v1", "_src_path": "x", "name": "thing"}) == {"name": "thing"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a: [1\n", ".copier-answers.yml: is not YAML ("),
        (b"\xff\xfe\xff", ".copier-answers.yml: is not YAML ("),
        (b"a: 1\na: 2\n", ".copier-answers.yml: is not YAML ("),
        (b"- 1\n", ".copier-answers.yml: holds no answers"),
        (b"", ".copier-answers.yml: holds no answers"),
    ],
)
def test_what_holds_no_answers_is_refused_with_its_name(data: bytes, words: str) -> None:
    with pytest.raises(TemplateError) as error:
        read(data)
    assert str(error.value).startswith(words)


def test_a_message_names_the_repository_it_is_told() -> None:
    with pytest.raises(TemplateError) as error:
        read(b"", where="acme/api .copier-answers.yml")
    assert str(error.value) == "acme/api .copier-answers.yml: holds no answers"
    assert error.value.hint == "restore it from its history"


def test_two_files_that_differ_in_the_version_alone_say_the_same() -> None:
    mine = b"# note\n_commit: v1\n_src_path: x\nname: a\n"
    assert same_but_version(mine, b"_commit: v2\nname: a\n_src_path: x\n")
    assert not same_but_version(mine, b"_commit: v2\n_src_path: x\nname: b\n")
    assert not same_but_version(mine, b"_commit: v1\n_src_path: y\nname: a\n")


def test_a_rendering_is_signed_with_the_url_and_the_tag_and_never_the_folder() -> None:
    text = "# note\n_src_path: /somewhere/local\nname: a\n"
    assert signed(text, folder="/somewhere/local", source="https://x/y", version="v1.0.0") == (
        "# note\n_commit: v1.0.0\n_src_path: https://x/y\nname: a\n"
    )


@pytest.mark.parametrize("tag", ["1.10", "7", "2025-01-01"])
def test_a_tag_that_looks_like_something_else_is_read_back_as_it_is(tag: str) -> None:
    text = signed("_src_path: /local\n", folder="/local", source="https://x/y", version=tag)
    assert text == f"_commit: '{tag}'\n_src_path: https://x/y\n"
    assert read(text.encode())["_commit"] == tag
