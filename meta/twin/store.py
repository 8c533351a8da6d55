"""Documents -> SQLite and back: what the twin knows, in one table that REST and GraphQL share."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from meta.twin import clock
from meta.twin.ids import from_node, node_id, rest_id, row_id
from meta.twin.view import ALL, view
from meta.twin.workers import Workers

__all__ = ["Exists", "NotFound", "Row", "Store", "node_id", "now", "rest_id", "row_id"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS thing(
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, scope TEXT NOT NULL, key TEXT NOT NULL,
  doc TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL, UNIQUE(kind, scope, key));
CREATE INDEX IF NOT EXISTS thing_scope ON thing(kind, scope);
CREATE INDEX IF NOT EXISTS thing_parent ON thing(kind, json_extract(doc, '$.parent'));
CREATE INDEX IF NOT EXISTS thing_milestone ON thing(kind, json_extract(doc, '$.milestone'));
CREATE INDEX IF NOT EXISTS thing_issue ON thing(kind, json_extract(doc, '$.issue'));
CREATE INDEX IF NOT EXISTS thing_content ON thing(kind, json_extract(doc, '$.content'));
CREATE INDEX IF NOT EXISTS thing_repo ON thing(kind, json_extract(doc, '$.repo'));
CREATE TABLE IF NOT EXISTS counter(scope TEXT PRIMARY KEY, last INTEGER NOT NULL);
"""
COLUMNS = "id, kind, scope, key, doc, created, updated"


class Exists(Exception):
    """A row of this kind, scope and key is there already."""


class NotFound(Exception):
    """No such row, or not for this caller."""


@dataclass
class Row:
    """One thing. `doc` is plain JSON; times are UTC, to the second, as GitHub writes them."""

    id: int
    kind: str
    scope: str
    key: str
    doc: dict[str, Any]
    created: str
    updated: str

    @property
    def node(self) -> str:
        return node_id(self.kind, self.id)

    @property
    def rest(self) -> int:
        return rest_id(self.kind, self.id)


def now() -> str:
    """The present moment, by the clock of the twin that the running request is of."""
    return clock.stamp(clock.used().now())


