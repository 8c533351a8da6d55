"""Fixtures: the template source as a tagged git repository, and a fleet rendered from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.templates.rendering import KINDS, Source, commit_all, render, template_source


@pytest.fixture(scope="session")
def shared_source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """The template source of this project, tagged v0.1.0. Not to be changed."""
    return template_source(tmp_path_factory.mktemp("source") / "templates")


@pytest.fixture(scope="session")
def fleet(shared_source: Source, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each kind rendered with the default answers, and committed. Not to be changed."""
    folder = tmp_path_factory.mktemp("fleet")
    rendered = {kind: render(shared_source, folder / kind, kind=kind) for kind in KINDS}
    for path in rendered.values():
        commit_all(path, "Rendered")
    return rendered


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A template source that a test may change."""
    return template_source(tmp_path / "source")
