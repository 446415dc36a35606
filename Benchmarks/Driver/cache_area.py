"""Gets and sets over one connection beside libmemcached alone, and pages from the cache beside pages from a view."""

import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from figures import Failed, Figure
from loads import BODY, load, martlet
from processes import Program, get, run

ROUNDS = 5
SECONDS = 2
PAGE_SECONDS = 3
# As many requests as a worker or two have under way.
TASKS = 16


def measure():
    with tempfile.TemporaryDirectory() as folder:
        socket = f"{folder}/memcached"
        with memcached(socket):
            wait_for(socket)
            yield from compare_commands(folder, socket)
            yield from compare_pages("memory", 0.7)
            yield from compare_pages("Memcached", None, CACHE=f"unix:{socket}")
        yield recovery(f"{folder}/restarted")


def memcached(socket):
    return Program(["memcached", "-u", "root", "-s", socket, "-t", "1"], "", f"{socket}.log")


def recovery(socket):
    """How long a server that was killed is not used again after it has come back."""
    times = []
    with memcached(socket):
        wait_for(socket)
        watcher = subprocess.Popen([program(), f"unix:{socket}", "watch"], stdout=subprocess.PIPE, text=True)
        # The server ends when it is known to be there.
        first = watcher.stdout.readline()
    try:
        if (first, watcher.stdout.readline()) != ("up\n", "down\n"):
            raise Failed("the watched cache does not notice that Memcached has ended")
        for _ in range(ROUNDS):
            Path(socket).unlink(missing_ok=True)
            with memcached(socket):
                wait_for(socket)
                start = time.monotonic()
                watcher.stdout.readline()
                times.append(time.monotonic() - start)
            watcher.stdout.readline()
    finally:
        watcher.kill()
        watcher.wait()
    longest = max(times)
    return Figure(
        "cache", f"Memcached is used again after a restart, longest of {ROUNDS}", longest, "s", bar="at most 2 s",
        holds=longest <= 2)


def program():
    options = ["-c", "release", "--package-path", "Benchmarks", "--static-swift-stdlib"]
    run(["swift", "build", *options, "--product", "CacheBenchmark"])
    return Path(run(["swift", "build", *options, "--show-bin-path"]).strip()) / "CacheBenchmark"


def wait_for(socket):
    end = time.monotonic() + 10
    while not Path(socket).exists():
        if time.monotonic() > end:
            raise Failed("memcached does not start: Scripts/requirements bench installs it")
        time.sleep(0.02)


def compare_commands(folder, socket):
    """One task and many, in turn with the reference, so that a slow minute of the machine meets all of them."""
    reference = f"{folder}/memcached_loop"
    run(["cc", "-O2", "-o", reference, "Benchmarks/Reference/memcached_loop.c", "-lmemcached"])
    ours = program()
    commands = {
        "libmemcached": [reference, socket, str(SECONDS)],
        "one": [ours, f"unix:{socket}", "1", str(SECONDS)],
        "many": [ours, f"unix:{socket}", str(TASKS), str(SECONDS)],
    }
    rounds = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            rounds[name].append([float(number) for number in run(command).split()])
    for place, kind in enumerate(("gets", "sets")):
        rates = {name: statistics.median(one[place] for one in all) for name, all in rounds.items()}
        reference = rates["libmemcached"]
        yield Figure("cache", f"{kind} of libmemcached alone, one connection", reference, f"{kind}/s")
        for name, tasks in (("one", "one task"), ("many", f"{TASKS} tasks")):
            ratio = rates[name] / reference
            yield Figure(
                "cache", f"{kind}, {tasks}, one connection", rates[name], f"{kind}/s", "libmemcached alone", ratio,
                bar="ratio >= 0.6", holds=ratio >= 0.6)


def compare_pages(name, bar, **environment):
    with martlet("/cached", **environment) as program:
        for page in ("plaintext", "cached"):
            if get(f"http://127.0.0.1:{program.port}/{page}") != (200, BODY):
                raise Failed(f"/{page} does not answer {BODY!r}")
        rates = {"plaintext": [], "cached": []}
        ready = program.ready
        for _ in range(ROUNDS):
            for page in rates:
                program.ready = ready.replace("/cached", f"/{page}")
                rates[page].append(load(program, PAGE_SECONDS).rate)
        plaintext, cached = (statistics.median(rates[page]) for page in ("plaintext", "cached"))
        ratio = cached / plaintext
        yield Figure(
            "cache", f"a page of cachePage in {name}", cached, "requests/s", "plaintext", ratio,
            bar=f"ratio >= {bar}" if bar else None, holds=bar is None or ratio >= bar)
