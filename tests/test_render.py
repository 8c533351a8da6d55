"""Template, version and answers -> files, by real Copier and real git."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from copier import run_copy

from meta import git
from meta.errors import TemplateError
from meta.github import Server
from meta.model import Blob, Tree
from meta.render import Fetch, Templates, from_folder, from_server, location
from tests.grounds import ANSWERS, COPIER, HOST, SOURCE, Ground, push_source, source

SERVICE = {"kind": "service"}


@pytest.fixture
def templates(ground: Ground) -> Iterator[Templates]:
    made = Templates(from_server(ground.server, HOST))
    yield made
    made.close()


def test_a_rendering_holds_each_file_with_its_bytes_and_mode(templates: Templates) -> None:
    tree = templates.render(SOURCE, "v1.0.0", {"kind": "service", "name": "api", "port": 9000})
    lines = "".join(f"line {number}\n" for number in range(1, 10))
    assert tree == {
        ANSWERS: Blob.of(
            b"# Made by the fleet\n"
            b"_commit: v1.0.0\n"
            b"_src_path: https://github.com/acme/templates\n"
            b"kind: service\nname: api\nport: 9000\n"
        ),
        "README.md": Blob.of(b"# api\n\nA service.\n\nPort 9000.\n"),
        "lines.txt": Blob.of(lines.encode()),
        "old.txt": Blob.of(b"old\n"),
        "run.sh": Blob.of(b"#!/bin/sh\necho run\n", "100755"),
    }


def test_each_version_renders_as_it_was_tagged(templates: Templates) -> None:
    tree = templates.render(SOURCE, "v2.0.0", SERVICE)
    assert (tree["README.md"].data, sorted(tree)) == (
        b"# thing\n\nA good service.\n\nPort 8000.\n",
        [ANSWERS, "README.md", "docs/guide.md", "lines.txt", "run.sh"],
    )


def test_a_tag_that_changes_nothing_differs_in_its_name_alone(templates: Templates) -> None:
    before, after = (templates.render(SOURCE, tag, SERVICE) for tag in ("v2.0.0", "v2.0.1"))
    assert [path for path in after if after[path] != before.get(path)] == [ANSWERS]
    assert (after[ANSWERS].data or b"").replace(b"v2.0.1", b"v2.0.0") == before[ANSWERS].data


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A bare clone of the template source, with its tags."""
    folder = tmp_path / "clone.git"
    folder.mkdir()
    git.run(folder, "init", "--quiet", "--bare")
    for tag in ("v1.0.0", "v2.0.0", "1.10"):
        feed = git.stream(source(tag), tag, tag)
        git.run(folder, "fast-import", "--quiet", feed=feed)
        git.run(folder, "update-ref", f"refs/tags/{tag}", f"refs/heads/{tag}")
    return folder


@pytest.mark.parametrize("tag", ["v1.0.0", "v2.0.0", "1.10"])
@pytest.mark.parametrize("answers", [SERVICE, {"kind": "library", "name": "with: colon"}])
def test_copier_itself_renders_the_same_from_the_url(
    clone: Path, tmp_path: Path, tag: str, answers: Mapping[str, Any]
) -> None:
    url = f"git+file://{clone}"

    def fetch(_: str, version: str, target: Path) -> None:
        git.export(clone, f"refs/tags/{version}", target)

    run_copy(url, tmp_path / "out", dict(answers), vcs_ref=tag, defaults=True, quiet=True)
    assert rendered(fetch, url, tag, answers) == read(tmp_path / "out")


def rendered(fetch: Fetch, source: str, tag: str, answers: Mapping[str, Any]) -> Tree:
    templates = Templates(fetch)
    try:
        return templates.render(source, tag, answers)
    finally:
        templates.close()


def read(folder: Path) -> dict[str, Blob]:
    return {
        path.relative_to(folder).as_posix(): Blob.of(
            path.read_bytes(), "100755" if path.stat().st_mode & 0o100 else "100644"
        )
        for path in folder.rglob("*")
        if path.is_file()
    }


def refusal(
    templates: Templates, version: str, answers: Mapping[str, Any], at: str = SOURCE
) -> tuple[str, str]:
    with pytest.raises(TemplateError) as error:
        templates.render(at, version, answers)
    return str(error.value), error.value.hint


def test_an_answer_that_its_question_does_not_take_is_told(templates: Templates) -> None:
    words, hint = refusal(templates, "v1.0.0", {"kind": "service", "port": 80})
    assert words == (
        "template https://github.com/acme/templates at v1.0.0: does not render with these "
        "answers: Validation error for question 'port': Take a port of 1024 or more."
    )
    assert hint == "correct `answers:` in the manifest"


@pytest.mark.parametrize("answers", [{"kind": "nonsense"}, {"kind": "service", "port": "many"}])
def test_an_answer_of_the_wrong_sort_is_told(
    templates: Templates, answers: Mapping[str, Any]
) -> None:
    words, hint = refusal(templates, "v1.0.0", answers)
    assert "does not render with these answers: " in words
    assert hint == "correct `answers:` in the manifest"


def test_a_misspelt_question_is_told_with_the_one_that_was_meant(templates: Templates) -> None:
    assert refusal(templates, "v1.0.0", {"kind": "service", "nmae": "x"}) == (
        "template https://github.com/acme/templates at v1.0.0: answers: the template asks no "
        "question 'nmae'",
        'did you mean "name"?',
    )


