"""Template source, version and answers -> rendered files: the only module that runs Copier.

Templates are fetched at a tag, never from a dirty tree, and never run code of their own.
"""

from __future__ import annotations

import shutil
import stat
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from copier import run_copy
from copier.errors import CopierError, UnsafeTemplateError
from jinja2 import TemplateError as JinjaError

from meta import answers as answers_file
from meta import git
from meta.answers import ANSWERS
from meta.errors import GitError, TemplateError
from meta.github import Server
from meta.model import Blob, Tree
from meta.suggest import hint

#: Never a part of a template.
LEFT_OUT = (".git", ".venv", ".meta", "__pycache__", "node_modules", ".*_cache")
#: Puts the files of a template source at a version into an empty folder. Raises TemplateError.
Fetch = Callable[[str, str, Path], None]


class Templates:
    """What templates render to: each version fetched once, each rendering made once.

    Everything is kept in a folder of its own, which `close` removes.
    """

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._folder = tempfile.TemporaryDirectory(prefix="meta-templates-")
        self._sources: dict[tuple[str, str], Path] = {}
        self._trees: dict[str, Tree] = {}

    def close(self) -> None:
        self._folder.cleanup()

    def render(self, source: str, version: str, answers: Mapping[str, Any]) -> Tree:
        """Every file of the rendering, `.copier-answers.yml` with the source's URL in it.

        Raises TemplateError where the version is not to be had or the answers do not fit.
        """
        key = repr((source, version, sorted(answers.items(), key=str)))
        if key not in self._trees:
            self._trees[key] = self._render(source, version, answers)
        return self._trees[key]

    def workflow(self, source: str, version: str, name: str) -> bytes:
        """The bytes of `workflows/NAME.yml` of the source at that version."""
        folder = self._source(source, version) / "workflows"
        path = folder / f"{name}.yml"
        if not path.is_file():
            known = sorted(found.stem for found in folder.glob("*.yml"))
            raise TemplateError(
                f"has no workflow {name!r}",
                where=f"{source} at {version}",
                hint=hint(name, known, f"it has: {', '.join(known)}"),
            )
        return path.read_bytes()

    def _source(self, source: str, version: str) -> Path:
        if (source, version) not in self._sources:
            target = Path(self._folder.name) / f"source-{len(self._sources)}"
            self._fetch(source, version, target)
            self._sources[source, version] = target
        return self._sources[source, version]

    def _render(self, source: str, version: str, answers: Mapping[str, Any]) -> Tree:
        template = self._source(source, version)
        check_answers(template, source, version, answers)
        with tempfile.TemporaryDirectory(prefix="meta-render-", dir=self._folder.name) as name:
            where = f"template {source} at {version}"
            try:
                run_copy(
                    str(template), name, dict(answers), defaults=True, quiet=True, unsafe=False
                )
            except UnsafeTemplateError as error:
                raise TemplateError(
                    f"it wants to run code of its own ({error})",
                    where=where,
                    hint="remove its tasks, migrations and extensions: meta runs none",
                ) from None
            except (CopierError, ValueError, TypeError) as error:
                raise TemplateError(
                    f"does not render with these answers: {error}",
                    where=where,
                    hint="correct `answers:` in the manifest",
                ) from None
            except JinjaError as error:
                raise TemplateError(
                    f"it has a mistake in it: {error.message}",
                    where=where,
                    hint="mend the template, and tag it anew",
                ) from None
            return signed(read_tree(Path(name)), source, version, str(template))


def from_server(server: Server, host: str) -> Fetch:
    """By git, at a tag. The server at work, maybe a twin, answers for the manifest's `host`."""

    def fetch(source: str, version: str, target: Path) -> None:
        url = location(source, host, server)
        token = server.token if url.startswith(f"{server.git_url}/") else ""
        try:
            with tempfile.TemporaryDirectory(prefix="meta-fetch-") as folder:
                git.fetch_tag(Path(folder), url, version, token=token)
                git.export(Path(folder), f"refs/tags/{version}", target)
        except GitError as error:
            raise TemplateError(
                f"version {version} cannot be fetched from {url} ({error.message})",
                where=f"template {source}",
                hint="check the URL and the tag; a twin is given templates by `meta twin seed`",
            ) from None

    return fetch


def from_folder(folder: Path) -> Fetch:
    """A folder stands for every source at every version: for who writes templates."""

    def fetch(source: str, version: str, target: Path) -> None:
        # Without .git: Copier would render the newest tag of a clone instead of its files.
        shutil.copytree(folder, target, ignore=shutil.ignore_patterns(*LEFT_OUT))

    return fetch


def location(source: str, host: str, server: Server) -> str:
    """The URL to fetch from: the server at work answers for the manifest's own host."""
    url = f"https://github.com/{source[3:]}" if source.startswith("gh:") else source
    return url.replace(f"https://{host}/", f"{server.git_url}/", 1)


def check_answers(template: Path, source: str, version: str, answers: Mapping[str, Any]) -> None:
    """Copier drops answers that no question asked for; here a misspelt one is an error."""
    path = template / "copier.yml"
    where = f"template {source} at {version}"
    if not path.is_file():
        raise TemplateError("has no copier.yml, so it is no template", where=where)
    known = sorted(answers_file.own(answers_file.read(path.read_bytes(), where=where)))
    for name in answers:
        if name not in known:
            raise TemplateError(
                f"answers: the template asks no question {name!r}",
                where=where,
                hint=hint(name, known, f"it has: {', '.join(known)}"),
            )


def read_tree(folder: Path) -> dict[str, Blob]:
    return {
        str(path.relative_to(folder)): blob(path)
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def blob(path: Path) -> Blob:
    if path.is_symlink():
        return Blob.of(str(path.readlink()).encode(), "120000")
    executable = path.stat().st_mode & stat.S_IXUSR
    return Blob.of(path.read_bytes(), "100755" if executable else "100644")


def signed(tree: dict[str, Blob], source: str, version: str, folder: str) -> Tree:
    """The answers file as Copier leaves it when it renders from the URL at that tag."""
    if ANSWERS not in tree:
        return tree
    text = (tree[ANSWERS].data or b"").decode()
    text = answers_file.signed(text, folder=folder, source=source, version=version)
    return {**tree, ANSWERS: Blob.of(text.encode())}
