"""Starting, stopping, being killed and starting again."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from meta.errors import TwinError
from meta.twin.serve import served

TOKEN = {"Authorization": "Bearer x"}
PROGRAM = """
import pathlib, sys
from meta.twin.serve import run
run(pathlib.Path(sys.argv[1]), int(sys.argv[2]))
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(tmp_path):
    """Starts a twin in a process of its own, and sees to it that none is left."""
    running = []

    def begin(port):
        command = [sys.executable, "-c", PROGRAM, str(tmp_path / "data"), str(port)]
        process = subprocess.Popen(command, cwd=Path(__file__).parents[2])
        running.append(process)
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                httpx.get(f"http://127.0.0.1:{port}/_twin")
                return process
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("the twin did not start")

    yield begin
    for process in running:
        process.kill()
        process.wait()


def test_what_was_answered_outlives_a_kill(start):
    port = free_port()
    process = start(port)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=TOKEN) as gh:
        gh.post("/_twin/orgs", json={"login": "Acme"})
        gh.post("/orgs/Acme/repos", json={"name": "tool", "auto_init": True})
        for number in range(20):
            made = gh.post("/repos/Acme/tool/issues", json={"title": f"issue {number}"})
            assert made.status_code == 201
    process.send_signal(signal.SIGKILL)
    process.wait()
    start(port)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=TOKEN) as gh:
        assert len(gh.get("/repos/Acme/tool/issues?per_page=100").json()) == 20
        assert gh.get("/repos/Acme/tool/readme").json()["name"] == "README.md"
        assert gh.post("/repos/Acme/tool/issues", json={"title": "on"}).json()["number"] == 21


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_when_asked(start, number):
    process = start(free_port())
    process.send_signal(number)
    assert process.wait(timeout=15) == 0


def test_a_port_in_use_is_said(tmp_path):
    with (
        served() as twin,
        pytest.raises(TwinError, match=r"^port (\d+) is in use on 127\.0\.0\.1$") as raised,
        served(tmp_path, int(twin.url.rpartition(":")[2])),
    ):
        pass
    assert raised.value.hint == "choose another with --port, or stop what listens there"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with (
        pytest.raises(TwinError, match="the folder is not empty and holds no twin"),
        served(tmp_path),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_two_twins_do_not_share_a_folder(tmp_path):
    with (
        served(tmp_path),
        pytest.raises(TwinError, match="another twin serves this folder"),
        served(tmp_path),
    ):
        pass


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TwinError, match="not a folder"), served(tmp_path / "file"):
        pass


def test_served_again_it_goes_on_where_it_was(tmp_path):
    with served(tmp_path / "data") as twin:
        httpx.post(f"{twin.url}/_twin/orgs", json={"login": "Acme"})
    with served(tmp_path / "data") as twin:
        assert httpx.get(f"{twin.url}/orgs/Acme").status_code == 200


def test_a_temporary_twin_leaves_nothing_behind():
    with served() as twin:
        assert (twin.data / "twin.db").is_file()
    assert not twin.data.exists()


def test_it_can_keep_from_saying_that_it_is_a_twin():
    with served(announce=False) as twin:
        assert "x-meta-twin" not in httpx.get(f"{twin.url}/meta").headers


def test_it_listens_on_loopback_alone():
    with served() as twin:
        assert twin.url.startswith("http://127.0.0.1:")
        port = int(twin.url.rpartition(":")[2])
        others = {
            each[4][0] for each in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
        }
        for address in others - {"127.0.0.1"}:
            if not address.startswith("127."):
                with socket.socket() as probe, pytest.raises(OSError, match="refused"):
                    probe.connect((address, port))


def test_a_hanging_write_does_not_keep_it_from_stopping():
    with served() as twin:
        httpx.post(f"{twin.url}/_twin/orgs", json={"login": "Acme"})
        httpx.post(f"{twin.url}/_twin/faults", json={"at": 1})
        with pytest.raises(httpx.ReadTimeout):
            httpx.patch(f"{twin.url}/orgs/Acme", json={}, headers=TOKEN, timeout=0.3)
        start = time.monotonic()
    assert time.monotonic() - start < 5
