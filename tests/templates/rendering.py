"""Template source -> rendered repositories, by Copier and git as people use them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import copier

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("infra", "core", "jupyter", "geo-services", "website", "meta")

#: No configuration of the machine takes part, and commits are the same everywhere.
ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ayu",
    "GIT_AUTHOR_EMAIL": "ayu@example.org",
    "GIT_COMMITTER_NAME": "Ayu",
    "GIT_COMMITTER_EMAIL": "ayu@example.org",
    "GIT_TERMINAL_PROMPT": "0",
}


@dataclass(frozen=True)
class Source:
    folder: Path

    @property
    def url(self) -> str:
        return f"git+file://{self.folder}"

    def release(self, version: str) -> None:
        """Commit what is in the folder and tag it."""
        commit_all(self.folder, f"Release {version}")
        run("git", "tag", version, cwd=self.folder)

    def replace(self, path: str, old: str, new: str) -> None:
        replace(self.folder / "templates" / path, old, new)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} does not hold {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def template_source(folder: Path) -> Source:
    """A repository of this project's copier.yml and templates, tagged v0.1.0."""
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "copier.yml", folder)
    shutil.copytree(
        ROOT / "templates", folder / "templates", ignore=shutil.ignore_patterns("__pycache__")
    )
    source = Source(folder)
    source.release("v0.1.0")
    return source


def render(source: Source, target: Path, **answers: str) -> Path:
    """The newest tagged version of the source, rendered with defaults for all other answers."""
    copier.run_copy(source.url, target, data=answers, defaults=True, quiet=True)
    return target


def commit_all(folder: Path, message: str) -> None:
    """Commit everything in the folder, which becomes a repository if it is none."""
    if not (folder / ".git").exists():
        run("git", "init", "--quiet", "--initial-branch=main", cwd=folder)
    run("git", "add", "--all", cwd=folder)
    run("git", "commit", "--quiet", "--message", message, cwd=folder)


def run(*command: str | Path, cwd: Path, status: int = 0, **environment: str) -> str:
    """What a program printed; it has to end with `status`."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **ENVIRONMENT, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == status, f"{command} ended {result.returncode}:\n{result.stdout}"
    return result.stdout


def tool(name: str) -> Path:
    """A program that was installed beside the interpreter."""
    return Path(sys.executable).with_name(name)


def check(repository: Path, status: int = 0) -> str:
    """What the repository's own checks print."""
    return run(sys.executable, "checks", cwd=repository, status=status)


def files(repository: Path) -> dict[str, Path]:
    """Every file of a repository by its path, git's own left out."""
    return {
        path.relative_to(repository).as_posix(): path
        for path in sorted(repository.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(repository).parts
    }
