"""Files -> commits on a server, with real git over HTTP."""

from __future__ import annotations

import base64
import os
import stat
import subprocess
from pathlib import Path

import pytest

from meta import git
from meta.errors import GitError
from meta.model import Blob, Tree
from tests.grounds import Ground

ODD: Tree = {
    "plain.txt": Blob.of(b"plain\n"),
    "with space/and ünïcödé.txt": Blob.of("größe\n".encode()),
    'with "quotes" and \\.txt': Blob.of(b"q\n"),
    "with\ttab\nand line.txt": Blob.of(b"t\n"),
    "日本.bin": Blob.of(bytes(range(256)) * 3),
    "empty": Blob.of(b""),
    "no newline": Blob.of(b"end"),
    "run.sh": Blob.of(b"#!/bin/sh\n", "100755"),
    "link": Blob.of(b"plain.txt", "120000"),
}
SECRET = "ghp_thesecretthesecretthesecretthesecret"


def url(ground: Ground, name: str) -> str:
    return f"{ground.url}/acme/{name}.git"


def push(ground: Ground, tree: Tree, name: str = "web", *, tag: str = "") -> str:
    return git.push_new(
        url(ground, name), tree, branch="main", message="First\n\nOf all.", token="token", tag=tag
    )


def test_every_file_arrives_as_it_is(ground: Ground) -> None:
    push(ground, ODD)
    there = ground.files("web")
    assert there == ODD
    assert {path: blob.data for path, blob in there.items()} == {
        path: blob.data for path, blob in ODD.items()
    }


def test_the_same_files_make_the_same_commit(ground: Ground) -> None:
    first = push(ground, ODD)
    ground.writer().post("/orgs/acme/repos", {"name": "twin-of-web"})
    assert push(ground, dict(reversed(list(ODD.items()))), "twin-of-web") == first


def test_a_known_tree_makes_a_known_commit(ground: Ground) -> None:
    assert push(ground, {"a": Blob.of(b"a\n")}) == "3d93b717e50d6a89a1c5e005267e6a916a5520c6"


def test_the_commit_says_who_and_why(ground: Ground) -> None:
    made = push(ground, ODD)
    commit = ground.reader().get(f"/repos/acme/web/commits/{made}")["commit"]
    assert commit["message"].rstrip("\n") == "First\n\nOf all."
    assert (commit["author"]["name"], commit["author"]["date"]) == ("meta", "2026-01-01T00:00:00Z")


def test_a_branch_that_is_there_is_never_pushed_over(ground: Ground) -> None:
    before = ground.files("api")
    with pytest.raises(GitError) as error:
        push(ground, ODD, "api")
    assert error.value.where == "git push"
    assert "rejected" in str(error.value)
    assert ground.files("api") == before


def test_a_tag_goes_with_the_first_commit(ground: Ground) -> None:
    made = push(ground, ODD, tag="v1")
    ref = ground.reader().get("/repos/acme/web/git/ref/tags/v1")
    assert ref["object"]["sha"] == made


def test_a_tag_is_fetched_alone_and_written_out(ground: Ground, tmp_path: Path) -> None:
    push(ground, ODD, tag="v1")
    git.fetch_tag(tmp_path / "bare", url(ground, "web"), "v1", token="token")
    git.export(tmp_path / "bare", "refs/tags/v1", tmp_path / "files")
    there = tmp_path / "files"
    assert (there / "with space/and ünïcödé.txt").read_text("utf-8") == "größe\n"
    assert (there / "日本.bin").read_bytes() == bytes(range(256)) * 3
    assert (there / "run.sh").stat().st_mode & stat.S_IXUSR
    assert (there / "link").readlink() == Path("plain.txt")
    assert git.run(tmp_path / "bare", "for-each-ref", "--format=%(refname)") == "refs/tags/v1"


def test_a_tag_that_is_not_there_is_an_error(ground: Ground, tmp_path: Path) -> None:
    with pytest.raises(GitError) as error:
        git.fetch_tag(tmp_path, url(ground, "templates"), "v9", token="token")
    assert error.value.where == "git fetch"
    assert "couldn't find remote ref refs/tags/v9" in str(error.value)


def test_a_tag_of_a_clone_is_pushed_and_becomes_main_where_there_is_none(
    ground: Ground, tmp_path: Path
) -> None:
    git.run(tmp_path, "init", "--quiet", "--bare")
    git.run(tmp_path, "fast-import", "--quiet", feed=git.stream(ODD, "work", "First"))
    git.run(tmp_path, "update-ref", "refs/tags/v1", "refs/heads/work")
    git.push_tag(tmp_path, url(ground, "web"), "v1", token="token")
    git.push_tag(tmp_path, url(ground, "web"), "v1", token="token")
    made = git.run(tmp_path, "rev-parse", "refs/tags/v1")
    gh = ground.reader()
    assert gh.get("/repos/acme/web/git/ref/heads/main")["object"]["sha"] == made
    assert gh.get("/repos/acme/web/git/ref/tags/v1")["object"]["sha"] == made


def test_a_tag_that_the_clone_has_not_is_an_error(ground: Ground, tmp_path: Path) -> None:
    git.run(tmp_path, "init", "--quiet", "--bare")
    with pytest.raises(GitError) as error:
        git.push_tag(tmp_path, url(ground, "web"), "v1", token="token")
    assert error.value.where == "git rev-parse"


def test_a_git_that_fails_says_why_in_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(GitError) as error:
        git.run(tmp_path, "rev-parse", "HEAD")
    assert str(error.value).startswith("git rev-parse: fatal: not a git repository")


def test_where_there_is_no_git_that_is_said(tmp_path: Path, empty_path: None) -> None:
    with pytest.raises(GitError) as error:
        git.run(tmp_path, "status")
    assert (str(error.value), error.value.hint) == (
        "git is not installed",
        "install git 2.30 or newer",
    )


@pytest.fixture
def empty_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def spying_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A git before the real one on PATH, which notes its command line; the note."""
    note, folder = tmp_path / "note", tmp_path / "bin"
    folder.mkdir()
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout
    spy = folder / "git"
    spy.write_text(f'#!/bin/sh\nprintf "%s " "$@" >>{note}\nexec {real.strip()} "$@"\n')
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return note


def test_a_token_is_on_no_command_line_and_in_no_error(
    ground: Ground, tmp_path: Path, spying_git: Path
) -> None:
    words = {"branch": "main", "message": "First", "token": SECRET}
    git.push_new(url(ground, "web"), ODD, **words)
    with pytest.raises(GitError) as error:
        git.push_new(url(ground, "api"), ODD, **words)
    ran = spying_git.read_text()
    assert "push" in ran
    assert SECRET not in ran
    assert base64.b64encode(f"x-access-token:{SECRET}".encode()).decode() not in ran
    assert SECRET not in f"{error.value!r}{error.value}{error.value.hint}"


def test_a_token_is_in_no_file_that_git_leaves(ground: Ground, tmp_path: Path) -> None:
    git.fetch_tag(tmp_path, url(ground, "templates"), "v1.0.0", token=SECRET)
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert left
    assert [path for path in left if SECRET.encode() in path.read_bytes()] == []


def test_a_persons_own_settings_change_nothing(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".gitconfig").write_text(
        "[user]\n name = Somebody\n[core]\n autocrlf = true\n[commit]\n gpgsign = true\n"
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    push(ground, ODD)
    assert ground.files("web") == ODD
