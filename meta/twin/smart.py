"""Git over smart HTTP: a request -> what git itself says to it, on a real bare repository."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from meta.twin import git, pushes
from meta.twin.incoming import Incoming
from meta.twin.store import NotFound, Row, Store
from meta.twin.web import Answer

DOOR = re.compile(
    r"/(?P<owner>[^/]+)/(?P<name>[^/]+?)(?:\.git)?"
    r"/(?P<door>info/refs|git-upload-pack|git-receive-pack)"
)
SERVICES = ("git-upload-pack", "git-receive-pack")
SIGN_IN = {"WWW-Authenticate": 'Basic realm="GitHub"', "Content-Type": "text/plain"}


def door(path: str) -> re.Match[str] | None:
    """Whether a path is one of git's."""
    return DOOR.fullmatch(path)


def is_push(request: Incoming) -> bool:
    return request.method == "POST" and request.path.endswith("/git-receive-pack")


def answer(store: Store, request: Incoming) -> Answer:
    found = door(request.path)
    if found is None:
        return _said(404, "Not Found")
    service = _service(request, found["door"])
    if service not in SERVICES:
        return _said(
            403, "Please upgrade your git client.\nGitHub.com no longer supports git over dumb-http"
        )
    repo = _repo(store, found["owner"], found["name"])
    if not request.login and (repo is None or repo.doc["private"] or service == SERVICES[1]):
        return Answer(401, b"No anonymous write access.", SIGN_IN)
    if repo is None:
        return _said(404, "Repository not found.")
    if found["door"] == "info/refs":
        return _advertise(store.git_dir(repo), service, request)
    if service == SERVICES[1]:
        return _result(service, pushes.receive(store, repo, request.plain(), _protocol(request)))
    return _result(
        service, git.speak(store.git_dir(repo), service, request.plain(), _protocol(request))
    )


def _service(request: Incoming, name: str) -> str:
    return request.query.get("service", "") if name == "info/refs" else name


def _protocol(request: Incoming) -> dict[str, str]:
    asked = request.headers.get("git-protocol", "")
    return {"GIT_PROTOCOL": asked} if asked else {}


def _advertise(folder: Path, service: str, request: Incoming) -> Answer:
    refs = git.speak(folder, service, b"", _protocol(request), advertise=True)
    kind = f"application/x-{service}-advertisement"
    body = git.packet(f"# service={service}\n".encode()) + b"0000" + refs
    return Answer(200, body, {"Content-Type": kind, "Cache-Control": "no-cache"})


def _result(service: str, body: bytes) -> Answer:
    kind = f"application/x-{service}-result"
    return Answer(200, body, {"Content-Type": kind, "Cache-Control": "no-cache"})


def _repo(store: Store, owner: str, name: str) -> Row | None:
    """Also by a name that it had before."""
    with suppress(NotFound):
        return store.repo(owner, name)
    old = store.get("moved", owner.lower(), name.lower())
    return store.by_id(int(old.doc["repo"])) if old else None


def _said(status: int, words: str) -> Answer:
    return Answer(status, words.encode(), {"Content-Type": "text/plain"})
