"""/pulls of a repository: list, show, create, change, files, commits, reviewers."""

from __future__ import annotations

from typing import Any

from meta.twin import git
from meta.twin.actions import events
from meta.twin.rest import issues
from meta.twin.rest.commits import filled
from meta.twin.rest.labels import scope
from meta.twin.rest.shapes import commits
from meta.twin.rest.shapes import pulls as shapes
from meta.twin.store import Row, now
from meta.twin.web import Answer, Call, Refusal, invalid, page, there, whole

STATES = ("open", "closed")


def all_of(call: Call, repo: Row) -> Answer:
    kept = [row for row in call.store.rows("pull", scope(repo)) if _fits(call, row)]
    by = call.query.get("sort", "created")
    usual = "desc" if by == "created" else "asc"
    down = call.query.get("direction", usual) == "desc"
    kept.sort(key=issues.ORDERS.get(by, issues.ORDERS["created"]), reverse=down)
    return page(call, kept, lambda row: shapes.simple(call, repo, row))


def show(call: Call, repo: Row, number: str) -> Any:
    row = find(call, repo, number)
    accept = call.headers.get("accept", "")
    if "diff" in accept.split("."):
        return _text(call, repo, row, "diff")
    return shapes.full(call, repo, row)


def create(call: Call, repo: Row) -> Answer:
    title = call.fields.get("title")
    if not title:
        raise invalid("PullRequest", "title", "missing_field")
    folder, head, base = filled(call, repo), _branch(call, repo, "head"), call.text("base")
    found = git.branches(folder)
    for name, branch in (("head", head), ("base", base)):
        if branch not in found:
            raise invalid("PullRequest", name, "invalid")
    _refuse_needless(call, repo, head, base, found)
    doc = issues.blank(call.user())
    doc |= {"title": title, "body": issues.valid_body(call.fields.get("body"), "PullRequest")}
    doc |= {"head": head, "base": base, "head_sha": found[head], "base_sha": found[base]}
    doc |= {"draft": bool(call.fields.get("draft")), "merged": False, "merged_at": None}
    doc |= {"merged_by": None, "merge_commit_sha": None, "reviewers": [], "team_reviewers": []}
    number = call.store.next_number(scope(repo))
    row = call.store.add("pull", scope(repo), str(number), doc | {"number": number})
    git.set_ref(folder, f"refs/pull/{number}/head", found[head])
    events.pulled(call.store, repo, row, "opened")
    shown = shapes.full(call, repo, row)
    return Answer(201, shown, {"Location": shown["url"]})


def update(call: Call, repo: Row, number: str) -> dict[str, Any]:
    row = find(call, repo, number)
    issues.change(call, repo, row.doc)
    if call.fields.get("base"):
        _rebase(call, repo, row, str(call.fields["base"]))
    before = row.doc["state"]
    _set_state(call, repo, row)
    call.store.save(row)
    if row.doc["state"] != before:
        events.pulled(call.store, repo, row, "reopened" if before == "closed" else "closed")
    return shapes.full(call, repo, row)


def files(call: Call, repo: Row, number: str) -> Answer:
    row = find(call, repo, number)
    folder = call.store.git_dir(repo)
    fork = git.text(folder, "merge-base", row.doc["base_sha"], row.doc["head_sha"])
    found = commits.files(call, repo, fork, row.doc["head_sha"])
    return page(call, found, lambda file: file)


def history(call: Call, repo: Row, number: str) -> Answer:
    row = find(call, repo, number)
    span = f"{row.doc['base_sha']}..{row.doc['head_sha']}"
    found = commits.read(call.store.git_dir(repo), "--reverse", span)
    return page(call, found, lambda commit: commits.full(call, repo, commit))


def ask_reviewers(call: Call, repo: Row, number: str) -> Answer:
    row = find(call, repo, number)
    for field, kind, into in (
        ("reviewers", "user", "reviewers"),
        ("team_reviewers", "team", "team_reviewers"),
    ):
        place = "" if kind == "user" else repo.scope
        for name in call.fields.get(field) or ():
            if call.store.get(kind, place, str(name).lower()) is None:
                raise Refusal(422, f"Could not request review: {name} is not a collaborator.")
            row.doc[into] = list(dict.fromkeys([*row.doc[into], str(name).lower()]))
    if row.doc["author"] in row.doc["reviewers"]:
        raise Refusal(422, "Review cannot be requested from pull request author.")
    call.store.save(row)
    return Answer(201, shapes.simple(call, repo, row))


