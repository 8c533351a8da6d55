"""The sections of kinds -> one JSON Schema of repos.yaml, for editors and for the check. Pure.

Keywords beside JSON Schema's own: `patternErrorMessage` says in words what a text has to be
(editors that speak YAML show it too).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

Schema = Mapping[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_REPOSITORY = {
    "type": "string",
    "pattern": r"^(?!\.{1,2}$)(?!.*\.(git|wiki)$)[A-Za-z0-9._-]{1,100}$",
    "patternErrorMessage": (
        "a repository name: at most 100 letters, digits, dots, dashes and underscores, "
        "not ending in .git or .wiki"
    ),
    "examples": ["piksel-core"],
}
_FILE = {
    "type": "string",
    "pattern": r"^(?!/)(?!.*(^|/)\.\.(/|$))[^\\\x00]+$",
    "patternErrorMessage": "a path inside the repository, with / between folders",
    "examples": ["docs/plan.md"],
}
_OWNER = {
    "description": "The organization or user whose repositories these are.",
    "type": "string",
    "pattern": "^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,37}[A-Za-z0-9])?$",
    "patternErrorMessage": "the login of an organization or user",
    "examples": ["acme"],
}
_HOST = {
    "description": "The GitHub server; github.com unless given.",
    "type": "string",
    "pattern": r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?$",
    "patternErrorMessage": "a host name in lower case, without https://",
    "examples": ["github.com"],
}
_TEMPLATE: Schema = {
    "description": "The template that this repository is rendered from; null for none.",
    "type": "object",
    "additionalProperties": False,
    "required": ["source", "version"],
    "properties": {
        "source": {
            "description": "Where the template lives: a URL, never a local path.",
            "type": "string",
            "pattern": (
                r"^(gh:|https://[A-Za-z0-9.-]+(:\d+)?/)"
                r"[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9._-]+$"
            ),
            "patternErrorMessage": (
                "the URL of a repository, never a local path, and no user or password in it"
            ),
            "examples": ["gh:owner/name", "https://github.com/owner/name"],
        },
        "version": {
            "description": "The tag of the template to render.",
            "type": "string",
            "pattern": r"^[A-Za-z0-9_][^\s~^:?*\[\\]*$",
            "patternErrorMessage": "a tag of the template",
            "examples": ["v1.2.0"],
        },
    },
}

#: What an entry may hold besides the sections of kinds.
OWN: Mapping[str, Schema] = {
    "template": _TEMPLATE,
    "answers": {
        "description": "Answers to the template's questions.",
        "type": "object",
        "propertyNames": {
            "pattern": "^[^_]",
            "patternErrorMessage": "the name of a question; names with _ in front are Copier's own",
        },
    },
    "files": {
        "description": (
            "Whose a file is, by path or glob: managed (always as rendered), merged (three-way), "
            "seeded (created once, then the repository's own), absent."
        ),
        "type": "object",
        "propertyNames": _FILE,
        "additionalProperties": {"enum": ["managed", "merged", "seeded", "absent"]},
    },
    "workflows": {
        "description": "Shared workflows that the repository gets.",
        "type": "array",
        "uniqueItems": True,
        "items": {
            "type": "string",
            "pattern": r"^(?!.*\.ya?ml$)[A-Za-z0-9][A-Za-z0-9._-]*$",
            "patternErrorMessage": "the name of a shared workflow, without .yml",
            "examples": ["hygiene"],
        },
    },
    "needs": {
        "description": "Repositories of this manifest that this component builds on.",
        "type": "array",
        "uniqueItems": True,
        "items": _REPOSITORY,
    },
}


def schema(
    sections: Mapping[str, Schema], owner_sections: Mapping[str, Schema], kinds: Collection[str]
) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of the whole file.

    `sections` are those that a repository's entry may have, `owner_sections` those of
    `organization:`, `kinds` the names that `prune:` may hold. A layer may say a part only, so
    nothing inside a section is required here, and null is allowed wherever it can remove.
    """
    known = {**sections, **OWN}
    parts = {name: {"$ref": f"#/$defs/section-{name}"} for name in sorted(known)}
    group = {"match": _match("properties" in sections), **parts}
    owned = {name: nullable(lenient(part)) for name, part in sorted(owner_sections.items())}
    return {
        "$schema": DRAFT,
        "title": "repos.yaml",
        "description": "The state that a fleet of GitHub repositories is kept in.",
        **_map(_top(sorted(kinds))),
        "required": ["owner", "repos"],
        "$defs": {
            **{f"section-{name}": nullable(lenient(known[name])) for name in sorted(known)},
            "entry": {**_map(parts), "type": ["object", "null"]},
            "group": {**_map(group), "required": ["match"]},
            "organization": {**_map(owned), "type": ["object", "null"]},
        },
    }


