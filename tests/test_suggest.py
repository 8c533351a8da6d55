"""The nearest valid name."""

import pytest

from meta.suggest import hint, nearest

NAMES = ["labels", "settings", "piksel-core", "Web"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("lables", "labels"),
        ("SETTING", "settings"),
        ("core", "piksel-core"),
        ("web", "Web"),
        ("zebra", ""),
        ("", ""),
    ],
)
def test_the_nearest_name_is_found_whatever_its_case(name, found):
    assert nearest(name, NAMES) == found


def test_where_nothing_comes_near_the_hint_says_something_else():
    assert hint("lables", NAMES, "take it out") == 'did you mean "labels"?'
    assert hint("zebra", NAMES, "take it out") == "take it out"