def drop_reviewers(call: Call, repo: Row, number: str) -> dict[str, Any]:
    row = find(call, repo, number)
    for field in ("reviewers", "team_reviewers"):
        gone = [str(name).lower() for name in call.fields.get(field) or ()]
        row.doc[field] = [name for name in row.doc[field] if name not in gone]
    call.store.save(row)
    return shapes.simple(call, repo, row)


def reviewers(call: Call, repo: Row, number: str) -> dict[str, Any]:
    row = shapes.simple(call, repo, find(call, repo, number))
    return {"users": row["requested_reviewers"], "teams": row["requested_teams"]}


def find(call: Call, repo: Row, number: str) -> Row:
    return there(call.store.get("pull", scope(repo), str(whole(number))))


def _text(call: Call, repo: Row, row: Row, kind: str) -> Answer:
    span = f"{row.doc['base_sha']}...{row.doc['head_sha']}"
    body = git.run(call.store.git_dir(repo), "diff", "--no-ext-diff", "--no-color", span)
    return Answer(200, body, {"Content-Type": f"application/vnd.github.{kind}; charset=utf-8"})


def _branch(call: Call, repo: Row, field: str) -> str:
    """A branch of this repository, with or without its owner in front."""
    owner, colon, branch = call.text(field).rpartition(":")
    if colon and owner.lower() != repo.scope:
        raise invalid("PullRequest", field, "invalid")
    return branch


def _refuse_needless(call: Call, repo: Row, head: str, base: str, found: dict[str, str]) -> None:
    if not git.text(call.store.git_dir(repo), "rev-list", "-1", found[head], f"^{found[base]}"):
        message = f"No commits between {base} and {head}"
        error = {"resource": "PullRequest", "code": "custom", "message": message}
        raise Refusal(422, "Validation Failed", [error])
    for row in call.store.rows("pull", scope(repo)):
        if row.doc["state"] == "open" and (row.doc["head"], row.doc["base"]) == (head, base):
            owner = repo.doc["owner"]
            message = f"A pull request already exists for {owner}:{head}."
            error = {"resource": "PullRequest", "code": "custom", "message": message}
            raise Refusal(422, "Validation Failed", [error])


def _rebase(call: Call, repo: Row, row: Row, base: str) -> None:
    found = git.branches(call.store.git_dir(repo))
    if base not in found:
        raise invalid("PullRequest", "base", "invalid")
    row.doc |= {"base": base, "base_sha": found[base]}


def _set_state(call: Call, repo: Row, row: Row) -> None:
    state = call.fields.get("state")
    if state is None or state == row.doc["state"]:
        return
    if state not in STATES:
        raise invalid("PullRequest", "state", "invalid")
    if state == "closed":
        row.doc |= {"state": "closed", "closed_at": now(), "closed_by": call.login}
        row.doc["auto_merge"] = None
        return
    found = git.branches(call.store.git_dir(repo))
    if row.doc["merged"] or row.doc["head"] not in found:
        raise invalid("PullRequest", "state", "invalid", "state cannot be changed")
    row.doc |= {"state": "open", "closed_at": None, "closed_by": None}
    row.doc |= {"head_sha": found[row.doc["head"]], "base_sha": found[row.doc["base"]]}


def _fits(call: Call, row: Row) -> bool:
    query = call.query
    head = query.get("head", "")
    owner, _, branch = head.rpartition(":")
    return (
        query.get("state", "open") in ("all", row.doc["state"])
        and query.get("base", row.doc["base"]) == row.doc["base"]
        and (not owner or owner.lower() == row.scope.partition("/")[0])
        and branch in ("", row.doc["head"])
    )


PULLS = "/repos/{owner}/{repo}/pulls"
ONE = f"{PULLS}/{{number}}"
ROUTES = [
    ("GET", PULLS, all_of),
    ("POST", PULLS, create),
    ("GET", ONE, show),
    ("PATCH", ONE, update),
    ("GET", f"{ONE}/files", files),
    ("GET", f"{ONE}/commits", history),
    ("GET", f"{ONE}/requested_reviewers", reviewers),
    ("POST", f"{ONE}/requested_reviewers", ask_reviewers),
    ("DELETE", f"{ONE}/requested_reviewers", drop_reviewers),
]
