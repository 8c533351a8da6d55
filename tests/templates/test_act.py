"""The workflows of the fleet, run by act on this machine as GitHub would run them."""

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
    assert "docker/Dockerfile: has no USER, so it runs as root" in said


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("notes.txt", b"<<<<<<< ours\na\n", "left over from a merge"),
        ("notes.txt", b"one\r\ntwo\r\n", "end in CR LF, expected LF"),
        ("large.bin", b"\0" * 1_000_001, "1000001 bytes, expected 1000000 at most"),
        ("run me.sh", b"#!/bin/sh\n", "starts with #! and is not executable"),
    ],
)
def test_hygiene_says_what_is_wrong(
    fleet: dict[str, Path], tmp_path: Path, path: str, content: bytes, expected: str
) -> None:
    broken = with_shared_workflows(fleet["core"], tmp_path / "core")
    (broken / path).write_bytes(content)
    commit_all(broken, "Not as it should be")
    assert expected in act(broken, "hygiene", tmp_path / "home", status=1)


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
    assert ("Expected 'type: what changes'" in said) == (status == 1)
    assert not list(tmp_path.rglob("owned"))
