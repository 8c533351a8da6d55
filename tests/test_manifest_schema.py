"""The published JSON Schema, and the fleet's own manifest."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from meta import manifest
from meta.kinds import KINDS, OWNER_SECTIONS, PRUNABLE, SECTIONS, scope_of

ROOT = Path(__file__).parents[1]
FLEET = ROOT / "repos.yaml"
PUBLISHED = ROOT / "meta" / "schema" / "repos.schema.json"


def errors(text: str) -> list[str]:
    schema = manifest.schema(SECTIONS, OWNER_SECTIONS, PRUNABLE)
    data = YAML(typ="safe", pure=True).load(text)
    return [error.json_path for error in Draft202012Validator(schema).iter_errors(data)]


def test_the_published_schema_is_the_one_that_the_kinds_make():
    expected = manifest.schema(SECTIONS, OWNER_SECTIONS, PRUNABLE)
    assert json.loads(PUBLISHED.read_text()) == expected, "run scripts/docs"


def test_the_published_schema_is_a_schema():
    Draft202012Validator.check_schema(json.loads(PUBLISHED.read_text()))


def test_the_first_line_of_the_manifest_leads_editors_to_the_schema():
    first = FLEET.read_text().splitlines()[0]
    start, _, path = first.partition("$schema=")
    assert start == "# yaml-language-server: "
    assert (FLEET.parent / path).resolve() == PUBLISHED


@pytest.mark.parametrize("name", [k for k, kind in KINDS.items() if kind.SCHEMA])
def test_the_examples_of_every_kind_keep_the_schema(name):
    kind = KINDS[name]
    for text in (kind.EXAMPLE, kind.THEN):
        body = json.dumps(YAML(typ="safe", pure=True).load(text))
        own = scope_of(kind) == "owner"
        said = f"organization: {body}, repos: {{}}" if own else f"repos: {{api: {body}}}"
        assert errors(f"{{owner: acme, {said}}}") == []


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("{owner: acme, repos: {api: null}}", []),
        ("{owner: acme, repos: {api: {labels: {bug: null}, template: null}}}", []),
        ("{owner: acme, defaults: {template: {version: v1}}, repos: {}}", []),
        ("{repos: {}}", ["$"]),
        ("{owner: acme, repos: {api: {labels: {bug: {colour: x}}}}}", ["$.repos.api.labels.bug"]),
        ("{owner: acme, repos: {}, prune: [nothing]}", ["$.prune[0]"]),
    ],
)
def test_an_editor_sees_what_the_check_sees(text, paths):
    assert errors(text) == paths


def test_the_fleet_is_six_repositories_that_build_on_each_other():
    fleet = manifest.parse(
        FLEET.read_text(),
        path="repos.yaml",
        sections=SECTIONS,
        owner_sections=OWNER_SECTIONS,
        kinds=PRUNABLE,
    )
    assert (fleet.owner, fleet.host, fleet.home) == ("piksel-ina", "github.com", "piksel-meta")
    assert {each.name: each.spec.get("needs", []) for each in fleet.entries if each.name} == {
        "piksel-infra": [],
        "piksel-core": ["piksel-infra"],
        "piksel-jupyter": ["piksel-core"],
        "piksel-geo-services": ["piksel-core"],
        "piksel-website": ["piksel-geo-services", "piksel-jupyter"],
        "piksel-meta": [],
    }
    teams = fleet.entries[0].spec["teams"]
    for each in fleet.entries[1:]:
        assert each.spec["answers"]["kind"] == each.name.removeprefix("piksel-")
        assert set(each.spec["teams"]) <= set(teams)
        assert set(each.spec["environments"]) == {"dev", "production"}
        assert each.spec["settings"]["description"]


def test_the_example_in_the_reference_is_a_manifest_that_holds_what_it_says():
    page = (ROOT / "docs" / "reference" / "manifest.md").read_text()
    fleet = manifest.parse(
        page.split("```yaml\n")[1].split("```")[0],
        path="repos.yaml",
        sections=SECTIONS,
        owner_sections=OWNER_SECTIONS,
        kinds=PRUNABLE,
    )
    specs = {each.name: each.spec for each in fleet.entries}
    assert list(specs["acme-auth"]["labels"]) == ["bug", "later"]
    assert list(specs["acme-billing"]["labels"]) == ["bug"]
    assert specs["acme-billing"]["workflows"] == ["deploy"]
    assert "template" not in specs["acme-legacy"]
    assert specs["acme-meta"]["settings"] == {"delete_branch_on_merge": True}
