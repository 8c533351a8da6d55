"""Teams of the organization, and what each may do in a repository."""

from __future__ import annotations

from meta.model import Address, Outcome
from tests.grounds import Ground


def sync(ground: Ground, text: str, *prune: str, at: str = "api") -> None:
    fleet = ground.fleet(text, at=at, prune=prune)
    for one in ground.sync(fleet):
        assert one.outcome is Outcome.DONE, one
    assert ground.plan(fleet).changes == ()


def teams(ground: Ground) -> dict[str, tuple[str, str]]:
    rows = ground.reader().pages("/orgs/acme/teams")
    return {row["slug"]: (row["description"] or "", row["privacy"]) for row in rows}


def access(ground: Ground) -> dict[str, str]:
    rows = ground.reader().pages("/repos/acme/api/teams")
    return {row["slug"]: row["permission"] for row in rows}


def test_a_team_is_visible_to_its_organization_unless_declared_secret(ground: Ground) -> None:
    sync(ground, "teams: {platform: {description: Runs it}, spies: {privacy: secret}}", at="")
    assert teams(ground) == {"platform": ("Runs it", "closed"), "spies": ("", "secret")}


def test_a_team_is_changed_where_it_differs(ground: Ground) -> None:
    sync(ground, "teams: {platform: {description: Runs it, privacy: secret}}", at="")
    sync(ground, "teams: {platform: {description: Mends it}}", at="")
    assert teams(ground) == {"platform": ("Mends it", "secret")}


def test_an_undeclared_team_goes_only_where_teams_are_pruned(ground: Ground) -> None:
    sync(ground, "teams: {platform: {}, guests: {}}", at="")
    sync(ground, "teams: {platform: {}}", at="")
    assert set(teams(ground)) == {"platform", "guests"}
    sync(ground, "teams: {platform: {}}", "team", at="")
    assert set(teams(ground)) == {"platform"}


def test_each_team_gets_the_access_that_is_declared(ground: Ground) -> None:
    words = ["pull", "triage", "push", "maintain", "admin"]
    text = ", ".join(f"{word}ers: {word}" for word in words)
    sync(ground, f"teams: {{{text}}}")
    assert access(ground) == {f"{word}ers": word for word in words}


def test_access_that_was_taken_back_by_hand_is_given_again(ground: Ground) -> None:
    sync(ground, "teams: {platform: maintain}")
    ground.writer().delete("/orgs/acme/teams/platform/repos/acme/api")
    sync(ground, "teams: {platform: maintain}")
    assert access(ground) == {"platform": "maintain"}


def test_access_is_taken_away_only_where_it_is_pruned(ground: Ground) -> None:
    sync(ground, "teams: {platform: push, guests: pull}")
    sync(ground, "teams: {platform: push}")
    assert set(access(ground)) == {"platform", "guests"}
    sync(ground, "teams: {platform: push}", "access")
    assert set(access(ground)) == {"platform"}
    assert "guests" in teams(ground)


def test_a_team_comes_before_its_access(ground: Ground) -> None:
    plan = ground.plan(ground.fleet("teams: {platform: push}"))
    assert [str(change.address) for change in plan.changes] == [
        "acme team platform",
        "acme/api access platform",
    ]
    assert Address("acme", "team", "platform") in plan.changes[1].needs
