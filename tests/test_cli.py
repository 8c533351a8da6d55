"""The command line as people and programs meet it: real processes, a twin in another process."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.forks import Forks, Run
from tests.running import ROOT, TOKEN, Remote, environment, git, twin

MANIFEST = """\
owner: acme
home: acme-meta
roadmap: {file: plan.md, board: Roadmap}
defaults:
  labels: {bug: {color: d73a4a}}
repos:
  acme-meta: {}
  acme-api: {topics: [api]}
"""
PLAN = """\
## Step 1: Begin

### Issue 1.1: Build the API (**acme-api**)

- [x] Sub-issue 1.1.1: Serve one answer
- Sub-issue 1.1.2: Say in the meta repo how to call it
"""
ALL = 17


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with Forks() as forks:
        yield forks


@pytest.fixture(scope="module")
def a_twin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    with twin(tmp_path_factory.mktemp("twin") / "data") as remote:
        yield remote


@pytest.fixture(scope="module")
def a_real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    """A server that does not say that it is a twin."""
    with twin(tmp_path_factory.mktemp("real") / "data", announced=False) as remote:
        yield remote


@pytest.fixture
def remote(a_twin: Remote) -> Remote:
    return emptied(a_twin)


@pytest.fixture
def real(a_real: Remote) -> Remote:
    return emptied(a_real)


def emptied(remote: Remote) -> Remote:
    remote.ask("POST", "/_twin/reset")
    remote.ask("POST", "/_twin/orgs", {"login": "acme"})
    return remote


@dataclass(frozen=True)
class Shell:
    """A folder with a manifest and a plan, and the server that commands there work on."""

    forks: Forks
    folder: Path
    remote: Remote

    def __call__(self, *argv: str) -> Run:
        done = self.forks.run(*argv, cwd=self.folder, **self.env)
        assert TOKEN not in done.said
        return done

    @property
    def env(self) -> dict[str, str]:
        return {"GITHUB_API_URL": self.remote.url, "GITHUB_TOKEN": TOKEN}


@pytest.fixture
def shell(forks: Forks, remote: Remote, tmp_path: Path) -> Shell:
    (tmp_path / "repos.yaml").write_text(MANIFEST)
    (tmp_path / "plan.md").write_text(PLAN)
    return Shell(forks, tmp_path, remote)


@pytest.fixture
def on_real(forks: Forks, real: Remote, tmp_path: Path) -> Shell:
    """As `shell`, where the manifest's host is the server itself."""
    host = real.url.removeprefix("http://")
    (tmp_path / "repos.yaml").write_text(f"host: {host}\n{MANIFEST}")
    (tmp_path / "plan.md").write_text(PLAN)
    return Shell(forks, tmp_path, real)


def test_plan_says_what_sync_then_does_and_a_second_sync_has_nothing_to_do(shell: Shell) -> None:
    planned = shell("plan", "--exit-code")
    assert (planned.code, shell.remote.writes) == (2, 0)
    assert planned.out.splitlines()[-1].startswith(f"{ALL} changes: ")
    synced = shell("sync", "--yes")
    assert (synced.code, synced.out.splitlines()[-1]) == (0, f"{ALL} done")
    writes = shell.remote.writes
    again = shell("sync", "--yes")
    assert (again.code, again.out.splitlines()[-1]) == (0, "nothing to do")
    assert shell("plan", "--exit-code").code == 0
    assert shell.remote.writes == writes


def test_the_json_of_a_plan_and_of_a_sync_name_the_same_changes(shell: Shell) -> None:
    plan = json.loads(shell("plan", "--json").out)
    assert set(plan) == {"changes", "pending", "stale", "unseen"}
    names = [(row["action"], row["kind"], row["scope"]) for row in plan["changes"]]
    assert ("create", "repository", "acme/acme-api") in names
    receipts = json.loads(shell("sync", "--yes", "--json").out)
    assert [(row["action"], row["kind"], row["scope"]) for row in receipts] == names
    assert {row["outcome"] for row in receipts} == {"done"}
    assert json.loads(shell("sync", "--yes", "--json").out) == []


