"""Runs of `meta demo` -> how long they take, and what they cost in requests and processes.

Times vary from machine to machine and are printed with it. Counts do not: requests are the twin's own
log, processes are those that meta and its twin start, as Python's audit events tell.
"""

import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from typing import IO

#: Runs `meta` and, at its end, says on the last line of standard error what it started.
COUNTED = """
import atexit, collections, json, os, sys
started = collections.Counter()
def audit(event, arguments):
    if event == "subprocess.Popen":
        words = [os.path.basename(str(word)) for word in list(arguments[1])[:1]]
        started[words[0]] += 1
sys.addaudithook(audit)
atexit.register(lambda: print(json.dumps(started), file=sys.stderr, flush=True))
from meta.__main__ import main
sys.argv = ["meta", "demo", "--serve"]
sys.exit(main())
"""
WITHIN = 300  # seconds for one demo


def demo() -> dict[str, float]:
    """One demo, from the start of the interpreter to its last line; the twin is asked after that."""
    begun = time.perf_counter()
    command = [sys.executable, "-c", COUNTED]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout and process.stderr
        signal.alarm(WITHIN)
        url = read_until_done(process.stdout)
        seconds = time.perf_counter() - begun
        if not url:
            sys.exit(process.stderr.read() or "the demo ended before it was done")
        with urllib.request.urlopen(f"{url}/_twin/requests") as answer:
            log = json.load(answer)
        process.send_signal(signal.SIGINT)
        started = Counter(json.loads(process.stderr.read().splitlines()[-1]))
        signal.alarm(0)
    processes = {f"processes: {name}": float(count) for name, count in sorted(started.items())}
    requests = {f"requests: {name}": float(log[name]) for name in ("reads", "writes")}
    return {"seconds": seconds, **requests, **processes}


def read_until_done(lines: IO[str]) -> str:
    """The twin's URL once the demo says that it is done, "" if it ends before."""
    url = ""
    for line in lines:
        if "answers at " in line:
            url = line.rpartition("answers at ")[2].strip()
        if line.startswith("Done in "):
            return url
    return ""


def main(what: str = "", times: str = "3") -> None:
    if what != "demo" or not times.isdigit() or times == "0":
        sys.exit("usage: scripts/bench demo [TIMES]")
    runs = [demo() for _ in range(int(times))]
    print(f"meta demo, {times} runs, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name in sorted(
        {name for run in runs for name in run}, key=lambda name: (name != "seconds", name)
    ):
        values = sorted(run.get(name, 0) for run in runs)
        form = "{:.1f}" if name == "seconds" else "{:.0f}"
        spread = (
            "" if values[0] == values[-1] else f" ({form} to {form})".format(values[0], values[-1])
        )
        print(f"{name:<24}{form.format(statistics.median(values)):>8}{spread}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
