"""Queued jobs -> results: N runners, each a thread that carries out one job at a time."""

from __future__ import annotations

import queue
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from meta.twin.actions import act, advance, decide, hand, records, results, tokens
from meta.twin.actions.records import OVER
from meta.twin.actions.work import Job, Result, Runner
from meta.twin.store import Store

LOST = "The runner was lost: the twin ended while this job went on.\n"


class Pool:
    """`why` says why nothing is carried out, "" while it is."""

    def __init__(self, store: Store, url: str, size: int, runner: Runner | None, why: str) -> None:
        self.store = store
        self.url = url
        self.size = size
        self.why = why
        self._runner = runner
        self._queue: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._stops: dict[int, threading.Event] = {}
        self._timers: set[threading.Timer] = set()
        self._closed = False
        # Counts how often the store was exchanged for another: row ids begin anew with each.
        self._era = 0
        self._threads = [
            threading.Thread(target=self._work, name=f"runner-{at}", daemon=True)
            for at in range(size if runner else 0)
        ]

    def start(self) -> None:
        """Takes up what an earlier twin on the same data left."""
        self.store.workers = self
        self.store.clock.whenever(self._moved)
        act.sweep(self.store.folder / "runner")
        self._recover()
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Ends what goes on; its jobs stay as they are and are lost at the next start."""
        self._closed = True
        for timer in list(self._timers):
            timer.cancel()
        for stop in list(self._stops.values()):
            stop.set()
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(timeout=10)
        self.store.workers = None

    def renew(self) -> None:
        """The store holds other things now: what goes on is of no use any more."""
        self._era += 1
        for stop in list(self._stops.values()):
            stop.set()
        self._recover()

    def offer(self, job: int) -> None:
        self._queue.put(job)

    def stop(self, job: int) -> None:
        stop = self._stops.get(job)
        if stop:
            stop.set()

    def wake(self, run: int, seconds: float) -> None:
        """Looks after a run again once an environment's timer is over."""
        timer = threading.Timer(seconds, self._release, (run,))
        timer.daemon = True
        self._timers.add(timer)
        timer.start()

    def _release(self, run: int) -> None:
        self._timers = {timer for timer in self._timers if timer.is_alive()}
        if not self._closed:
            decide.release(self.store, run)

    def _moved(self) -> None:
        """A clock that is set by hand was moved: timers of environments may be over."""
        if not self._closed:
            threading.Timer(0, self._release_all).start()

    def _release_all(self) -> None:
        for run in records.live(self.store):
            self._release(run.id)

    def _work(self) -> None:
        while (number := self._queue.get()) is not None and not self._closed:
            stopped = self._stops[number] = threading.Event()
            folder = self.store.folder / "runner"
            era = self._era
            job = hand.begin(self.store, number, folder, stopped, self._report)
            if job is not None:
                self._carry_out(job, era)
            self._stops.pop(number, None)

    def _carry_out(self, job: Job, era: int) -> None:
        result = self._result(job)
        if self._closed or era != self._era:
            return
        if job.stopped.is_set():
            result = Result("cancelled", result.outputs, result.steps, result.log)
        with self.store.transaction():
            tokens.revoke(self.store, job.id)
            advance.finish(self.store, job.id, result)

    def _result(self, job: Job) -> Result:
        row = self.store.by_id(job.id)
        if row and row.doc.get("refused"):
            return Result("failure", log=f"##[error]{row.doc['refused']}\n")
        assert self._runner is not None  # noqa: S101 - without one there is no thread
        try:
            return self._runner(job)
        except Exception:  # a job fails, and its runner takes the next
            return Result("failure", log=f"##[error]{traceback.format_exc()}")

    def _report(self, job: int, result: Result) -> None:
        stop = self._stops.get(job)
        if not self._closed and stop is not None and not stop.is_set():
            results.progress(self.store, job, result)

    def _recover(self) -> None:
        """Jobs that were begun are lost, since they may have had effects; the rest goes on."""
        with self.store.transaction():
            for token in self.store.rows("job_token", ""):
                self.store.drop(token)
        for run in records.live(self.store):
            for job in records.jobs(self.store, run):
                match job.doc["status"]:
                    case "in_progress":
                        lost = Result("failure", log=f"##[error]{LOST}")
                        advance.finish(self.store, job.id, lost)
                    case "queued":
                        self.offer(job.id)
            if run.doc["status"] not in (OVER, "pending"):
                self._wait_on(run.id)

    def _wait_on(self, run: int) -> None:
        """Timers of environments start again from what is left of them."""
        for seconds in decide.waits(self.store, run):
            self.wake(run, seconds)


@contextmanager
def carried_out(store: Store, url: str, size: int, runner: Runner | None) -> Iterator[None]:
    """Actions are on for as long as the block lasts, unless `size` is 0 and no runner given."""
    if size < 1 and runner is None:
        yield
        return
    why = ""
    if runner is None:
        program = act.find()
        runner = act.runner(program) if program else None
        why = "" if program else act.MISSING
    pool = Pool(store, url, max(size, 1), runner, why)
    pool.start()
    try:
        yield
    finally:
        pool.close()


def renew(store: Store) -> None:
    """To be called once a store holds other things: after a reset, after a restore."""
    if isinstance(store.workers, Pool):
        store.workers.renew()


def about(store: Store) -> dict[str, object]:
    """Whether Actions are on, how many jobs run at a time, and why none does."""
    pool = store.workers
    if not isinstance(pool, Pool):
        return {"runners": 0, "why": "Actions are off; serve the twin with --actions N"}
    return {"runners": pool.size, "why": pool.why, "live_runs": len(records.live(store))}