def _map(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": dict(properties)}


def _top(kinds: list[str]) -> dict[str, Any]:
    return {
        "owner": _OWNER,
        "host": _HOST,
        "home": {**_REPOSITORY, "description": "The repository that this manifest lives in."},
        "defaults": {"$ref": "#/$defs/entry", "description": "What every repository gets."},
        "groups": {
            "description": "What some repositories get besides, in the order written.",
            "type": ["object", "null"],
            "additionalProperties": {"$ref": "#/$defs/group"},
        },
        "organization": {
            "$ref": "#/$defs/organization",
            "description": "What the owner itself gets.",
        },
        "repos": {
            "description": "The repositories by name; null for one that adds nothing.",
            "type": "object",
            "propertyNames": _REPOSITORY,
            "additionalProperties": {"$ref": "#/$defs/entry"},
        },
        "roadmap": {
            "description": "The execution plan, and the board that shows it.",
            "required": ["file"],
            **_map({"file": _FILE, "board": {"type": "string", "minLength": 1}}),
        },
        "prune": {
            "description": "Kinds whose undeclared things are deleted.",
            "type": "array",
            "uniqueItems": True,
            "items": {"enum": kinds},
        },
    }


def _match(properties: bool) -> dict[str, Any]:
    text = {"type": "string", "minLength": 1}
    ways: dict[str, Any] = {
        "name": {**text, "description": "A glob that the repository's name fits."},
        "topic": {**text, "description": "A topic that its entry, or defaults, declares."},
    }
    if properties:
        ways["property"] = {
            "description": "Custom properties that its entry, or defaults, declares.",
            "type": "object",
            "additionalProperties": {"type": "string"},
        }
    return {
        "description": "Which repositories belong to the group: all that is given must hold.",
        **_map(ways),
        "minProperties": 1,
    }


def lenient(part: Schema) -> dict[str, Any]:
    """The schema of a fragment: one layer may leave out what another one says."""
    out = {k: v for k, v in part.items() if k not in ("required", "minProperties", "oneOf")}
    for key in ("properties", "patternProperties"):
        if key in part:
            out[key] = {name: nullable(lenient(sub)) for name, sub in part[key].items()}
    if isinstance(part.get("additionalProperties"), Mapping):
        out["additionalProperties"] = nullable(lenient(part["additionalProperties"]))
    for key in ("anyOf", "oneOf"):
        if key in part:  # branches that lost what they require may hold together: any will do
            out["anyOf"] = [lenient(sub) for sub in part[key]]
    return out


def nullable(part: Schema) -> dict[str, Any]:
    """The same schema, with null besides."""
    if "anyOf" in part:
        return {**part, "anyOf": [*part["anyOf"], {"type": "null"}]}
    if "const" in part or "$ref" in part:
        return {"anyOf": [part, {"type": "null"}]}
    out = dict(part)
    if "enum" in part:
        out["enum"] = [*part["enum"], None]
    if "type" in part:
        kinds = part["type"] if isinstance(part["type"], list) else [part["type"]]
        out["type"] = [*kinds, *(["null"] if "null" not in kinds else [])]
    return out
