"""Rows of PostgreSQL over HTTP, beside a program in C that uses epoll and libpq and nothing else."""

import json
import os
import re
import statistics
import tempfile
from pathlib import Path

from figures import Failed, Figure
from loads import built_server, load
from orm_area import built
from postgresql import postgresql
from processes import Program, free_port, get, run

ROUNDS = 5
WARM_UP = 1
SECONDS = 4
REFERENCE = "C (epoll, libpq)"
# The page, the least ratio to the reference's requests/s on its page, and the most to its CPU.
CASES = {
    "/db": ("/db", 0.8, 2),
    "/queries?queries=20": ("/queries?queries=20", 0.8, 2),
    # Hummingbird with PostgresNIO and SQL written by hand answers 0.363 times as many of these as the program in C
    # answers requests for 20 rows; measured 2026-11-21 on two cores (685/s and 1,888/s).
    "/updates?queries=20": ("/queries?queries=20", 0.363, None),
}


def measure():
    server = built_server()
    with tempfile.TemporaryDirectory() as folder, postgresql() as variables:
        include = run(["pg_config", "--includedir"]).strip()
        reference = built("http_rows", Path(folder), f"-I{include}", "-lpq", "-lpthread")
        environment = os.environ | variables | {"POOL": "16"}
        ports = {"martlet": free_port(), "C": free_port()}
        commands = {"martlet": [server, str(ports["martlet"])], "C": [reference, str(ports["C"]), "2", "8"]}
        peers = {
            name: Program(command, f"http://127.0.0.1:{ports[name]}/db", f"{folder}/{name}.log", env=environment)
            for name, command in commands.items()
        }
        with peers["martlet"], peers["C"]:
            for peer in peers.values():
                peer.wait_until_ready(10)
                check(peer)
            for page, (other, least, most) in CASES.items():
                yield from compare(peers, ports, page, other, least, most)


def check(peer):
    """Every row has the number that its id gives it."""
    base = peer.ready.rpartition("/")[0]
    for page, count in (("db", 1), ("queries?queries=20", 20)):
        status, body = get(f"{base}/{page}")
        rows = json.loads(body) if status == 200 else []
        rows = [rows] if isinstance(rows, dict) else rows
        if len(rows) != count or any(row["randomNumber"] != 1 + row["id"] * 7919 % 10000 for row in rows):
            raise Failed(f"{base}/{page} does not answer with {count} rows: {status} {body[:80]!r}")


def compare(peers, ports, page, other, least, most):
    """The peers in turn, round by round, so that a slow minute of the machine meets both."""
    pages = {"martlet": page, "C": other}
    rounds = {name: [] for name in peers}
    for name, peer in peers.items():
        peer.ready = f"http://127.0.0.1:{ports[name]}{pages[name]}"
        load(peer, WARM_UP)
    for _ in range(ROUNDS):
        for name, peer in peers.items():
            rounds[name].append(load(peer, SECONDS))
    rate, reference_rate = (statistics.median(one.rate for one in rounds[name]) for name in ("martlet", "C"))
    cpu, reference_cpu = (statistics.median(one.cpu for one in rounds[name]) for name in ("martlet", "C"))
    name = re.sub(r"\?queries=(\d+)", r" of \1 rows", page)
    reference = REFERENCE if page == other else f"{REFERENCE}: {other}"
    yield Figure("postgresql", f"{reference}, {name}", reference_rate, "requests/s")
    ratio = rate / reference_rate
    yield Figure(
        "postgresql", name, rate, "requests/s", reference, ratio, f"ratio >= {least}", ratio >= least)
    ratio = cpu / max(reference_cpu, 0.01)
    bar = None if most is None else f"ratio <= {most}"
    yield Figure("postgresql", f"{name}, CPU", cpu, "µs/request", reference, ratio, bar, most is None or ratio <= most)
