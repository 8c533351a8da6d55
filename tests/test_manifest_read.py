"""Reading YAML: what scalars mean, where things stand, and what is refused."""

import pytest

from meta.errors import ManifestError
from meta.manifest_read import MAX_BYTES, dotted, read


def data(text: str):
    document, problems = read(text, path="repos.yaml")
    assert problems == ()
    return document.data


def refusal(text: str) -> str:
    with pytest.raises(ManifestError) as caught:
        read(text, path="repos.yaml")
    [problem] = caught.value.problems
    assert problem.hint
    return str(problem)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1", 1),
        ("0123", 123),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.5", 1.5),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("yes", "yes"),
        ("off", "off"),
        ("2026-01-31", "2026-01-31"),
        (".nan", ".nan"),
        ("'1.0'", "1.0"),
        ("!!str 1.0", "1.0"),
        ("d73a4a", "d73a4a"),
        ("|\n  two\n  lines\n", "two\nlines\n"),
    ],
)
def test_scalars_mean_what_the_core_schema_of_yaml_1_2_says(written, value):
    result = data(f"key: {written}")["key"]
    assert result == value
    assert type(result) is type(value)


def test_positions_count_from_one():
    document, _ = read("a:\n  - b\n  - {c: 1.0}\n", path="repos.yaml")
    assert document.where_key(("a",)) == "repos.yaml:1:1"
    assert document.where(("a", 0)) == "repos.yaml:2:5"
    assert document.where_key(("a", 1, "c")) == "repos.yaml:3:6"
    assert document.where(("a", 1, "c")) == "repos.yaml:3:9"
    assert document.text(("a", 1, "c")) == "1.0"


def test_an_alias_stands_for_its_anchor():
    assert data("a: &x {b: [1]}\nc: *x\n") == {"a": {"b": [1]}, "c": {"b": [1]}}


def test_a_path_reads_as_people_write_it():
    assert dotted(("repos", "api", "topics", 0)) == "repos.api.topics[0]"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "1:1: found an empty file, expected a map"),
        ("# nothing\n", "1:1: found an empty file, expected a map"),
        ("acme", '1:1: found "acme", expected a map'),
        ("a: [b", "found broken YAML"),
        ("a: &x [*x]", "found values nested deeper than 50 levels"),
        ("a: " + "[" * 60 + "]" * 60, "found values nested deeper than 50 levels"),
        ("a: " + "[" * 500 + "]" * 500, "found values nested deeper than 50 levels"),
        ("a: b\nc: \x07\n", "2:4: found the control character '\\x07', expected text"),
        ("a: b\nc: *none\n", "2:4: found the alias *none, expected its anchor above it"),
        ("a: 1\n---\nb: 2\n", "found a second document, expected one"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(text, words):
    assert words in refusal(text)


def test_a_file_that_is_too_large_is_not_even_read():
    assert "found more than 5,000,000 bytes" in refusal("a: " + "x" * MAX_BYTES)
    assert "found more than 5,000,000 bytes" in refusal("a: " + "\u00e9" * (MAX_BYTES // 2))


def test_a_key_that_is_no_name_is_a_problem_and_the_rest_is_read():
    document, problems = read("? [a, b]\n: 1\nc: 2\n", path="repos.yaml")
    assert document.data == {"c": 2}
    assert [str(p) for p in problems] == ["repos.yaml:1:3: found a list as a key, expected a name"]
