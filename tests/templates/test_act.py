"""The workflows of the fleet, run by act on this machine as GitHub would run them.

What a step prints is not looked at: in host mode act drops the last lines of a step that ends at
once. Whether the step failed is always there.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.templates.rendering import KINDS, ROOT, commit_all, replace, run, tool

pytestmark = pytest.mark.slow


def act(repository: Path, workflow: str, home: Path, status: int = 0, **event: object) -> str:
    """What a workflow prints; a pull_request if `event` says so, else a push."""
    home.mkdir(exist_ok=True)
    trigger = "pull_request" if event else "push"
    (home / "event.json").write_text(json.dumps(event), encoding="utf-8")
    return run(
        tool("act"),
        trigger,
        "--platform=ubuntu-latest=-self-hosted",
        "--action-offline-mode",
        "--no-cache-server",
        "--pull=false",
        f"--eventpath={home / 'event.json'}",
        f"--workflows=.github/workflows/{workflow}.yml",
        cwd=repository,
        status=status,
        HOME=str(home),
        XDG_CACHE_HOME=str(home / "cache"),
        PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    )


def with_shared_workflows(repository: Path, target: Path) -> Path:
    """A copy of the repository that has the shared workflows as well, committed."""
    copy = shutil.copytree(repository, target)
    for path in (ROOT / "workflows").glob("*.yml"):
        shutil.copy(path, copy / ".github/workflows")
    commit_all(copy, "Shared workflows")
    return copy


@pytest.mark.parametrize("kind", KINDS)
def test_workflows_of_a_clone_pass(fleet: dict[str, Path], tmp_path: Path, kind: str) -> None:
    origin = with_shared_workflows(fleet[kind], tmp_path / kind)
    run("git", "clone", "--quiet", origin, "clone", cwd=tmp_path)
    for workflow in ("ci", "hygiene"):
        assert "Job succeeded" in act(tmp_path / "clone", workflow, tmp_path / "home")


def test_ci_fails_when_a_check_does(fleet: dict[str, Path], tmp_path: Path) -> None:
    broken = with_shared_workflows(fleet["core"], tmp_path / "core")
    replace(broken / "docker/Dockerfile", "USER cube\n", "")
    commit_all(broken, "Run as root")
    said = act(broken, "ci", tmp_path / "home", status=1)
    assert "Failure - Main Run every check" in said


@pytest.mark.parametrize(
    ("path", "content", "step"),
    [
        ("notes.txt", b"<<<<<<< ours\na\n", "No conflict markers"),
        ("notes.txt", b"one\r\ntwo\r\n", "No carriage returns in text"),
        ("large.bin", b"\0" * 1_000_001, "No file over 1 MB"),
        ("run me.sh", b"#!/bin/sh\n", "Scripts are executable"),
    ],
)
def test_hygiene_fails_at_the_step_that_looks_for_it(
    fleet: dict[str, Path], tmp_path: Path, path: str, content: bytes, step: str
) -> None:
    broken = with_shared_workflows(fleet["core"], tmp_path / "core")
    (broken / path).write_bytes(content)
    commit_all(broken, "Not as it should be")
    said = act(broken, "hygiene", tmp_path / "home", status=1)
    assert f"Failure - Main {step}" in said


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("feat: read Landsat 9", 0),
        ("fix(stac)!: close connections", 0),
        ("Read Landsat 9", 1),
        ("feat:read", 1),
        ("feature: read Landsat 9", 1),
        ('"; touch owned; "', 1),
        ("$(touch owned)", 1),
    ],
)
def test_a_title_is_a_conventional_commit_and_is_never_run(
    fleet: dict[str, Path], tmp_path: Path, title: str, status: int
) -> None:
    repository = with_shared_workflows(fleet["website"], tmp_path / "website")
    event = {"pull_request": {"title": title}}
    said = act(repository, "pr-title", tmp_path / "home", status=status, **event)
    verdict = "Failure" if status else "Success"
    assert f"{verdict} - Main The title is a conventional commit" in said
    assert not list(tmp_path.rglob("owned"))
