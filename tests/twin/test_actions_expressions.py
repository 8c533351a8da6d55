"""Expressions as GitHub works them out."""

from typing import Any

import pytest

from meta.twin.actions.evaluate import fill, holds, text, value
from meta.twin.actions.expressions import BadExpression
from meta.twin.actions.matrix import combinations, title

SEEN = {
    "github": {"ref": "refs/heads/main", "event": {"client_payload": {"a": [1, 2], "b": "it's"}}},
    "needs": {
        "one": {"result": "success", "outputs": {"k": "1"}},
        "two": {"result": "failure", "outputs": {}},
    },
    "status": "failure",
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("github.event.client_payload.a[1]", 2),
        ("github.event.client_payload['b']", "it's"),
        ("GitHub.Ref", "refs/heads/main"),
        ("github.nothing.at.all", None),
        ("needs.*.result", ["success", "failure"]),
        ("contains(needs.*.result, 'failure')", True),
        ("contains('Hello', 'ELL')", True),
        ("github.ref == 'REFS/heads/main'", True),
        ("needs.one.outputs.k == 1", True),
        ("'' == 0 && null == false", True),
        ("'abc' == 0", False),
        ("1 < 2 && 2 <= 2 && !(3 > 4)", True),
        ("github.ref == 'x' && 'yes' || 'no'", "no"),
        ("startsWith(github.ref, 'refs/heads/') && endsWith(github.ref, 'MAIN')", True),
        ("format('{0} of {1}, {{0}}', 'one', 2)", "one of 2, {0}"),
        ("join(github.event.client_payload.a, '-')", "1-2"),
        ("fromJSON('[{\"x\": 3}]')[0].x", 3),
        ("toJSON(github.event.client_payload.a)", "[\n  1,\n  2\n]"),
        ("failure() && !success() && !cancelled()", True),
        ("'it''s'", "it's"),
        ("0x10 == 16", True),
    ],
)
def test_an_expression_has_this_value(expression: str, expected: object) -> None:
    assert value(expression, SEEN) == expected


@pytest.mark.parametrize("broken", ["1 +", "github.", "(1", "nope()", "'open", "fromJSON('{')"])
def test_what_is_no_expression_is_refused(broken: str) -> None:
    with pytest.raises(BadExpression):
        value(broken, SEEN)


def test_a_text_that_is_one_expression_keeps_its_type_and_others_become_text() -> None:
    assert fill("${{ github.event.client_payload.a }}", SEEN) == [1, 2]
    assert fill("n: ${{ github.event.client_payload.a[0] }}", SEEN) == "n: 1"
    assert fill({"a": ["${{ 1 == 1 }}", 5]}, SEEN) == {"a": [True, 5]}
    assert text("${{ null }}|${{ true }}|${{ 1.5 }}|${{ '}}' }}", SEEN) == "|true|1.5|}}"


@pytest.mark.parametrize(
    ("condition", "status", "passes"),
    [
        (None, "success", True),
        (None, "failure", False),
        ("github.ref != ''", "failure", False),
        ("github.ref != ''", "success", True),
        ("always()", "cancelled", True),
        ("${{ failure() }}", "failure", True),
        ("failure() && github.ref == 'x'", "failure", False),
        ("success()", "skipped", False),
        ("failure()", "skipped", False),
        (False, "success", False),
    ],
)
def test_a_condition_asks_for_success_unless_it_names_a_status(
    condition: Any, status: str, passes: bool
) -> None:
    assert holds(condition, {**SEEN, "status": status}) is passes


def test_a_matrix_excludes_then_includes() -> None:
    matrix = {
        "os": ["a", "b"],
        "v": [1, 2],
        "exclude": [{"os": "a", "v": 1}],
        "include": [{"v": 2, "new": True}, {"os": "c", "v": 9}],
    }
    assert combinations(matrix) == [
        {"os": "a", "v": 2, "new": True},
        {"os": "b", "v": 1},
        {"os": "b", "v": 2, "new": True},
        {"os": "c", "v": 9},
    ]
    assert title("test", {"os": "a", "v": 2}) == "test (a, 2)"


def test_the_documented_matrix_of_fruit_comes_out_as_documented() -> None:
    matrix = {
        "fruit": ["apple", "pear"],
        "animal": ["cat", "dog"],
        "include": [
            {"color": "green"},
            {"color": "pink", "animal": "cat"},
            {"fruit": "apple", "shape": "circle"},
            {"fruit": "banana"},
            {"fruit": "banana", "animal": "cat"},
        ],
    }
    assert combinations(matrix) == [
        {"fruit": "apple", "animal": "cat", "color": "pink", "shape": "circle"},
        {"fruit": "apple", "animal": "dog", "color": "green", "shape": "circle"},
        {"fruit": "pear", "animal": "cat", "color": "pink"},
        {"fruit": "pear", "animal": "dog", "color": "green"},
        {"fruit": "banana"},
        {"fruit": "banana", "animal": "cat"},
    ]


@pytest.mark.parametrize("matrix", ["x", {"a": []}, {"a": list(range(257))}])
def test_what_is_no_matrix_is_refused(matrix: object) -> None:
    with pytest.raises(ValueError, match="matrix"):
        combinations(matrix)
