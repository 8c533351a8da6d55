"""One request's view of the store: who asks, where the twin answers, what was looked up already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from meta.twin.store import NotFound, Row, Store

#: What resolves one field: the thing it is on, the request, the field's arguments.
Resolver = Callable[..., Any]
Resolvers = Mapping[str, Resolver]


class Problem(Exception):
    """One entry of a GraphQL answer's `errors`; `type` is GitHub's word for its sort."""

    def __init__(self, message: str, type: str = "UNPROCESSABLE") -> None:
        super().__init__(message)
        self.message = message
        self.type = type


@dataclass
class Context:
    """`login` is who asks; `base` is the URL under which the twin shows its pages."""

    store: Store
    login: str
    base: str
    memo: dict[Any, Any] = field(default_factory=dict)

    def once(self, key: Any, look: Callable[[], Any]) -> Any:
        """What `look` finds, looked up once until `forget`."""
        if key not in self.memo:
            self.memo[key] = look()
        return self.memo[key]

    def forget(self) -> None:
        """After a write nothing that was looked up before it may be believed."""
        self.memo.clear()

    def url(self, *parts: object) -> str:
        return "/".join([self.base.rstrip("/"), *(str(part) for part in parts)])

    def repo(self, scope: str) -> Row:
        """The repository whose rows have this scope."""
        owner, _, name = scope.partition("/")
        row: Row = self.once(("repo", scope), lambda: self.store.repo(owner, name))
        return row

    def owner(self, login: str) -> Row:
        """The organization or user of a login, in any case; raises NotFound."""

        def look() -> Row:
            key = login.lower()
            row = self.store.get("org", "", key) or self.store.get("user", "", key)
            if row is None:
                raise NotFound
            return row

        row: Row = self.once(("owner", login.lower()), look)
        return row

    def row(self, number: int | None) -> Row | None:
        """The row of an id, None where it is None or gone."""
        if number is None:
            return None
        row: Row | None = self.once(("row", number), lambda: self.store.by_id(number))
        return row

    def at(self, number: int) -> Row:
        """The row of an id that another row points to."""
        row = self.row(number)
        if row is None:
            raise Problem("Something went wrong: a row points to one that is gone.", "INTERNAL")
        return row

    def find(self, node: str, *kinds: str) -> Row:
        """What a node id stands for; a Problem if it is none of `kinds`."""
        row = self.store.from_node(node)
        if row is None or (kinds and row.kind not in kinds):
            raise Problem(
                f"Could not resolve to a node with the global id of '{node}'", "NOT_FOUND"
            )
        return row

    def children(self, issue: Row) -> list[Row]:
        """Sub-issues, wherever they live, in their parent's order."""
        rows = self.store.where("issue", "parent", issue.id)
        return sorted(rows, key=lambda row: (row.doc["sub_order"], row.id))

    def items_of(self, content: Row) -> list[Row]:
        """The places of an issue or pull request on boards."""
        return self.store.where("project_item", "content", content.id)
