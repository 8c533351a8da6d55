"""Rulesets on a twin: our rules by the manifest, everybody else's as they were."""

from __future__ import annotations

from typing import Any

from meta.kinds.ruleset import body, declared
from meta.model import Outcome
from tests.grounds import Ground

MAIN = "rulesets: {main: {include: [~DEFAULT_BRANCH], approvals: 1, checks: [ci]}}"


def sync(ground: Ground, text: str, *prune: str) -> None:
    fleet = ground.fleet(text, prune=prune)
    for one in ground.sync(fleet):
        assert one.outcome is Outcome.DONE, one
    assert ground.plan(fleet).changes == ()


def rulesets(ground: Ground) -> dict[str, Any]:
    gh = ground.reader()
    rows = gh.pages("/repos/acme/api/rulesets")
    return {row["name"]: gh.get(f"/repos/acme/api/rulesets/{row['id']}") for row in rows}


def rules(row: Any) -> dict[str, Any]:
    return {rule["type"]: rule.get("parameters") for rule in row["rules"]}


def test_a_ruleset_says_what_the_manifest_says(ground: Ground) -> None:
    sync(ground, MAIN)
    row = rulesets(ground)["main"]
    assert (row["target"], row["enforcement"]) == ("branch", "active")
    assert row["conditions"]["ref_name"]["include"] == ["~DEFAULT_BRANCH"]
    there = rules(row)
    assert set(there) == {"pull_request", "required_status_checks"}
    assert there["pull_request"]["required_approving_review_count"] == 1
    checks = there["required_status_checks"]["required_status_checks"]
    assert [check["context"] for check in checks] == ["ci"]


def test_without_branches_it_is_for_the_default_one(ground: Ground) -> None:
    sync(ground, "rulesets: {main: {linear_history: true}}")
    row = rulesets(ground)["main"]
    assert row["conditions"]["ref_name"]["include"] == ["~DEFAULT_BRANCH"]
    assert set(rules(row)) == {"required_linear_history"}


def test_a_switch_that_is_turned_off_takes_its_rule_away(ground: Ground) -> None:
    sync(ground, "rulesets: {main: {linear_history: true, block_deletion: true}}")
    sync(ground, "rulesets: {main: {linear_history: false, block_deletion: true}}")
    assert set(rules(rulesets(ground)["main"])) == {"deletion"}


def test_checks_that_are_none_take_their_rule_away(ground: Ground) -> None:
    sync(ground, MAIN)
    sync(ground, "rulesets: {main: {checks: []}}")
    assert set(rules(rulesets(ground)["main"])) == {"pull_request"}


def test_what_is_not_declared_any_more_stays_as_it_is(ground: Ground) -> None:
    sync(ground, MAIN)
    sync(ground, "rulesets: {main: {approvals: 2}}")
    there = rules(rulesets(ground)["main"])
    assert there["pull_request"]["required_approving_review_count"] == 2
    assert "required_status_checks" in there


def test_rules_that_people_added_survive_an_update(ground: Ground) -> None:
    sync(ground, MAIN)
    row = rulesets(ground)["main"]
    own = {"type": "required_signatures"}
    kept = {name: row[name] for name in ("name", "target", "enforcement", "conditions")}
    path = f"/repos/acme/api/rulesets/{row['id']}"
    ground.writer().put(path, {**kept, "rules": [*row["rules"], own]})
    sync(ground, MAIN.replace("approvals: 1", "approvals: 2"))
    assert "required_signatures" in rules(rulesets(ground)["main"])


def test_how_people_want_reviews_done_survives_another_number_of_them(ground: Ground) -> None:
    current = {
        "rules": [
            {
                "type": "pull_request",
                "parameters": {
                    "require_code_owner_review": True,
                    "required_approving_review_count": 1,
                },
            }
        ]
    }
    (rule,) = body("main", {"enforcement": "active", "approvals": 3}, current)["rules"]
    assert rule["parameters"]["require_code_owner_review"] is True
    assert rule["parameters"]["required_approving_review_count"] == 3


def test_who_may_bypass_and_what_is_excluded_survive_an_update() -> None:
    current = {
        "bypass_actors": [{"actor_id": 1, "actor_type": "Team", "bypass_mode": "always"}],
        "conditions": {"ref_name": {"include": ["~ALL"], "exclude": ["refs/heads/x"]}},
    }
    made = body("main", {"enforcement": "active", "include": ["~ALL"]}, current)
    assert made["bypass_actors"] == current["bypass_actors"]
    assert made["conditions"] == current["conditions"]


def test_a_ruleset_that_is_switched_off_says_so(ground: Ground) -> None:
    sync(ground, MAIN)
    sync(ground, MAIN.replace("approvals: 1", "enforcement: disabled"))
    assert rulesets(ground)["main"]["enforcement"] == "disabled"


def test_an_undeclared_ruleset_goes_only_where_rulesets_are_pruned(ground: Ground) -> None:
    sync(ground, "rulesets: {main: {linear_history: true}, old: {block_deletion: true}}")
    sync(ground, "rulesets: {main: {linear_history: true}}")
    assert set(rulesets(ground)) == {"main", "old"}
    sync(ground, "rulesets: {main: {linear_history: true}}", "ruleset")
    assert set(rulesets(ground)) == {"main"}


def test_a_ruleset_without_any_rule_reads_as_nothing_required() -> None:
    assert declared({"enforcement": "active", "rules": [], "conditions": None}) == {
        "enforcement": "active",
        "include": [],
        "checks": [],
        "linear_history": False,
        "block_force_push": False,
        "block_deletion": False,
    }
