"""Reading a manifest: what an entry ends up with, and where each value was written."""

from textwrap import dedent

import pytest

from meta import manifest
from meta.errors import ManifestError
from meta.model import Manifest, Origin, Roadmap

TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
SECTIONS = {
    "settings": {"type": "object", "additionalProperties": {"type": ["string", "boolean"]}},
    "topics": {"type": "array", "items": {"type": "string"}},
    "labels": {"type": "object", "additionalProperties": {**TEXTS, "required": ["color"]}},
    "branches": {"type": "object", "additionalProperties": TEXTS},
    "properties": TEXTS,
}
OWNER_SECTIONS = {"teams": {"type": "object", "additionalProperties": TEXTS}}


def parse(text: str) -> Manifest:
    return manifest.parse(
        dedent(text),
        path="repos.yaml",
        sections=SECTIONS,
        owner_sections=OWNER_SECTIONS,
        kinds={"label"},
    )


def problems(text: str) -> list[str]:
    with pytest.raises(ManifestError) as caught:
        parse(text)
    return [str(problem) for problem in caught.value.problems]


def entry(text: str, name: str):
    return next(each for each in parse(text).entries if each.name == name)


def test_the_smallest_manifest_has_an_owner_and_no_repositories():
    assert parse("{owner: acme, repos: {}}") == Manifest("repos.yaml", "acme", "github.com", ())


def test_everything_a_manifest_can_say_besides_its_repositories():
    fleet = parse("""
        owner: acme
        host: github.acme.example
        home: plans
        roadmap: {file: docs/plan.md, board: The plan}
        prune: [label]
        organization: {teams: {core: {description: Everyone}}}
        repos: {plans: null, api: null}
    """)
    assert (fleet.owner, fleet.host, fleet.home) == ("acme", "github.acme.example", "plans")
    assert fleet.roadmap == Roadmap("docs/plan.md", "The plan")
    assert fleet.prune == {"label"}
    assert [(each.scope, each.spec) for each in fleet.entries] == [
        ("acme", {"teams": {"core": {"description": "Everyone"}}}),
        ("acme/plans", {}),
        ("acme/api", {}),
    ]


def test_a_roadmap_may_have_no_board():
    assert parse("{owner: acme, repos: {}, roadmap: {file: p.md}}").roadmap == Roadmap("p.md", "")


LAYERS = """
    owner: acme
    defaults:
      settings: {homepage: one, has_wiki: false}
      topics: [web, service]
      labels:
        bug: {color: d73a4a, description: Broken}
        idea: {color: a2eeef}
    groups:
      all: {match: {name: "*"}, settings: {homepage: two}}
    repos:
      api:
        settings: {homepage: three}
        topics: [api]
        labels:
          bug: {color: b60205}
          idea: null
      web:
        settings: null
        labels: {idea: {description: Maybe}}
"""


def test_maps_merge_by_key_while_scalars_and_lists_replace_and_null_removes():
    assert entry(LAYERS, "api").spec == {
        "settings": {"homepage": "three", "has_wiki": False},
        "topics": ["api"],
        "labels": {"bug": {"color": "b60205", "description": "Broken"}},
    }


def test_null_makes_a_whole_section_unmanaged():
    assert entry(LAYERS, "web").spec == {
        "topics": ["web", "service"],
        "labels": {
            "bug": {"color": "d73a4a", "description": "Broken"},
            "idea": {"color": "a2eeef", "description": "Maybe"},
        },
    }


def test_every_leaf_knows_the_line_and_the_layer_that_wrote_it():
    origins = entry(LAYERS, "api").origins
    assert origins == {
        ("settings", "homepage"): Origin("repos.yaml", 13, 16, "repos.api"),
        ("settings", "has_wiki"): Origin("repos.yaml", 4, 29, "defaults"),
        ("topics",): Origin("repos.yaml", 14, 5, "repos.api"),
        ("labels", "bug", "color"): Origin("repos.yaml", 16, 13, "repos.api"),
        ("labels", "bug", "description"): Origin("repos.yaml", 7, 26, "defaults"),
    }
    web = parse(LAYERS.replace("settings: null", "topics: null")).entries[1]
    assert str(web.origins["settings", "homepage"]) == "repos.yaml:10:40 (groups.all)"


def test_an_empty_map_is_declared_and_has_an_origin():
    api = entry("{owner: acme, repos: {api: {branches: {dev: {}}}}}", "api")
    assert api.spec == {"branches": {"dev": {}}}
    assert api.origins == {("branches", "dev"): Origin("repos.yaml", 1, 40, "repos.api")}


def test_a_label_that_two_layers_describe_is_complete_only_with_both():
    text = """
        owner: acme
        defaults: {labels: {bug: {description: Broken}}}
        repos:
          api: {labels: {bug: {color: d73a4a}}}
          web:
    """
    assert problems(text) == ["repos.yaml:3:21: found no color in labels.bug, expected one"]
    assert parse(text.replace("web:", "")).entries[0].spec["labels"]["bug"] == {
        "description": "Broken",
        "color": "d73a4a",
    }


