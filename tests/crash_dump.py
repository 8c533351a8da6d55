"""What is on a twin -> one value that two runs can be compared by, read over HTTP and git.

GitHub's own ids, numbers, dates and commit ids are left out, and the roadmap's ids are replaced
by the numbers of the plan: what is equal then is equal for people. A tuple is a list whose order
does not matter: it is sorted once its ids are replaced, and keeps what it holds twice.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.running import Remote, git

Dump = Mapping[str, Any]
#: Never the same in two runs, or said elsewhere in a dump.
OTHER = re.compile(
    r"id|node_id|.*_id|url|.*_url|.*_at|sha|number|size|ref|.*_count|open_issues|_links|owner"
    r"|organization|creator|permissions|parent|forks|watchers|score"
)
BOARDS = """query($login: String!) {
  organization(login: $login) { projectsV2(first: 20) { nodes {
    id title closed
    repositories(first: 100) { nodes { name } }
    fields(first: 50) { nodes {
      ... on ProjectV2FieldCommon { name dataType }
      ... on ProjectV2SingleSelectField { options { name color description } }
    } }
  } } }
}"""
CARDS = """query($id: ID!, $after: String) {
  node(id: $id) { ... on ProjectV2 { items(first: 100, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes {
      content { ... on Issue { title repository { name } } }
      fieldValues(first: 20) { nodes {
        ... on ProjectV2ItemFieldSingleSelectValue {
          name field { ... on ProjectV2FieldCommon { name } }
        }
        ... on ProjectV2ItemFieldTextValue {
          text field { ... on ProjectV2FieldCommon { name } }
        }
      } }
    }
  } } }
}"""


def dump(remote: Remote, owner: str, folder: Path) -> Dump:
    """Everything of an owner by path, with the ledgers of the folder to know the ids by."""
    names = known_ids(folder)
    found = {path: plain(value, names) for path, value in everything(remote, owner)}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            text = path.read_text()
            said = ledger_lines(text) if is_ledger(path.name) else text
            found[f"folder/{path.relative_to(folder)}"] = plain(said, names)
    return found


def everything(remote: Remote, owner: str) -> Iterator[tuple[str, Any]]:
    repos = sorted(row["name"] for row in remote.rows(f"/orgs/{owner}/repos"))
    yield "repositories", repos
    yield "teams", rows(remote, f"/orgs/{owner}/teams")
    yield from boards(remote, owner)
    for name in repos:
        for path, value in of_repository(remote, f"{owner}/{name}"):
            yield f"{name}/{path}", value


def of_repository(remote: Remote, scope: str) -> Iterator[tuple[str, Any]]:
    base = f"/repos/{scope}"
    yield "settings", scrubbed(remote.get(base))
    for path in ("labels", "milestones?state=all", "teams"):
        yield path, rows(remote, f"{base}/{path}")
    environments = rows(remote, f"{base}/environments", "environments")
    yield "environments", environments
    rulesets = remote.rows(f"{base}/rulesets")
    yield "rulesets", tuple(scrubbed(remote.get(f"{base}/rulesets/{r['id']}")) for r in rulesets)
    yield from issues(remote, base)
    yield from pulls(remote, base)
    yield from branches(remote, scope)


def rows(remote: Remote, path: str, inside: str = "") -> tuple[Any, ...]:
    return tuple(scrubbed(row) for row in remote.rows(path, inside))


def issues(remote: Remote, base: str) -> Iterator[tuple[str, Any]]:
    """Title, body, state, labels, milestone and, in their order, the sub-issues of each."""
    found = []
    for row in remote.rows(f"{base}/issues?state=all"):
        if "pull_request" in row:
            continue
        below = remote.rows(f"{base}/issues/{row['number']}/sub_issues")
        parent = row.get("parent_issue_url")
        found.append(
            {
                **{name: row[name] for name in ("title", "body", "state", "state_reason")},
                "labels": sorted(label["name"] for label in row["labels"]),
                "milestone": row["milestone"] and row["milestone"]["title"],
                "parent": parent and remote.get(parent.removeprefix(remote.url))["title"],
                "sub-issues": [each["title"] for each in below],
                "comments": row["comments"],
            }
        )
    yield "issues", tuple(found)


def pulls(remote: Remote, base: str) -> Iterator[tuple[str, Any]]:
    yield (
        "pulls",
        tuple(
            {
                **{name: row[name] for name in ("title", "body", "state", "draft")},
                "head": row["head"]["ref"],
                "base": row["base"]["ref"],
            }
            for row in remote.rows(f"{base}/pulls?state=all")
        ),
    )


def branches(remote: Remote, scope: str) -> Iterator[tuple[str, Any]]:
    """The files, the modes and the messages of each branch and tag, as a clone has them."""
    with tempfile.TemporaryDirectory() as name:
        clone = Path(name)
        url = f"{remote.git_url}/{scope}.git"
        git(clone, "clone", "--quiet", "--mirror", url, ".")
        refs = git(clone, "for-each-ref", "--format=%(refname)").split()
        yield "refs", sorted(ref for ref in refs if not ref.startswith("refs/pull/"))
        for ref in refs:
            if not ref.startswith("refs/pull/"):
                yield f"{ref} log", git(clone, "log", "--format=%an %s", ref).splitlines()
                yield f"{ref} files", files(clone, ref)


def files(clone: Path, ref: str) -> Mapping[str, Any]:
    """Mode and blob id by path; a ledger is given whole, since its ids are never the same."""
    found: dict[str, Any] = {}
    for line in git(clone, "ls-tree", "-r", ref).splitlines():
        about, _, path = line.partition("\t")
        mode, _, blob = about.split()
        found[path] = [mode, blob]
        if is_ledger(path):
            found[path] = [mode, ledger_lines(git(clone, "cat-file", "blob", blob))]
    return found


def is_ledger(path: str) -> bool:
    return path.endswith(".ledger.json")


def boards(remote: Remote, owner: str) -> Iterator[tuple[str, Any]]:
    nodes = remote.query(BOARDS, login=owner)["organization"]["projectsV2"]["nodes"]
    yield "boards", sorted(node["title"] for node in nodes)
    for at, node in enumerate(sorted(nodes, key=lambda node: (node["title"], node["id"]))):
        yield (
            f"board {at} {node['title']}",
            {
                "closed": node["closed"],
                "repositories": sorted(row["name"] for row in node["repositories"]["nodes"]),
                "fields": tuple(node["fields"]["nodes"]),
            },
        )
        yield f"board {at} cards", tuple(cards(remote, node["id"]))


def cards(remote: Remote, id: str) -> Iterator[Any]:
    after = None
    while True:
        page = remote.query(CARDS, id=id, after=after)["node"]["items"]
        for row in page["nodes"]:
            values = [value for value in row["fieldValues"]["nodes"] if value.get("field")]
            said = {v["field"]["name"]: v.get("name") or v.get("text") for v in values}
            where = (row["content"] or {}).get("repository", {}).get("name")
            yield {"title": (row["content"] or {}).get("title"), "repository": where, **said}
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def scrubbed(value: Any) -> Any:
    """Without what is never the same twice."""
    match value:
        case dict():
            return {
                name: scrubbed(inner) for name, inner in value.items() if not OTHER.fullmatch(name)
            }
        case list():
            return [scrubbed(inner) for inner in value]
        case _:
            return value


def known_ids(folder: Path) -> Mapping[str, str]:
    """Opaque id -> what people call it, from every ledger below a folder."""
    names: dict[str, str] = {}
    for path in folder.rglob("*.ledger.json"):
        ledger = json.loads(path.read_text())
        names[ledger["doc"]] = "DOC"
        for id, row in ledger["items"].items():
            names[id] = f"ITEM-{row['level']}-{row['number']}"
    return names


def plain(value: Any, names: Mapping[str, str]) -> Any:
    """With the ids of the roadmap replaced, wherever they stand, and tuples sorted."""
    match value:
        case dict():
            return {key: plain(inner, names) for key, inner in value.items()}
        case list():
            return [plain(inner, names) for inner in value]
        case tuple():
            inner = (plain(each, names) for each in value)
            return sorted(inner, key=lambda each: json.dumps(each, sort_keys=True))
        case str():
            return replaced(value, names)
        case _:
            return value


def ledger_lines(text: str) -> tuple[str, ...]:
    """A ledger has one item a line, sorted by id: in an order that means nothing."""
    return tuple(line.rstrip(",") for line in text.splitlines())


def replaced(text: str, names: Mapping[str, str]) -> str:
    return re.sub(r"(?<![a-z2-7])[a-z2-7]{8}(?![a-z2-7])", lambda m: names.get(m[0], m[0]), text)


def differences(wanted: Dump, found: Dump) -> Iterator[str]:
    """Each path whose values differ, with both."""
    for path in sorted({*wanted, *found}):
        if wanted.get(path) != found.get(path):
            yield f"{path}:\n  wanted {shown(wanted, path)}\n  found  {shown(found, path)}"


def shown(dump: Dump, path: str) -> str:
    return json.dumps(dump[path], sort_keys=True) if path in dump else "(missing)"
