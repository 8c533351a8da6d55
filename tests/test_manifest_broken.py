"""Manifests that say something wrong, each with the words that answer it."""

from pathlib import Path

import pytest

from meta import manifest
from meta.errors import ManifestError

BROKEN = sorted((Path(__file__).parent / "manifests" / "broken").glob("*.yaml"))
TEXT = {"type": "string"}
FIELDS = {"type": "object", "additionalProperties": False}
SECTIONS = {
    "settings": {**FIELDS, "properties": {"homepage": TEXT, "has_wiki": {"type": "boolean"}}},
    "topics": {"type": "array", "items": TEXT, "uniqueItems": True},
    "labels": {
        "type": "object",
        "additionalProperties": {
            **FIELDS,
            "required": ["color"],
            "properties": {
                "color": {
                    "type": "string",
                    "pattern": "^[0-9a-f]{6}$",
                    "patternErrorMessage": "six hexadecimal digits",
                    "examples": ["d73a4a"],
                },
                "description": TEXT,
            },
        },
    },
    "rulesets": {
        "type": "object",
        "additionalProperties": {
            **FIELDS,
            "properties": {"approvals": {"type": "integer", "minimum": 0, "maximum": 10}},
        },
    },
    "environments": {
        "type": "object",
        "additionalProperties": {
            **FIELDS,
            "properties": {"wait_timer": {"type": "integer", "minimum": 0, "maximum": 43200}},
        },
    },
    "teams": {
        "type": "object",
        "additionalProperties": {"enum": ["pull", "triage", "push", "maintain", "admin"]},
    },
}
OWNER_SECTIONS = {
    "teams": {
        "type": "object",
        "additionalProperties": {**FIELDS, "properties": {"privacy": {"enum": ["closed"]}}},
    }
}
KINDS = {"label", "ruleset", "environment"}


def answer(text: str) -> str:
    """Every problem as one line, and what to do about it below."""
    with pytest.raises(ManifestError) as caught:
        manifest.parse(
            text,
            path="repos.yaml",
            sections=SECTIONS,
            owner_sections=OWNER_SECTIONS,
            kinds=KINDS,
        )
    return "".join(f"{p}\n    {p.hint}\n" for p in caught.value.problems)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_manifest_is_answered_word_for_word(path):
    assert answer(path.read_text()) == path.with_suffix(".txt").read_text()


def test_there_are_at_least_twenty_broken_manifests():
    assert len(BROKEN) >= 20