def test_repos_and_only_narrow_a_plan_and_say_what_they_leave_out(shell: Shell) -> None:
    shell("sync", "--yes", "--repos", "acme-api")
    assert [row["name"] for row in shell.remote.rows("/orgs/acme/repos")] == ["acme-api"]
    only = shell("plan", "--only", "repository", "--json")
    assert [row["key"] for row in json.loads(only.out)["changes"]] == ["acme-meta"]
    assert only.err.endswith(" changes are left out by --repos or --only\n")


def test_roadmap_show_prints_one_object_for_each_item(shell: Shell) -> None:
    lines = shell("roadmap", "show", "plan.md", "--json").out.splitlines()
    rows = [json.loads(line) for line in lines]
    keys = ["id", "level", "number", "title", "repos", "home", "parent", "done", "line"]
    assert {tuple(row) for row in rows} == {tuple(keys)}
    assert [(row["level"], row["number"], row["home"], row["parent"]) for row in rows] == [
        ("step", "1", "", ""),
        ("issue", "1.1", "acme-api", "1"),
        ("sub-issue", "1.1.1", "acme-api", "1.1"),
        ("sub-issue", "1.1.2", "acme-meta", "1.1"),
    ]
    assert [row["done"] for row in rows] == [False, False, True, False]
    assert [row["line"] for row in rows] == [1, 3, 5, 6]
    assert {row["id"] for row in rows} == {""}, "an item has no id before the first sync"


def test_an_item_keeps_its_id_after_the_first_sync(shell: Shell) -> None:
    shell("sync", "--yes")
    first = shell("roadmap", "show", "--json").out
    shell("sync", "--yes")
    assert shell("roadmap", "show", "--json").out == first
    assert "" not in {json.loads(line)["id"] for line in first.splitlines()}


def test_the_projects_own_plan_is_read_in_full(forks: Forks, tmp_path: Path) -> None:
    words = ("roadmap", "show", "--json", "-m", str(ROOT / "repos.yaml"))
    rows = [json.loads(line) for line in forks.run(*words, cwd=tmp_path).out.splitlines()]
    counted = [sum(row["level"] == level for row in rows) for level in ("issue", "sub-issue")]
    assert counted == [29, 89]
    homes = [row["home"] for row in rows if row["level"] != "step"]
    assert {home: homes.count(home) for home in homes} == {
        "piksel-infra": 30,
        "piksel-meta": 24,
        "piksel-core": 16,
        "piksel-jupyter": 16,
        "piksel-website": 16,
        "piksel-geo-services": 16,
    }


def test_explain_says_the_line_behind_a_value(shell: Shell) -> None:
    assert shell("explain", "acme-api").out == (
        "labels.bug.color: d73a4a  <- repos.yaml:5:18 (defaults)\n"
        "topics: ['api']  <- repos.yaml:8:14 (repos.acme-api)\n"
    )
    one = json.loads(shell("explain", "acme-api", "label", "bug", "--json").out)
    assert one == [
        {
            "path": "labels.bug.color",
            "value": "d73a4a",
            "origin": "repos.yaml:5:18 (defaults)",
        }
    ]


def test_check_counts_what_it_has_checked(shell: Shell) -> None:
    assert shell("check").out == (
        "repos.yaml: 2 repositories of acme\nplan.md: 4 items\n"
        "templates: not here, so not checked\n"
    )
    assert shell.remote.log["total"] == 0, "it works offline"


