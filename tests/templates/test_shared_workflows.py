"""The workflows that the fleet shares, as files."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.templates.rendering import ROOT, commit_all, run, tool

WORKFLOWS = sorted((ROOT / "workflows").glob("*.yml"))
CI = ROOT / "templates/_shared/ci.yml"


def test_shared_workflows_have_no_finding(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "workflows", tmp_path / ".github/workflows")
    commit_all(tmp_path, "Shared workflows")
    run(tool("actionlint"), "-color=false", cwd=tmp_path)
    said = run(tool("zizmor"), "--offline", "--persona=pedantic", ".", cwd=tmp_path)
    assert "No findings to report." in said


def test_the_folder_holds_workflows_and_nothing_else() -> None:
    assert [path.name for path in sorted((ROOT / "workflows").iterdir())] == [
        "hygiene.yml",
        "pr-title.yml",
    ]


@pytest.mark.parametrize("path", [*WORKFLOWS, CI], ids=lambda path: path.stem)
def test_actions_are_pinned_to_one_commit_with_its_version_beside_it(path: Path) -> None:
    uses = re.findall(r"uses: (.*)", path.read_text(encoding="utf-8"))
    assert set(uses) <= {"actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"}
