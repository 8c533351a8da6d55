"""meta is installed as its users do it: by a script in a clean clone, and as a wheel elsewhere."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TREE = "import json; from meta import shipped; t = shipped.tree(shipped.root());"
SHOW = "print(json.dumps({path: [blob.mode, blob.sha] for path, blob in t.items()}))"

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path, path: str = "") -> subprocess.CompletedProcess[str]:
    outside = ("VIRTUAL_ENV", "PYTHONPATH", "GITHUB_API_URL", "GITHUB_TOKEN", "GH_TOKEN")
    env = {name: value for name, value in os.environ.items() if name not in outside}
    env["PATH"] = os.pathsep.join(part for part in (path, env["PATH"]) if part)
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=900)


def done(*command: str | Path, cwd: Path, path: str = "") -> str:
    result = run(*command, cwd=cwd, path=path)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    done(*build, str(ROOT), cwd=folder)
    (made,) = folder.glob("piksel_meta-*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a virtual environment that holds what the lock file pins, and the wheel."""
    folder = tmp_path_factory.mktemp("elsewhere")
    done(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    pip = [folder / "venv/bin/python", "-m", "pip", "install", "--quiet"]
    done(*pip, "--require-hashes", "-r", ROOT / "requirements.lock", cwd=folder)
    done(*pip, "--no-deps", wheel, cwd=folder)
    return folder / "venv/bin"


@pytest.fixture
def without_uv(tmp_path: Path) -> str:
    """A folder for the front of PATH, in which uv is a program that does not work."""
    folder = tmp_path / "no-uv"
    folder.mkdir()
    (folder / "uv").write_text("#!/bin/sh\nexit 127\n")
    (folder / "uv").chmod(0o755)
    return str(folder)


def test_the_wheel_carries_every_file_of_the_templates(wheel: Path) -> None:
    listed = done("git", "ls-files", "copier.yml", "repos.yaml", "templates", "workflows", cwd=ROOT)
    carried = set(zipfile.ZipFile(wheel).namelist())
    assert {each for each in listed.splitlines() if f"meta/data/{each}" not in carried} == set()
    assert "meta/data/docs/execution-plan.md" in carried
    assert not {each for each in carried if "__pycache__" in each or each.startswith("tests/")}


def test_what_the_wheel_ships_equals_what_the_clone_holds(installed: Path, tmp_path: Path) -> None:
    there = json.loads(done(installed / "python", "-c", TREE + SHOW, cwd=tmp_path))
    here = json.loads(done(sys.executable, "-c", TREE + SHOW, cwd=ROOT))
    assert there == here


def test_the_demo_runs_from_the_wheel_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    said = done(installed / "meta", "demo", cwd=empty)
    assert "write requests made by the second sync: 0" in said
    assert list(empty.iterdir()) == [], "the demo leaves nothing behind"


def test_the_demo_runs_from_a_clean_clone_without_uv(without_uv: str, tmp_path: Path) -> None:
    done("git", "clone", "--quiet", ROOT, "clone", cwd=tmp_path)
    first = done(tmp_path / "clone/scripts/demo", cwd=tmp_path, path=without_uv)
    assert "write requests made by the second sync: 0" in first
    again = run("bash", "-c", ". scripts/venv requirements.lock", cwd=tmp_path / "clone")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", ""), "nothing to do twice"


def test_a_missing_python_is_said_in_words(without_uv: str, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    done("git", "clone", "--quiet", ROOT, clone, cwd=tmp_path)
    for name in ("bash", "cat", "cksum", "dirname", "grep", "rm"):
        Path(without_uv, name).symlink_to(shutil.which(name) or "")
    result = run("bash", "-c", f"PATH={without_uv} exec bash scripts/demo", cwd=clone)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-2:] == [
        "meta needs Python 3.11 or newer; there is none on PATH.",
        "Install it (Debian: apt-get install python3 python3-venv), or install uv, and try again.",
    ]