def test_render_writes_the_files_and_keeps_off_a_folder_that_is_not_empty(shell: Shell) -> None:
    template = shell.folder / "template"
    template.mkdir()
    (template / "copier.yml").write_text("_templates_suffix: .jinja\nname: thing\n")
    (template / "README.md.jinja").write_text("# {{ name }}\n")
    entry = "  acme-web:\n    template: {source: gh:acme/none, version: v1}\n"
    (shell.folder / "repos.yaml").write_text(f"{MANIFEST}{entry}    answers: {{name: web}}\n")
    words = ("render", "acme-web", "--template", "template", "-o", "out")
    done = shell(*words)
    assert (done.code, done.err) == (0, "")
    assert (shell.folder / "out/README.md").read_text() == "# web\n"
    again = shell(*words)
    assert (again.code, again.err) == (1, "meta: out: is not an empty folder\n  name another\n")


def test_a_twin_is_seeded_with_owner_and_templates_and_emptied(shell: Shell) -> None:
    shell.remote.ask("POST", "/_twin/reset")
    (shell.folder / "template").mkdir()
    (shell.folder / "template/copier.yml").write_text("name: thing\n")
    lines = "defaults:\n  template: {source: gh:acme/templates, version: v1}"
    (shell.folder / "repos.yaml").write_text(MANIFEST.replace("defaults:", lines))
    seeded = shell("twin", "seed", "--template", "template")
    assert seeded.out == (
        "organization acme\ntemplate source acme/templates at v1\n"
        f"next: meta sync -m repos.yaml --api-url {shell.remote.url}\n"
    )
    url = f"{shell.remote.url}/acme/templates.git"
    assert "refs/tags/v1" in git(shell.folder, "ls-remote", url)
    assert shell("twin", "seed", "--template", "template").out.startswith("nothing to do\n")
    assert shell("twin", "reset", "--yes").out == "the twin is empty\n"
    assert shell.remote.find("/orgs/acme") is None


def test_a_wrong_word_is_a_matter_of_usage(shell: Shell) -> None:
    done = shell("plan", "--nothing")
    assert (done.code, done.err.splitlines()[-1]) == (64, "Error: No such option '--nothing'.")
    assert shell("synk").code == 64


class Nonsense(BaseHTTPRequestHandler):
    """Answers everything with an empty object, as no GitHub would."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None: ...


def test_what_nobody_foresaw_is_a_bug_with_a_log(shell: Shell) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Nonsense) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = shell("plan", "--api-url", f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    said, _, log = done.err.strip().rpartition(" ")
    assert (done.code, done.out) == (70, "")
    assert said == "meta: this is a bug; what happened is in"
    text = Path(log).read_text()
    Path(log).unlink()
    assert text.startswith("Traceback")
    assert TOKEN not in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "meta: sync: nobody to ask\n"),
        (["--owner", "acme"], "meta: sync: nobody to ask\n"),
        (["--yes"], "meta: sync: the owner is not named\n"),
        (["--yes", "--owner", "acne"], "meta: sync: the owner is acme, not 'acne'\n"),
    ],
)
def test_a_real_server_is_not_written_to_before_its_owner_is_named(
    words: Sequence[str], says: str, on_real: Shell
) -> None:
    done = on_real("sync", *words)
    host = on_real.remote.url.removeprefix("http://")
    asked = f"{ALL} changes for acme on {host}, as twin-admin\n"
    assert (done.code, done.err) == (1, f"{asked}{says}  say --yes --owner acme\n")
    assert on_real.remote.writes == 0
    assert not (on_real.folder / "plan.ledger.json").exists()


def test_a_real_server_is_written_to_once_its_owner_is_named(on_real: Shell) -> None:
    done = on_real("sync", "--yes", "--owner", "acme")
    assert (done.code, done.out.splitlines()[-1]) == (0, f"{ALL} done")


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [("acme", 0, f"{ALL} done"), ("acne", 1, "the owner is acme, not 'acne'"), ("\x03", 130, "")],
)
def test_the_owner_can_be_typed_on_a_terminal(
    typed: str, code: int, says: str, on_real: Shell
) -> None:
    ended, said = at_terminal(on_real, "sync", asked="Type acme to go ahead", typed=typed)
    assert ended == code, said
    assert says in said
    assert (on_real.remote.writes > 0) == (code == 0)


def test_on_a_twin_a_yes_on_a_terminal_is_enough(shell: Shell) -> None:
    ended, said = at_terminal(shell, "sync", asked="Go ahead?", typed="y")
    assert ended == 0, said
    assert f"{ALL} done" in said


def at_terminal(shell: Shell, *argv: str, asked: str, typed: str) -> tuple[int, str]:
    """Exit code and all that is shown, with `typed` as the answer to a question."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(shell.folder)
        os.execve(sys.executable, [sys.executable, "-m", "meta", *argv], environment(**shell.env))
    said = ""
    until = time.monotonic() + 60
    answer = typed if typed == "\x03" else f"{typed}\n"
    while time.monotonic() < until:
        try:
            chunk = os.read(terminal, 4096).decode()
        except OSError:  # the other side is closed: it has ended
            break
        said += chunk
        if answer and asked in said:
            os.write(terminal, answer.encode())
            answer = ""
        if not chunk:
            break
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), said


