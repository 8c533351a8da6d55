"""Manifest -> plan -> receipts: on the twin, with faults handed to `Send` where one is needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, cast

import pytest

from meta import engine
from meta.errors import GitHubError, MetaError, PlanError
from meta.github import Reader, Request, Response, Send, Writer
from meta.kinds import KINDS, Kind
from meta.model import (
    Address,
    Change,
    Create,
    Delete,
    Entry,
    Manifest,
    Outcome,
    Pending,
    Plan,
    Receipt,
)
from tests.grounds import SOURCE, Ground

API, WEB, NEW = "acme/api", "acme/web", "acme/new"
TEMPLATE = f"template: {{source: '{SOURCE}', version: v1.0.0}}\nanswers: {{kind: service}}\n"
LATER = TEMPLATE.replace("v1.0.0", "v2.0.0")


def refusing(send: Send, refuses: Callable[[Request], bool], status: int = 403) -> Send:
    """The same server, which refuses some requests."""

    def answered(request: Request) -> Response:
        if refuses(request):
            return Response(status, {"message": "Resource not accessible by this token"})
        return send(request)

    return answered


def labels(scope: str, key: str) -> Address:
    return Address(scope, "label", key)


def addresses(plan: Plan) -> list[str]:
    return [str(change.address) for change in plan.changes]


# What a manifest implies.


def test_each_repository_is_declared_and_so_is_the_owner() -> None:
    entries = engine.fleet(Manifest("f", "acme", "", (Entry(API, {}),))).entries
    assert [(entry.scope, dict(entry.spec)) for entry in entries] == [
        ("acme", {}),
        (API, {"repository": {}}),
    ]


def test_files_are_declared_by_a_template_and_nothing_else_is_put_into_them() -> None:
    spec = {"template": {"source": "s", "version": "v"}, "workflows": ["w"], "labels": {}}
    fleet = engine.fleet(Manifest("f", "acme", "", (Entry(API, spec),)))
    assert fleet.entries[1].spec["tree"] == {
        "template": {"source": "s", "version": "v"},
        "workflows": ["w"],
    }


def test_only_the_home_is_given_seeds() -> None:
    manifest = Manifest("f", "acme", "", (Entry(API, {}), Entry(WEB, {})), home="web")
    entries = engine.fleet(manifest, (), {"repos.yaml": b"x"}).entries
    assert {entry.scope: dict(entry.seeds) for entry in entries} == {
        "acme": {},
        API: {},
        WEB: {"repos.yaml": b"x"},
    }
    assert entries[2].spec["tree"] == {}


# Planning.


def test_a_missing_repository_comes_before_what_is_in_it(ground: Ground) -> None:
    plan = ground.plan(ground.fleet("labels: {x: {color: 'ffffff'}}", at="new"))
    assert addresses(plan) == ["acme/new repository new", "acme/new label x"]
    assert plan.changes[1].needs == (Address(NEW, "repository", "new"),)


def test_a_missing_repository_is_not_looked_into(ground: Ground) -> None:
    ground.plan(ground.fleet("labels: {x: {color: 'ffffff'}}\ntopics: [a]", at="new"))
    log = ground.reader().get("/_twin/requests")["log"]
    asked = [row["path"] for row in log if "/repos/acme/new" in row["path"]]
    assert asked == ["/repos/acme/new"]


def test_what_is_there_and_undeclared_is_counted_as_stale(ground: Ground) -> None:
    ground.sync(ground.fleet("labels: {x: {color: 'ffffff'}, y: {color: 'ffffff'}}"))
    plan = ground.plan(ground.fleet("labels: {x: {color: 'ffffff'}}"))
    assert plan.changes == ()
    assert labels(API, "y") in plan.stale


def test_what_is_pruned_is_planned_and_not_stale(ground: Ground) -> None:
    ground.sync(ground.fleet("labels: {x: {color: 'ffffff'}, y: {color: 'ffffff'}}"))
    plan = ground.plan(ground.fleet("labels: {x: {color: 'ffffff'}}", prune=["label"]))
    assert labels(API, "y") in [c.address for c in plan.changes if isinstance(c, Delete)]
    assert plan.stale == ()


def test_what_may_not_be_seen_is_said_and_never_planned(ground: Ground) -> None:
    fleet = ground.fleet("labels: {x: {color: 'ffffff'}}\ntopics: [a]", prune=["label"])
    send = refusing(ground.send, lambda request: "/labels" in request.path)
    plan = engine.plan(fleet, Reader(send, ground.server), KINDS, ground.look)
    assert addresses(plan) == ["acme/api topics all"]
    assert [(one.scope, one.kind) for one in plan.unseen] == [(API, "label")]
    assert plan.unseen[0].reason.endswith("403 Resource not accessible by this token")


def test_a_repository_that_may_not_be_seen_is_not_made_again(ground: Ground) -> None:
    fleet = ground.fleet("labels: {x: {color: 'ffffff'}}\ntopics: [a]")
    send = refusing(ground.send, lambda request: request.path.startswith("/repos/acme/api"))
    plan = engine.plan(fleet, Reader(send, ground.server), KINDS, ground.look)
    assert plan.changes == ()
    assert [(one.scope, one.kind) for one in plan.unseen] == [(API, "repository")]


def test_one_repository_out_of_sight_does_not_hide_another(ground: Ground) -> None:
    api = ground.fleet("topics: [a]")
    both = Manifest("f", "acme", "", (*api.entries, *ground.fleet("topics: [b]", at="web").entries))
    send = refusing(ground.send, lambda request: request.path.startswith("/repos/acme/api"))
    plan = engine.plan(both, Reader(send, ground.server), KINDS, ground.look)
    assert addresses(plan) == ["acme/web topics all"]


def test_files_that_may_not_be_read_are_unseen_too(ground: Ground) -> None:
    """The first look succeeds, and a blob that the merge needs does not."""
    converge(ground, TEMPLATE)
    ground.write("web", "lines.txt", "mine\n")
    blob = "/git/blobs/"
    gh = Reader(refusing(ground.send, lambda request: blob in request.path), ground.server)
    look = type(ground.look)(ground.look.render, ground.look.workflow, gh.blob)
    plan = engine.plan(ground.fleet(LATER, at="web"), gh, KINDS, look)
    assert plan.changes == ()
    assert [(one.scope, one.kind) for one in plan.unseen] == [(WEB, "files")]


def test_the_plan_counts_what_was_observed(ground: Ground) -> None:
    fleet = ground.fleet("labels: {x: {color: 'ffffff'}}")
    there = len(list(ground.reader().pages("/repos/acme/api/labels")))
    assert ground.plan(fleet).observed == there + 1


def converge(ground: Ground, text: str, at: str = "web") -> None:
    for receipt in ground.sync(ground.fleet(text, at=at)):
        assert receipt.outcome in (Outcome.DONE, Outcome.PROPOSED), receipt
        if receipt.outcome is Outcome.PROPOSED:
            ground.merge(at)


# Proposals that wait.


def test_an_open_proposal_that_holds_what_is_wanted_is_pending_and_plans_nothing(
    ground: Ground,
) -> None:
    converge(ground, TEMPLATE)
    (receipt,) = ground.sync(ground.fleet(LATER, at="web"))
    assert receipt.outcome is Outcome.PROPOSED
    plan = ground.plan(ground.fleet(LATER, at="web"))
    assert plan.changes == ()
    assert plan.pending == (Pending(Address(WEB, "files", "tree"), receipt.url),)


def test_what_needs_files_that_are_only_proposed_waits_for_them(ground: Ground) -> None:
    converge(ground, TEMPLATE)
    text = f"{LATER}branches: {{dev: {{}}}}\n"
    proposed, waits = ground.sync(ground.fleet(text, at="web"))
    assert (proposed.outcome, waits.outcome) == (Outcome.PROPOSED, Outcome.WAITING)
    detail = f"needs acme/web files tree, proposed in {proposed.url}"
    assert waits.detail == detail
    (again,) = ground.sync(ground.fleet(text, at="web"))
    assert (again.outcome, again.detail) == (Outcome.WAITING, detail)
    ground.merge("web")
    (done,) = ground.sync(ground.fleet(text, at="web"))
    assert done.outcome is Outcome.DONE
    assert ground.plan(ground.fleet(text, at="web")).changes == ()


# Applying: kinds that do as they are told.


def kinds(**outcomes: Outcome | Exception) -> Mapping[str, Kind]:
    """One kind, `thing`, whose things come to what is said of their keys; else they are done."""

    def apply(gh: Writer, change: Change) -> Receipt | None:
        match outcomes.get(change.address.key):
            case Outcome() as outcome:
                return Receipt(change, outcome, "because", "http://x/1")
            case Exception() as error:
                raise error
        return None

    return cast(Mapping[str, Kind], {"thing": SimpleNamespace(NAME="thing", apply=apply)})


def thing(key: str, *needs: str, scope: str = API) -> Create:
    return Create(at(key, scope), {}, tuple(at(need) for need in needs))


def at(key: str, scope: str = API) -> Address:
    return Address(scope, "thing", key)


def told(plan: Plan, having: Mapping[str, Kind]) -> list[tuple[str, str, str]]:
    receipts = engine.apply(plan, cast(Writer, None), having)
    return [(one.change.address.key, str(one.outcome), one.detail) for one in receipts]


def test_a_failure_skips_what_needs_it_by_name_in_any_repository() -> None:
    plan = Plan((thing("a"), thing("b", "a", scope=WEB), thing("c", "x"), thing("d")))
    error = MetaError("it broke", where="acme/api thing a", hint="mend it")
    assert told(plan, kinds(a=error)) == [
        ("a", "failed", "acme/api thing a: it broke; mend it"),
        ("b", "skipped", "needs acme/api thing a, which failed"),
        ("c", "done", ""),
        ("d", "done", ""),
    ]


def test_what_needs_something_skipped_is_skipped_as_well() -> None:
    plan = Plan((thing("a"), thing("b", "a"), thing("c", "b")))
    assert told(plan, kinds(a=GitHubError("no", status=403)))[2] == (
        "c",
        "skipped",
        "needs acme/api thing b, which skipped",
    )


def test_what_needs_something_proposed_waits_and_so_does_what_needs_that() -> None:
    plan = Plan((thing("a"), thing("b", "a"), thing("c", "b")))
    assert told(plan, kinds(a=Outcome.PROPOSED)) == [
        ("a", "proposed", "because"),
        ("b", "waiting", "needs acme/api thing a, proposed in http://x/1"),
        ("c", "waiting", "needs acme/api thing b, proposed"),
    ]


def test_what_needs_something_that_is_pending_waits_for_it() -> None:
    plan = Plan((thing("b", "a"),), pending=(Pending(at("a"), "http://x/2"),))
    assert told(plan, kinds()) == [
        ("b", "waiting", "needs acme/api thing a, proposed in http://x/2")
    ]


def test_a_bug_is_no_receipt() -> None:
    with pytest.raises(ZeroDivisionError):
        told(Plan((thing("a"),)), kinds(a=ZeroDivisionError()))


def test_receipts_come_one_by_one_as_the_changes_are_made() -> None:
    receipts = engine.apply(
        Plan((thing("a"), thing("b"))), cast(Writer, None), kinds(b=ZeroDivisionError())
    )
    assert next(receipts).outcome is Outcome.DONE


def test_a_refusal_on_a_server_is_a_receipt_and_stops_nothing_else(ground: Ground) -> None:
    fleet = ground.fleet("labels: {x: {color: 'ffffff'}}\ntopics: [a]")
    plan, reader = ground.seen(fleet)
    send = refusing(ground.send, lambda request: request.path.endswith("/topics"))
    gh = Writer(send, ground.server)
    gh.refs.update(reader.refs)
    outcomes = {str(r.change.address): r for r in engine.apply(plan, gh, KINDS)}
    assert outcomes["acme/api label x"].outcome is Outcome.DONE
    failed = outcomes["acme/api topics all"]
    assert (failed.outcome, failed.detail) == (
        Outcome.FAILED,
        "PUT /repos/acme/api/topics: 403 Resource not accessible by this token",
    )
    (left,) = ground.plan(fleet).changes
    assert left.address == failed.change.address


def test_a_circle_in_the_manifest_is_named_before_anything_is_written(ground: Ground) -> None:
    text = "branches: {a: {from: b}, b: {from: a}}"
    with pytest.raises(PlanError) as error:
        ground.plan(ground.fleet(text))
    assert str(error.value) == (
        "plan: these need each other: acme/api branch a -> acme/api branch b -> acme/api branch a"
    )
    assert ground.writes() == 0


def test_a_template_that_cannot_be_had_stops_the_plan_with_its_reason(ground: Ground) -> None:
    with pytest.raises(MetaError) as error:
        ground.plan(ground.fleet(TEMPLATE.replace("v1.0.0", "v9")))
    assert "version v9 cannot be fetched" in str(error.value)
    assert ground.writes() == 0


def test_a_parent_that_fails_leaves_its_children_skipped_by_name(ground: Ground) -> None:
    text = """
