"""A data folder and a port -> the twin on loopback, in a thread of this process."""

from __future__ import annotations

import fcntl
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

import meta
from meta.errors import TwinError
from meta.twin import snapshots
from meta.twin.actions.pool import carried_out
from meta.twin.actions.work import Runner
from meta.twin.app import App
from meta.twin.store import Store

HOST = "127.0.0.1"
START = 10.0


@dataclass(frozen=True, slots=True)
class Twin:
    """`url` has no slash at its end; `data` is the folder that holds everything."""

    url: str
    store: Store
    data: Path


@contextmanager
def served(
    data: Path | None = None,
    port: int = 0,
    *,
    announce: bool = True,
    actions: int = 0,
    runner: Runner | None = None,
    limits: Mapping[str, Any] | None = None,
) -> Iterator[Twin]:
    """The twin, for as long as the block lasts.

    `actions` jobs of workflows run at a time, through `act` or the `runner` given; at 0 without
    one, no event makes a run. Without `data` a temporary folder, gone at the end; port 0 takes
    any free one. Raises TwinError where the port is taken, or the folder holds something else or
    is in use. `limits` are what `/_twin/limits` takes; ValueError for what is none.
    """
    with ExitStack() as stack:
        listener = stack.enter_context(_listen(port))
        folder = stack.enter_context(_folder(data))
        store = Store(folder)
        stack.callback(store.close)
        snapshots.seed(store)
        app = App(store, meta.__version__, announce=announce)
        app.limits.set(dict(limits or {}))
        stack.callback(app.close)
        stack.enter_context(_running(app, listener))
        url = f"http://{HOST}:{listener.getsockname()[1]}"
        stack.enter_context(carried_out(store, url, actions, runner))
        yield Twin(url, store, folder)


def run(data: Path, port: int, actions: int = 0) -> None:
    """Serves in the foreground until Ctrl-C or SIGTERM; raises what `served` raises."""
    with stopping() as stop, served(data, port, actions=actions):
        rest(stop)


def wait() -> None:
    """Returns at Ctrl-C or SIGTERM, for who serves already; from the main thread alone."""
    with stopping() as stop:
        rest(stop)


def rest(stop: threading.Event) -> None:
    """Returns once it is set.

    It looks twice a second: where another thread takes the signal, nothing wakes this one to see.
    """
    while not stop.wait(0.5):
        continue


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set, in place of what they do otherwise.

    For the main thread, around `served`, so that a signal finds no moment without it.
    """
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, lambda *_: stop.set())
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _listen(port: int) -> Iterator[socket.socket]:
    # Named as TCP, so that asyncio sends each part of an answer at once.
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except (OSError, OverflowError) as error:
            hint = "choose another with --port, or stop what listens there"
            raise TwinError(f"port {port} is in use on {HOST}", hint=hint) from error
        listener.listen(128)
        yield listener


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    """A folder that is this twin's alone for as long as the block lasts."""
    if data is None:
        with tempfile.TemporaryDirectory(prefix="twin-", ignore_cleanup_errors=True) as made:
            yield Path(made)
        return
    data = data.resolve()
    if data.exists() and not data.is_dir():
        raise TwinError("not a folder", where=str(data), hint="name an empty or a new folder")
    data.mkdir(parents=True, exist_ok=True)
    foreign = any(path.name != "twin.lock" for path in data.iterdir())
    if foreign and not (data / "twin.db").is_file():
        hint = "name an empty or a new folder, or one that a twin made"
        raise TwinError("the folder is not empty and holds no twin", where=str(data), hint=hint)
    with (data / "twin.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            hint = "stop the other twin, or name another folder"
            raise TwinError(
                "another twin serves this folder", where=str(data), hint=hint
            ) from error
        yield data


@contextmanager
def _running(app: App, listener: socket.socket) -> Iterator[None]:
    config = uvicorn.Config(
        app,
        http="h11",
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        # The twin dates its answers itself, by its own clock.
        date_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="twin", daemon=True)
    thread.start()
    until = time.monotonic() + START
    while not server.started and thread.is_alive() and time.monotonic() < until:
        time.sleep(0.005)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=START)
