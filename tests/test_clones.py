"""Clones of what the demo leaves on its twin: their workflows pass, and Copier updates them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Remote, demonstrated, environment, git
from tests.templates.test_act import act

pytestmark = pytest.mark.slow

OWNER = "piksel-ina"
NAMES = (
    "piksel-infra",
    "piksel-core",
    "piksel-jupyter",
    "piksel-geo-services",
    "piksel-website",
    "piksel-meta",
)


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    with demonstrated(tmp_path_factory.mktemp("demo")) as remote:
        yield remote


def clone(remote: Remote, name: str, folder: Path) -> Path:
    git(folder, "clone", "--quiet", f"{remote.git_url}/{OWNER}/{name}.git", name)
    return folder / name


@pytest.mark.parametrize("name", NAMES)
def test_the_ci_of_a_clone_passes(name: str, remote: Remote, tmp_path: Path) -> None:
    there = clone(remote, name, tmp_path)
    assert "Job succeeded" in act(there, "ci", tmp_path / "home")
    assert git(there, "status", "--porcelain") == "", "a check changes nothing"


def test_copier_updates_a_clone_to_a_new_tag(remote: Remote, tmp_path: Path) -> None:
    there = clone(remote, "piksel-core", tmp_path)
    answers = (there / ".copier-answers.yml").read_text()
    assert "_src_path: https://github.com/piksel-ina/meta\n" in answers
    assert "_commit: v0.1.0\n" in answers
    release(remote, tmp_path)

    update(there, remote)

    assert (there / "NEW.md").read_text() == "# New in this version\n"
    changed = git(there, "status", "--porcelain").split("\n")
    assert sorted(line[3:] for line in changed if line) == [".copier-answers.yml", "NEW.md"]
    assert "_commit: v0.2.0\n" in (there / ".copier-answers.yml").read_text()
    assert "127.0.0.1" not in (there / ".copier-answers.yml").read_text()


def release(remote: Remote, folder: Path) -> None:
    """A new version of the template source on the twin, with one more file for `core`."""
    source = clone(remote, "meta", folder)
    (source / "templates/core/NEW.md").write_text("# New in this version\n")
    git(source, "add", ".")
    git(source, "commit", "--quiet", "-m", "A new file")
    git(source, "tag", "v0.2.0")
    url = f"{remote.git_url}/{OWNER}/meta.git"
    git(source, "push", "--quiet", url, "HEAD:main", "v0.2.0")


def update(folder: Path, remote: Remote) -> None:
    """Copier's own command line, with github.com answered for by the twin."""
    done = subprocess.run(
        [Path(sys.executable).with_name("copier"), "update", "--defaults"],
        cwd=folder,
        env={
            **environment(),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.{remote.git_url}/.insteadOf",
            "GIT_CONFIG_VALUE_0": "https://github.com/",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
