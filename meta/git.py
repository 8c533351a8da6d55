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
from urllib.parse import urlsplit

from git import Git
from git.exc import GitCommandError, GitCommandNotFound

from meta.errors import GitError
from meta.model import Tree

#: Commits made for a new repository are the same bytes each time: same files, same commit.
AUTHOR = "meta <meta@users.noreply.github.com>"
EPOCH = "1767225600 +0000"
#: A person's proxies and certificates count here; their hooks and stored credentials do not.
SETTINGS = {"core.hooksPath": os.devnull, "core.autocrlf": "false", "credential.helper": ""}


def run(
    folder: Path, *words: str, url: str = "", token: str = "", feed: bytes | None = None
) -> str:
    """What `git WORDS` prints in `folder`. `feed` is its input; `token` is for `url` alone."""
    with fed(feed) as stream:
        try:
            return str(
                Git(str(folder)).execute(
                    ["git", *words], env=environment(url, token), istream=stream, with_stdout=True
                )
            )
        except GitCommandNotFound:
            raise GitError("git is not installed", hint="install git 2.30 or newer") from None
        except GitCommandError as error:
            raw = (error.stderr or error.stdout or "").strip(" \n'").removeprefix("stderr: '")
            said = " ".join(raw.split())
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


def environment(url: str, token: str) -> Mapping[str, str]:
    """What git is told on the side: the token goes to the server of `url` and to no other."""
    settings = dict(SETTINGS)
    if token:
        credentials = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        server = urlsplit(url)
        header = f"http.{server.scheme}://{server.netloc}/.extraHeader"
        settings[header] = f"Authorization: Basic {credentials}"
    pairs = {
        f"GIT_CONFIG_{part}_{number}": word
        for number, setting in enumerate(settings.items())
        for part, word in zip(("KEY", "VALUE"), setting, strict=True)
    }
    return {
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
        "GIT_CONFIG_COUNT": str(len(settings)),
        **pairs,
    }


def fetch_tag(folder: Path, url: str, tag: str, *, token: str = "") -> None:
    """Bring the commit of one tag, and nothing else, into the bare repository at `folder`."""
    if not (folder / "HEAD").exists():
        folder.mkdir(parents=True, exist_ok=True)
        run(folder, "init", "--quiet", "--bare")
    ref = f"refs/tags/{tag}"
    run(folder, "fetch", "--quiet", "--depth=1", "--", url, f"+{ref}:{ref}", url=url, token=token)


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
        run(folder, "push", "--quiet", "--", url, *refs, url=url, token=token)
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
    run(folder, "push", "--quiet", "--", url, f"refs/tags/{tag}", url=url, token=token)
    if "refs/heads/main" not in run(folder, "ls-remote", "--heads", url, url=url, token=token):
        run(folder, "push", "--quiet", "--", url, f"{commit}:refs/heads/main", url=url, token=token)


def copy_refs(source: str, target: str, *, token: str, target_token: str) -> None:
    """Bring all branches and tags of one repository to another, which has none of its own."""
    refs = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
    with tempfile.TemporaryDirectory(prefix="meta-copy-") as name:
        folder = Path(name)
        run(folder, "init", "--quiet", "--bare")
        run(folder, "fetch", "--quiet", "--no-tags", source, *refs, url=source, token=token)
        if run(folder, "for-each-ref", "--count=1"):
            run(folder, "push", "--quiet", target, *refs, url=target, token=target_token)
