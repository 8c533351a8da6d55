"""Files and commits -> git: the only module that runs git. Raises GitError.

Tokens travel in the environment of the child process, never on a command line or in a URL.
"""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from git import Git
from git.exc import GitCommandError, GitCommandNotFound

from meta.errors import GitError
from meta.model import Tree

#: Commits made for a new repository are the same bytes each time: same files, same commit.
AUTHOR = "meta <meta@users.noreply.github.com>"
EPOCH = "1767225600 +0000"
ISOLATED = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "LC_ALL": "C",
}


def run(folder: Path, *words: str, token: str = "", feed: bytes | None = None) -> str:
    """What `git WORDS` prints in `folder`. `feed` is its standard input."""
    with fed(feed) as stream:
        try:
            return str(
                Git(str(folder)).execute(
                    ["git", *words], env=environment(token), istream=stream, with_stdout=True
                )
            )
        except GitCommandNotFound:
            raise GitError("git is not installed", hint="install git 2.30 or newer") from None
        except GitCommandError as error:
            words_said = (error.stderr or error.stdout or "").strip(" \n'")
            said = words_said.removeprefix("stderr: '").strip()
            raise GitError(said or f"exit {error.status}", where=f"git {words[0]}") from None


@contextmanager
def fed(feed: bytes | None) -> Iterator[BinaryIO | None]:
    if feed is None:
        yield None
        return
    with tempfile.TemporaryFile() as stream:
        stream.write(feed)
        stream.seek(0)
        yield stream


def environment(token: str) -> Mapping[str, str]:
    if not token:
        return ISOLATED
    credentials = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return {
        **ISOLATED,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "http.extraHeader",
        "GIT_CONFIG_VALUE_0": f"Authorization: Basic {credentials}",
    }


def fetch_tag(folder: Path, url: str, tag: str, *, token: str = "") -> None:
    """Bring the commit of one tag, and nothing else, into the bare repository at `folder`."""
    if not (folder / "HEAD").exists():
        folder.mkdir(parents=True, exist_ok=True)
        run(folder, "init", "--quiet", "--bare")
    ref = f"refs/tags/{tag}"
    run(folder, "fetch", "--quiet", "--depth=1", url, f"+{ref}:{ref}", token=token)


def export(folder: Path, ref: str, target: Path) -> None:
    """Write the files of `ref` of the bare repository at `folder` into the empty `target`."""
    target.mkdir(parents=True, exist_ok=True)
    run(folder, f"--work-tree={target}", "checkout", "--quiet", "--force", ref, "--", ".")


def push_new(url: str, tree: Tree, *, branch: str, message: str, token: str, tag: str = "") -> str:
    """Push `tree` as the first commit of `branch`, and maybe a tag, to an empty repository.

    Returns the commit's id. Never forced: a branch that is already there refuses it.
    """
    with tempfile.TemporaryDirectory(prefix="meta-push-") as name:
        folder = Path(name)
        run(folder, "init", "--quiet", "--bare")
        run(folder, "fast-import", "--quiet", feed=stream(tree, branch, message))
        refs = [f"refs/heads/{branch}"]
        if tag:
            run(folder, "update-ref", f"refs/tags/{tag}", f"refs/heads/{branch}")
            refs.append(f"refs/tags/{tag}")
        run(folder, "push", "--quiet", url, *refs, token=token)
        return run(folder, "rev-parse", f"refs/heads/{branch}")


def stream(tree: Tree, branch: str, message: str) -> bytes:
    """One commit of `tree` in the format that git fast-import reads."""
    said = message.encode()
    parts = [
        f"commit refs/heads/{branch}\ncommitter {AUTHOR} {EPOCH}\n".encode(),
        b"data %d\n%s\n" % (len(said), said),
    ]
    for path, blob in sorted(tree.items()):
        data = blob.data or b""
        name = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        parts.append(f'M {blob.mode} inline "{name}"\n'.encode())
        parts.append(b"data %d\n%s\n" % (len(data), data))
    return b"".join(parts)


def push_tag(folder: Path, url: str, tag: str, *, token: str = "") -> None:
    """Push one tag of the clone at `folder`, and `main` at its commit where there is none yet."""
    commit = run(folder, "rev-parse", "--verify", f"refs/tags/{tag}^{{commit}}")
    run(folder, "push", "--quiet", url, f"refs/tags/{tag}", token=token)
    if "refs/heads/main" not in run(folder, "ls-remote", "--heads", url, token=token):
        run(folder, "push", "--quiet", url, f"{commit}:refs/heads/main", token=token)
