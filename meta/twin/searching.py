"""A search in GitHub's words -> the issues, pull requests or repositories that it finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from meta.twin import clock
from meta.twin.store import Row, Store

#: A qualifier with its value, perhaps in quotes, or a word or quoted words; each may be negated.
TERM = re.compile(r'(-?)(?:([a-z][a-z-]*):)?("[^"]*"|\S+)', re.IGNORECASE)
RANGE = re.compile(r"(>=|<=|>|<)?(\S+?)(?:\.\.(\S+))?")
SETTING = ("setting", "", "search")
MOST = 1000


class Unknown(Exception):
    """A qualifier that GitHub may know and the twin does not."""


@dataclass(frozen=True, slots=True)
class Term:
    """`name` is "" for a word to look for; values are in lower case."""

    name: str
    value: str
    unwanted: bool


def terms(query: str) -> list[Term]:
    """Everything that is asked must hold. Raises Unknown for alternatives."""
    found, unwanted = [], False
    for sign, name, value in TERM.findall(_flat(query)):
        if not name and value in ("AND", "OR", "NOT"):
            if value == "OR":
                raise Unknown("OR")
            unwanted = value == "NOT"
            continue
        if name and name.lower() in ("http", "https"):
            name, value = "", f"{name}:{value}"
        found.append(Term(name.lower(), value.strip('"').lower(), bool(sign) or unwanted))
        unwanted = False
    return found


def _flat(query: str) -> str:
    """Without its brackets, which say nothing where all must hold; those in quotes stay."""
    parts = query.split('"')
    return '"'.join(
        part if at % 2 else part.replace("(", " ").replace(")", " ")
        for at, part in enumerate(parts)
    )


def lag(store: Store) -> float:
    """Seconds after which what was made is found."""
    row = store.get(*SETTING)
    return float(row.doc["lag"]) if row else 0.0


def set_lag(store: Store, seconds: float) -> None:
    row = store.get(*SETTING)
    if row is None:
        store.add(*SETTING, {"lag": seconds})
    else:
        row.doc["lag"] = seconds
        store.save(row)


def issues(store: Store, query: str) -> list[Row]:
    """Best first, which on the twin is newest first. Raises Unknown."""
    asked = _known(terms(query), LOOKS)
    places = _places(store, asked)
    rows = (
        row
        for kind in ("issue", "pull")
        for place in places
        for row in store.rows(kind, f"{place.scope}/{place.key}")
    )
    kept = [row for row in _seen(store, rows) if all(_fits(store, row, each) for each in asked)]
    return sorted(kept, key=lambda row: (row.created, row.id), reverse=True)[:MOST]


def repositories(store: Store, query: str) -> list[Row]:
    asked = _known(terms(query), REPO_NAMES)
    rows = _seen(store, _places(store, asked))
    kept = [row for row in rows if all(_repo_fits(row, each) for each in asked)]
    return sorted(kept, key=lambda row: row.id, reverse=True)[:MOST]


def _known(asked: list[Term], names: Iterable[str]) -> list[Term]:
    strange = [each.name for each in asked if each.name not in names]
    if strange:
        raise Unknown(strange[0])
    return asked


def _seen(store: Store, rows: Iterable[Row]) -> list[Row]:
    seconds = lag(store)
    if not seconds:
        return list(rows)
    cutoff = clock.stamp(clock.used().now() - timedelta(seconds=seconds))
    return [row for row in rows if row.created <= cutoff]


def _places(store: Store, asked: list[Term]) -> list[Row]:
    """The repositories that `repo:`, `org:` and `user:` leave; each of them widens."""
    wanted = [each for each in asked if each.name in ("repo", "org", "user") and not each.unwanted]
    return [
        repo
        for repo in store.rows("repo")
        if not wanted or any(_is_place(repo, each) for each in wanted)
    ]


def _is_place(repo: Row, term: Term) -> bool:
    own = f"{repo.scope}/{repo.key}" if term.name == "repo" else repo.scope
    return own == term.value


def _fits(store: Store, row: Row, term: Term) -> bool:
    look = LOOKS[term.name]
    return look(store, row, term.value) != term.unwanted or _widens(term)


def _widens(term: Term) -> bool:
    """Places were chosen before, and where to look for words is everywhere."""
    return term.name in ("repo", "org", "user", "in", "sort") and not term.unwanted


def _word(_: Store, row: Row, value: str) -> bool:
    return value in f"{row.doc['title']}\n{row.doc.get('body') or ''}".lower()


def _is(_: Store, row: Row, value: str) -> bool:
    merged, draft = bool(row.doc.get("merged")), bool(row.doc.get("draft"))
    facts = {
        "issue": row.kind == "issue",
        "pr": row.kind == "pull",
        "pull-request": row.kind == "pull",
        "open": row.doc["state"] == "open",
        "closed": row.doc["state"] == "closed",
        "merged": merged,
        "unmerged": row.kind == "pull" and not merged,
        "draft": draft,
        "public": True,
    }
    if value not in facts:
        raise Unknown(f"is:{value}")
    return bool(facts[value])


def _type(store: Store, row: Row, value: str) -> bool:
    """An issue type of the organization, or what `is:` says of issues and pull requests."""
    if value in ("issue", "pr"):
        return _is(store, row, value)
    held = store.by_id(row.doc["type"]) if row.doc.get("type") else None
    return held is not None and held.key == value


def _labelled(store: Store, row: Row, value: str) -> bool:
    held = {label.key for label in map(store.by_id, row.doc["labels"]) if label}
    return bool(held & {each.strip('"') for each in value.split(",")})


def _milestone(store: Store, row: Row, value: str) -> bool:
    held = store.by_id(row.doc["milestone"]) if row.doc["milestone"] else None
    return held is not None and held.doc["title"].lower() == value


def _without(_: Store, row: Row, value: str) -> bool:
    fields = {"label": "labels", "milestone": "milestone", "assignee": "assignees", "type": "type"}
    if value not in fields:
        raise Unknown(f"no:{value}")
    return not row.doc.get(fields[value])


def _person(field: str) -> Callable[[Store, Row, str], bool]:
    def look(_: Store, row: Row, value: str) -> bool:
        held = row.doc[field]
        logins = held if isinstance(held, list) else [held]
        return value.lstrip("@") in [str(login).lower() for login in logins]

    return look


def _moment(read: Callable[[Row], Any]) -> Callable[[Store, Row, str], bool]:
    def look(_: Store, row: Row, value: str) -> bool:
        return _within(str(read(row) or "").lower(), value)

    return look


def _within(moment: str, value: str) -> bool:
    """A moment beside a day or a moment: as long as what was asked for is, as text."""
    match = RANGE.fullmatch(value)
    if match is None or not moment:
        return False
    sign, first, last = match.groups()
    own = moment[: len(first)]
    if last is not None:
        low = first == "*" or own >= first
        return low and (last == "*" or moment[: len(last)] <= last)
    return {">": own > first, ">=": own >= first, "<": own < first, "<=": own <= first}.get(
        sign or "", own == first
    )


def _place(name: str) -> Callable[[Store, Row, str], bool]:
    def look(_: Store, row: Row, value: str) -> bool:
        return value == (row.scope if name == "repo" else row.scope.partition("/")[0])

    return look


def _side(field: str) -> Callable[[Store, Row, str], bool]:
    return lambda _, row, value: str(row.doc.get(field, "")).lower() == value


LOOKS: dict[str, Callable[[Store, Row, str], bool]] = {
    "": _word,
    "archived": lambda store, row, value: (
        store.repo(*row.scope.split("/")).doc["archived"] == (value == "true")
    ),
    "assignee": _person("assignees"),
    "author": _person("author"),
    "base": _side("base"),
    "closed": _moment(lambda row: row.doc.get("closed_at")),
    "created": _moment(lambda row: row.created),
    "draft": lambda _, row, value: bool(row.doc.get("draft")) == (value == "true"),
    "head": _side("head"),
    "in": lambda *_: True,
    "is": _is,
    "label": _labelled,
    "milestone": _milestone,
    "no": _without,
    "org": _place("org"),
    "reason": lambda _, row, value: row.doc.get("state_reason") == value.replace(" ", "_"),
    "repo": _place("repo"),
    "review-requested": lambda _, row, value: (
        value.lstrip("@") in [str(login).lower() for login in row.doc.get("reviewers") or ()]
    ),
    "sort": lambda *_: True,
    "state": _is,
    "type": _type,
    "updated": _moment(lambda row: row.updated),
    "user": _place("user"),
}


REPO_NAMES = (
    *("", "archived", "fork", "in", "is", "org", "repo", "sort", "topic", "user", "visibility"),
)


def _repo_fits(repo: Row, term: Term) -> bool:
    doc, value = repo.doc, term.value
    facts = {
        "": value in f"{doc['name']}\n{doc.get('description') or ''}".lower(),
        "archived": doc["archived"] == (value == "true"),
        "fork": value in ("true", "false"),
        "in": True,
        "is": doc["visibility"] == value,
        "sort": True,
        "topic": value in doc["topics"],
        "visibility": doc["visibility"] == value,
    }
    if term.name in ("repo", "org", "user"):
        return _is_place(repo, term) != term.unwanted or not term.unwanted
    return bool(facts[term.name]) != term.unwanted
