"""What act prints, line by line -> the steps, the log and the outputs of one job."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from meta.twin.actions.evaluate import fill, text
from meta.twin.actions.expressions import BadExpression
from meta.twin.actions.work import Job, Result, Step

ANNOTATIONS = {"error": "failure", "warning": "warning", "notice": "notice"}
FIRST, LAST = "Set up job", "Complete job"
#: What act says of a step with `continue-on-error`, before it says how the step went.
TOLERATED = "Failed but continue next step"
#: act gives steps a terminal, which ends lines in two signs.
CR = "\r"


@dataclass(slots=True)
class Shown:
    """A step as it comes to be: its lines have their times in front."""

    name: str
    started: float = 0.0
    ended: float = 0.0
    conclusion: str = ""
    tolerated: bool = False
    lines: list[str] = field(default_factory=list)


class Reading:
    """Collects; `outputs` is the context `steps`."""

    def __init__(self, job: Job) -> None:
        self._key = job.path.rpartition("/")[2]
        lines = {line.strip() for each in job.secrets.values() for line in each.splitlines()}
        self._secrets = sorted((line for line in lines if line), key=len, reverse=True)
        self._steps = {FIRST: Shown(FIRST)}
        for at, step in enumerate(job.definition.get("steps") or []):
            self._steps[str(step.get("id") or at)] = Shown(_name(step, job))
        self._posts: dict[str, Shown] = {}
        self._end = Shown(LAST)
        self._conclusion = ""
        self._summary: list[str] = []
        self._annotations: list[Mapping[str, Any]] = []
        self._stray: list[str] = []
        self.outputs: dict[str, Any] = {}

    def line(self, raw: str) -> bool:
        """Takes one line in; whether a step began or ended with it."""
        try:
            said = json.loads(raw)
        except ValueError:
            said = None
        if not isinstance(said, dict):
            self._stray.append(raw.rstrip("\n"))
            return False
        if said.get("jobID") != self._key:
            return False
        self._conclusion = said.get("jobResult") or self._conclusion
        step = self._step(said)
        moment = datetime.fromisoformat(said["time"]).timestamp()
        step.started = step.started or moment
        self._command(said, step)
        self._say(step, said, moment)
        return self._turn(said, step, moment)

    def end(self, code: int) -> None:
        """A job of which act said no result never came to run: what it said instead is why."""
        if not self._conclusion:
            self._conclusion = "success" if code == 0 else "failure"
            first = self._steps[FIRST]
            first.lines += [f"##[error]{line}" for line in self._stray]
            first.conclusion = self._conclusion

    def result(self, outputs: Mapping[str, str], artifacts: Mapping[str, bytes]) -> Result:
        shown = [*self._steps.values(), *self._posts.values(), self._end]
        if not self._conclusion:
            shown = [step for step in shown if step.started or step is not self._end]
        return Result(
            conclusion=self._conclusion,
            outputs=outputs,
            steps=tuple(self._as_step(step) for step in shown),
            log=self._hidden("".join(_section(each) for each in shown if each.lines)),
            summary=self._hidden("".join(self._summary)),
            annotations=tuple(self._annotations),
            artifacts=artifacts,
        )

    def _hidden(self, text: str) -> str:
        """act hides a secret as a whole; of one that has many lines, each is one."""
        for line in self._secrets:
            text = text.replace(line, "***")
        return text

    def _step(self, said: Mapping[str, Any]) -> Shown:
        found = said.get("stepID")
        if not found:
            own = (said.get("stepid") or [""])[0]
            return self._end if own == "--complete-job" or self._conclusion else self._steps[FIRST]
        key, stage = str(found[0]), said.get("stage")
        if stage == "Pre":
            return self._steps[FIRST]
        step = self._steps.get(key) or self._steps[FIRST]
        if stage == "Post":
            return self._posts.setdefault(key, Shown(f"Post {step.name}"))
        return step

    def _command(self, said: Mapping[str, Any], step: Shown) -> None:
        command = said.get("command")
        if command == "set-output" and len(said.get("stepID") or []) == 1:
            key = str(said["stepID"][0])
            outputs = self.outputs.setdefault(key, {"outputs": {}})["outputs"]
            outputs[str(said["name"])] = str(said["arg"])
        elif command == "summary":
            self._summary.append(str(said.get("content", "")))
        elif command in ANNOTATIONS:
            where = said.get("kvPairs") or {}
            about = {"level": ANNOTATIONS[command], "message": str(said.get("arg", ""))}
            line = where.get("line", "1")
            number = int(line) if str(line).isdigit() else 1
            about |= {"path": where.get("file", ".github"), "title": where.get("title", "")}
            self._annotations.append({**about, "line": number})

    def _say(self, step: Shown, said: Mapping[str, Any], moment: float) -> None:
        words = str(said.get("msg", "")).rstrip("\n")
        command = said.get("command")
        if command in ("group", "endgroup", *ANNOTATIONS):
            words = f"##[{command}]{said.get('arg', '')}"
        elif said.get("level") == "error":
            words = f"##[error]{words}"
        elif command or not (said.get("raw_output") or words.startswith("⭐ Run Main")):
            return
        elif not said.get("raw_output"):
            words = f"##[group]{words.removeprefix('⭐ ').replace('Run Main ', 'Run ')}"
        for line in words.split("\n"):
            step.lines.append(f"{_time(moment)} {line.rstrip(CR)}")

    def _turn(self, said: Mapping[str, Any], step: Shown, moment: float) -> bool:
        """Only what a step itself says counts, not what the steps inside of it say."""
        if len(said.get("stepID") or []) > 1 or said.get("stage") == "Pre":
            return False
        step.tolerated = step.tolerated or said.get("msg") == TOLERATED
        if "stepResult" in said:
            result = "success" if step.tolerated else str(said["stepResult"])
            step.conclusion, step.ended = result, moment
            return True
        return str(said.get("msg", "")).startswith("⭐")

    def _as_step(self, step: Shown) -> Step:
        if step.conclusion:
            return Step(step.name, step.conclusion, "completed", step.started, step.ended)
        if self._conclusion:
            return Step(step.name, "skipped", "completed", step.started, step.started)
        status = "in_progress" if step.started else "queued"
        return replace(Step(step.name, "", status), started=step.started)


def _name(step: Mapping[str, Any], job: Job) -> str:
    """What GitHub calls a step that does not name itself."""
    named = step.get("name") or step.get("uses") or str(step.get("run", "")).strip().split("\n")[0]
    try:
        shown = text(fill(named, job.contexts | {"secrets": {}}), {})
    except BadExpression:
        shown = str(named)
    return shown if step.get("name") else f"Run {shown}"


def _section(step: Shown) -> str:
    return "".join(f"{line}\n" for line in [f"##[step]{step.name}", *step.lines])


def _time(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.0000000Z")
