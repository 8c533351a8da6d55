"""Where a value comes from."""

import pytest

from meta import manifest
from meta.errors import MetaError
from meta.explain import explain
from meta.model import Origin

ANY = {"type": "object"}
FLEET = manifest.parse(
    """\
owner: acme
organization: {teams: {core: {privacy: closed}}}
defaults:
  settings: {has_wiki: false}
  labels:
    bug: {color: d73a4a}
    bug fix: {color: b60205}
repos:
  api:
    files: {README.md: seeded}
    settings: {homepage: x}
""",
    path="repos.yaml",
    sections={"settings": ANY, "labels": ANY},
    owner_sections={"teams": ANY},
    kinds=(),
)
SECTIONS = {"label": "labels", "settings": "settings"}
WIKI = ("settings.has_wiki", False, Origin("repos.yaml", 4, 14, "defaults"))
HOMEPAGE = ("settings.homepage", "x", Origin("repos.yaml", 11, 16, "repos.api"))
BUG = ("labels.bug.color", "d73a4a", Origin("repos.yaml", 6, 11, "defaults"))
FIX = ("labels.bug fix.color", "b60205", Origin("repos.yaml", 7, 15, "defaults"))
README = ("files.README.md", "seeded", Origin("repos.yaml", 10, 13, "repos.api"))


@pytest.mark.parametrize("name", ["api", "acme/api"])
def test_without_a_path_every_value_is_explained(name):
    assert set(map(repr, explain(FLEET, name))) == set(
        map(repr, (WIKI, HOMEPAGE, BUG, FIX, README))
    )


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("settings", (WIKI, HOMEPAGE)),
        ("settings.homepage", (HOMEPAGE,)),
        ("files.README.md", (README,)),
        ("labels.bug", (BUG,)),
        ("label bug", (BUG,)),
        ("label bug fix", (FIX,)),
        ("acme/api label bug", (BUG,)),
        ("settings repository", (WIKI, HOMEPAGE)),
    ],
)
def test_a_path_or_what_a_plan_shows_narrows_it_down(path, rows):
    assert explain(FLEET, "api", path, sections=SECTIONS) == rows


def test_the_owner_is_explained_by_its_own_name():
    assert explain(FLEET, "acme") == (
        ("teams.core.privacy", "closed", Origin("repos.yaml", 2, 31, "organization")),
    )


@pytest.mark.parametrize(
    ("repo", "path", "words", "hint"),
    [
        (
            "apj",
            "",
            'repos.yaml: found no "apj", expected a repository of this manifest',
            'did you mean "api"?',
        ),
        (
            "api",
            "setting.has_wiki",
            "acme/api: found nothing declared at setting.has_wiki, expected a path of its entry",
            'did you mean "settings.has_wiki"?',
        ),
        (
            "api",
            "label bugg",
            "acme/api: found nothing declared at labels.bugg, expected a path of its entry",
            'did you mean "labels.bug"?',
        ),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest_one(repo, path, words, hint):
    with pytest.raises(MetaError) as caught:
        explain(FLEET, repo, path, sections=SECTIONS)
    assert (str(caught.value), caught.value.hint) == (words, hint)
