"""A misspelt name -> the one that was probably meant."""

from __future__ import annotations

import pytest

from meta.suggest import hint, nearest


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("lables", "labels"),
        ("LABELS", "labels"),
        ("setting", "settings"),
        ("core", "acme-core"),
        ("Core", "acme-core"),
        ("xyz", ""),
        ("", ""),
    ],
)
def test_the_nearest_known_name_is_found(name: str, meant: str) -> None:
    assert nearest(name, ["settings", "labels", "acme-core"]) == meant


def test_a_name_is_suggested_as_it_is_written() -> None:
    assert nearest("readme.MD", ["README.md"]) == "README.md"


def test_a_hint_asks_or_says_what_else_there_is() -> None:
    assert hint("lables", ["labels"], "it has: labels") == 'did you mean "labels"?'
    assert hint("xyz", ["labels"], "it has: labels") == "it has: labels"
