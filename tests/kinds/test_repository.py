"""Repositories, their branches, settings and topics on a twin."""

from __future__ import annotations

from typing import Any

import pytest

from meta.kinds import repository
from meta.kinds.settings import SWITCHES
from meta.model import Address, Create, Outcome
from tests.grounds import SOURCE, Ground

FILES = f"template: {{source: '{SOURCE}', version: v1.0.0}}\nanswers: {{kind: service}}\n"


def sync(ground: Ground, text: str, at: str = "api") -> list[str]:
    fleet = ground.fleet(text, at=at)
    receipts = ground.sync(fleet)
    for one in receipts:
        assert one.outcome is Outcome.DONE, one
    assert ground.plan(fleet).changes == ()
    return [str(one.change.address) for one in receipts]


def row(ground: Ground, name: str = "api") -> Any:
    return ground.reader().get(f"/repos/acme/{name}")


def head(ground: Ground, branch: str, name: str = "api") -> str:
    return str(ground.reader().get(f"/repos/acme/{name}/git/ref/heads/{branch}")["object"]["sha"])


# repository


def test_a_repository_is_made_private_unless_it_is_declared_public(ground: Ground) -> None:
    sync(ground, "repository: {}", at="hidden")
    sync(ground, "repository: {visibility: public}", at="open")
    assert (row(ground, "hidden")["private"], row(ground, "open")["private"]) == (True, False)


def test_who_may_see_a_repository_that_is_there_is_never_changed(ground: Ground) -> None:
    assert sync(ground, "repository: {visibility: private}") == []
    assert row(ground)["visibility"] == "public"


def test_a_repository_of_a_user_is_made_where_users_have_theirs(ground: Ground) -> None:
    gh = ground.writer()
    login = gh.get("/user")["login"]
    repository.apply(gh, Create(Address(f"{login}/mine", "repository", "mine"), {}))
    assert gh.get(f"/repos/{login}/mine")["owner"]["type"] == "User"


# branch


def test_a_branch_starts_at_the_default_one(ground: Ground) -> None:
    sync(ground, "branches: {dev: {}}")
    assert head(ground, "dev") == head(ground, "main")


def test_a_branch_starts_at_the_one_that_is_named(ground: Ground) -> None:
    sync(ground, "branches: {dev: {}}")
    ground.write("api", "a.txt", "a\n", branch="dev")
    sync(ground, "branches: {dev: {}, next: {from: dev}, release/1.x: {from: dev}}")
    assert head(ground, "next") == head(ground, "release/1.x") == head(ground, "dev")


def test_branches_from_branches_are_made_in_their_order(ground: Ground) -> None:
    assert sync(ground, "branches: {c: {from: b}, b: {from: a}, a: {}}") == [
        "acme/api branch a",
        "acme/api branch b",
        "acme/api branch c",
    ]


def test_a_branch_is_never_moved(ground: Ground) -> None:
    sync(ground, "branches: {dev: {}}")
    made = ground.write("api", "a.txt", "a\n", branch="dev")
    assert sync(ground, "branches: {dev: {from: main}}") == []
    assert head(ground, "dev") == made


def test_branches_of_people_are_none_of_its_business(ground: Ground) -> None:
    sync(ground, "branches: {dev: {}, mine: {}}")
    plan = ground.plan(ground.fleet("branches: {dev: {}}"))
    assert (plan.changes, plan.stale) == ((), ())


def test_a_branch_of_a_new_repository_comes_after_its_first_files(ground: Ground) -> None:
    assert sync(ground, f"{FILES}branches: {{dev: {{}}}}", at="new") == [
        "acme/new repository new",
        "acme/new files tree",
        "acme/new branch dev",
    ]


# settings


def test_declared_settings_are_set_and_no_others(ground: Ground) -> None:
    before = row(ground)
    sync(ground, "settings: {description: A thing, has_wiki: false}")
    after = row(ground)
    differing = {key for key in after if after[key] != before[key]}
    assert differing - {"updated_at", "pushed_at"} == {"description", "has_wiki"}


@pytest.mark.parametrize("text", ["description", "homepage"])
def test_a_text_that_is_declared_empty_is_emptied(ground: Ground, text: str) -> None:
    sync(ground, f"settings: {{{text}: 'https://x.example'}}")
    sync(ground, f"settings: {{{text}: ''}}")
    assert not row(ground)[text]


def test_every_switch_can_be_turned_both_ways(ground: Ground) -> None:
    for value in (True, False):
        # Of the three ways to merge, GitHub wants one at least.
        words = dict.fromkeys(SWITCHES, value) | {"allow_squash_merge": True}
        sync(ground, f"settings: {words}")
        assert {name: row(ground)[name] for name in SWITCHES} == words


def test_the_default_branch_can_be_another(ground: Ground) -> None:
    sync(ground, "branches: {dev: {}}\nsettings: {default_branch: dev}")
    assert row(ground)["default_branch"] == "dev"


# topics


def test_topics_are_one_set_whatever_their_order(ground: Ground) -> None:
    sync(ground, "topics: [b, a]")
    assert sorted(row(ground)["topics"]) == ["a", "b"]
    assert ground.plan(ground.fleet("topics: [a, b]")).changes == ()


def test_topics_that_are_declared_to_be_none_are_removed(ground: Ground) -> None:
    sync(ground, "topics: [a]")
    sync(ground, "topics: []")
    assert row(ground)["topics"] == []