class Store:
    """One connection behind one lock: every call is whole, whichever thread makes it.

    Callers lower-case the keys that GitHub compares without case: owners, repositories, labels.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.lock = threading.RLock()
        self.clock = clock.Clock()
        #: None while Actions are off: then no event makes a run.
        self.workers: Workers | None = None
        self._depth = 0
        self._db = sqlite3.connect(
            folder / "twin.db", check_same_thread=False, isolation_level=None
        )
        self._db.execute("PRAGMA journal_mode=WAL")
        # What was committed outlives the process being killed; only a power cut may lose it.
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        with self.lock:
            self._db.close()

    def add(
        self,
        kind: str,
        scope: str,
        key: str,
        doc: dict[str, Any],
        times: tuple[str, str] = ("", ""),
    ) -> Row:
        """A new row, made and changed now or at `times`; raises Exists where its place is taken."""
        view().check(kind, scope, key)
        moment = clock.stamp(self.clock.now())
        made_at, changed_at = (time or moment for time in times)
        values = (kind, scope, key, json.dumps(doc), made_at, changed_at)
        with self.transaction():
            try:
                made = self._db.execute(
                    "INSERT INTO thing(kind, scope, key, doc, created, updated)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    values,
                )
            except sqlite3.IntegrityError as error:
                raise Exists(f"{kind} {scope} {key}") from error
            return Row(made.lastrowid or 0, kind, scope, key, doc, made_at, changed_at)

    def get(self, kind: str, scope: str, key: str) -> Row | None:
        return self._one("kind = ? AND scope = ? AND key = ?", (kind, scope, key))

    def by_id(self, row_id: int) -> Row | None:
        return self._one("id = ?", (row_id,))

    def from_node(self, node: str) -> Row | None:
        """The row that a node id stands for, None where it stands for none."""
        try:
            kind, number = from_node(node)
        except ValueError:
            return None
        row = self.by_id(number)
        return row if row and row.kind == kind else None

    def rows(self, kind: str, scope: str | None = None) -> list[Row]:
        """Every row of a kind, oldest first."""
        where, values = (
            ("kind = ?", (kind,)) if scope is None else ("kind = ? AND scope = ?", (kind, scope))
        )
        with self.lock:
            found = self._db.execute(
                f"SELECT {COLUMNS} FROM thing WHERE {where} ORDER BY id",  # noqa: S608 - own words only
                values,
            ).fetchall()
        return _listed(found)

    def where(self, kind: str, field: str, value: int) -> list[Row]:
        """Rows whose document says so; indexed: parent, milestone, issue, content, repo."""
        with self.lock:
            found = self._db.execute(
                f"SELECT {COLUMNS} FROM thing"  # noqa: S608 - own words only
                f" WHERE kind = ? AND json_extract(doc, '$.{field}') = ? ORDER BY id",
                (kind, value),
            ).fetchall()
        return _listed(found)

    def count_open(self, scope: str) -> int:
        """Open issues and pull requests of a repository, without reading them."""
        with self.lock:
            found = self._db.execute(
                "SELECT count(*) FROM thing WHERE kind IN ('issue', 'pull') AND scope = ?"
                " AND json_extract(doc, '$.state') = 'open'",
                (scope,),
            ).fetchone()
        return int(found[0])

    def save(self, row: Row, *, touch: bool = True) -> None:
        """Writes a row back, with its place and times; raises Exists where a new key is taken."""
        view().check(row.kind, row.scope, row.key)
        row.updated = clock.stamp(self.clock.now()) if touch else row.updated
        with self.transaction():
            try:
                self._db.execute(
                    "UPDATE thing SET scope = ?, key = ?, doc = ?, created = ?, updated = ?"
                    " WHERE id = ?",
                    (row.scope, row.key, json.dumps(row.doc), row.created, row.updated, row.id),
                )
            except sqlite3.IntegrityError as error:
                raise Exists(f"{row.kind} {row.scope} {row.key}") from error

    def drop(self, row: Row) -> None:
        view().check(row.kind, row.scope, row.key)
        with self.transaction():
            self._db.execute("DELETE FROM thing WHERE id = ?", (row.id,))

    def drop_scope(self, scope: str) -> None:
        """Everything that is in a scope, and its numbering."""
        with self.transaction():
            self._db.execute("DELETE FROM thing WHERE scope = ?", (scope,))
            self._db.execute("DELETE FROM counter WHERE scope = ?", (scope,))

    def rescope(self, old: str, new: str) -> None:
        """Moves everything in a scope, with its numbering, to another: what a rename needs."""
        with self.transaction():
            self._db.execute("UPDATE thing SET scope = ? WHERE scope = ?", (new, old))
            self._db.execute("UPDATE OR REPLACE counter SET scope = ? WHERE scope = ?", (new, old))

    def next_number(self, scope: str) -> int:
        """1, 2, 3... of one scope; issues and pull requests of a repository share theirs."""
        with self.transaction():
            return int(
                self._db.execute(
                    "INSERT INTO counter VALUES (?, 1)"
                    " ON CONFLICT(scope) DO UPDATE SET last = last + 1 RETURNING last",
                    (scope,),
                ).fetchone()[0]
            )

    def reach(self, scope: str, number: int) -> None:
        """The next number of a scope is above this one."""
        with self.transaction():
            self._db.execute(
                "INSERT INTO counter VALUES (?, ?)"
                " ON CONFLICT(scope) DO UPDATE SET last = max(last, excluded.last)",
                (scope, number),
            )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, also over a crash; a transaction inside another is part of it."""
        with self.lock:
            outermost = self._depth == 0
            if outermost:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                with clock.using(self.clock):
                    yield
            except BaseException:
                if outermost:
                    self._db.execute("ROLLBACK")
                raise
            else:
                if outermost:
                    self._db.execute("COMMIT")
            finally:
                self._depth -= 1

    def repo(self, owner: str, name: str) -> Row:
        """Raises NotFound."""
        return self._there(self.get("repo", owner.lower(), name.lower().removesuffix(".git")))

    def org(self, login: str) -> Row:
        """Raises NotFound."""
        return self._there(self.get("org", "", login.lower()))

    def git_dir(self, repo: Row) -> Path:
        return self.folder / "git" / repo.scope / f"{repo.key}.git"

    def copy_to(self, file: Path) -> None:
        """The database as it stands, as a file of its own."""
        with self.lock:
            target = sqlite3.connect(file)
            target.execute("PRAGMA synchronous=OFF")
            self._db.backup(target)
            target.close()

    def copy_from(self, file: Path) -> None:
        """Replaces everything by what `copy_to` wrote."""
        with self.lock:
            source = sqlite3.connect(file)
            source.backup(self._db)
            source.close()

    def clear(self) -> None:
        with self.transaction():
            for table in ("thing", "counter"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - own words only

    def _one(self, where: str, values: tuple[Any, ...]) -> Row | None:
        with self.lock:
            found = self._db.execute(
                f"SELECT {COLUMNS} FROM thing WHERE {where}",  # noqa: S608 - own words only
                values,
            ).fetchone()
        row = _row(found) if found else None
        return row if row and view().shows(row.kind, row.scope, row.key) else None

    @staticmethod
    def _there(row: Row | None) -> Row:
        if row is None:
            raise NotFound
        return row


def _listed(found: list[tuple[Any, ...]]) -> list[Row]:
    seen, rows = view(), (_row(values) for values in found)
    if seen is ALL:
        return list(rows)
    return [row for row in rows if seen.lists(row.kind, row.scope, row.key, row.created)]


def _row(values: tuple[Any, ...]) -> Row:
    number, kind, scope, key, doc, created, updated = values
    return Row(number, kind, scope, key, json.loads(doc), created, updated)