@contextmanager
def hanging(remote: Remote, write: int) -> Iterator[None]:
    """The twin hangs at one write for as long as the block lasts."""
    remote.ask("POST", "/_twin/faults", {"at": write, "when": "after"})
    yield
    remote.ask("DELETE", "/_twin/faults")


def hit(remote: Remote) -> None:
    until = time.monotonic() + 60
    while not remote.get("/_twin/faults")["hit"]:
        assert time.monotonic() < until, "the write never came"
        time.sleep(0.02)


def test_ctrl_c_shows_the_receipts_so_far(shell: Shell) -> None:
    with hanging(shell.remote, 4):
        pid = shell.forks.start(("sync", "--yes"), shell.folder, **shell.env)
        hit(shell.remote)
        os.kill(pid, signal.SIGINT)
        done = shell.forks.rest(60)
    assert done.code == 130
    assert done.err.splitlines()[-1] == "meta: interrupted"
    assert done.out.splitlines()[-1].endswith(" done")
    assert shell("sync", "--yes").code == 0, "the next sync goes on"


def test_ctrl_c_gives_a_program_the_receipts_so_far(shell: Shell) -> None:
    with hanging(shell.remote, 6):
        pid = shell.forks.start(("sync", "--yes", "--json"), shell.folder, **shell.env)
        hit(shell.remote)
        os.kill(pid, signal.SIGINT)
        done = shell.forks.rest(60)
    assert done.code == 130
    receipts = json.loads(done.out)
    assert receipts
    assert {row["outcome"] for row in receipts} == {"done"}


def test_ctrl_c_during_the_demo_stops_its_twin_and_shows_the_receipts(tmp_path: Path) -> None:
    words = [sys.executable, "-u", "-m", "meta", "demo"]
    with subprocess.Popen(
        words,
        cwd=tmp_path,
        env=environment(TMPDIR=str(tmp_path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        url = process.stdout.readline().split()[-1]
        remote = Remote(url, tmp_path)
        remote.ask("POST", "/_twin/faults", {"at": 40, "when": "before"})
        hit(remote)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err.splitlines()[-1]) == (130, "meta: interrupted")
    assert out.splitlines()[-1].endswith(" done")
    with socket.socket() as client:
        assert client.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) != 0
    assert [path.name for path in tmp_path.iterdir()] == [], "nothing is left behind"


def test_a_served_twin_says_where_it_is_and_stops_at_ctrl_c(tmp_path: Path) -> None:
    words = [sys.executable, "-u", "-m", "meta", "twin", "serve", "--port", "0", "--data", "data"]
    with subprocess.Popen(
        words, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        line = process.stdout.readline()
        url = line.removeprefix("A twin of GitHub answers at ").split()[0]
        assert Remote(url, tmp_path).get("/_twin")["twin"] is True
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
