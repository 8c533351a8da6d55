"""Environments on a twin: what the manifest names is set, and the rest is left as it was."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from meta.model import Outcome
from tests.grounds import Ground

PATH = "/repos/acme/api/environments"


def sync(ground: Ground, text: str, *prune: str) -> None:
    fleet = ground.fleet(text, prune=prune)
    for one in ground.sync(fleet):
        assert one.outcome is Outcome.DONE, one
    assert ground.plan(fleet).changes == ()


def rules(ground: Ground, name: str) -> dict[str, Any]:
    row = ground.reader().get(f"{PATH}/{quote(name, safe='')}")
    return {rule["type"]: rule for rule in row["protection_rules"]}


def test_an_environment_waits_as_long_as_is_declared(ground: Ground) -> None:
    sync(ground, "environments: {production: {wait_timer: 10}}")
    assert rules(ground, "production")["wait_timer"]["wait_timer"] == 10
    sync(ground, "environments: {production: {wait_timer: 0}}")
    assert "wait_timer" not in rules(ground, "production")


@pytest.mark.parametrize("name", ["review/app 1", "ünï", "50%"])
def test_an_environment_of_any_name_is_found_again(ground: Ground, name: str) -> None:
    sync(ground, f"environments: {{'{name}': {{wait_timer: 1}}}}")
    sync(ground, f"environments: {{'{name}': {{wait_timer: 2}}}}")
    assert rules(ground, name)["wait_timer"]["wait_timer"] == 2
    sync(ground, "environments: {}", "environment")
    assert ground.reader().get(PATH)["environments"] == []


def test_an_update_keeps_who_reviews_and_what_may_be_deployed(ground: Ground) -> None:
    gh = ground.writer()
    gh.post("/orgs/acme/teams", {"name": "platform"})
    team = gh.get("/orgs/acme/teams/platform")["id"]
    policy = {"protected_branches": True, "custom_branch_policies": False}
    people = {"reviewers": [{"type": "Team", "id": team}], "prevent_self_review": True}
    body = {**people, "deployment_branch_policy": policy}
    gh.put(f"{PATH}/production", body)
    sync(ground, "environments: {production: {wait_timer: 10}}")
    review = rules(ground, "production")["required_reviewers"]
    (reviewer,) = review["reviewers"]
    assert review["prevent_self_review"]
    assert (reviewer["type"], reviewer["reviewer"]["id"]) == ("Team", team)
    assert gh.get(f"{PATH}/production")["deployment_branch_policy"] == policy


def test_an_undeclared_environment_goes_only_where_they_are_pruned(ground: Ground) -> None:
    sync(ground, "environments: {dev: {}, old: {}}")
    sync(ground, "environments: {dev: {}}")
    assert {row["name"] for row in ground.reader().get(PATH)["environments"]} == {"dev", "old"}
    sync(ground, "environments: {dev: {}}", "environment")
    assert {row["name"] for row in ground.reader().get(PATH)["environments"]} == {"dev"}


def test_an_environment_that_differs_in_case_alone_is_the_same_one(ground: Ground) -> None:
    sync(ground, "environments: {Production: {wait_timer: 1}}")
    sync(ground, "environments: {production: {wait_timer: 2}}", "environment")
    (row,) = ground.reader().get(PATH)["environments"]
    assert row["protection_rules"][0]["wait_timer"] == 2
