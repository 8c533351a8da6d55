"""Workflows carried out by act, with gh as the client that looks on."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.twin.actors import REPO, RUNS, Stage, staged

pytestmark = pytest.mark.slow

RELEASE = """
name: Release
run-name: Release ${{ github.event.client_payload.version }}
on:
  repository_dispatch: {types: [release]}
jobs:
  build:
    runs-on: ubuntu-latest
    strategy: {matrix: {part: [api, web]}}
    outputs:
      api: ${{ steps.make.outputs.api }}
      web: ${{ steps.make.outputs.web }}
    steps:
      - uses: actions/checkout@v4
      - name: Make ${{ matrix.part }}
        id: make
        run: |
          cat README.md
          echo "${{ matrix.part }}=${{ matrix.part }}-of-$GITHUB_RUN_NUMBER" >> "$GITHUB_OUTPUT"
          echo "### Made ${{ matrix.part }}" >> "$GITHUB_STEP_SUMMARY"
          mkdir out && echo ${{ matrix.part }} > out/part.txt
      - uses: actions/upload-artifact@v4
        with: {name: "${{ matrix.part }}", path: out}
  check:
    needs: build
    runs-on: ubuntu-latest
    steps:
      - run: echo "::error file=README.md,line=1::this is not right"; exit 3
      - run: echo never
  deploy:
    needs: build
    environment: {name: production, url: "https://example.org/${{ steps.where.outputs.at }}"}
    runs-on: ubuntu-latest
    steps:
      - {id: where, run: 'echo at=here >> "$GITHUB_OUTPUT"'}
      - uses: actions/download-artifact@v4
      - env: {MADE: "${{ needs.build.outputs.api }} ${{ needs.build.outputs.web }}"}
        run: echo "$MADE $(cat */part.txt | xargs)"
  report:
    needs: [check, deploy]
    if: ${{ !cancelled() }}
    runs-on: ubuntu-latest
    steps:
      - run: echo "check ${{ needs.check.result }}, deploy ${{ needs.deploy.result }}"
"""


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with staged(None) as made:
        yield made


@pytest.fixture
def gh(stage: Stage, tmp_path: Path) -> Callable[..., str]:
    """gh on its own, by way of the twin as its proxy; says what it printed."""
    program = Path(sys.executable).parent / "gh"
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "GH_HOST": "github.localhost",
        "GH_TOKEN": "any",
        "GH_NO_UPDATE_NOTIFIER": "1",
        "NO_COLOR": "1",
        "HTTP_PROXY": stage.twin.url,
        "http_proxy": stage.twin.url,
    }

    def run(*args: str, code: int = 0) -> str:
        done = subprocess.run(
            [program, *args, "-R", "Acme/tool"],
            env=env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    return run


def steps(text: str) -> str:
    return f"on: repository_dispatch\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n{text}"


def ran(stage: Stage, text: str, conclusion: str = "success", **payload: str) -> str:
    """The log of a job of these steps."""
    stage.workflow(steps(text))
    stage.dispatch(**payload)
    run = stage.ended()
    log = stage.log(run, "a")
    assert run["conclusion"] == conclusion, log
    return log


def test_gh_sees_a_release_wait_for_approval_and_end_as_it_did(
    stage: Stage, gh: Callable[..., str]
) -> None:
    stage.workflow(RELEASE, "release")
    stage.reviewed("production")
    stage.dispatch("release", version="1.2")
    run = stage.ended(-1, "waiting")
    number = str(run["id"])
    (listed,) = json.loads(gh("run", "list", "--json", "databaseId,status,displayTitle,event"))
    assert listed == {
        "databaseId": run["id"],
        "status": "waiting",
        "displayTitle": "Release 1.2",
        "event": "repository_dispatch",
    }
    seen = gh("run", "view", number)
    for line in ("✓ build (api)", "✓ build (web)", "X check", "* deploy", "this is not right"):
        assert line in seen
    stage.review(run, "approved")
    watched = gh("run", "watch", number, "--interval", "1", "--exit-status", code=1)
    for line in ("✓ deploy", "✓ report", "X main Release"):
        assert line in watched
    assert stage.jobs(stage.ended()) == {
        "build (api)": "success",
        "build (web)": "success",
        "check": "failure",
        "deploy": "success",
        "report": "success",
    }
    log = gh("run", "view", number, "--log")
    for words in ("api-of-1 web-of-1 api web", "# tool", "check failure, deploy success"):
        assert words in log
    failed = gh("run", "view", number, "--log-failed")
    assert "##[error]this is not right" in failed
    assert "api-of-1" not in failed
    (deployment,) = stage.gh.get(f"{REPO}/deployments").json()
    said = stage.gh.get(deployment["statuses_url"]).json()
    assert [each["state"] for each in said] == ["success", "in_progress", "queued", "waiting"]
    assert said[0]["environment_url"] == "https://example.org/here"


def test_steps_have_their_own_conclusions_numbers_and_times(stage: Stage) -> None:
    text = """
      - {id: one, run: exit 1, continue-on-error: true}
      - {name: Two, run: exit 4}
      - run: echo three
      - {name: Always, if: always(), run: echo four}
