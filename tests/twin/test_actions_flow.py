"""Runs on their way, with a function in place of act."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from meta.twin.actions.work import Job, Result, Step
from tests.twin.actors import REPO, RUNS, Stage, staged

HOLD = 20.0


class Actor:
    """Carries jobs out: `bad` fails, `slow` waits to be let go, and all are remembered."""

    def __init__(self) -> None:
        self.seen: list[Job] = []
        self.free = threading.Event()

    def __call__(self, job: Job) -> Result:
        self.seen.append(job)
        if "slow" in job.name:
            job.report(Result("", steps=(Step("wait", "", "in_progress"),)))
            while not self.free.wait(0.01) and not job.stopped.is_set():
                pass
        said = {"said": f"{job.name} said so"}
        return Result("failure" if "bad" in job.name else "success", outputs=said, log="done\n")

    def names(self) -> list[str]:
        return [job.name for job in self.seen]


@pytest.fixture
def actor() -> Iterator[Actor]:
    made = Actor()
    yield made
    made.free.set()


@pytest.fixture
def stage(actor: Actor) -> Iterator[Stage]:
    with staged(actor) as made:
        yield made


def job(name: str, more: str = "") -> str:
    return f"  {name}: {{runs-on: ubuntu-latest, steps: [{{run: x}}]{more and ', ' + more}}}\n"


def ci(*jobs: str, on: str = "repository_dispatch", more: str = "") -> str:
    return f"name: CI\non: {on}\n{more}\njobs:\n{''.join(jobs)}"


def test_a_dispatch_makes_one_run_of_each_workflow_that_listens(stage: Stage) -> None:
    stage.workflow(ci(job("a"), on="{repository_dispatch: {types: [go]}}"), "one")
    stage.workflow(ci(job("a"), on="{repository_dispatch: {types: [stop]}}"), "two")
    stage.dispatch("go", n=1)
    run = stage.ended()
    assert [each["path"] for each in stage.runs()] == [".github/workflows/one.yml"]
    assert (run["event"], run["conclusion"], run["display_title"]) == (
        "repository_dispatch",
        "success",
        "go",
    )
    assert stage.jobs(run) == {"a": "success"}
    assert stage.log(run, "a") == "done\n"


def test_a_run_is_named_after_what_was_sent(stage: Stage) -> None:
    title = "run-name: Deploy ${{ github.event.client_payload.v }} [${{ github.actor }}]"
    stage.workflow(ci(job("a"), more=title))
    stage.dispatch(v="1.2")
    assert stage.ended()["display_title"] == "Deploy 1.2 [twin-admin]"


def test_jobs_wait_for_what_they_need_and_see_its_outputs(stage: Stage, actor: Actor) -> None:
    second = job("second", "needs: first, name: 'after ${{ needs.first.outputs.said }}'")
    stage.workflow(ci(second, job("first")))
    stage.dispatch()
    run = stage.ended()
    assert stage.jobs(run) == {"first": "success", "after first said so": "success"}
    assert actor.seen[1].needs == {
        "first": {"result": "success", "outputs": {"said": "first said so"}}
    }


def test_after_a_failure_only_what_asks_for_it_goes_on(stage: Stage) -> None:
    jobs = [
        job("bad"),
        job("after", "needs: bad"),
        job("far", "needs: after"),
        job("always", "needs: bad, if: always()"),
        job("on-failure", "needs: [far], if: failure()"),
        job("never", "if: github.ref == 'x'"),
    ]
    stage.workflow(ci(*jobs))
    stage.dispatch()
    run = stage.ended()
    assert run["conclusion"] == "failure"
    assert stage.jobs(run) == {
        "bad": "failure",
        "never": "skipped",
        "after": "skipped",
        "always": "success",
        "far": "skipped",
        "on-failure": "success",
    }


def test_a_failure_that_is_tolerated_fails_nothing(stage: Stage) -> None:
    stage.workflow(ci(job("bad", "continue-on-error: true"), job("next", "needs: bad")))
    stage.dispatch()
    run = stage.ended()
    assert run["conclusion"] == "success"
    assert stage.jobs(run) == {"bad": "failure", "next": "success"}


def test_a_matrix_may_come_from_an_output_and_ends_with_its_first_failure(stage: Stage) -> None:
    matrix = "strategy: {max-parallel: 1, matrix: {v: \"${{ fromJSON('[1, 2, 3]') }}\"}}"
    stage.workflow(ci(job("t", f"name: 'bad ${{{{ matrix.v }}}}', {matrix}")))
    stage.dispatch()
    run = stage.ended()
    assert stage.jobs(run) == {"bad 1": "failure", "bad 2": "cancelled", "bad 3": "cancelled"}


def test_without_fail_fast_every_combination_runs(stage: Stage) -> None:
    strategy = "strategy: {fail-fast: false, max-parallel: 2, matrix: {v: [bad, good, fine]}}"
    stage.workflow(ci(job("t", strategy)))
    stage.dispatch()
    run = stage.ended()
    expected = {"t (bad)": "failure", "t (good)": "success", "t (fine)": "success"}
    assert (run["conclusion"], stage.jobs(run)) == ("failure", expected)


def test_a_called_workflow_is_part_of_the_run(stage: Stage, actor: Actor) -> None:
    stage.seal(f"{REPO}/actions", "PASS", "hidden")
    called = """
