"""Git commands on the bare repositories of the twin: the one module that starts git here."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from meta.twin.clock import git_dates

#: A bare repository that allows over HTTP what GitHub does: partial clones, any commit by its
#: id. A push stays one pack, which copies faster than its objects one by one.
CONFIG = """\
[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
\tlogAllRefUpdates = false
[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = true
[receive]
\tadvertisePushOptions = true
\tunpackLimit = 1
[gc]
\tauto = 0
"""
NOTHING = "0" * 40
HEADS = "refs/heads/"


class GitFailed(Exception):
    """A git command ended with an error; its text is what git said."""


def run(
    folder: Path,
    *args: str,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    codes: Iterable[int] = (0,),
) -> bytes:
    """What a git command prints; raises GitFailed where its exit code is not one of `codes`."""
    done = subprocess.run(
        ["git", *args],
        cwd=folder,
        input=stdin,
        capture_output=True,
        env=environment(env),
        check=False,
    )
    if done.returncode not in tuple(codes):
        raise GitFailed(done.stderr.decode(errors="replace").strip() or f"git {args[0]} failed")
    return done.stdout


def text(folder: Path, *args: str, env: Mapping[str, str] | None = None) -> str:
    return run(folder, *args, env=env).decode(errors="surrogateescape").rstrip("\n")


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """A git that neither the machine's nor its user's settings change."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {
        **kept,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
        **git_dates(),
        **(more or {}),
    }


def init(folder: Path, branch: str) -> None:
    """A new bare repository; what a crash may have left at its place goes away first."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("objects", "refs"):
        (folder / name).mkdir(parents=True)
    (folder / "config").write_text(CONFIG)
    (folder / "HEAD").write_text(f"ref: {HEADS}{branch}\n")


def branches(folder: Path) -> dict[str, str]:
    """Branch name -> commit id."""
    return refs(folder, HEADS)


def refs(folder: Path, prefix: str) -> dict[str, str]:
    """Name without the prefix -> object id, by name; read as git keeps them, without a process."""
    found = {}
    packed = folder / "packed-refs"
    for line in packed.read_text().splitlines() if packed.exists() else ():
        if line[0] not in "#^":
            sha, _, name = line.partition(" ")
            found[name] = sha
    for path in (folder / "refs").rglob("*"):
        # Another request may take a ref away meanwhile.
        with suppress(FileNotFoundError):
            if path.is_file() and path.suffix != ".lock":
                found[path.relative_to(folder).as_posix()] = path.read_text().strip()
    kept = sorted(name for name in found if name.startswith(prefix))
    return {name.removeprefix(prefix): found[name] for name in kept}


def resolve(folder: Path, name: str, kind: str = "commit") -> str | None:
    """The object id that a name stands for, None where it stands for none of that kind."""
    if name.startswith("-"):
        return None
    if kind == "commit" and (tip := branches(folder).get(name)):
        return tip
    try:
        return text(folder, "rev-parse", "--verify", "--quiet", f"{name}^{{{kind}}}") or None
    except GitFailed:
        return None


def set_ref(folder: Path, ref: str, new: str, old: str | None = None) -> None:
    """Points a ref at an object; with `old`, only if it pointed there. Raises GitFailed."""
    run(folder, "update-ref", ref, new, *([] if old is None else [old]))


def drop_ref(folder: Path, ref: str) -> None:
    run(folder, "update-ref", "-d", ref)


def is_ancestor(folder: Path, old: str, new: str) -> bool:
    try:
        run(folder, "merge-base", "--is-ancestor", old, new)
    except GitFailed:
        return False
    return True


def store_object(folder: Path, kind: str, content: bytes) -> str:
    """The id of an object that is written; raises GitFailed where its content is not valid."""
    return run(folder, "hash-object", "-w", "-t", kind, "--stdin", stdin=content).decode().strip()


def speak(
    folder: Path, service: str, body: bytes, env: Mapping[str, str], *, advertise: bool = False
) -> bytes:
    """One round of a service of git over HTTP; an error of git's is part of what it says."""
    mode = ["--http-backend-info-refs"] if advertise else []
    done = subprocess.run(
        ["git", service.removeprefix("git-"), "--stateless-rpc", *mode, "."],
        cwd=folder,
        input=body,
        capture_output=True,
        env=environment(env),
        check=False,
    )
    return done.stdout


def packet(data: bytes) -> bytes:
    """One line of git's protocol: its length in hexadecimal, then itself."""
    return b"%04x" % (len(data) + 4) + data