"""
    ran(stage, text, "failure")
    job = stage.job(stage.runs()[-1], "a")
    shown = [(each["number"], each["name"], each["conclusion"]) for each in job["steps"]]
    assert shown == [
        (1, "Set up job", "success"),
        (2, "Run exit 1", "success"),
        (3, "Two", "failure"),
        (4, "Run echo three", "skipped"),
        (5, "Always", "success"),
        (6, "Complete job", "success"),
    ]
    assert all(each["status"] == "completed" for each in job["steps"])
    assert job["steps"][2]["started_at"] >= job["started_at"]


def test_secrets_reach_steps_and_no_log_and_no_command_line(stage: Stage) -> None:
    value = 'pa$s "word" \\n `x`\nsecond-line'
    assert stage.seal(f"{REPO}/actions", "PASS", value) in (201, 204)
    text = """
      - env: {PASS: "${{ secrets.PASS }}"}
        run: |
          printf '%s' "$PASS" | base64 -w0 | rev
          echo; echo "it is $PASS"
          parent=$(ps -o ppid= -p $PPID | xargs)
          tr '\\0' ' ' < /proc/$parent/cmdline
          env | grep -c second-line
"""
    log = ran(stage, text)
    assert b64encode(value.encode()).decode()[::-1] in log
    assert "second-line" not in log
    assert "it is ***" in log
    assert "secret-file" in log


def test_a_token_is_for_its_own_repository_and_its_own_job(stage: Stage) -> None:
    stage.gh.post("/orgs/Acme/repos", json={"name": "other", "auto_init": True})
    text = """
      - env: {TOKEN: "${{ github.token }}"}
        run: |
          how=(--noproxy '*' -s -o /dev/null -w '%{http_code}\\n')
          ask() { curl "${how[@]}" -H "Authorization: Bearer $TOKEN" "$@"; }
          ask "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/labels" -d '{"name": "made"}'
          ask "$GITHUB_API_URL/repos/Acme/other/labels" -d '{"name": "made"}'
          echo "$GITHUB_REPOSITORY $GITHUB_REF $GITHUB_EVENT_NAME $GITHUB_SERVER_URL"
"""
    log = ran(stage, text)
    assert f"201\n403\nAcme/tool refs/heads/main repository_dispatch {stage.twin.url}" in bare(log)


def bare(log: str) -> str:
    """Without the time in front of each line."""
    return "\n".join(line.partition(" ")[2] for line in log.splitlines())


def test_an_action_that_nothing_stands_in_for_is_named(stage: Stage) -> None:
    log = ran(stage, "      - uses: someone/thing@v1\n", "failure")
    assert "Unable to resolve action `someone/thing@v1`" in log
    assert "stand-ins for actions/checkout" in log


def test_actions_of_the_repository_and_of_the_twin_are_used(stage: Stage) -> None:
    action = "runs: {using: composite, steps: [{shell: bash, run: 'echo from {}'}]}"
    stage.write(".github/actions/own/action.yml", action.replace("{}", "here", 1))
    stage.gh.post("/orgs/Acme/repos", json={"name": "shared", "auto_init": True})
    other = action.replace("{}", "there", 1)
    content = b64encode(other.encode()).decode()
    where = "/repos/Acme/shared/contents/action.yml"
    assert stage.gh.put(where, json={"message": "m", "content": content}).status_code == 201
    text = """
      - uses: actions/checkout@v4
      - uses: ./.github/actions/own
      - uses: Acme/shared@main
"""
    log = ran(stage, text)
    assert "from here" in log
    assert "from there" in log


def test_checkout_takes_a_ref_a_path_and_the_whole_history(stage: Stage) -> None:
    sha = stage.gh.get(f"{REPO}/git/ref/heads/main").json()["object"]["sha"]
    stage.gh.post(f"{REPO}/git/refs", json={"ref": "refs/tags/v9", "sha": sha})
    stage.write("later.txt", "x")
    text = """
      - uses: actions/checkout@v4
        with: {ref: v9, path: old}
      - uses: actions/checkout@v4
        with: {fetch-depth: 0, path: new}
      - run: |
          test ! -e old/later.txt && test -e new/later.txt
          git -C old rev-list --count HEAD; test "$(git -C new rev-list --count HEAD)" -gt 2
          git -C new branch --show-current; git -C new tag
