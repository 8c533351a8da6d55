"""A twin that is furnished with what a recorded exchange speaks of, and asked the same."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import httpx

from meta.twin import git
from meta.twin.rest import defaults, issues
from meta.twin.serve import Twin
from meta.twin.store import Row, now
from meta.twin.web import ADMIN
from tests.fidelity.recordings import Recorded

SHA = re.compile(r"\b[0-9a-f]{40}\b")
NUMBER = re.compile(r"(?<=/)[0-9]{3,}(?=/|$)")
PERSON = {
    f"GIT_{who}_{what}": "ada" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}
Answer = tuple[int, Any]


class Stage:
    """`ids` and `shas` say what stands here for a number or a commit of the recording."""

    def __init__(self, twin: Twin, client: httpx.Client) -> None:
        self.store, self.client = twin.store, client
        self.ids: dict[int, int] = {}
        self.shas: dict[str, str] = {}
        self.pattern, self.tip = _pattern(twin.data / "pattern.git")
        self.before = git.text(self.pattern, "rev-parse", f"{self.tip}^")
        self.orgs: set[str] = set()

    def begin(self, file: list[Recorded]) -> None:
        """Another file of recordings: nothing of the one before counts."""
        self.ids.clear()
        self.shas.clear()
        self.orgs = {login.lower() for each in file for login in _organizations(each.body)}

    def ask(self, one: Recorded, parts: dict[str, str]) -> Answer:
        """What the twin says to it; None where that is no JSON."""
        self._furnish(one, parts)
        if one.status == 304:
            tag = self._send(one, {}).headers["etag"]
            answer = self._send(one, {"If-None-Match": tag})
        else:
            answer = self._send(one, {})
        is_json = "json" in answer.headers.get("content-type", "") and answer.content
        body = answer.json() if is_json else None
        self._learn(one.body, body)
        return answer.status_code, body

    def _send(self, one: Recorded, more: dict[str, str]) -> httpx.Response:
        sent = {name: one.headers[name] for name in ("accept",) if name in one.headers}
        if "authorization" in one.headers:
            sent["Authorization"] = f"token {self._token(one)}"
        path = self._here(one.path) + (f"?{self._here(one.query)}" if one.query else "")
        body = self._told(one.sent)
        return self.client.request(one.method, path, headers={**sent, **more}, json=body)

    def _token(self, one: Recorded) -> str:
        """That of the user whom an answer tells what only they are told, else any."""
        if not (one.path.startswith("/users/") and "private_gists" in (one.body or {})):
            return "any"
        wanted = {"login": one.body["login"], "scopes": ["user"]}
        return str(self.client.post("/_twin/tokens", json=wanted).json()["token"])

    def _here(self, text: str) -> str:
        """A path or a query with the ids and commits of the recording put as they are here."""
        text = SHA.sub(lambda found: self.shas.get(found[0], self.tip), text)
        return NUMBER.sub(lambda found: str(self.ids.get(int(found[0]), found[0])), text)

    def _told(self, sent: Any) -> Any:
        if isinstance(sent, dict):
            return {name: self._told(value) for name, value in sent.items()}
        if isinstance(sent, list):
            return [self._told(each) for each in sent]
        if isinstance(sent, str) and SHA.fullmatch(sent):
            return self.shas.get(sent, self.tip)
        return self.ids.get(sent, sent) if isinstance(sent, int) and sent > 999 else sent

    def _learn(self, theirs: Any, ours: Any) -> None:
        """Two answers side by side: what is an id or a commit in both is the same thing."""
        if isinstance(theirs, dict) and isinstance(ours, dict):
            for name in theirs.keys() & ours.keys():
                one, other = theirs[name], ours[name]
                if name == "id" and isinstance(one, int) and isinstance(other, int):
                    self.ids[one] = other
                elif name == "sha" and isinstance(one, str) and isinstance(other, str):
                    self.shas[one] = other
                self._learn(one, other)
        elif isinstance(theirs, list) and isinstance(ours, list):
            for one, other in zip(theirs, ours, strict=False):
                self._learn(one, other)

    def _furnish(self, one: Recorded, parts: dict[str, str]) -> None:
        """Everything that has to be there for the exchange to go as it went."""
        found = one.body if one.status < 400 else None
        parts = {name: unquote(value) for name, value in parts.items()}
        if "org" in parts and one.status != 404:
            self.account(parts["org"], "org")
        if "username" in parts and one.status != 404:
            kind = "org" if isinstance(found, dict) and _is_org(found) else "user"
            self.account(parts["username"], kind)
        if "owner" in parts and "repo" in parts and self._is_there(one, parts):
            about = found if one.path.count("/") == 3 and isinstance(found, dict) else {}
            inner = next((each for each in _rows(found) if isinstance(each, dict)), {})
            about = about or inner.get("repository") or {}
            repo = self.repo(parts["owner"], parts["repo"], about)
            if isinstance(one.sent, dict) and one.status < 400:
                self._named(repo, one.sent)
            self._inside(one, repo, parts, found)
        elif isinstance(found, list) and one.path.endswith("/repos"):
            for each in found:
                self.repo(each["owner"]["login"], each["name"], each)
        elif isinstance(found, list) and one.path.endswith("/orgs"):
            for each in found:
                self.account(each["login"], "org")
        elif isinstance(found, list) and one.path.endswith("/teams") and "org" in parts:
            for each in found:
                self.team(parts["org"], each)

    def _named(self, repo: Row, sent: dict[str, Any]) -> None:
        """What a request names has to be there: people, a milestone, two branches."""
        for login in sent.get("assignees") or ():
            self.account(login, "user")
        if isinstance(sent.get("milestone"), int):
            self.milestone(repo, sent["milestone"], {})
        if "head" in sent and "base" in sent:
            self.ref(repo, f"refs/heads/{sent['base']}x", self.before)
            self.ref(repo, f"refs/heads/{sent['head'].rpartition(':')[2]}")

    @staticmethod
    def _is_there(one: Recorded, parts: dict[str, str]) -> bool:
        return one.status not in (404, 301) or len(parts) > 2

    def _inside(self, one: Recorded, repo: Row, parts: dict[str, str], found: Any) -> None:
        area = one.path.split("/")[4] if one.path.count("/") > 3 else ""
        rows = [each for each in _rows(found) if isinstance(each, dict)]
        is_new = one.method == "POST" and len(one.path.split("/")) == 5
        if area == "issues" and not is_new:
            self._issues(one, repo, parts, rows)
        elif area == "pulls" and not is_new and "number" in parts and one.status != 404:
            self.issue(repo, int(parts["number"]), rows[0] if rows else {}, "pull")
        elif area == "pulls" and not is_new:
            for each in rows:
                self.issue(repo, each["number"], each, "pull")
        elif area == "labels" and "name" in parts and one.status != 404:
            self.label(repo, parts["name"])
        elif area == "labels" and not is_new:
            for each in rows:
                self.label(repo, each["name"])
        elif area == "milestones" and not is_new:
            numbers = [parts["number"]] if "number" in parts else [each["number"] for each in rows]
            for number in numbers if one.status != 404 else ():
                self.milestone(repo, int(number), (rows or [{}])[0])
        elif (
            area == "branches"
            and "branch" in parts
            and "protection" not in one.path
            and one.status != 404
        ):
            self.ref(repo, f"refs/heads/{parts['branch']}")
        elif area == "branches":
            for each in rows:
                self.ref(repo, f"refs/heads/{each['name']}")
        elif area == "git" and "ref" in parts and one.status not in (404, 422):
            self.ref(repo, f"refs/{parts['ref']}")
        elif area == "tags":
            for each in rows:
                self.ref(repo, f"refs/tags/{each['name']}")
        elif area == "environments" and not is_new and one.method != "PUT" and one.status != 404:
            for name in [parts["name"]] if "name" in parts else [each["name"] for each in rows]:
                self.environment(repo, name)
        elif area == "releases":
            self._releases(one, repo, parts, rows)
        elif area == "compare":
            base, _, head = parts["span"].partition("...")
            self.shas |= {base: self.before} if SHA.fullmatch(base) else {}
            for name, sha in ((base, self.before), (head, self.tip)):
                if not SHA.fullmatch(name):
                    self.ref(repo, f"refs/heads/{name.rpartition(':')[2]}", sha)
        elif area == "commits" and "ref" in parts and not SHA.fullmatch(parts["ref"]):
            self.ref(repo, f"refs/heads/{parts['ref']}")

    def _issues(self, one: Recorded, repo: Row, parts: dict[str, str], rows: list[Any]) -> None:
        tail = one.path.split("/")[5:]
        if not tail and rows:
            asked = dict(parse_qsl(one.query))  # pages before were cut down when they were kept
            before = (int(asked.get("page", 1)) - 1) * int(asked.get("per_page", 30))
            for number in range(10**7, 10**7 + before):
                self.issue(repo, number, {"state": asked.get("state", "open"), **rows[0]})
        if not tail:
            for each in rows:  # some recordings are cut down to the ids
                each = {"state": asked.get("state", "open"), **each}
                self.issue(repo, each.get("number") or each["id"], each)
        elif tail[0] == "comments":
            for each in rows or [{"id": int(tail[1])}]:
                holder = int(each.get("issue_url", "/1").rpartition("/")[2])
                self.comment(repo, holder, each["id"])
        elif one.status != 404:
            row = self.issue(repo, int(tail[0]), rows[0] if len(tail) == 1 and rows else {})
            what = tail[1] if len(tail) > 1 else ""
            if what == "labels" and one.method in ("GET", "DELETE"):
                held = [parts["name"]] if "name" in parts else [each["name"] for each in rows]
                row.doc["labels"] += [self.label(repo, name).id for name in held]
                row.doc["labels"] = list(dict.fromkeys(row.doc["labels"]))
                self.store.save(row)
            elif what == "comments" and one.method == "GET":
                for each in rows:
                    self.comment(repo, int(tail[0]), each["id"])
            elif what == "sub_issues" and one.method == "GET":
                for each in rows:
                    below = self.issue(repo, each["number"], each)
                    below.doc["parent"] = row.id
                    self.store.save(below)

    def _releases(self, one: Recorded, repo: Row, parts: dict[str, str], rows: list[Any]) -> None:
        tail = one.path.split("/")[5:]
        if one.method == "POST" or one.status == 404 or "assets" in tail:
            return
        for each in rows or [{"id": int(parts["number"]), "tag_name": "v1"}]:
            if each["id"] not in self.ids:
                made = self.client.post(
                    f"/repos/{repo.doc['owner']}/{repo.doc['name']}/releases",
                    json={"tag_name": each["tag_name"], "name": "One", "body": "Notes"},
                    headers={"Authorization": "token any"},
                )
                if made.status_code == 201:
                    self.ids[each["id"]] = made.json()["id"]

    def account(self, login: str, kind: str) -> Row:
        found = self.store.get("org", "", login.lower()) or self.store.get(
            "user", "", login.lower()
        )
        if found and (found.kind == kind or kind == "user"):
            return found
        if found:
            self.store.drop(found)
        more = {"owner": ADMIN, "description": "Makers", "email": "a@b.c"} if kind == "org" else {}
        more |= {name: "Somewhere" for name in ("company", "location") if kind == "org"}
        return self.store.add(kind, "", login.lower(), {"login": login, "name": login, **more})

    def team(self, org: str, each: dict[str, Any]) -> None:
        self.account(org, "org")
        if self.store.get("team", org.lower(), each["slug"]) is None:
            fields = {"name": each["name"], "privacy": "closed"}
            self.client.post(
                f"/orgs/{org}/teams", json=fields, headers={"Authorization": "token any"}
            )

    def repo(self, owner: str, name: str, about: dict[str, Any]) -> Row:
        found = self.store.get("repo", owner.lower(), name.lower())
        if found:
            found.doc["topics"] = about.get("topics") or found.doc["topics"]
            self.store.save(found)
            return found
        self.account(owner, "org" if owner.lower() in self.orgs else "user")
        texts = {each: about.get(each) for each in ("description", "homepage", "language")}
        branch = about.get("default_branch") or "master"
        doc = {**defaults.repository(), **texts, "name": name, "owner": owner}
        doc |= {"pushed_at": now(), "default_branch": branch, "topics": about.get("topics") or []}
        first = about.get("parent") or {}
        if first and first["full_name"].lower() != f"{owner}/{name}".lower():
            doc["parent"] = self.repo(first["owner"]["login"], first["name"], first).id
        row = self.store.add("repo", owner.lower(), name.lower(), doc)
        for label in defaults.LABELS:
            self.store.add("label", _scope(row), label["name"].lower(), dict(label))
        folder = self.store.git_dir(row)
        shutil.copytree(self.pattern, folder, copy_function=shutil.copy)
        (folder / "HEAD").write_text(f"ref: refs/heads/{branch}\n")
        self.ref(row, f"refs/heads/{branch}")
        return row

    def ref(self, repo: Row, name: str, sha: str = "") -> None:
        folder = self.store.git_dir(repo)
        if name not in git.refs(folder, "refs/"):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{sha or self.tip}\n")

    def label(self, repo: Row, name: str) -> Row:
        found = self.store.get("label", _scope(repo), name.lower())
        doc = {"name": name, "color": "ff0000", "description": None, "default": False}
        return found or self.store.add("label", _scope(repo), name.lower(), doc)

    def milestone(self, repo: Row, number: int, about: dict[str, Any]) -> Row:
        found = self.store.get("milestone", _scope(repo), str(number))
        doc = {"title": about.get("title", f"Step {number}"), "state": about.get("state", "open")}
        doc |= {"description": "A step", "due_on": None, "closed_at": None, "creator": ADMIN}
        return found or self.store.add(
            "milestone", _scope(repo), str(number), {**doc, "number": number}
        )

    def issue(self, repo: Row, number: int, about: dict[str, Any], kind: str = "issue") -> Row:
        key = str(number)
        for there in ("issue", "pull"):
            if found := self.store.get(there, _scope(repo), key):
                names = [each["name"] for each in about.get("labels") or ()]
                found.doc["labels"] = found.doc["labels"] or [
                    self.label(repo, name).id for name in names
                ]
                self.store.save(found)
                return found
        person = self.account((about.get("user") or {}).get("login") or ADMIN, "user")
        doc = issues.blank(person.doc["login"]) | {"number": number, "state": "open"}
        doc |= {"title": about.get("title", "One"), "body": about.get("body")}
        if about.get("state") == "closed":
            doc |= {"state": "closed", "closed_at": now(), "closed_by": ADMIN}
        doc["labels"] = [self.label(repo, each["name"]).id for each in about.get("labels") or ()]
        if stone := about.get("milestone"):
            doc["milestone"] = self.milestone(repo, stone["number"], stone).id
        people = [
            each["login"] for each in about.get("assignees") or [about.get("assignee")] if each
        ]
        doc["assignees"] = [self.account(login, "user").doc["login"] for login in people]
        if kind == "pull" or about.get("pull_request"):
            kind, doc = "pull", {**doc, **self._pull(repo, about)}
        return self.store.add(kind, _scope(repo), key, doc)

    def _pull(self, repo: Row, about: dict[str, Any]) -> dict[str, Any]:
        head = (about.get("head") or {}).get("ref") or "work"
        base = (about.get("base") or {}).get("ref") or repo.doc["default_branch"]
        self.ref(repo, f"refs/heads/{base}")
        self.ref(repo, f"refs/heads/{head}")
        merged = bool(about.get("merged_at"))
        reviewers = [each["login"] for each in about.get("requested_reviewers") or ()]
        return {
            **{"head": head, "base": base, "head_sha": self.tip, "base_sha": self.before},
            **{"draft": False, "merged": merged, "merged_at": now() if merged else None},
            "merged_by": ADMIN if merged else None,
            "merge_commit_sha": self.tip,
            "reviewers": [self.account(login, "user").key for login in reviewers],
            "team_reviewers": [],
        }

    def comment(self, repo: Row, number: int, known: int) -> None:
        holder = self.issue(repo, number, {})
        if known not in self.ids:
            key = str(self.store.next_number(f"{_scope(repo)}#comments"))
            doc = {"issue": holder.id, "body": "Seen", "author": ADMIN}
            self.ids[known] = self.store.add("comment", _scope(repo), key, doc).rest

    def environment(self, repo: Row, name: str) -> None:
        if self.store.get("environment", _scope(repo), name.lower()) is None:
            self.client.put(
                f"/repos/{repo.doc['owner']}/{repo.doc['name']}/environments/{name}",
                json={"wait_timer": 15},
                headers={"Authorization": "token any"},
            )


def _rows(found: Any) -> list[Any]:
    """The things of an answer: one, a list, or a list inside."""
    if isinstance(found, dict):
        lists = [each for each in found.values() if isinstance(each, list) and each]
        return lists[0] if "total_count" in found and lists else [found]
    return found if isinstance(found, list) else []


def _organizations(found: Any) -> Iterator[str]:
    """Whoever an answer calls an organization, wherever in it."""
    if isinstance(found, dict):
        if _is_org(found) and "login" in found:
            yield found["login"]
        found = list(found.values())
    for each in found if isinstance(found, list) else ():
        yield from _organizations(each)


def _is_org(about: dict[str, Any]) -> bool:
    return about.get("type") == "Organization"


def _scope(repo: Row) -> str:
    return f"{repo.scope}/{repo.key}"


def _pattern(folder: Path) -> tuple[Path, str]:
    """A repository with three commits, which every one here begins as; and the last of them."""
    git.init(folder, "main")
    tip = ""
    for number in range(3):
        blob = git.store_object(folder, "blob", f"{number}\n".encode())
        lines = f"100644 blob {blob}\tREADME.md\n".encode()
        tree = git.run(folder, "mktree", stdin=lines).decode().strip()
        parent = ["-p", tip] if tip else []
        tip = git.text(folder, "commit-tree", tree, "-m", f"{number}", *parent, env=PERSON)
    return folder, tip