roadmap:
  board: Roadmap
  plan: |
    ## Step 1: Begin
    ### Issue 1.1: Set up
    - Sub-issue 1.1.1: Find a place
    ### Issue 1.2: Look
"""
    plan, reader = ground.seen(ground.fleet(text))
    ids = {c.after["title"]: c.address for c in plan.changes if c.address.kind == "issue"}

    def is_parent(request: Request) -> bool:
        body: Any = request.body or {}
        title = "1.1 Set up"
        return title in str(body.get("variables", body)) and "mutation" in str(body)

    gh = Writer(refusing(ground.send, is_parent), ground.server)
    gh.refs.update(reader.refs)
    by = {one.change.address: one for one in engine.apply(plan, gh, KINDS)}
    parent, child = by[ids["1.1 Set up"]], by[ids["1.1.1 Find a place"]]
    assert parent.outcome is Outcome.FAILED
    assert (child.outcome, child.detail) == (
        Outcome.SKIPPED,
        f"needs {parent.change.address}, which failed",
    )
    assert by[ids["1.2 Look"]].outcome is Outcome.DONE
    again = ground.sync(ground.fleet(text))
    assert {one.outcome for one in again} == {Outcome.DONE}
    assert len(list(ground.reader().pages("/repos/acme/api/issues"))) == 3


def test_blobs_are_compared_by_id_so_that_a_synced_tree_reads_none(ground: Ground) -> None:
    converge(ground, TEMPLATE)
    read: list[str] = []

    def blob(scope: str, sha: str) -> bytes:
        read.append(sha)
        return b""

    look = type(ground.look)(ground.look.render, ground.look.workflow, blob)
    plan = engine.plan(ground.fleet(TEMPLATE, at="web"), ground.reader(), KINDS, look)
    assert (plan.changes, read) == ((), [])