on:
  workflow_call:
    inputs: {level: {type: string, required: true}}
    outputs: {word: {value: "${{ jobs.inner.outputs.said }}"}}
jobs:
  inner: {name: "at ${{ inputs.level }}", runs-on: x, steps: [{run: x}]}
  last: {needs: inner, runs-on: x, steps: [{run: x}]}
"""
    stage.workflow(called, "called")
    call = """
  call:
    uses: ./.github/workflows/called.yml
    with: {level: high}
    secrets: {TOKEN: "${{ secrets.PASS }}"}
"""
    stage.workflow(ci(call, job("end", "needs: call, name: '${{ needs.call.outputs.word }}'")))
    stage.dispatch()
    run = stage.ended()
    assert stage.jobs(run) == {
        "call / at high": "success",
        "call / last": "success",
        "call / at high said so": "success",
    }
    inner = actor.seen[0]
    assert inner.inputs == {"level": "high"}
    assert {name: inner.secrets[name] for name in ("TOKEN",)} == {"TOKEN": "hidden"}
    assert "PASS" not in inner.secrets


@pytest.mark.parametrize(
    ("uses", "words"),
    [
        ("./.github/workflows/none.yml", "there is no workflow to call"),
        ("Acme/none/.github/workflows/a.yml@main", "the twin has no repository Acme/none"),
    ],
)
def test_a_workflow_that_cannot_be_called_fails_its_job(
    stage: Stage, uses: str, words: str
) -> None:
    stage.workflow(ci(f"  call: {{uses: '{uses}'}}\n"))
    stage.dispatch()
    run = stage.ended()
    assert run["conclusion"] == "failure"
    assert words in stage.log(run, "call")


def test_a_newer_run_takes_the_place_of_the_one_that_waits(stage: Stage, actor: Actor) -> None:
    stage.workflow(ci(job("slow"), more="concurrency: deploy"))
    for number in range(3):
        stage.dispatch(f"n{number}")
    stage.until(lambda: stage.runs()[0], "in_progress")
    states = [(run["status"], run["conclusion"]) for run in stage.runs()]
    assert states == [("in_progress", None), ("completed", "cancelled"), ("pending", None)]
    actor.free.set()
    assert stage.ended(-1)["conclusion"] == "success"


def test_a_newer_run_may_cancel_the_one_that_runs(stage: Stage) -> None:
    stage.workflow(ci(job("slow"), more="concurrency: {group: a, cancel-in-progress: true}"))
    stage.dispatch()
    stage.until(lambda: stage.runs()[0], "in_progress")
    stage.dispatch()
    assert stage.ended(0)["conclusion"] == "cancelled"
    stage.until(lambda: stage.runs()[1], "in_progress")


def test_a_queue_keeps_all_that_wait(stage: Stage, actor: Actor) -> None:
    stage.workflow(ci(job("slow"), more="concurrency: {group: a, queue: max}"))
    for number in range(4):
        stage.dispatch(f"n{number}")
    actor.free.set()
    assert [stage.ended(at)["conclusion"] for at in range(4)] == ["success"] * 4


def test_jobs_of_one_group_run_one_after_the_other(stage: Stage, actor: Actor) -> None:
    stage.workflow(ci(job("slow", "concurrency: one"), job("other", "concurrency: one")))
    stage.dispatch()
    run = stage.until(lambda: stage.runs()[0], "in_progress")
    assert stage.jobs(run) == {"slow": "in_progress", "other": "pending"}
    actor.free.set()
    assert stage.jobs(stage.ended()) == {"slow": "success", "other": "success"}


def test_cancelling_stops_what_runs_and_lets_always_go_on(stage: Stage) -> None:
    stage.workflow(
        ci(job("slow"), job("next", "needs: slow"), job("end", "needs: slow, if: always()"))
    )
    stage.dispatch()
    run = stage.until(lambda: stage.runs()[0], "in_progress")
    assert stage.gh.post(f"{RUNS}/{run['id']}/cancel").status_code == 202
    run = stage.ended()
    assert run["conclusion"] == "cancelled"
    assert stage.jobs(run) == {"slow": "cancelled", "end": "success"}


def test_a_job_waits_until_its_environment_is_approved(stage: Stage, actor: Actor) -> None:
    stage.reviewed("prod")
    stage.seal(f"{REPO}/environments/prod", "PASS", "of prod")
    stage.seal(f"{REPO}/actions", "PASS", "of the repository")
    stage.workflow(ci(job("build"), job("deploy", "needs: build, environment: prod")))
    stage.dispatch()
    run = stage.ended(-1, "waiting")
    assert stage.jobs(run) == {"build": "success", "deploy": "waiting"}
    stage.review(run, "approved")
    assert stage.ended()["conclusion"] == "success"
    passes = {job.name: job.secrets["PASS"] for job in actor.seen}
    assert passes == {"build": "of the repository", "deploy": "of prod"}
    (deployment,) = stage.gh.get(f"{REPO}/deployments").json()
    states = [each["state"] for each in stage.gh.get(deployment["statuses_url"]).json()]
    assert states == ["success", "in_progress", "queued", "waiting"]
    (approval,) = stage.gh.get(f"{RUNS}/{run['id']}/approvals").json()
    assert (approval["state"], approval["comment"]) == ("approved", "seen")


def test_a_rejection_fails_the_job(stage: Stage, actor: Actor) -> None:
    stage.reviewed("prod")
    stage.workflow(ci(job("deploy", "environment: prod"), job("next", "needs: deploy")))
    stage.dispatch()
    stage.review(stage.ended(-1, "waiting"), "rejected")
    run = stage.ended()
    assert (run["conclusion"], actor.names()) == ("failure", [])
    assert stage.jobs(run) == {"deploy": "failure", "next": "skipped"}
    assert "rejected by twin-admin" in stage.log(run, "deploy")


def test_who_asked_for_a_run_may_be_kept_from_approving_it(stage: Stage) -> None:
    stage.reviewed("prod", prevent_self_review=True)
    stage.workflow(ci(job("deploy", "environment: prod")))
    stage.dispatch()
    run = stage.ended(-1, "waiting")
    where = f"{RUNS}/{run['id']}/pending_deployments"
    (pending,) = stage.gh.get(where).json()
    assert pending["current_user_can_approve"] is False
    body = {"environment_ids": [pending["environment"]["id"]], "state": "approved", "comment": ""}
    assert stage.gh.post(where, json=body).status_code == 422


def test_a_branch_that_may_not_deploy_fails_its_job(stage: Stage, actor: Actor) -> None:
    policy = {"protected_branches": False, "custom_branch_policies": True}
    stage.environment("prod", deployment_branch_policy=policy)
    where = f"{REPO}/environments/prod/deployment-branch-policies"
    stage.gh.post(where, json={"name": "release/*"})
    stage.workflow(ci(job("deploy", "environment: prod")))
    stage.dispatch()
    run = stage.ended()
    words = 'Branch "main" is not allowed to deploy to prod due to environment protection rules.'
    assert words in stage.log(run, "deploy")
    stage.gh.post(where, json={"name": "main"})
    stage.dispatch()
    assert stage.ended()["conclusion"] == "success"
    assert actor.names() == ["deploy"]


def test_failed_jobs_run_again_and_the_others_are_kept(stage: Stage, actor: Actor) -> None:
    stage.workflow(
        ci(job("good"), job("bad"), job("after", "needs: bad"), job("on", "needs: good"))
    )
    stage.dispatch()
    run = stage.ended()
    before = len(actor.seen)
    assert stage.gh.post(f"{RUNS}/{run['id']}/rerun-failed-jobs").status_code == 201
    again = stage.ended()
    assert (again["run_attempt"], again["id"]) == (2, run["id"])
    assert actor.names()[before:] == ["bad"]
    assert stage.jobs(again) == {
        "good": "success",
        "bad": "failure",
        "on": "success",
        "after": "skipped",
    }
    first = stage.gh.get(f"{RUNS}/{run['id']}/attempts/1").json()
    assert (first["run_attempt"], first["conclusion"]) == (1, "failure")
    jobs = stage.gh.get(f"{RUNS}/{run['id']}/attempts/1/jobs").json()
    assert jobs["total_count"] == 4
    assert (
        stage.gh.get(f"{RUNS}/{run['id']}/jobs", params={"filter": "all"}).json()["total_count"]
        == 8
    )


def test_a_run_can_run_again_as_a_whole(stage: Stage, actor: Actor) -> None:
    stage.workflow(ci(job("a"), job("b", "needs: a")))
    stage.dispatch()
    run = stage.ended()
    assert stage.gh.post(f"{RUNS}/{run['id']}/rerun").status_code == 201
    assert stage.ended()["run_attempt"] == 2
    assert actor.names() == ["a", "b", "a", "b"]


def test_a_push_starts_what_its_branch_and_paths_ask_for(stage: Stage) -> None:
    stage.workflow(ci(job("a"), on="{push: {branches: [main], paths: ['src/**']}}"))
    stage.write("README.md", "other")
    stage.write("src/a.py", "x", message="Change the source\n\nwith a body")
    stage.write("src/b.py", "x", message="Not this [skip ci]")
    (run,) = stage.runs()
    assert (run["event"], run["head_branch"]) == ("push", "main")
    assert run["display_title"] == "Change the source"
    assert stage.ended()["conclusion"] == "success"


def test_a_pull_request_runs_when_opened_and_when_its_branch_moves(
    stage: Stage, actor: Actor
) -> None:
    stage.workflow(ci(job("a"), on="pull_request"))
    stage.branch("topic")
    stage.write("a.txt", "1", "topic")
    body = {"title": "A change", "head": "topic", "base": "main"}
    pull = stage.gh.post(f"{REPO}/pulls", json=body).json()
    stage.write("a.txt", "2", "topic")
    stage.ended(0)
    stage.ended(1)
    runs = stage.runs(event="pull_request")
    assert [run["display_title"] for run in runs] == ["A change", "A change"]
    assert [run["pull_requests"][0]["number"] for run in runs] == [pull["number"]] * 2
    assert {job.github["event"]["action"] for job in actor.seen} == {"opened", "synchronize"}
    assert {job.github["ref"] for job in actor.seen} == {f"refs/pull/{pull['number']}/merge"}
    assert {job.github["base_ref"] for job in actor.seen} == {"main"}


def test_what_a_workflow_pushes_with_its_token_starts_nothing(stage: Stage) -> None:
    answers = []

    def runner(job: Job) -> Result:
        auth = {"Authorization": f"Bearer {job.secrets['GITHUB_TOKEN']}"}
        with httpx.Client(base_url=job.github["api_url"], headers=auth, trust_env=False) as gh:
            new = {"message": "m", "content": "eA=="}
            answers.append(gh.put(f"{REPO}/contents/made.txt", json=new).status_code)
            answers.append(gh.put("/repos/Acme/other/contents/x", json=new).status_code)
            answers.append(gh.get("/repos/Acme/other").status_code)
            answers.append(gh.get("/repos/Acme/secret").status_code)
            answers.append(auth)
        return Result()

    with staged(runner) as stage:
        for name in ("other", "secret"):
            stage.gh.post("/orgs/Acme/repos", json={"name": name, "private": name == "secret"})
        stage.workflow(ci(job("a"), on="[push, repository_dispatch]"))
        stage.ended()
        assert len(stage.runs()) == 1
        *codes, auth = answers
        assert codes == [201, 403, 200, 403]
        after = stage.gh.get("/user", headers=auth)
        assert after.status_code == 401


def test_a_broken_workflow_fails_at_once_and_says_why(stage: Stage) -> None:
    stage.workflow("on: push\njobs: {}")
    (run,) = stage.runs()
    assert (run["status"], run["conclusion"]) == ("completed", "startup_failure")
    assert stage.jobs(run) == {}


def test_a_schedule_comes_when_it_is_told_to(stage: Stage) -> None:
    stage.workflow(ci(job("a"), on="{schedule: [{cron: '0 1 * * *'}, {cron: '0 2 * * *'}]}"))
    body = {"repository": "Acme/tool", "cron": "0 2 * * *"}
    made = stage.gh.post("/_twin/schedule", json=body).json()["runs"]
    assert made == [stage.ended()["id"]]
    assert (
        len(stage.gh.post("/_twin/schedule", json={"repository": "acme/tool"}).json()["runs"]) == 2
    )


def test_a_deployment_starts_what_listens_to_it_at_its_own_commit(
    stage: Stage, actor: Actor
) -> None:
    stage.workflow(ci(job("a"), on="deployment"))
    sha = stage.gh.get(f"{REPO}/git/ref/heads/main").json()["object"]["sha"]
    stage.gh.post(f"{REPO}/git/refs", json={"ref": "refs/tags/v1", "sha": sha})
    stage.write("later.txt", "x")
    new = {"ref": "v1", "auto_merge": False, "required_contexts": []}
    assert stage.gh.post(f"{REPO}/deployments", json=new).status_code == 201
    stage.ended()
    assert (actor.seen[0].github["sha"], actor.seen[0].github["ref"]) == (sha, "refs/tags/v1")


def test_runs_are_found_by_what_narrows_them(stage: Stage) -> None:
    stage.workflow(ci(job("a")), "one")
    stage.workflow(ci(job("bad"), on="{workflow_dispatch: {inputs: {x: {default: y}}}}"), "two")
    stage.dispatch()
    hand = f"{REPO}/actions/workflows/two.yml/dispatches"
    made = stage.gh.post(hand, json={"ref": "main", "return_run_details": True}).json()
    stage.ended(0)
    bad = stage.ended(1)
    assert bad["id"] == made["workflow_run_id"]

    def found(**query: str) -> list[str]:
        return [run["event"] for run in stage.runs(**query)]

    both = ["repository_dispatch", "workflow_dispatch"]
    assert found(event="repository_dispatch") == both[:1]
    assert found(status="failure") == both[1:]
    assert found(status="completed") == both
    assert found(branch="none") == []
    assert found(head_sha=bad["head_sha"]) == both
    assert found(actor="TWIN-admin") == both
    assert found(check_suite_id=str(bad["check_suite_id"])) == both[1:]
    assert found(created=f">={bad['created_at'][:10]}") == both
    assert found(created="<2020-01-01") == []
    assert found(created="2020-01-01..*") == both


def test_a_disabled_workflow_starts_nothing(stage: Stage) -> None:
    stage.workflow(ci(job("a")))
    assert stage.gh.put(f"{REPO}/actions/workflows/ci.yml/disable").status_code == 204
    stage.dispatch()
    assert stage.runs() == []
    assert stage.gh.get(f"{REPO}/actions/workflows/ci.yml").json()["state"] == "disabled_manually"
    stage.gh.put(f"{REPO}/actions/workflows/ci.yml/enable")
    stage.dispatch()
    assert stage.ended()["conclusion"] == "success"


def test_what_a_runner_raises_fails_its_job_and_no_other(stage: Stage) -> None:
    def runner(job: Job) -> Result:
        if job.name == "a":
            raise ValueError("no such thing")
        return Result()

    with staged(runner, size=1) as other:
        other.workflow(ci(job("a"), job("b")))
        other.dispatch()
        run = other.ended()
        assert other.jobs(run) == {"a": "failure", "b": "success"}
        assert "no such thing" in other.log(run, "a")


def test_jobs_are_check_runs_of_their_commit(stage: Stage) -> None:
    stage.workflow(ci(job("good"), job("bad")))
    stage.dispatch()
    run = stage.ended()
    found = stage.gh.get(f"{REPO}/commits/main/check-runs").json()["check_runs"]
    assert {each["name"]: each["conclusion"] for each in found} == {
        "good": "success",
        "bad": "failure",
    }
    (suite,) = stage.gh.get(f"{REPO}/commits/main/check-suites").json()["check_suites"]
    assert (suite["id"], suite["conclusion"]) == (run["check_suite_id"], "failure")


def test_a_steps_progress_shows_while_its_job_goes_on(stage: Stage) -> None:
    stage.workflow(ci(job("slow")))
    stage.dispatch()
    run = stage.until(lambda: stage.runs()[0], "in_progress")
    (step,) = stage.until(
        lambda: {**stage.job(run, "slow"), "status": stage.job(run, "slow")["steps"] and "shown"},
        "shown",
    )["steps"]
    assert (step["name"], step["status"], step["conclusion"]) == ("wait", "in_progress", None)


def test_a_timer_of_an_environment_goes_by_the_clock_of_the_twin(stage: Stage) -> None:
    stage.environment("prod", wait_timer=30)
    stage.workflow(ci(job("deploy", "environment: prod")))
    clock = "/_twin/clock"
    stage.gh.post(clock, json={"mode": "manual", "now": 1_800_000_000})
    stage.dispatch()
    run = stage.ended(-1, "waiting")
    stage.gh.post(clock, json={"advance": 29 * 60})
    (pending,) = stage.gh.get(f"{RUNS}/{run['id']}/pending_deployments").json()
    assert pending["wait_timer"] == 30
    stage.gh.post(clock, json={"advance": 60})
    assert stage.ended()["conclusion"] == "success"


def test_runs_outlive_the_twin_but_jobs_that_had_begun_are_lost(
    tmp_path: Path, actor: Actor
) -> None:
    data = tmp_path / "data"
    with staged(actor, size=1, data=data) as stage:
        stage.workflow(ci(job("slow"), job("next", "if: always()")))
        stage.dispatch()
        stage.until(lambda: stage.runs()[0], "in_progress")
    with staged(actor, data=data) as stage:
        run = stage.ended()
        assert stage.jobs(run) == {"slow": "failure", "next": "success"}
        assert "the twin ended while this job went on" in stage.log(run, "slow")
        assert actor.names() == ["slow", "next"]


def test_a_reset_stops_what_goes_on_and_a_restored_run_goes_on(stage: Stage, actor: Actor) -> None:
    stage.reviewed("prod")
    stage.workflow(ci(job("deploy", "environment: prod"), job("slow")))
    stage.dispatch()
    stage.until(lambda: stage.runs()[0], "in_progress")
    stage.gh.post("/_twin/snapshot", json={"name": "then"})
    stage.gh.post("/_twin/reset")
    assert stage.gh.get(REPO).status_code == 404
    stage.gh.post("/_twin/restore", json={"name": "then"})
    run = stage.until(lambda: stage.runs()[0], "waiting")
    assert stage.jobs(run) == {"deploy": "waiting", "slow": "failure"}
    stage.review(run, "approved")
    assert stage.jobs(stage.ended()) == {"deploy": "success", "slow": "failure"}
