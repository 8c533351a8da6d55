"""Runs of `meta demo` -> how long they take, and what they cost in requests and processes.

Times differ between machines. Counts do not: requests are the twin's own log, processes are
those that meta and its twin start, as Python's audit events tell.
"""

import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from typing import IO

#: Runs `meta` and, at its end, says on the last line of standard error what it started.
COUNTED = """
import atexit, collections, json, os, sys
started = collections.Counter()
def audit(event, arguments):
    if event == "subprocess.Popen":
        started[os.path.basename(str(list(arguments[1])[0]))] += 1
sys.addaudithook(audit)
atexit.register(lambda: print(json.dumps(started), file=sys.stderr, flush=True))
from meta.__main__ import main
sys.argv = ["meta", "demo", "--serve"]
sys.exit(main())
"""
WITHIN = 300  # seconds for one demo


def demo() -> dict[str, float]:
    """One demo, from the start of the interpreter to its last line; then the twin is asked."""
    begun = time.perf_counter()
    command = [sys.executable, "-c", COUNTED]
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True) as process,
    ):
        assert process.stdout
        late = threading.Timer(WITHIN, process.kill)
        late.start()
        url = read_until_done(process.stdout)
        seconds = time.perf_counter() - begun
        log = requests_of(url) if url else {}
        process.send_signal(signal.SIGINT)
        process.wait()
        late.cancel()
        said.seek(0)
        words = said.read().splitlines()
    if not log:
        sys.exit("\n".join(["the demo ended before it was done:", *words]))
    started = json.loads(words[-1])
    processes = {f"processes: {name}": float(count) for name, count in sorted(started.items())}
    return {"seconds": seconds, **log, **processes}


def requests_of(url: str) -> dict[str, float]:
    with urllib.request.urlopen(f"{url}/_twin/requests") as answer:
        log = json.load(answer)
    return {f"requests: {name}": float(log[name]) for name in ("reads", "writes")}


def read_until_done(lines: IO[str]) -> str:
    """The twin's URL once the demo says that it is done, "" if it ends before."""
    url = ""
    for line in lines:
        if "answers at " in line:
            url = line.rpartition("answers at ")[2].strip()
        if line.startswith("Done in "):
            return url
    return ""


def table(runs: list[dict[str, float]]) -> Iterator[str]:
    """Medians, and from where to where where runs differ; the seconds first."""
    for name in sorted(
        {name for run in runs for name in run}, key=lambda name: (":" in name, name)
    ):
        values = sorted(run.get(name, 0) for run in runs)
        digits = 1 if name == "seconds" else 0
        same = values[0] == values[-1]
        spread = "" if same else f"   {values[0]:.{digits}f} to {values[-1]:.{digits}f}"
        yield f"{name:<24}{statistics.median(values):>8.{digits}f}{spread}"


def twin(seconds: str = "2", long: str = "60") -> None:
    from tests import bench_twin

    print(f"meta twin, {os.cpu_count()} cores, Python {platform.python_version()}")
    for line in bench_twin.lines(float(seconds), float(long)):
        print(line, flush=True)


def main(what: str = "", times: str = "3", *_: str) -> None:
    if what == "twin":
        twin(*sys.argv[2:4])
        return
    if what != "demo" or not times.isdigit() or times == "0":
        sys.exit("usage: scripts/bench demo [TIMES] | twin [SECONDS [SECONDS]]")
    runs = [demo() for _ in range(int(times))]
    print(f"meta demo, {times} runs, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(*table(runs), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])
