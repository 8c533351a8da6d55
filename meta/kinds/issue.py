"""Issues: one for each issue and sub-issue of the plan, in the repository where it lives.

Title, parent, milestone, the label `roadmap` (where the manifest declares it) and the marked
block of the body are meta's; state, comments and all other text are people's. Sub-issues stand
in the plan's order, below a parent that may live in another repository.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from meta.github import Reader, Ref, Writer
from meta.model import Address, Change, Create, Entry, Fields, Update
from meta.roadmap_block import block, block_of, counted, issue_title, marked, spliced, step_id
from meta.roadmap_graph import Operation, every, mutation

SECTION = "roadmap"
NAME = "issue"
CHANGES = ("create", "update")
SCHEMA: Mapping[str, Any] = {}
EXAMPLE = """
roadmap:
  board: Roadmap
  plan: |
    ## Step 1: Begin
    ### Issue 1.1: Set up
    - Sub-issue 1.1.1: Find a place
    ## Step 2: Go on
    ### Issue 2.1: Build
"""
THEN = """
roadmap:
  board: Roadmap
  plan: |
    ## Step 1: Begin
    ### Issue 1.1: Set everything up
    ## Step 2: Go on
    ### Issue 2.1: Build
    - Sub-issue 2.1.1: Find a place
"""
LABEL = "roadmap"
NUMBERED = re.compile(r"(\d+(?:\.\d+)*) ")
PAGE = """query($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(first: 100, after: $after, orderBy: {field: CREATED_AT, direction: ASC}) {
      pageInfo { hasNextPage endCursor }
      nodes {
        id number title body authorAssociation
        milestone { description }
        labels(first: 100) { nodes { name } }
        parent { body subIssues(first: 100) { nodes { id title } } }
      }
    }
  }
}"""
BODY = "query($id: ID!) { node(id: $id) { ... on Issue { body } } }"
PARENT = "parent { id subIssues(first: 100) { nodes { id title } } }"
AMONG = f"query($id: ID!) {{ node(id: $id) {{ ... on Issue {{ id {PARENT} }} }} }}"
MADE = (
    f"issue {{ id number {PARENT} projectItems(first: 100) {{ nodes {{ id project {{ id }} }} }} }}"
)


def desired(entry: Entry) -> Iterator[tuple[Address, Fields]]:
    ids = {item.number: item.id for item in entry.items}
    labels = {"labels": [LABEL]} if LABEL in (entry.spec.get("labels") or {}) else {}
    for item in entry.items:
        if item.level == "step" or item.home != entry.name:
            continue
        below = item.level == "sub-issue"
        parent = {"parent": ids[item.parent], "in_order": True} if below else {}
        yield (
            Address(entry.scope, NAME, item.id),
            {
                "title": issue_title(item),
                "body": block(item),
                "milestone": ids[item.number.partition(".")[0]],
                **labels,
                **parent,
            },
        )


def needs(entry: Entry, address: Address, fields: Fields) -> Iterator[Address]:
    """Its milestone, its labels, its parent wherever that lives, and the board it goes onto."""
    yield Address(entry.scope, "milestone", fields["milestone"])
    for label in fields.get("labels", ()):
        yield Address(entry.scope, "label", label)
    for item in entry.items:
        if item.id == fields.get("parent"):
            yield Address(f"{entry.owner}/{item.home}", NAME, item.id)
    yield Address(entry.owner, "project", entry.spec[SECTION]["board"])


def observe(gh: Reader, entry: Entry) -> Iterator[tuple[Address, Fields]]:
    def page(after: str | None) -> Any:
        data = gh.query(PAGE, owner=entry.owner, name=entry.name, after=after)
        return data["repository"]["issues"]

    known = {item.id for item in entry.items}
    for id, row in counted(every(page), known).items():
        address = Address(entry.scope, NAME, id)
        gh.refs[address] = Ref(row["id"], row["number"])
        labels = [node["name"] for node in row["labels"]["nodes"]]
        parent = row["parent"] or {"body": "", "subIssues": {"nodes": ()}}
        yield (
            address,
            {
                "title": row["title"],
                "body": block_of(row["body"]),
                "milestone": step_id((row["milestone"] or {}).get("description")),
                "labels": [LABEL] if LABEL in labels else [],
                "parent": marked(parent["body"]),
                "in_order": not wanted_place(row["id"], parent["subIssues"]["nodes"]),
            },
        )


def apply(gh: Writer, change: Change) -> None:
    match change:
        case Create(address) if (source := elsewhere(gh, address)) is not None:
            transfer(gh, change, source)
        case Create():
            create(gh, change)
        case Update():
            update(gh, change)


def elsewhere(gh: Reader, address: Address) -> Address | None:
    """Where an item lived until its plan gave it another repository."""
    for other in gh.refs:
        if (other.kind, other.key) == (NAME, address.key) and other.scope != address.scope:
            return other
    return None


def transfer(gh: Writer, change: Create, source: Address) -> None:
    """The same issue with all that people said in it, in another repository."""
    scope = change.address.scope
    home = gh.known_as(Address(scope, "repository", scope.partition("/")[2]))
    words = {"issueId": gh.refs[source].node, "repositoryId": home}
    text, variables = mutation([Operation("transferIssue", words, "issue { id number }")])
    issue = gh.mutate(text, **variables)["a0"]["issue"]
    del gh.refs[source]
    gh.refs[change.address] = Ref(issue["id"], issue["number"])
    update(gh, Update(change.address, {}, change.after, change.needs))


def create(gh: Writer, change: Create) -> None:
    """Everything at once, so that there is no moment at which half an issue exists."""
    node, address, after = gh.known_as, change.address, change.after
    scope, boards = address.scope, [need for need in change.needs if need.kind == "project"]
    owner, _, name = scope.partition("/")
    words: dict[str, Any] = {
        "repositoryId": node(Address(scope, "repository", name)),
        "title": after["title"],
        "body": after["body"],
        "milestoneId": node(Address(scope, "milestone", after["milestone"])),
        "labelIds": [node(Address(scope, "label", label)) for label in after.get("labels", ())],
        "projectV2Ids": [node(board) for board in boards],
    }
    if "parent" in after:
        words["parentIssueId"] = node(parent_of(change))
    text, variables = mutation([Operation("createIssue", words, MADE)])
    issue = gh.mutate(text, **variables)["a0"]["issue"]
    gh.refs[address] = Ref(issue["id"], issue["number"])
    for item in issue["projectItems"]["nodes"]:
        for board in boards:
            if item["project"]["id"] == gh.refs[board].node:
                gh.refs[Address(owner, "card", f"{board.key}/{address.key}")] = Ref(item["id"])
    put_in_order(gh, issue)


def update(gh: Writer, change: Update) -> None:
    """Only what differs; the body is read again first, so that people's words stay."""
    me, after, scope = gh.known_as(change.address), change.after, change.address.scope
    words: dict[str, Any] = {name: after[name] for name in ("title",) if name in after}
    if "body" in after:
        words["body"] = spliced(gh.query(BODY, id=me)["node"]["body"], after["body"])
    if "milestone" in after:
        words["milestoneId"] = gh.known_as(Address(scope, "milestone", after["milestone"]))
    operations = [Operation("updateIssue", {"id": me, **words})] if words else []
    if labels := after.get("labels"):
        ids = [gh.known_as(Address(scope, "label", label)) for label in labels]
        operations.append(Operation("addLabelsToLabelable", {"labelableId": me, "labelIds": ids}))
    if "parent" in after:
        parent = gh.known_as(parent_of(change))
        moved = {"issueId": parent, "subIssueId": me, "replaceParent": True}
        operations.append(Operation("addSubIssue", moved))
    if operations:
        text, variables = mutation(operations)
        gh.mutate(text, **variables)
    if {"parent", "title", "in_order"} & set(after):
        put_in_order(gh, gh.query(AMONG, id=me)["node"])


