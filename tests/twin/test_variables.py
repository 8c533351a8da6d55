"""Configuration variables of an organization, a repository and an environment."""

import httpx
import pytest

from meta.twin.actions.work import Job, Result
from tests.twin.actors import REPO, staged
from tests.twin.test_actions_flow import ci, job

PLACES = (f"{REPO}/actions", f"{REPO}/environments/prod")


@pytest.mark.parametrize("place", PLACES)
def test_a_variable_is_made_changed_renamed_and_dropped(
    gh: httpx.Client, repo: str, place: str
) -> None:
    gh.put(f"{repo}/environments/prod", json={})
    where = f"{place}/variables"
    assert gh.post(where, json={"name": "level", "value": "low"}).status_code == 201
    assert gh.post(where, json={"name": "LEVEL", "value": "x"}).status_code == 409
    one = gh.get(f"{where}/level").json()
    assert (one["name"], one["value"]) == ("LEVEL", "low")
    assert gh.patch(f"{where}/LEVEL", json={"value": "high"}).status_code == 204
    assert gh.patch(f"{where}/LEVEL", json={"name": "height"}).status_code == 204
    listed = gh.get(where).json()
    assert listed["total_count"] == 1
    assert (listed["variables"][0]["name"], listed["variables"][0]["value"]) == ("HEIGHT", "high")
    assert gh.delete(f"{where}/HEIGHT").status_code == 204
    assert gh.get(f"{where}/HEIGHT").status_code == 404


@pytest.mark.parametrize("name", ["1a", "a-b", "GITHUB_x", ""])
def test_a_name_that_github_refuses_is_refused(gh: httpx.Client, repo: str, name: str) -> None:
    body = {"name": name, "value": "x"}
    assert gh.post(f"{repo}/actions/variables", json=body).status_code == 422


def test_the_nearest_variable_wins() -> None:
    seen: dict[str, dict[str, str]] = {}

    def runner(job: Job) -> Result:
        seen[job.name] = dict(job.variables)
        return Result()

    with staged(runner) as stage:
        stage.environment("prod")
        for place, value in (
            ("/orgs/Acme/actions", "org"),
            (PLACES[0], "repo"),
            (PLACES[1], "prod"),
        ):
            body = {"name": "A", "value": value, "visibility": "all"}
            assert stage.gh.post(f"{place}/variables", json=body).status_code == 201
        only = {"name": "B", "value": "org", "visibility": "all"}
        stage.gh.post("/orgs/Acme/actions/variables", json=only)
        named = job("named", "name: 'named ${{ vars.A }}'")
        stage.workflow(ci(named, job("deploy", "environment: prod")))
        stage.dispatch()
        stage.ended()
    assert seen == {"named repo": {"A": "repo", "B": "org"}, "deploy": {"A": "prod", "B": "org"}}
