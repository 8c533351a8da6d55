"""Expressions and what they may look at -> their values, as GitHub works them out. Pure."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from meta.twin.actions.expressions import BadExpression, Node, calls, parse

WHOLE = re.compile(r"\s*\$\{\{(?P<inside>(?:[^}']|'[^']*'|\}(?!\}))*)\}\}\s*")
INSIDE = re.compile(r"\$\{\{(?P<inside>(?:[^}']|'[^']*'|\}(?!\}))*)\}\}")
STATUS = ("success", "failure", "always", "cancelled")

Contexts = Mapping[str, Any]


class Every(list[Any]):
    """What `*` makes: the next step into it is taken by each of its parts."""


def value(text: str, contexts: Contexts) -> Any:
    """What an expression without its braces is worth; raises BadExpression."""
    return _value(parse(text), contexts)


def fill(given: Any, contexts: Contexts) -> Any:
    """Text, lists and objects with every `${{ }}` worked out; a text that is nothing but one
    expression becomes that expression's value, whatever its type."""
    if isinstance(given, Mapping):
        return {str(name): fill(part, contexts) for name, part in given.items()}
    if isinstance(given, list):
        return [fill(part, contexts) for part in given]
    if not isinstance(given, str) or "${{" not in given:
        return given
    whole = WHOLE.fullmatch(given)
    if whole:
        return value(whole["inside"], contexts)
    return INSIDE.sub(lambda found: text_of(value(found["inside"], contexts)), given)


def text(given: Any, contexts: Contexts) -> str:
    return text_of(fill(given, contexts))


def holds(condition: Any, contexts: Contexts) -> bool:
    """Whether an `if` lets through: without a status function of its own, only after success."""
    if condition is None or condition == "":
        return bool(value("success()", contexts))
    if not isinstance(condition, str):
        return truthy(condition) and bool(value("success()", contexts))
    whole = WHOLE.fullmatch(condition)
    inside = whole["inside"] if whole else condition
    if "${{" in inside:
        return truthy(fill(inside, contexts)) and bool(value("success()", contexts))
    tree = parse(inside)
    if not calls(tree) & set(STATUS):
        tree = Node("&&", None, (Node("call", "success"), tree))
    return truthy(_value(tree, contexts))


def truthy(found: Any) -> bool:
    if isinstance(found, float | int):
        return bool(found) and not math.isnan(found)
    return found not in (None, "") if not isinstance(found, Mapping | list) else True


def text_of(found: Any) -> str:
    match found:
        case None:
            return ""
        case bool():
            return "true" if found else "false"
        case float() if found.is_integer():
            return str(int(found))
        case list():
            return "Array"
        case Mapping():
            return "Object"
    return str(found)


def _value(tree: Node, contexts: Contexts) -> Any:
    match tree.kind:
        case "value":
            return tree.value
        case "name":
            return contexts.get(tree.value)
        case "not":
            return not truthy(_value(tree.parts[0], contexts))
        case "get":
            return _get(_value(tree.parts[0], contexts), tree.parts[1], contexts)
        case "call":
            return _call(tree, contexts)
        case "&&" | "||":
            left = _value(tree.parts[0], contexts)
            stays = truthy(left) == (tree.kind == "||")
            return left if stays else _value(tree.parts[1], contexts)
    return _compare(tree.kind, *(_value(part, contexts) for part in tree.parts))


def _get(found: Any, key: Node, contexts: Contexts) -> Any:
    if key.kind == "every":
        parts = found.values() if isinstance(found, Mapping) else found or []
        return Every(parts) if isinstance(parts, list | type({}.values())) else Every()
    name = _value(key, contexts)
    if isinstance(found, Every):
        picked = (_pick(part, name) for part in found)
        return Every(each for each in picked if each is not None)
    return _pick(found, name)


def _pick(found: Any, name: Any) -> Any:
    if isinstance(found, Mapping):
        wanted = text_of(name).lower()
        return next((part for key, part in found.items() if str(key).lower() == wanted), None)
    if isinstance(found, list) and isinstance(name, float | int) and 0 <= name < len(found):
        return found[int(name)]
    return None


def _compare(sign: str, left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        left, right = left.lower(), right.lower()
    elif type(left) is not type(right):
        left, right = _number(left), _number(right)
    match sign:
        case "==":
            return bool(left == right)
        case "!=":
            return bool(left != right)
    if not isinstance(left, str | float | int) or not isinstance(right, type(left) | float | int):
        return False
    signs: dict[str, Callable[[Any, Any], bool]] = {
        "<": lambda a, b: bool(a < b),
        "<=": lambda a, b: bool(a <= b),
        ">": lambda a, b: bool(a > b),
        ">=": lambda a, b: bool(a >= b),
    }
    return signs[sign](left, right)


def _number(found: Any) -> float:
    if found is None:
        return 0.0
    if isinstance(found, bool | float | int):
        return float(found)
    if isinstance(found, str):
        try:
            return float(found) if found.strip() else 0.0
        except ValueError:
            return math.nan
    return math.nan


def _call(tree: Node, contexts: Contexts) -> Any:
    given = [_value(part, contexts) for part in tree.parts]
    if tree.value in STATUS:
        state = contexts.get("status", "success")
        return tree.value == "always" or tree.value == state
    function = FUNCTIONS.get(tree.value)
    if function is None:
        raise BadExpression(f"there is no function {tree.value}() here")
    try:
        return function(*given)
    except (TypeError, IndexError, ValueError) as error:
        raise BadExpression(f"{tree.value}(): {error}") from error


def _contains(where: Any, what: Any) -> bool:
    if isinstance(where, list):
        return any(_compare("==", each, what) for each in where)
    return text_of(what).lower() in text_of(where).lower()


def _format(pattern: Any, *given: Any) -> str:
    def put(found: re.Match[str]) -> str:
        return found[0][0] if found[0] in ("{{", "}}") else text_of(given[int(found[1])])

    return re.sub(r"\{\{|\}\}|\{(\d+)\}", put, text_of(pattern))


def _join(parts: Any, between: Any = ",") -> str:
    return text_of(between).join(map(text_of, parts)) if isinstance(parts, list) else text_of(parts)


def _plain(found: Any) -> Any:
    """Numbers as JSON shows them: 3, not 3.0."""
    if isinstance(found, Mapping):
        return {name: _plain(part) for name, part in found.items()}
    if isinstance(found, list):
        return [_plain(part) for part in found]
    return int(found) if isinstance(found, float) and found.is_integer() else found


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "contains": _contains,
    "startswith": lambda a, b: text_of(a).lower().startswith(text_of(b).lower()),
    "endswith": lambda a, b: text_of(a).lower().endswith(text_of(b).lower()),
    "format": _format,
    "join": _join,
    "tojson": lambda a: json.dumps(_plain(a), indent=2, ensure_ascii=False),
    "fromjson": lambda a: json.loads(text_of(a)),
}
