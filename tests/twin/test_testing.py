"""A project that is none of ours -> its tests, run with the fixture that meta offers them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import environment

CONFTEST = 'pytest_plugins = ["meta.twin.testing"]\n'
TESTS = """
import os
import subprocess
import urllib.error

import pytest


def test_it_is_a_github_of_their_own(twin):
    twin.organization("acme")
    made = twin.ask("POST", "/orgs/acme/repos", {"name": "tool", "auto_init": True})
    assert made["full_name"] == "acme/tool"
    data = twin.ask("POST", "/graphql", {"query": "query { viewer { login } }"})
    assert data["data"]["viewer"]["login"] == "twin-admin"
    assert twin.requests()["writes"] == 1


def test_nothing_of_an_earlier_test_is_there(twin):
    with pytest.raises(urllib.error.HTTPError) as caught:
        twin.ask("GET", "/orgs/acme")
    assert caught.value.code == 404
    assert twin.requests()["writes"] == 0


def test_a_state_can_be_kept_and_put_back(twin):
    twin.organization("acme")
    twin.snapshot("before")
    twin.ask("POST", "/orgs/acme/repos", {"name": "tool"})
    twin.restore("before")
    assert twin.ask("GET", "/orgs/acme/repos") == []


def test_git_clones_from_it(twin, tmp_path):
    twin.organization("acme")
    twin.ask("POST", "/orgs/acme/repos", {"name": "tool", "auto_init": True})
    subprocess.run(
        ["git", "clone", "-q", twin.git_url("acme/tool"), str(tmp_path / "tool")], check=True
    )
    assert (tmp_path / "tool" / "README.md").read_text() == "# tool\\n"


def test_what_reads_the_environment_finds_it(twin):
    assert twin.environment["GITHUB_API_URL"] == twin.url
    assert twin.environment["GITHUB_GRAPHQL_URL"] == twin.graphql
"""


@pytest.mark.slow
def test_a_project_uses_the_fixture_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_theirs.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "5 passed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0
