"""Ten reloads under load: how many requests fail."""

import os
import re
import signal
import subprocess
import time

from figures import Failed, Figure
from loads import martlet
from processes import get

RELOADS = 10
SECONDS = 25


def measure():
    with martlet() as program:
        wrk = subprocess.Popen(
            ["wrk", "-t1", "-c64", f"-d{SECONDS}s", program.ready], stdout=subprocess.PIPE, text=True)
        processes = [program.process.pid]
        for _ in range(RELOADS):
            # The process that listens now: each has been started by the one before it.
            processes.append(reload(program, processes[-1]))
        output = wrk.communicate()[0]
    failed = sum(int(count) for count in re.findall(r"(?:connect|read|write|timeout|responses:) (\d+)", output))
    requests = int(re.search(r"(\d+) requests in", output)[1])
    yield Figure(
        "reload", f"requests that failed of {requests:,} during {RELOADS} reloads", failed, "requests",
        bar="figure = 0", holds=failed == 0)


def reload(program, old):
    """Tells a process to hand over, and waits until its successor serves and it has ended itself."""
    os.kill(old, signal.SIGHUP)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        status, text = get(f"http://127.0.0.1:{program.port}/process")
        if status == 200 and int(text) != old:
            return int(text)
        time.sleep(0.05)
    raise Failed("the server was not replaced within 20 seconds of SIGHUP")
