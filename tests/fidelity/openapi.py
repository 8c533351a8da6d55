"""GitHub's OpenAPI description -> which operation a request is, and whether its answer fits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.fidelity import outside

ROOT = "urn:github"
#: Parameters that take a path with slashes in it.
LONG = ("path", "ref", "branch", "basehead", "name")

#: Described for some operations alone, and GitHub's answer for all whose subject is not there:
#: recorded is the usual body also where none is described (PyGithub, PullRequest.testMerge).
MISSING = 404


@dataclass(frozen=True)
class Operation:
    """`path` is GitHub's template, `name` its operation id, `docs` the page about it."""

    method: str
    path: str
    name: str
    docs: str
    responses: dict[str, Any]


class Description:
    """GitHub's own description, its nullable things told in the words of JSON Schema."""

    def __init__(self, text: str) -> None:
        self.raw = json.loads(text)
        root = {"components": _plain(self.raw["components"])}
        resource = Resource.from_contents(root, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(ROOT, resource)
        self._paths = sorted(
            ((path.count("{"), -len(path), _pattern(path), path) for path in self.raw["paths"]),
            key=lambda each: each[:2],
        )

    def operation(self, method: str, path: str) -> Operation | None:
        """What a request is, by the path that it went to."""
        for *_, pattern, template in self._paths:
            found = self.raw["paths"][template].get(method.lower())
            if found and pattern.fullmatch(path):
                docs = found.get("externalDocs", {}).get("url", "")
                responses = found["responses"]
                return Operation(method, template, found["operationId"], docs, responses)
        return None

    def faults(self, operation: Operation, status: int, body: Any) -> Iterator[tuple[str, str]]:
        """Where an answer differs, and how: `("items.*.body", "12 is not of type 'string'")`."""
        answer = operation.responses.get(str(status))
        if status == MISSING and not {"$ref", "content"} & set(answer or {}):
            answer = {"$ref": "#/components/responses/not_found"}
        if answer is None:
            known = ", ".join(operation.responses)
            yield "status", f"{status} is not documented, only {known}"
            return
        if "$ref" in answer:
            answer = self.raw["components"]["responses"][answer["$ref"].rpartition("/")[2]]
        content = answer.get("content") or {}
        if "application/json" not in content:
            if body is not None and not content:
                yield "body", "a body where none is documented"
            return
        shape = _plain(content["application/json"].get("schema", {}))
        for error in Draft202012Validator(shape, registry=self._registry).iter_errors(body):
            yield _where(error)


@cache
def description() -> Description:
    return Description(outside.openapi().read_text("utf-8"))


def _plain(schema: Any) -> Any:
    """OpenAPI 3.0's `nullable` as JSON Schema has it; an `enum` that is nullable takes null too."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _plain(value) for name, value in schema.items() if name != "discriminator"}
    reference = made.get("$ref")
    if isinstance(reference, str) and reference.startswith("#"):
        made["$ref"] = ROOT + reference
    if made.pop("nullable", False) is True:
        return {"anyOf": [made, {"type": "null"}]}
    return made


def _pattern(template: str) -> re.Pattern[str]:
    parts = (
        (r"(.+)" if part[1:-1] in LONG else r"([^/]+)") if part.startswith("{") else re.escape(part)
        for part in re.split(r"(\{\w+\})", template)
    )
    return re.compile("".join(parts))


def _where(error: ValidationError) -> tuple[str, str]:
    """The innermost reason: of alternatives, the one that went furthest."""
    best, path = error, list(error.absolute_path)
    while best.context:
        best = max(best.context, key=lambda each: (len(each.path), -len(each.message)))
        path = list(best.absolute_path)
    return ".".join("*" if isinstance(each, int) else str(each) for each in path), best.message
