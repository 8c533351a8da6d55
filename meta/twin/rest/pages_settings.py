"""/pages of a repository: what its site would be built from. The twin builds none."""

from __future__ import annotations

from typing import Any

from meta.twin import git
from meta.twin.rest.shapes import repos
from meta.twin.store import Row
from meta.twin.web import Answer, Call, Refusal

BUILDS = ("legacy", "workflow")
PATHS = ("/", "/docs")
FIELDS = ("build_type", "source", "cname", "public", "https_enforced")


def show(call: Call, repo: Row) -> dict[str, Any]:
    return _shown(call, repo, _settings(repo))


def create(call: Call, repo: Row) -> Answer:
    if repo.doc.get("pages"):
        raise Refusal(409, "GitHub Pages is already enabled.")
    doc: dict[str, Any] = {"build_type": "legacy", "source": None, "cname": None}
    doc |= {"public": not repo.doc["private"], "https_enforced": True}
    _change(call, repo, doc)
    shown = _shown(call, repo, doc)
    return Answer(201, shown, {"Location": shown["url"]})


def update(call: Call, repo: Row) -> None:
    if not any(name in call.fields for name in FIELDS):
        raise Refusal(400, "Nothing to change was given")
    _change(call, repo, dict(_settings(repo)))


def delete(call: Call, repo: Row) -> None:
    _settings(repo)
    repo.doc |= {"pages": None, "has_pages": False}
    call.store.save(repo)


def _settings(repo: Row) -> dict[str, Any]:
    found: dict[str, Any] | None = repo.doc.get("pages")
    if not found:
        raise Refusal(404, "Not Found")
    return found


def _change(call: Call, repo: Row, doc: dict[str, Any]) -> None:
    fields = call.fields
    doc |= {name: fields[name] for name in FIELDS if name in fields}
    if doc["build_type"] not in BUILDS:
        raise Refusal(422, "Invalid request.\n\nbuild_type is legacy or workflow.")
    if doc["build_type"] == "legacy":
        doc["source"] = _source(call, repo, doc["source"])
    repo.doc |= {"pages": doc, "has_pages": True}
    call.store.save(repo)


def _source(call: Call, repo: Row, given: Any) -> dict[str, str]:
    if not isinstance(given, dict) or not given.get("branch"):
        raise Refusal(422, "Invalid request.\n\nA source with a branch is needed.")
    made = {"branch": str(given["branch"]), "path": str(given.get("path") or "/")}
    if made["path"] not in PATHS:
        raise Refusal(422, "Invalid request.\n\nThe path is / or /docs.")
    if made["branch"] not in git.branches(call.store.git_dir(repo)):
        raise Refusal(
            422, f"The {made['branch']} branch must exist before GitHub Pages can be built."
        )
    return made


def _shown(call: Call, repo: Row, doc: dict[str, Any]) -> dict[str, Any]:
    host = doc["cname"] or f"{repo.doc['owner'].lower()}.github.io/{repo.doc['name']}"
    source = {"source": doc["source"]} if doc["source"] else {}
    return {
        "url": f"{repos.api(call, repo)}/pages",
        "status": None,
        "cname": doc["cname"],
        "custom_404": False,
        "html_url": f"https://{host}/",
        "build_type": doc["build_type"],
        **source,
        "public": doc["public"],
        "protected_domain_state": None,
        "pending_domain_unverified_at": None,
        "https_enforced": doc["https_enforced"],
    }


PAGES = "/repos/{owner}/{repo}/pages"
ROUTES = [
    ("GET", PAGES, show),
    ("POST", PAGES, create),
    ("PUT", PAGES, update),
    ("DELETE", PAGES, delete),
]
