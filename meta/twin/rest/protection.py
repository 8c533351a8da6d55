"""/branches/{branch}/protection: the classic protection of one branch, whole and part by part."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from meta.twin import git, rules
from meta.twin.rest.labels import scope
from meta.twin.rest.shapes import repos, teams, users
from meta.twin.store import Row
from meta.twin.web import Answer, Call, Refusal

#: Switches, in GitHub's order.
SWITCHES = (
    *("required_linear_history", "allow_force_pushes", "allow_deletions", "block_creations"),
    *("required_conversation_resolution", "lock_branch", "allow_fork_syncing"),
)
NEEDED = (
    *("required_status_checks", "enforce_admins", "required_pull_request_reviews"),
    "restrictions",
)
MOST_APPROVALS = 6
REVIEWS: dict[str, Any] = {
    "dismiss_stale_reviews": False,
    "require_code_owner_reviews": False,
    "required_approving_review_count": 1,
    "require_last_push_approval": False,
}


def show(call: Call, repo: Row, branch: str) -> dict[str, Any]:
    return shown(call, repo, find(call, repo, branch))


def put(call: Call, repo: Row, branch: str) -> dict[str, Any]:
    """Replaces everything: what is not said is off."""
    there(call, repo, branch)
    missing = [name for name in NEEDED if name not in call.fields]
    if missing:
        names = ", ".join(f'"{name}"' for name in missing)
        raise Refusal(422, f"Invalid request.\n\n{names} weren't supplied.")
    fields = call.fields
    doc: dict[str, Any] = {
        "branch": branch,
        "enforce_admins": bool(fields["enforce_admins"]),
        "required_signatures": False,
        "required_status_checks": checks(fields["required_status_checks"], None),
        "required_pull_request_reviews": reviews(fields["required_pull_request_reviews"], None),
        "restrictions": fields["restrictions"],
        **{name: bool(fields.get(name)) for name in SWITCHES},
    }
    row = rules.classic(call.store, repo, branch)
    if row is None:
        row = call.store.add("protection", scope(repo), branch, doc)
    else:
        row.doc = doc | {"required_signatures": row.doc["required_signatures"]}
        call.store.save(row)
    return shown(call, repo, row)


def delete(call: Call, repo: Row, branch: str) -> None:
    call.store.drop(find(call, repo, branch))


def find(call: Call, repo: Row, branch: str) -> Row:
    """Raises Refusal where there is no such branch, or it is not protected."""
    there(call, repo, branch)
    row = rules.classic(call.store, repo, branch)
    if row is None or not call.login:
        raise Refusal(404, "Branch not protected")
    return row


def there(call: Call, repo: Row, branch: str) -> None:
    if branch not in git.branches(call.store.git_dir(repo)):
        raise Refusal(404, "Branch not found")


def checks(given: Any, before: dict[str, Any] | None) -> dict[str, Any] | None:
    """Required checks as they are kept; contexts are the older word for the same."""
    if given is None:
        return None
    kept = before or {"strict": False, "checks": []}
    found = kept["checks"]
    if given.get("checks") or given.get("contexts") is not None:
        named = given.get("checks") or [{"context": each} for each in given["contexts"]]
        found = [{"context": each["context"], "app_id": each.get("app_id")} for each in named]
    return {"strict": bool(given.get("strict", kept["strict"])), "checks": found}


def reviews(given: Any, before: dict[str, Any] | None) -> dict[str, Any] | None:
    if given is None:
        return None
    kept = before or REVIEWS
    made = {name: given.get(name, kept[name]) for name in REVIEWS}
    count = made["required_approving_review_count"]
    if not isinstance(count, int) or not 0 <= count <= MOST_APPROVALS:
        raise Refusal(422, "required_approving_review_count must be a number from 0 to 6")
    return made


def address(call: Call, repo: Row, row: Row) -> str:
    branch = quote(row.doc["branch"], safe="")
    return f"{repos.api(call, repo)}/branches/{branch}/protection"


def shown(call: Call, repo: Row, row: Row) -> dict[str, Any]:
    url, doc = address(call, repo, row), row.doc
    made: dict[str, Any] = {"url": url}
    if doc["required_status_checks"]:
        made["required_status_checks"] = shown_checks(url, doc)
    if doc["required_pull_request_reviews"]:
        made["required_pull_request_reviews"] = shown_reviews(url, doc)
    if doc["restrictions"] is not None:
        made["restrictions"] = _people(call, repo, f"{url}/restrictions", doc["restrictions"])
    made["required_signatures"] = shown_signatures(url, doc)
    made["enforce_admins"] = shown_admins(url, doc)
    return made | {name: {"enabled": doc[name]} for name in SWITCHES}


def shown_checks(url: str, doc: dict[str, Any]) -> dict[str, Any]:
    kept, place = doc["required_status_checks"], f"{url}/required_status_checks"
    contexts = [each["context"] for each in kept["checks"]]
    more = {"contexts_url": f"{place}/contexts", "checks": kept["checks"]}
    return {"url": place, "strict": kept["strict"], "contexts": contexts, **more}


def shown_reviews(url: str, doc: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = doc["required_pull_request_reviews"]
    return {"url": f"{url}/required_pull_request_reviews", **kept}


def shown_signatures(url: str, doc: dict[str, Any]) -> dict[str, Any]:
    return {"url": f"{url}/required_signatures", "enabled": doc["required_signatures"]}


def shown_admins(url: str, doc: dict[str, Any]) -> dict[str, Any]:
    return {"url": f"{url}/enforce_admins", "enabled": doc["enforce_admins"]}


def _people(call: Call, repo: Row, url: str, given: dict[str, Any]) -> dict[str, Any]:
    """Who may push: users and teams; the twin has no apps to name here."""
    found = [call.store.get("team", repo.scope, str(slug)) for slug in given.get("teams") or ()]
    return {
        "url": url,
        **{f"{name}_url": f"{url}/{name}" for name in ("users", "teams", "apps")},
        "users": [users.simple(call, str(login)) for login in given.get("users") or ()],
        "teams": [teams.team(call, team) for team in found if team],
        "apps": [],
    }


PLACE = "/repos/{owner}/{repo}/branches/{branch}/protection"


def change_checks(call: Call, repo: Row, branch: str) -> dict[str, Any]:
    row = find(call, repo, branch)
    row.doc["required_status_checks"] = checks(call.fields, row.doc["required_status_checks"])
    call.store.save(row)
    return shown_checks(address(call, repo, row), row.doc)


def change_reviews(call: Call, repo: Row, branch: str) -> dict[str, Any]:
    row = find(call, repo, branch)
    before = row.doc["required_pull_request_reviews"]
    row.doc["required_pull_request_reviews"] = reviews(call.fields, before)
    call.store.save(row)
    return shown_reviews(address(call, repo, row), row.doc)


def part(name: str, look: Any) -> Any:
    def read(call: Call, repo: Row, branch: str) -> dict[str, Any]:
        row = find(call, repo, branch)
        if row.doc[name] is None:
            raise Refusal(404, "Not Found")
        made: dict[str, Any] = look(address(call, repo, row), row.doc)
        return made

    return read


def switch(name: str, look: Any) -> Any:
    def turn(call: Call, repo: Row, branch: str) -> Answer:
        row = find(call, repo, branch)
        row.doc[name] = call.method == "POST"
        call.store.save(row)
        if not row.doc[name]:
            return Answer(204)
        return Answer(200, look(address(call, repo, row), row.doc))

    return turn


def drop(name: str) -> Any:
    def clear(call: Call, repo: Row, branch: str) -> None:
        row = find(call, repo, branch)
        row.doc[name] = None
        call.store.save(row)

    return clear


CHECKS, ASKED = f"{PLACE}/required_status_checks", f"{PLACE}/required_pull_request_reviews"
ADMINS, SIGNED = f"{PLACE}/enforce_admins", f"{PLACE}/required_signatures"
ROUTES = [
    ("GET", PLACE, show),
    ("PUT", PLACE, put),
    ("DELETE", PLACE, delete),
    ("GET", CHECKS, part("required_status_checks", shown_checks)),
    ("PATCH", CHECKS, change_checks),
    ("DELETE", CHECKS, drop("required_status_checks")),
    ("GET", ASKED, part("required_pull_request_reviews", shown_reviews)),
    ("PATCH", ASKED, change_reviews),
    ("DELETE", ASKED, drop("required_pull_request_reviews")),
    ("GET", ADMINS, part("enforce_admins", shown_admins)),
    ("POST", ADMINS, switch("enforce_admins", shown_admins)),
    ("DELETE", ADMINS, switch("enforce_admins", shown_admins)),
    ("GET", SIGNED, part("required_signatures", shown_signatures)),
    ("POST", SIGNED, switch("required_signatures", shown_signatures)),
    ("DELETE", SIGNED, switch("required_signatures", shown_signatures)),
]