def test_a_question_like_no_other_is_told_with_all_of_them(templates: Templates) -> None:
    _, hint = refusal(templates, "v1.0.0", {"kind": "service", "xyzzy": "x"})
    assert hint == "it has: kind, name, port"


def test_a_version_that_is_not_there_is_told_with_its_url(
    templates: Templates, ground: Ground
) -> None:
    words, hint = refusal(templates, "v9", SERVICE)
    assert words == (
        "template https://github.com/acme/templates: version v9 cannot be fetched from "
        f"{ground.url}/acme/templates (fatal: couldn't find remote ref refs/tags/v9)"
    )
    assert hint == "check the URL and the tag; a twin is given templates by `meta twin seed`"


def test_a_source_that_is_not_there_is_told(templates: Templates) -> None:
    words, _ = refusal(templates, "v1", SERVICE, at="https://github.com/acme/nowhere")
    assert words.startswith(
        "template https://github.com/acme/nowhere: version v1 cannot be fetched from "
    )


def given(ground: Ground, name: str, tree: Tree) -> str:
    """A template source of its own, at v1; its URL."""
    ground.writer().post("/orgs/acme/repos", {"name": name, "private": False})
    push_source(ground.server, name, [("v1", tree)])
    return f"https://{HOST}/acme/{name}"


def test_a_repository_without_questions_is_no_template(
    ground: Ground, templates: Templates
) -> None:
    at = given(ground, "bare", {"README.md": Blob.of(b"x")})
    words, _ = refusal(templates, "v1", {}, at=at)
    assert words == (
        "template https://github.com/acme/bare at v1: has no copier.yml, so it is no template"
    )


@pytest.mark.parametrize(
    "line",
    [
        "_tasks: [touch made]",
        "_jinja_extensions: [jinja2_time.TimeExtension]",
    ],
    ids=["tasks", "extensions"],
)
def test_a_template_that_would_run_code_is_refused(
    ground: Ground, templates: Templates, line: str
) -> None:
    tree = {"copier.yml": Blob.of(f"{line}\n".encode()), "a.txt": Blob.of(b"x")}
    at = given(ground, "code", tree)
    words, hint = refusal(templates, "v1", {}, at=at)
    assert words.startswith(f"template {at} at v1: it wants to run code of its own (")
    assert hint == "remove its tasks, migrations and extensions: meta runs none"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{% if %}", "Expected an expression, got 'end of statement block'"),
        ("{{ nothing.there }}", "'nothing' is undefined"),
    ],
)
def test_a_template_with_a_mistake_in_it_is_told(
    ground: Ground, templates: Templates, text: str, words: str
) -> None:
    tree = {"copier.yml": Blob.of(b"a: b\n"), "x.txt.jinja": Blob.of(text.encode())}
    assert refusal(templates, "v1", {}, at=given(ground, "wrong", tree)) == (
        f"template https://github.com/acme/wrong at v1: it has a mistake in it: {words}",
        "mend the template, and tag it anew",
    )


def test_a_shared_workflow_is_taken_at_its_version(templates: Templates) -> None:
    assert templates.workflow(SOURCE, "v1.0.0", "hygiene") == b"# of v1\non: push\njobs: {}\n"
    assert templates.workflow(SOURCE, "v2.0.0", "hygiene") == b"# of v2\non: push\njobs: {}\n"


def test_a_workflow_that_is_not_there_is_told_with_the_one_that_was_meant(
    templates: Templates,
) -> None:
    with pytest.raises(TemplateError) as error:
        templates.workflow(SOURCE, "v1.0.0", "hygeine")
    assert str(error.value) == (
        "https://github.com/acme/templates at v1.0.0: has no workflow 'hygeine'"
    )
    assert error.value.hint == 'did you mean "hygiene"?'


def test_a_version_is_fetched_once_however_often_it_is_rendered() -> None:
    fetched: list[str] = []

    def fetch(_: str, version: str, target: Path) -> None:
        fetched.append(version)
        target.mkdir()
        (target / "copier.yml").write_text(COPIER)
        (target / "templates/service").mkdir(parents=True)

    templates = Templates(fetch)
    for version in ("v1", "v2", "v1"):
        templates.render("x", version, SERVICE)
        templates.render("x", version, {"kind": "service", "name": "other"})
    templates.close()
    assert fetched == ["v1", "v2"]


def test_a_folder_stands_for_every_version_for_who_writes_templates(tmp_path: Path) -> None:
    (tmp_path / "templates/service").mkdir(parents=True)
    (tmp_path / "copier.yml").write_text(COPIER)
    (tmp_path / "templates/service/a.txt.jinja").write_text("{{ name }}")
    git.run(tmp_path, "init", "--quiet")
    tree = rendered(from_folder(tmp_path), SOURCE, "v7", {"kind": "service", "name": "now"})
    assert tree == {"a.txt": Blob.of(b"now")}


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("https://github.com/acme/templates", "http://127.0.0.1:1/acme/templates"),
        ("gh:acme/templates", "http://127.0.0.1:1/acme/templates"),
        ("https://elsewhere.example/a/b", "https://elsewhere.example/a/b"),
    ],
)
def test_the_server_at_work_answers_for_the_manifests_host(written: str, found: str) -> None:
    server = Server("http://127.0.0.1:1", "http://127.0.0.1:1")
    assert location(written, "github.com", server) == found


def test_nothing_is_left_behind(ground: Ground, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    templates = Templates(from_server(ground.server, HOST))
    templates.render(SOURCE, "v1.0.0", SERVICE)
    assert list(tmp_path.iterdir())
    templates.close()
    assert list(tmp_path.iterdir()) == []
