"""A manifest and a twin -> a twin on which the manifest can be synced. Wiring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from meta import git, shipped
from meta.connect import Connection
from meta.errors import GitHubError, MetaError, Refused
from meta.github import Writer
from meta.model import Manifest, Tree
from meta.render import location


def seed(connection: Connection, manifest: Manifest, folder: Path | None = None) -> list[str]:
    """Give the twin the manifest's owner and template sources; say what was made.

    `folder` is a clone of the template source, else what ships with meta. Safe to repeat.
    Raises Refused where the server is no twin.
    """
    gh = twin_writer(connection)
    made: list[str] = []
    if gh.find(f"/users/{manifest.owner}") is None:
        gh.post("/_twin/orgs", {"login": manifest.owner})
        made.append(f"organization {manifest.owner}")
    for source, version in sources(manifest):
        url = location(source, manifest.host, connection.server)
        if url.startswith(f"{connection.server.git_url}/"):
            made += seed_source(gh, url, version, folder)
    return made


def twin_writer(connection: Connection) -> Writer:
    """A writer for the twin's own controls, which no real server has."""
    if not connection.is_twin:
        raise Refused(
            f"{connection.server.api_url} is no twin",
            where="twin",
            hint="start one with `meta twin serve`, and name it with --api-url",
        )
    return Writer(connection.send, connection.server)


def sources(manifest: Manifest) -> list[tuple[str, str]]:
    found = [entry.spec.get("template") for entry in manifest.entries]
    return sorted({(one["source"], one["version"]) for one in found if one})


def seed_source(gh: Writer, url: str, version: str, folder: Path | None) -> Iterator[str]:
    """One template source at one version, as a repository of the twin."""
    owner, name = url.removeprefix(f"{gh.server.git_url}/").removesuffix(".git").split("/")
    if gh.find(f"/users/{owner}") is None:
        gh.post("/_twin/orgs", {"login": owner})
        yield f"organization {owner}"
    if gh.find(f"/repos/{owner}/{name}") is None:
        gh.post(f"/orgs/{owner}/repos", {"name": name, "private": False, "is_template": True})
    if has_tag(gh, f"{owner}/{name}", version):
        return
    token = gh.server.token
    if folder is not None and (folder / ".git").exists():
        git.push_tag(folder, url, version, token=token)
    else:
        files = template_files(folder or shipped.root())
        message = f"The template source at {version}"
        git.push_new(url, files, branch="main", message=message, token=token, tag=version)
    yield f"template source {owner}/{name} at {version}"


def has_tag(gh: Writer, scope: str, tag: str) -> bool:
    try:
        return gh.find(f"/repos/{scope}/git/ref/tags/{tag}") is not None
    except GitHubError as error:
        if error.status == 409:  # an empty repository
            return False
        raise


def template_files(folder: Path) -> Tree:
    if not (folder / "copier.yml").is_file():
        raise MetaError("has no copier.yml", where=str(folder), hint="name a template's folder")
    return shipped.tree(folder)


def tally(connection: Connection) -> dict[str, Any]:
    """How many reads and writes the twin has answered so far."""
    answer = connection.reader().get("/_twin/requests")
    return {name: answer[name] for name in ("total", "reads", "writes")}
