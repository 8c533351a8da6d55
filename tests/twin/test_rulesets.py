"""Rulesets as GitHub shows them, and the pushes that they refuse."""

import pytest


def ruleset(gh, repo, *rules, **fields):
    body = {
        "name": "main",
        "target": "branch",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "rules": [{"type": rule} if isinstance(rule, str) else rule for rule in rules],
        **fields,
    }
    answer = gh.post(f"{repo}/rulesets", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_ruleset_is_kept_with_the_defaults_of_its_rules(gh, repo):
    made = ruleset(gh, repo, "deletion", "pull_request")
    assert made["rules"][0] == {"type": "deletion"}
    assert made["rules"][1]["parameters"]["required_approving_review_count"] == 0
    assert made["source"] == "Acme/tool"
    assert gh.get(f"{repo}/rulesets/{made['id']}").json() == made
    listed = gh.get(f"{repo}/rulesets").json()
    assert [row["name"] for row in listed] == ["main"]
    assert "rules" not in listed[0]
    changed = gh.put(f"{repo}/rulesets/{made['id']}", json={"enforcement": "disabled"}).json()
    assert (changed["enforcement"], changed["rules"]) == ("disabled", made["rules"])
    assert gh.delete(f"{repo}/rulesets/{made['id']}").status_code == 204
    assert gh.get(f"{repo}/rulesets/{made['id']}").status_code == 404


def test_wrong_rulesets_are_refused(gh, repo):
    ruleset(gh, repo)
    again = gh.post(f"{repo}/rulesets", json={"name": "Main", "enforcement": "active"})
    assert again.json()["errors"][0]["message"] == "Name must be unique"
    body = {"name": "x", "enforcement": "active", "rules": [{"type": "magic"}]}
    assert gh.post(f"{repo}/rulesets", json=body).status_code == 422
    assert gh.post(f"{repo}/rulesets", json={"name": "x"}).status_code == 422


def test_a_pull_request_rule_refuses_a_direct_push_in_words(gh, repo, clone):
    ruleset(gh, repo, "pull_request")
    clone.commit({"a": "a"})
    said = clone.push("main", fails=True)
    assert "remote: error: GH013: Repository rule violations found for refs/heads/main." in said
    assert "remote: - Changes must be made through a pull request." in said
    assert "! [remote rejected] main -> main (push declined due to repository rule" in said
    assert len(gh.get(f"{repo}/commits").json()) == 1
    clone.push("main:other")


def test_the_first_push_of_a_branch_is_allowed(gh, repo, fresh):
    ruleset(gh, repo, "pull_request", "deletion", "non_fast_forward")
    clone = fresh("Acme/tool")
    clone.commit({"a": "a"})
    clone.push("main")
    assert gh.get(f"{repo}/branches/main").json()["protected"] is True


def test_a_forced_push_is_refused_and_a_forward_one_is_not(gh, repo, clone):
    ruleset(gh, repo, "non_fast_forward")
    clone.commit({"a": "a"})
    clone.push("main")
    clone.git("commit", "-q", "--amend", "-m", "other")
    said = clone.push("--force", "main", fails=True)
    assert "remote: - Cannot force-push to this branch" in said
    clone.push("--force", "main:elsewhere")


def test_a_protected_branch_cannot_be_deleted_by_push_or_by_rest(gh, repo, clone):
    names = {"ref_name": {"include": ["refs/heads/release/*"], "exclude": []}}
    ruleset(gh, repo, "deletion", conditions=names)
    clone.push("main:release/1", "main:release-1")
    assert "- Cannot delete this branch" in clone.push("--delete", "release/1", fails=True)
    answer = gh.delete(f"{repo}/git/refs/heads/release/1")
    assert answer.status_code == 422
    assert answer.json()["message"] == (
        "Repository rule violations found\n\n- Cannot delete this branch"
    )
    clone.push("--delete", "release-1")


def test_rest_writes_obey_the_rules_as_pushes_do(gh, repo, clone):
    ruleset(gh, repo, "pull_request")
    body = {"message": "add", "content": "aGk="}
    assert gh.put(f"{repo}/contents/x", json=body).status_code == 422
    tip = clone.git("rev-parse", "HEAD").strip()
    moved = gh.patch(f"{repo}/git/refs/heads/main", json={"sha": tip, "force": True})
    assert moved.status_code == 422


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"enforcement": "disabled"}, False),
        ({"enforcement": "evaluate"}, False),
        ({"bypass_actors": [{"actor_id": 1, "actor_type": "OrganizationAdmin"}]}, False),
        ({"bypass_actors": [{"actor_id": 4, "actor_type": "Team"}]}, True),
        ({"conditions": {"ref_name": {"include": ["~ALL"], "exclude": []}}}, True),
        ({"conditions": {"ref_name": {"include": ["refs/heads/m*"], "exclude": []}}}, True),
        (
            {"conditions": {"ref_name": {"include": ["~ALL"], "exclude": ["refs/heads/main"]}}},
            False,
        ),
    ],
)
def test_who_and_what_a_ruleset_holds_for(gh, repo, clone, fields, refused):
    ruleset(gh, repo, "pull_request", **fields)
    clone.commit({"a": "a"})
    clone.push("main", fails=refused)


def test_the_rules_in_force_on_a_branch_are_listed_with_their_source(gh, repo, clone):
    made = ruleset(gh, repo, "deletion")
    assert gh.get(f"{repo}/rules/branches/main").json() == [
        {
            "type": "deletion",
            "ruleset_source_type": "Repository",
            "ruleset_source": "Acme/tool",
            "ruleset_id": made["id"],
        }
    ]
    assert gh.get(f"{repo}/rules/branches/other").json() == []