GROUPS = """
    owner: acme
    defaults: {topics: [web], properties: {tier: gold}}
    groups:
      named: {match: {name: "api-*"}, settings: {a: named}}
      topical: {match: {topic: web}, settings: {b: topical}}
      proper: {match: {property: {tier: gold}}, settings: {c: proper}}
      both: {match: {name: "*-two", topic: service}, settings: {d: both}}
    repos:
      API-one: {topics: [service]}
      web-two: {properties: {tier: silver}}
      api-two: {topics: [web, service], properties: null}
"""


def test_a_group_applies_where_all_of_its_match_holds():
    assert {each.name: set(each.spec["settings"]) for each in parse(GROUPS).entries} == {
        "API-one": {"a", "c"},
        "web-two": {"b"},
        "api-two": {"a", "b", "d"},
    }


def test_a_match_by_property_needs_a_section_of_that_name():
    text = "{owner: acme, groups: {g: {match: {property: {tier: gold}}}}, repos: {}}"
    with pytest.raises(ManifestError, match=r"found the unknown key property in groups\.g\.match"):
        manifest.parse(text, path="f", sections={}, owner_sections={}, kinds=())


TWO_GROUPS = """
    owner: acme
    defaults: {{settings: {{a: zero}}}}
    groups:
      one: {{match: {{name: "*"}}, settings: {one}}}
      two: {{match: {{name: "*"}}, settings: {two}}}
    repos:
      api: {entry}
"""


@pytest.mark.parametrize(
    ("one", "two"),
    [("{a: x}", "{a: y}"), ("{a: x}", "{a: null}"), ("{a: null}", "{a: x}"), ("{a: true}", "null")],
)
def test_groups_that_set_one_thing_differently_are_refused(one, two):
    [problem] = problems(TWO_GROUPS.format(one=one, two=two, entry="null"))
    assert "in groups.two" in problem
    assert "in groups.one (repos.yaml:5:" in problem


@pytest.mark.parametrize(
    ("one", "two"), [("{a: x}", "{a: x}"), ("{a: x}", "{b: y}"), ("{a: x}", "{}")]
)
def test_groups_that_agree_or_speak_of_different_things_are_merged(one, two):
    api = entry(TWO_GROUPS.format(one=one, two=two, entry="null"), "api")
    assert api.spec["settings"]["a"] == "x"


@pytest.mark.parametrize(
    ("own", "result"),
    [("{settings: {a: mine}}", {"a": "mine"}), ("{settings: {a: null}}", {})],
)
def test_the_entry_decides_where_groups_disagree(own, result):
    api = entry(TWO_GROUPS.format(one="{a: x}", two="{a: y}", entry=own), "api")
    assert api.spec["settings"] == result


def test_true_and_the_text_true_are_not_the_same_thing():
    [problem] = problems(TWO_GROUPS.format(one="{a: true}", two='{a: "true"}', entry="null"))
    assert 'found "true" for settings.a in groups.two and true in groups.one' in problem


def test_what_a_later_layer_says_about_files_comes_later_because_the_last_glob_counts():
    text = """
        owner: acme
        defaults: {files: {README.md: seeded, "*.md": merged}}
        repos: {api: {files: {README.md: managed}}}
    """
    assert list(entry(text, "api").spec["files"]) == ["*.md", "README.md"]


def test_names_are_text_however_they_are_written():
    api = entry("owner: acme\nrepos: {api: {labels: {404: {color: a}, true: {color: b}}}}", "api")
    assert list(api.spec["labels"]) == ["404", "true"]


def test_no_problem_hides_another_one():
    assert problems("""
        owner: acme
        home: plans
        repos:
          api: {topics: web, needs: [wbe]}
          web: {template: {version: v1}, needs: [web]}
    """) == [
        'repos.yaml:3:7: found "plans" in home, expected a repository of this manifest',
        'repos.yaml:5:17: found "web" in repos.api.topics, expected a list',
        'repos.yaml:5:30: found "wbe" in repos.api.needs, expected a repository of this manifest',
        "repos.yaml:6:9: found no source in template, expected the URL of a repository, "
        "never a local path, and no user or password in it",
        "repos.yaml:6:42: found needs that go in a circle: web -> web, expected an order in "
        "which each can come after what it needs",
    ]


def test_a_password_in_a_url_is_not_repeated():
    [problem] = problems(
        "{owner: acme, repos: {a: {template: {version: v1, source: https://u:pw@h.io/a/b}}}}"
    )
    assert "pw" not in problem.replace("password", "")


def test_a_thousand_repositories_in_a_row_of_needs_are_read():
    rows = "".join(f"  r{i + 1}: {{needs: [r{i}]}}\n" for i in range(1000))
    assert len(parse(f"owner: acme\nrepos:\n  r0:\n{rows}").entries) == 1001
