"""Every check of a rendered repository fails when what it looks at is broken."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.templates.rendering import check, replace

DOCKERFILE = "FROM python:3.13-slim-trixie\n"

#: kind, file, what is there, what takes its place, what the check says
BREAKAGES = [
    ("infra", "README.md", "(terraform/ec2-deployment)", "(terraform/ec2)", "leads nowhere"),
    ("infra", "README.md", "## The fleet", "# The fleet", "has 2 titles"),
    (
        "infra",
        "terraform/shared-resources/oidc.tf",
        ":environment:${var.environment}",
        ":*",
        "trusts the pattern",
    ),
    (
        "infra",
        "terraform/shared-resources/oidc.tf",
        'test     = "StringEquals"',
        'test     = "StringLike"',
        "expected StringEquals",
    ),
    (
        "infra",
        "terraform/ec2-deployment/variables.tf",
        '  description = "How many service instances run."\n',
        "",
        "variable instance_count has no description",
    ),
    (
        "infra",
        "terraform/ec2-deployment/variables.tf",
        "  type        = number\n",
        "",
        "variable instance_count has no type",
    ),
    ("infra", "terraform/ec2-deployment/main.tf", "}\n", "", "brackets do not match"),
    (
        "infra",
        "terraform/kubernetes-deployment/dev.tfvars",
        'environment        = "dev"',
        'environment        = "production"',
        'does not say environment = "dev"',
    ),
    (
        "infra",
        "terraform/shared-resources/production.tfvars",
        "images_kept",
        "images",
        "production.tfvars sets no images_kept",
    ),
    (
        "infra",
        "terraform/ec2-deployment/outputs.tf",
        '  description = "The network that the services run in."\n',
        "",
        "output vpc_id has no description",
    ),
    ("core", "products/s2_l2a.json", '"name": "s2_l2a"', '"name": "s2"', "expected s2_l2a"),
    ("core", "products/s2_l2a.json", '"dtype": "uint16"', '"dtype": "int12"', "unknown dtype"),
    ("core", "products/s2_l2a.json", '"nodata": 0', '"nodata": -1', "uint16 cannot hold"),
    ("core", "products/ls8_c2l2_sr.json", '"name": "blue"', '"name": "green"', "green names 2"),
    ("core", "products/ls8_c2l2_sr.json", '"x": 30', '"x": -30', "load.resolution"),
    ("core", "products/ls9_c2l2_sr.json", "{", "", "is not JSON"),
    ("core", "docker/Dockerfile", "USER cube\n", "", "runs as root"),
    ("core", "docker/Dockerfile", "USER cube", "USER root", "which is root"),
    ("core", "docker/Dockerfile", DOCKERFILE, "FROM python:latest\n", "has no version"),
    ("core", "docker/requirements.txt", "datacube==", "datacube>=", "not pinned"),
    ("core", "docker/requirements.in", "==1.9.22", "==1.9.23", "is not locked"),
    ("core", "docker/compose.yaml", "127.0.0.1:", "", "published to the network"),
    ("core", "docker/compose.yaml", "odc:${DB_PASSWORD}@", "odc:secret@", "is written down"),
    ("core", "docker/compose.yaml", "postgis:17-3.5", "postgis", "has no version"),
    ("jupyter", "notebooks/01-ndvi.ipynb", '"outputs": []', '"outputs": [1]', "holds outputs"),
    ("jupyter", "notebooks/01-ndvi.ipynb", "import numpy as np", "import numpy as", "compile"),
    ("jupyter", "notebooks/01-ndvi.ipynb", '"# A', '"A', "does not begin with a title"),
    ("jupyter", "notebooks/01-ndvi.ipynb", '"cell-02"', '"cell-01"', "2 cells have the id"),
    ("jupyter", "docker/Dockerfile", "USER jovyan\n", "", "runs as root"),
    ("geo-services", "wcs-wms/ows_config/layers.py", '"nir": []', '"nir8": []', "lacks the band"),
    ("geo-services", "wcs-wms/ows_config/layers.py", "EPSG:6933", "EPSG:32748", "not publish"),
    ("geo-services", "wcs-wms/ows_config/layers.py", "0, 3000", "3000, 0", "empty range"),
    ("geo-services", "wcs-wms/ows_config/styles.py", "def veg", "def weg", "cannot be imported"),
    ("geo-services", "wcs-wms/Dockerfile", "USER ows", "USER 0", "which is root"),
    ("geo-services", "stac/collections/s2_l2a.json", "94.5", "194.5", "has the extent"),
    ("geo-services", "stac/collections/s2_l2a.json", '"id": "s2_l2a"', '"id": "s2"', "the id s2"),
    ("geo-services", "stac/collections/s2_l2a.json", '"rel": "license"', '"rel": "x"', "licence"),
    ("website", "public/index.html", 'href="/data.html"', 'href="/dat.html"', "leads nowhere"),
    ("website", "public/index.html", "</main>", "", "closes nothing"),
    ("website", "public/index.html", 'lang="id"', 'lang="en"', "has the language en"),
    ("website", "public/en/data.html", "<h1>Data</h1>", "", "has no <h1>"),
    (
        "website",
        "public/index.html",
        'href="/style.css"',
        'href="https://example.org/style.css"',
        "from another host",
    ),
    (
        "website",
        "public/data.html",
        '<link rel="alternate" hreflang="en" href="/en/data.html">',
        "",
        "names no page in en",
    ),
    ("website", "public/style.css", "}", "", "brackets do not match"),
    ("meta", "deployment/config/dev.json", '"branch"', '"branches"', "only one environment has"),
    ("meta", "deployment/config/dev.json", ": 50", ": 5", "the database allows 5"),
    ("meta", "deployment/config/production.json", "{", "", "cannot be read"),
    (
        "meta",
        "deployment/config/components.json",
        '"piksel-infra": {"needs": []}',
        '"piksel-infra": {"needs": ["piksel-website"]}',
        "need each other in a circle",
    ),
    (
        "meta",
        "deployment/config/components.json",
        '["piksel-infra"]',
        '["piksel-infrastructure"]',
        "needs piksel-infrastructure, which is not there",
    ),
    ("meta", "scripts/development/clone-fleet.sh", "done", "", "does not parse"),
    ("meta", "scripts/monitoring/endpoints.py", "def main(", "def main", "does not compile"),
    ("meta", "docs/deployment/README.md", "components.json)", "parts.json)", "leads nowhere"),
]


@pytest.mark.parametrize(
    ("kind", "path", "old", "new", "expected"),
    BREAKAGES,
    ids=[f"{kind}-{expected}" for kind, _, _, _, expected in BREAKAGES],
)
def test_a_check_says_what_is_broken(
    fleet: dict[str, Path],
    tmp_path: Path,
    kind: str,
    path: str,
    old: str,
    new: str,
    expected: str,
) -> None:
    broken = shutil.copytree(fleet[kind], tmp_path / kind)
    replace(broken / path, old, new)
    assert expected in check(broken, status=1)


def test_state_of_terraform_in_the_tree_is_refused(fleet: dict[str, Path], tmp_path: Path) -> None:
    broken = shutil.copytree(fleet["infra"], tmp_path / "infra")
    (broken / "terraform/ec2-deployment/terraform.tfstate").write_text("{}", encoding="utf-8")
    said = check(broken, status=1)
    assert "terraform.tfstate: state holds secrets and must not be committed" in said


def test_a_script_that_is_not_executable_is_refused(fleet: dict[str, Path], tmp_path: Path) -> None:
    broken = shutil.copytree(fleet["meta"], tmp_path / "meta")
    (broken / "deployment/scripts/order.py").chmod(0o644)
    assert "deployment/scripts/order.py: is not executable" in check(broken, status=1)


@pytest.mark.parametrize(
    ("kind", "folder"),
    [
        ("core", "products"),
        ("jupyter", "notebooks"),
        ("geo-services", "stac/collections"),
        ("website", "public"),
        ("meta", "deployment/scripts"),
    ],
)
def test_a_check_with_nothing_to_look_at_fails(
    fleet: dict[str, Path], tmp_path: Path, kind: str, folder: str
) -> None:
    broken = shutil.copytree(fleet[kind], tmp_path / kind)
    shutil.rmtree(broken / folder)
    assert "was found" in check(broken, status=1)
