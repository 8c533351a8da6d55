"""What each kind renders to."""

from __future__ import annotations

import ast
import json
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.templates.rendering import KINDS, Source, check, files, render, run, tool

COMMON = {
    ".copier-answers.yml",
    ".editorconfig",
    ".github/CODEOWNERS",
    ".github/workflows/ci.yml",
    ".gitignore",
    "LICENSE",
    "README.md",
    "checks/__main__.py",
    "checks/documents.py",
}

#: The folders that the strategy draws, `.github/workflows` of each repository left out.
FOLDERS = {
    "infra": {
        "terraform",
        "terraform/ec2-deployment",
        "terraform/kubernetes-deployment",
        "terraform/shared-resources",
    },
    "core": {"docker", "products"},
    "jupyter": {"docker", "notebooks"},
    "geo-services": {"wcs-wms", "stac"},
    "website": {"public"},
    "meta": {
        "docs",
        "docs/architecture",
        "docs/deployment",
        "docs/operations",
        "deployment",
        "deployment/scripts",
        "deployment/config",
        "scripts",
        "scripts/development",
        "scripts/monitoring",
    },
}

OTHER = {
    "organization": "nusantara-eo",
    "prefix": "samudra",
    "aws_region": "eu-west-1",
    "code_owners": "@nusantara-eo/core @dewi",
    "copyright_holder": "Nusantara EO",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_repository_holds_its_folders_and_what_every_repository_holds(
    fleet: dict[str, Path], kind: str
) -> None:
    paths = files(fleet[kind]).keys()
    folders = {parent.as_posix() for path in paths for parent in Path(path).parents}
    assert paths >= COMMON
    assert folders >= FOLDERS[kind] | {".github/workflows"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_that_a_program_reads_can_be_read(fleet: dict[str, Path], kind: str) -> None:
    for path in files(fleet[kind]).values():
        text = path.read_text(encoding="utf-8")
        match path.suffix:
            case ".json" | ".ipynb":
                json.loads(text)
            case ".yml" | ".yaml":
                YAML(typ="safe").load(text)
            case ".toml":
                tomllib.loads(text)
            case ".py":
                ast.parse(text)
        assert "{%" not in text, f"{path} holds a template's tag"
        assert text.endswith("\n"), f"{path} does not end its last line"
        assert not text.endswith("\n\n"), f"{path} ends with an empty line"


@pytest.mark.parametrize("kind", KINDS)
def test_a_repository_passes_its_own_checks(fleet: dict[str, Path], kind: str) -> None:
    lines = check(fleet[kind]).splitlines()
    assert len(lines) >= 2
    assert all(line.endswith(": ok") for line in lines)


@pytest.mark.parametrize("kind", KINDS)
def test_the_answers_name_the_source_by_url_and_its_version(
    fleet: dict[str, Path], shared_source: Source, kind: str
) -> None:
    answers = YAML(typ="safe").load(fleet[kind] / ".copier-answers.yml")
    assert answers.pop("description")
    assert answers == {
        "_commit": "v0.1.0",
        "_src_path": shared_source.url,
        "aws_region": "ap-southeast-3",
        "code_owners": "@piksel-ina/maintainers",
        "copyright_holder": "The Piksel contributors",
        "kind": kind,
        "organization": "piksel-ina",
        "prefix": "piksel",
        "repository": f"piksel-{kind}",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_another_organization_is_named_everywhere_and_nothing_of_piksel_is_left(
    shared_source: Source, tmp_path: Path, kind: str
) -> None:
    rendered = render(shared_source, tmp_path / kind, kind=kind, **OTHER)
    for name, path in files(rendered).items():
        assert "piksel" not in path.read_text(encoding="utf-8").lower(), name
    readme = (rendered / "README.md").read_text(encoding="utf-8")
    assert readme.startswith(f"# samudra-{kind}\n")
    assert "https://github.com/nusantara-eo/samudra-geo-services" in readme
    assert readme.endswith("Copyright Nusantara EO.\n")
    owners = (rendered / ".github/CODEOWNERS").read_text(encoding="utf-8")
    assert owners == "* @nusantara-eo/core @dewi\n"
    check(rendered)


@pytest.mark.parametrize("kind", KINDS)
def test_workflows_have_no_finding(fleet: dict[str, Path], kind: str) -> None:
    run(tool("actionlint"), "-color=false", cwd=fleet[kind])
    said = run(tool("zizmor"), "--offline", "--persona=pedantic", ".", cwd=fleet[kind])
    assert "No findings to report." in said


def test_roles_of_infra_trust_one_environment_of_one_repository(fleet: dict[str, Path]) -> None:
    text = (fleet["infra"] / "terraform/shared-resources/oidc.tf").read_text(encoding="utf-8")
    assert '["repo:piksel-ina/piksel-${each.key}:environment:${var.environment}"]' in text


def test_the_home_deploys_components_after_what_they_need(fleet: dict[str, Path]) -> None:
    order = run("python3", "deployment/scripts/order.py", cwd=fleet["meta"])
    assert order == (
        "piksel-infra\npiksel-core\npiksel-geo-services piksel-jupyter\npiksel-website\n"
    )


@pytest.mark.parametrize(
    ("answer", "value", "expected"),
    [
        ("organization", "no spaces", "Give a GitHub login"),
        ("prefix", "Piksel", "lower-case letters"),
        ("repository", "a/b", "Give a GitHub repository name"),
        ("description", "two\nlines", "Give one line"),
        ("aws_region", "Jakarta", "Give the code of a region"),
        ("code_owners", "maintainers", "Give @organization/team or @user"),
        ("copyright_holder", " ", "Give a name."),
    ],
)
def test_an_answer_that_cannot_be_is_refused(
    shared_source: Source, tmp_path: Path, answer: str, value: str, expected: str
) -> None:
    with pytest.raises(ValueError, match=expected):
        render(shared_source, tmp_path / "refused", kind="core", **{answer: value})
    assert not (tmp_path / "refused" / "README.md").exists()