"""
    assert "1\nmain\nv9" in bare(ran(stage, text))


def test_artifacts_are_kept_and_downloaded(stage: Stage) -> None:
    text = """
      - run: mkdir -p out/in && echo one > out/a.txt && echo two > out/in/b.txt
      - uses: actions/upload-artifact@v4
        with: {name: all, path: out}
      - uses: actions/upload-artifact@v4
        with: {name: none, path: nothing, if-no-files-found: error}
"""
    log = ran(stage, text, "failure")
    assert "No files were found with the provided path: nothing." in log
    run = stage.runs()[-1]
    (made,) = stage.gh.get(f"{RUNS}/{run['id']}/artifacts").json()["artifacts"]
    packed = stage.gh.get(made["archive_download_url"], follow_redirects=True).content
    assert made["size_in_bytes"] == len(packed)
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        assert sorted(file.namelist()) == ["a.txt", "in/b.txt"]


def test_the_other_stand_ins_do_what_they_say(stage: Stage) -> None:
    text = """
      - uses: actions/setup-python@v5
        with: {python-version: "9.9"}
      - {id: c, uses: actions/cache@v4, with: {path: x, key: y}}
      - uses: aws-actions/configure-aws-credentials@v4
        with: {aws-region: eu-west-1, role-to-assume: arn:some-role}
      - run: |
          python -c 'import sys; print(sys.prefix != sys.base_prefix)'
          echo "hit ${{ steps.c.outputs.cache-hit }} in $AWS_REGION by $AWS_ACCESS_KEY_ID"
"""
    log = ran(stage, text)
    assert "True\n" in bare(log)
    assert "hit false in eu-west-1 by TWINNOTAKEY" in log
    assert "this machine has no Python 9.9" in log


def test_cancelling_ends_what_a_step_started(stage: Stage, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    stage.workflow(steps(f"      - run: 'sleep 300 & echo $! > {mark}; wait'\n"))
    stage.dispatch()
    until(mark.is_file)
    run = stage.runs()[-1]
    assert stage.gh.post(f"{RUNS}/{run['id']}/cancel").status_code == 202
    assert stage.ended()["conclusion"] == "cancelled"
    until(lambda: not alive(int(mark.read_text())))


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def serve(data: Path, env: dict[str, str] | None = None, python: str = sys.executable) -> Serving:
    command = [python, "-m", "meta", "twin", "serve", "--port", "0", "--actions", "1"]
    process = subprocess.Popen(
        [*command, "--data", str(data)], stdout=subprocess.PIPE, text=True, env=env
    )
    assert process.stdout is not None
    url = process.stdout.readline().partition(" at ")[2].partition(" ")[0]
    return process, httpx.Client(
        base_url=url, headers={"Authorization": "Bearer x"}, trust_env=False, timeout=30
    )


Serving = tuple[subprocess.Popen[str], httpx.Client]


def test_a_killed_twin_leaves_no_process_and_a_lost_job(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    process, client = serve(tmp_path / "data")
    client.post("/_twin/orgs", json={"login": "Acme"})
    client.post("/orgs/Acme/repos", json={"name": "tool", "auto_init": True})
    text = steps(f"      - run: 'sleep 300 & echo $! > {mark}; wait'\n")
    body = {"message": "m", "content": b64encode(text.encode()).decode()}
    client.put(f"{REPO}/contents/.github/workflows/a.yml", json=body)
    client.post(f"{REPO}/dispatches", json={"event_type": "go"})
    until(mark.is_file)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process, client = serve(tmp_path / "data")
    try:
        (run,) = client.get(RUNS).json()["workflow_runs"]
        assert (run["status"], run["conclusion"]) == ("completed", "failure")
        until(lambda: not alive(int(mark.read_text())))
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_without_act_runs_stay_queued_and_the_twin_says_why(tmp_path: Path) -> None:
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "python").symlink_to(Path(sys.executable).resolve())
    env = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": os.pathsep.join(each for each in sys.path if each),
    }
    process, client = serve(tmp_path / "data", env, str(bin_ / "python"))
    try:
        client.post("/_twin/orgs", json={"login": "Acme"})
        client.post("/orgs/Acme/repos", json={"name": "tool", "auto_init": True})
        content = b64encode(steps("      - run: x\n").encode()).decode()
        body = {"message": "m", "content": content}
        client.put(f"{REPO}/contents/.github/workflows/a.yml", json=body)
        client.post(f"{REPO}/dispatches", json={"event_type": "go"})
        (run,) = client.get(RUNS).json()["workflow_runs"]
        assert run["status"] == "queued"
        assert (
            "`act` is neither on PATH nor beside the Python"
            in client.get("/_twin").json()["actions"]["why"]
        )
    finally:
        process.terminate()
        process.wait(timeout=30)
