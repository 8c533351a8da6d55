"""A mutation that REST has too -> REST's own code, so that both keep one set of rules."""

from __future__ import annotations

from typing import Any

from meta.twin.graphql.context import Context, Problem
from meta.twin.rest import answer
from meta.twin.store import Row
from meta.twin.web import Call, Refusal


def ask(ctx: Context, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """What REST answers; its refusal becomes a Problem with the same words."""
    call = Call(
        store=ctx.store,
        method=method,
        path=path,
        query={},
        body=body,
        login=ctx.login,
        api=ctx.base,
        web=ctx.base,
    )
    try:
        return answer(call).body
    except Refusal as refusal:
        raise problem(refusal) from refusal
    finally:
        ctx.forget()


def problem(refusal: Refusal) -> Problem:
    """A refusal of REST as GraphQL tells it."""
    return Problem(_words(refusal), _sort(refusal.status))


def of_repo(repo: Row) -> str:
    """The path of a repository."""
    return f"/repos/{repo.scope}/{repo.key}"


def _words(refusal: Refusal) -> str:
    """The message of the first error, which says more than that validation failed."""
    for error in refusal.body.get("errors", ()):
        if isinstance(error, dict) and error.get("message"):
            return str(error["message"])
        if isinstance(error, dict) and "field" in error:
            return f"{error['field']} is {error['code'].replace('_', ' ')}"
        if isinstance(error, str):
            return error
    return str(refusal)


def _sort(status: int) -> str:
    return {404: "NOT_FOUND", 403: "FORBIDDEN"}.get(status, "UNPROCESSABLE")
