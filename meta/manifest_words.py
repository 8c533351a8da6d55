"""What JSON Schema has against a value -> a problem in our own words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol, cast

from jsonschema.exceptions import ValidationError

from meta.errors import MetaError
from meta.manifest_read import Path
from meta.suggest import hint as suggest

MANUAL = "see docs/reference/manifest.md"

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a map",
}
_BOOLEANS = {"yes": "true", "on": "true", "no": "false", "off": "false"}


class Places(Protocol):
    """Where the parts of a value stand in the manifest, and how they are written there."""

    def where(self, path: Path) -> str: ...
    def where_key(self, path: Path) -> str: ...
    def name(self, path: Path) -> str: ...
    def text(self, path: Path) -> str: ...


class Complaint(Protocol):
    """What jsonschema says of one value; its types allow for parts that are never unset here."""

    instance: Any
    schema: Mapping[str, Any]
    validator_value: Any


def problems(error: ValidationError, places: Places) -> Iterator[tuple[Path, MetaError]]:
    """Each problem and the path of the value that has it."""
    path = tuple(error.absolute_path)
    said = cast(Complaint, error)
    if "propertyNames" in error.absolute_schema_path:
        yield _bad_key(said, path, places)
        return
    match error.validator:
        case "additionalProperties":
            yield from _unknown_keys(said, path, places)
        case "required":
            yield from _missing_keys(said, path, places)
        case "uniqueItems":
            yield from _repeated(said, path, places)
        case "anyOf" | "oneOf" if branch := _branch(error):
            for inner in branch:
                yield from problems(inner, places)
        case _:
            yield path, _bad_value(said, path, places)


def shown(value: Any, text: str = "") -> str:
    """A value as the reader knows it; `text` is how it is written. No passwords of URLs."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {text or value}"
        case str():
            safe = re.sub(r"(?<=://)[^/@\s]*@", "***@", value)
            return f'"{safe if len(safe) <= 60 else safe[:57] + "..."}"'
        case Mapping():
            return "a map" if value else "an empty map"
        case _:
            return "a list" if value else "an empty list"


def expected(schema: Mapping[str, Any]) -> str:
    """What a schema asks for."""
    if "patternErrorMessage" in schema:
        return str(schema["patternErrorMessage"])
    if "enum" in schema:
        return _one_of(schema["enum"])
    if "const" in schema:
        return shown(schema["const"])
    branches = schema.get("anyOf") or schema.get("oneOf")
    if branches:
        words = dict.fromkeys(expected(branch) for branch in branches)
        return " or ".join(word for word in words if word != "nothing")
    names = schema.get("type", ())
    names = [names] if isinstance(names, str) else [name for name in names if name != "null"]
    kinds = " or ".join(_TYPES.get(name, "nothing") for name in names) or "another value"
    return kinds + _limits(schema)


def _one_of(values: list[Any]) -> str:
    names = [str(value) for value in values if value is not None]
    return names[0] if len(names) == 1 else f"one of {', '.join(names)}"


def _limits(schema: Mapping[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    words = {
        "minimum": "of at least {}",
        "maximum": "of at most {}",
        "minLength": "of at least {} characters",
        "maxLength": "of at most {} characters",
        "minItems": "of at least {} items",
        "maxItems": "of at most {} items",
        "minProperties": "with at least {} keys",
        "pattern": "that matches {}",
    }
    said = [form.format(schema[key]) for key, form in words.items() if key in schema]
    text = f" {' and '.join(said)}" if said else ""
    return re.sub(r"\b1 (character|item|key)s\b", r"1 \1", text)


def _in(path: Path, places: Places) -> str:
    return f" in {places.name(path)}" if path else ""


def _bad_value(error: Complaint, path: Path, places: Places) -> MetaError:
    value, text = error.instance, places.text(path)
    message = f"found {shown(value, text)}{_in(path, places)}, expected {expected(error.schema)}"
    where = places.where_key(path) if value is None else places.where(path)
    return MetaError(message, where=where, hint=_fix(value, text, error.schema))


def _fix(value: Any, text: str, schema: Mapping[str, Any]) -> str:
    wanted = expected(schema)
    match value:
        case None:
            return "give it a value, or take the line out"
        case int() | float() if _takes_text(schema):
            return f'put it in quotes: "{text}"'
        case str() if wanted == "true or false" and value.lower() in _BOOLEANS:
            return f"write {_BOOLEANS[value.lower()]}"
        case str() if wanted.startswith("a list"):
            return f"write it as a list: [{value}]"
        case str() if "enum" in schema:
            names = [str(name) for name in schema["enum"] if name is not None]
            return suggest(value, names, "choose one of them")
        case _ if "examples" in schema:
            return f"for example {' or '.join(map(str, schema['examples']))}"
        case _:
            return MANUAL


def _takes_text(schema: Mapping[str, Any]) -> bool:
    names = schema.get("type", ())
    return "string" in ([names] if isinstance(names, str) else names)


def _bad_key(error: Complaint, path: Path, places: Places) -> tuple[Path, MetaError]:
    key = str(error.instance)
    where = places.where_key((*path, key))
    message = f"found the name {shown(key)}{_in(path, places)}, expected {expected(error.schema)}"
    examples = error.schema.get("examples")
    hint = f"for example {examples[0]}" if examples else "rename it"
    return (*path, key), MetaError(message, where=where, hint=hint)


def _unknown_keys(error: Complaint, path: Path, places: Places) -> Iterator[tuple[Path, MetaError]]:
    known = sorted(error.schema.get("properties", ()))
    patterns = error.schema.get("patternProperties", ())
    for key in error.instance:
        if key in known or any(re.search(pattern, key) for pattern in patterns):
            continue
        message = f"found the unknown key {key}{_in(path, places)}, expected {_one_of(known)}"
        hint = suggest(str(key), known, "take it out")
        place = (*path, key)
        yield place, MetaError(message, where=places.where_key(place), hint=hint)


def _missing_keys(error: Complaint, path: Path, places: Places) -> Iterator[tuple[Path, MetaError]]:
    for key in error.validator_value:
        if key not in error.instance:
            message = f"found no {key}{_in(path, places)}, expected {_wanted(error.schema, key)}"
            hint = f"add `{key}: ...`"
            yield path, MetaError(message, where=places.where_key(path), hint=hint)


def _wanted(schema: Mapping[str, Any], key: str) -> str:
    part = schema.get("properties", {}).get(key, {})
    return "one" if "$ref" in part or not part else expected(part)


def _repeated(error: Complaint, path: Path, places: Places) -> Iterator[tuple[Path, MetaError]]:
    items = error.instance
    for index, item in enumerate(items):
        if item in items[:index]:
            place = (*path, index)
            message = f"found {shown(item)}{_in(path, places)} a second time, expected it once"
            yield place, MetaError(message, where=places.where(place), hint="take one of them out")


def _branch(error: ValidationError) -> list[ValidationError]:
    """The complaints of the one alternative that fits the value's type, if there is one."""
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.schema_path[0], []).append(inner)
    fitting = [
        inner
        for inner in branches.values()
        if not any(e.validator == "type" and not e.path for e in inner)
    ]
    return fitting[0] if len(fitting) == 1 else []
