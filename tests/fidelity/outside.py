"""What others published about GitHub -> a folder of it, fetched once for each virtual environment.

npm and pip fetch what the lock files here pin by hash; nothing of it is committed.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
KEPT = Path(sys.prefix) / "fidelity"
OPENAPI = "node_modules/@octokit/openapi/generated/api.github.com.json"


def openapi() -> Path:
    """GitHub's description of its REST API, as JSON."""
    return npm() / OPENAPI


def npm() -> Path:
    """The folder with `node_modules` in it."""
    return _once("npm", [HERE / "npm" / "package-lock.json"], _npm)


def schema() -> Path:
    """GitHub's GraphQL schema of early 2026, which a package on PyPI carries."""
    folder = _once("planpilot", [HERE / "planpilot.txt"], _planpilot)
    return folder / "planpilot/core/providers/github/schema.graphql"


def recordings() -> Path:
    """The folder of recorded traffic in PyGithub's source distribution."""
    folder = _once("pygithub", [HERE / "pygithub.txt"], _pygithub)
    (found,) = folder.glob("*/tests/ReplayData")
    return found


def _once(name: str, pins: list[Path], fetch: Callable[[Path], None]) -> Path:
    """A folder that `fetch` filled for these pins; others who want it too wait."""
    want = hashlib.sha256(b"".join(pin.read_bytes() for pin in pins)).hexdigest()
    folder = KEPT / name
    folder.mkdir(parents=True, exist_ok=True)
    with (KEPT / f"{name}.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        if lock.read() != want:
            shutil.rmtree(folder)
            folder.mkdir()
            fetch(folder)
            lock.seek(0)
            lock.truncate()
            lock.write(want)
    return folder


def _npm(folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / "npm" / name, folder)
    _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder))
    for other in (folder / OPENAPI).parent.glob("*.json"):  # 370 MB that nothing here reads
        if other.name != Path(OPENAPI).name:
            other.unlink()


def _planpilot(folder: Path) -> None:
    pins = ("--no-deps", "--require-hashes", "-r", str(HERE / "planpilot.txt"))
    _install(*pins, "--target", str(folder))


def _pygithub(folder: Path) -> None:
    """Not installed: an installed PyGithub has no recordings."""
    tool = folder / "pip"
    if importlib.util.find_spec("pip") is None:  # uv leaves it out of its environments
        _install("pip", "--target", str(tool))
    pins = ("--no-deps", "--no-binary", ":all:", "--require-hashes", "-r")
    pip = (sys.executable, "-m", "pip", "download", "--quiet")
    _run(*pip, *pins, str(HERE / "pygithub.txt"), "-d", str(folder), path=str(tool))
    (packed,) = folder.glob("*.tar.gz")
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    shutil.rmtree(tool, ignore_errors=True)


def _install(*arguments: str) -> None:
    if shutil.which("uv"):
        _run("uv", "pip", "install", "--quiet", "--python", sys.executable, *arguments)
    else:
        _run(sys.executable, "-m", "pip", "install", "--quiet", *arguments)


def _run(*command: str, path: str = "") -> None:
    env = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command[0]} failed:\n{done.stdout}{done.stderr}"
