"""A caller and a request -> nothing, or the refusal that GitHub answers."""

from __future__ import annotations

from collections.abc import Iterable

from meta.twin import access_roles, access_table, smart
from meta.twin.access import Caller, current
from meta.twin.incoming import Incoming
from meta.twin.limits_work import GRAPHQL
from meta.twin.questions import Question
from meta.twin.store import Row, Store
from meta.twin.view import Denied, View
from meta.twin.web import Answer, Refusal

WORKFLOWS = "/contents/.github/workflows/"
READS = ("GET", "HEAD")
NO_ADMIN = "Must have admin rights to Repository."
#: Where the token of an app itself may go, beside what is everyone's.
OF_APPS = ("/app", "/apps/", "/meta", "/rate_limit", "/zen")
ORG_SCOPES = ("admin:org", "write:org", "read:org")
TEAM_FIELDS = frozenset({"teams", "team"})


def check(store: Store, caller: Caller, view: View, request: Incoming) -> None:
    """Raises Refusal for what the caller may not do. What is hidden is left to be not found."""
    if caller.free or request.path in GRAPHQL:
        return
    if caller.sort == "app":
        if not request.path.startswith(OF_APPS) and not request.path.endswith("/installation"):
            raise Refusal(403, caller.words)
        return
    repo = _repo(store, request.path)
    if repo is not None and f"{repo.scope}/{repo.key}" in view.hidden:
        return
    needed = _need(request)
    if needed is None:
        return
    if caller.sort == "classic":
        _check_scopes(caller, request, repo)
    elif not _is_public_read(needed, repo) and not _covered(caller, view, needed, request, repo):
        raise Refusal(403, caller.words)
    _check_role(store, caller, request, needed, repo)


def of_graphql(caller: Caller, question: Question) -> Answer | None:
    """The answer to a question that the scopes of a token do not allow; None where they do."""
    if caller.sort != "classic":
        return None
    projects = any(
        "projectv2" in name.lower() or name == "projectsV2" for name in question.all_fields
    )
    wanted: tuple[str, ...] = ()
    if projects:
        wanted = ("project",) if question.mutation else ("read:project", "project")
    elif question.all_fields & TEAM_FIELDS:
        wanted = ("read:org", "write:org", "admin:org")
    if not wanted or {*wanted} & {*caller.scopes}:
        return None
    message = (
        "Your token has not been granted the required scopes to execute this query. It requires"
        f" one of the following scopes: {list(wanted)!r}, but your token has only been granted"
        f" the: {list(caller.scopes)!r} scopes."
    )
    return Answer(200, {"errors": [{"type": "INSUFFICIENT_SCOPES", "message": message}]})


def may_change(mutation: str) -> None:
    """Raises Denied for a mutation that the running request's token has no permission for."""
    caller = current()
    if caller.sort in ("fine", "installation") and not access_table.covers(
        {**caller.permissions}, access_table.mutation(mutation)
    ):
        raise Denied(caller.words)


def _need(request: Incoming) -> access_table.Need | None:
    door = smart.door(request.path)
    if door is None:
        return access_table.need(request.method, request.path)
    service = request.query.get("service") if door["door"] == "info/refs" else door["door"]
    if service == "git-receive-pack":
        return access_table.Need(("contents",), "write", "push")
    return access_table.Need(("contents",), "read", open=True)


def _repo(store: Store, path: str) -> Row | None:
    door, parts = smart.door(path), path.strip("/").split("/")
    if door:
        return store.get("repo", door["owner"].lower(), door["name"].lower())
    if parts[0] == "repos" and len(parts) > 2:
        return store.get("repo", parts[1].lower(), parts[2].lower())
    return None


def _is_public_read(needed: access_table.Need, repo: Row | None) -> bool:
    return needed.open and repo is not None and not repo.doc["private"]


def _covered(
    caller: Caller,
    view: View,
    needed: access_table.Need,
    request: Incoming,
    repo: Row | None,
) -> bool:
    """Whether a token with permissions is for this repository or account, and for this work."""
    if repo is not None and needed.level == "write" and f"{repo.scope}/{repo.key}" in view.closed:
        return False
    parts = request.path.strip("/").split("/")
    if parts[0] == "orgs" and caller.account not in ("", parts[1].lower()):
        return needed.level == "read" and needed.permissions == ("metadata",)
    if needed.level == "write" and WORKFLOWS in request.path:
        workflows = access_table.Need(("workflows",), "write")
        return access_table.covers({**caller.permissions}, needed) and access_table.covers(
            {**caller.permissions}, workflows
        )
    return access_table.covers({**caller.permissions}, needed)


def _check_scopes(caller: Caller, request: Incoming, repo: Row | None) -> None:
    """For what a classic token has no scope for, GitHub answers as if nothing were there."""
    parts, read = request.path.strip("/").split("/"), request.method in READS
    if repo is not None:
        if _writes(request) and not _any(caller, _repo_scopes(repo)):
            raise Refusal(404, "Not Found")
        if request.method == "DELETE" and len(parts) == 3 and "delete_repo" not in caller.scopes:
            raise Refusal(403, NO_ADMIN)
        if WORKFLOWS in request.path and not read and "workflow" not in caller.scopes:
            raise Refusal(404, "Not Found")
    elif parts[-1] == "repos" and not read:
        if not _any(caller, ("repo", "public_repo")):
            raise Refusal(404, "Not Found")
    elif parts[0] == "orgs":
        wanted = ORG_SCOPES if read else ("admin:org",)
        secret = len(parts) > 2 and parts[2] in ("teams", "memberships")
        if (secret or not read) and not _any(caller, wanted):
            raise Refusal(404 if read else 403, "Not Found" if read else "Must have admin:org")


def _writes(request: Incoming) -> bool:
    if smart.door(request.path):
        return "git-receive-pack" in (request.path.rpartition("/")[2], request.query.get("service"))
    return request.method not in READS


def _repo_scopes(repo: Row) -> tuple[str, ...]:
    return ("repo",) if repo.doc["private"] else ("repo", "public_repo")


def _check_role(
    store: Store,
    caller: Caller,
    request: Incoming,
    needed: access_table.Need,
    repo: Row | None,
) -> None:
    """A token may do no more than its user."""
    if needed.level == "read" or caller.sort == "installation":
        return
    parts = request.path.strip("/").split("/")
    if repo is None:
        account = caller.login if parts[0] == "user" else parts[1]
        if not access_roles.owns(store, caller.login, account.lower()):
            raise Refusal(403, "You must be an admin of the organization.")
        return
    role = access_roles.role(store, caller.login, repo)
    if not access_roles.at_least(role, needed.role):
        raise Refusal(403, NO_ADMIN if needed.role == "admin" else caller_words(caller))


def caller_words(caller: Caller) -> str:
    return caller.words if caller.sort == "fine" else "Must have push access to Repository."


def _any(caller: Caller, scopes: Iterable[str]) -> bool:
    return bool({*scopes} & {*caller.scopes})
