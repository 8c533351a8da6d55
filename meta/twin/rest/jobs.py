"""Jobs of runs and their logs: lists, one, again, text and zip."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from meta.twin.actions import decide, logs, records
from meta.twin.actions.records import OVER
from meta.twin.rest import runs
from meta.twin.rest.shapes import actions as shapes
from meta.twin.rest.shapes import repos
from meta.twin.store import Row, row_id
from meta.twin.web import Answer, Call, Refusal, page, there, whole

TEXT = {"Content-Type": "text/plain; charset=utf-8"}
ZIP = {"Content-Type": "application/zip"}


def of_run(call: Call, repo: Row, run_id: str) -> Answer:
    """Of the latest attempt, or with `filter=all` of every one."""
    run = runs.find(call, repo, run_id)
    if call.query.get("filter") == "all":
        return _page(call, repo, run, call.store.rows("job", records.inside(run.id)))
    return _page(call, repo, run, records.jobs(call.store, run))


def of_attempt(call: Call, repo: Row, run_id: str, attempt_number: str) -> Answer:
    run = runs.find(call, repo, run_id)
    runs.attempt_doc(call, run, attempt_number)
    return _page(call, repo, run, records.jobs(call.store, run, whole(attempt_number)))


def show(call: Call, repo: Row, job_id: str) -> dict[str, Any]:
    row = find(call, repo, job_id)
    return shapes.job(call, repo, row, records.run(call.store, row.doc["run"]))


def again(call: Call, repo: Row, job_id: str) -> Answer:
    row = find(call, repo, job_id)
    run = records.run(call.store, row.doc["run"])
    if run.doc["status"] != OVER or row.doc["attempt"] != run.doc["attempt"]:
        raise Refusal(403, "This workflow run is already running.")
    decide.again(call.store, run, [row])
    return Answer(201, {})


def log(call: Call, repo: Row, job_id: str) -> Answer:
    """Where the text is: GitHub sends clients elsewhere for it, and so does the twin."""
    row = find(call, repo, job_id)
    if row.doc["status"] != OVER:
        raise Refusal(404, "Not Found")
    url = f"{repos.api(call, repo)}/actions/jobs/{row.rest}/logs/text"
    return Answer(302, None, {"Location": url})


def log_text(call: Call, repo: Row, job_id: str) -> Answer:
    text = logs.plain(records.log(call.store, find(call, repo, job_id)))
    return Answer(200, text.encode(), TEXT)


def run_log(call: Call, repo: Row, run_id: str) -> Answer:
    run = runs.find(call, repo, run_id)
    return _elsewhere(call, repo, run, run.doc["attempt"])


def attempt_log(call: Call, repo: Row, run_id: str, attempt_number: str) -> Answer:
    run = runs.find(call, repo, run_id)
    runs.attempt_doc(call, run, attempt_number)
    return _elsewhere(call, repo, run, whole(attempt_number))


def log_zip(call: Call, repo: Row, run_id: str, attempt_number: str) -> Answer:
    """One text for each job, and one for each step in a folder of the job's name."""
    run = runs.find(call, repo, run_id)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for at, job in enumerate(records.jobs(call.store, run, whole(attempt_number))):
            text = records.log(call.store, job)
            name = job.doc["name"].replace("/", "_").replace(":", "")
            file.writestr(f"{at}_{name}.txt", logs.plain(text))
            for step, words in logs.steps(text, job.doc["steps"]):
                file.writestr(f"{name}/{step}.txt", words)
    return Answer(200, packed.getvalue(), ZIP)


def drop_log(call: Call, repo: Row, run_id: str) -> None:
    run = runs.find(call, repo, run_id)
    for row in call.store.rows("job_log", records.inside(run.id)):
        call.store.drop(row)


def find(call: Call, repo: Row, number: str) -> Row:
    """Raises NotFound."""
    row = there(call.store.by_id(row_id("job", whole(number))))
    return there(row if row.kind == "job" and row.doc["repo"] == repo.id else None)


def _page(call: Call, repo: Row, run: Row, rows: list[Row]) -> Answer:
    return page(call, rows, lambda row: shapes.job(call, repo, row, run), "jobs")


def _elsewhere(call: Call, repo: Row, run: Row, attempt: int) -> Answer:
    url = f"{repos.api(call, repo)}/actions/runs/{run.rest}/attempts/{attempt}/logs/zip"
    return Answer(302, None, {"Location": url})


RUN = "/repos/{owner}/{repo}/actions/runs/{run_id}"
JOB = "/repos/{owner}/{repo}/actions/jobs/{job_id}"
ROUTES = [
    ("GET", f"{RUN}/jobs", of_run),
    ("GET", f"{RUN}/logs", run_log),
    ("DELETE", f"{RUN}/logs", drop_log),
    ("GET", f"{RUN}/attempts/{{attempt_number}}/jobs", of_attempt),
    ("GET", f"{RUN}/attempts/{{attempt_number}}/logs", attempt_log),
    ("GET", f"{RUN}/attempts/{{attempt_number}}/logs/zip", log_zip),
    ("GET", JOB, show),
    ("POST", f"{JOB}/rerun", again),
    ("GET", f"{JOB}/logs", log),
    ("GET", f"{JOB}/logs/text", log_text),
]