def parent_of(change: Create | Update) -> Address:
    return next(n for n in change.needs if n.kind == NAME and n.key == change.after["parent"])


def put_in_order(gh: Writer, issue: Mapping[str, Any]) -> None:
    """Move a sub-issue to where its number belongs among those of its parent."""
    if issue["parent"] is None:
        return
    place = wanted_place(issue["id"], issue["parent"]["subIssues"]["nodes"])
    if place:
        words = {"issueId": issue["parent"]["id"], "subIssueId": issue["id"], **place}
        text, variables = mutation([Operation("reprioritizeSubIssue", words)])
        gh.mutate(text, **variables)


def wanted_place(me: str, siblings: Sequence[Mapping[str, str]]) -> Mapping[str, str]:
    """Which sibling to stand behind or before; nothing where the order is right already."""
    order = {row["id"]: numbered(row["title"]) for row in siblings}
    mine, ids = order.get(me, ()), list(order)
    lower = [id for id in ids if id != me and () < order[id] < mine]
    higher = [id for id in ids if order[id] > mine]
    at = ids.index(me) if me in ids else 0
    behind = all(ids.index(id) < at for id in lower)
    before = all(ids.index(id) > at for id in higher)
    if not mine or (behind and before):
        return {}
    return {"afterId": lower[-1]} if lower else {"beforeId": higher[0]}


def numbered(title: str) -> tuple[int, ...]:
    """The plan's number at the front of a title; () for an issue that is not of the plan."""
    match = NUMBERED.match(title)
    return tuple(int(part) for part in match[1].split(".")) if match else ()
