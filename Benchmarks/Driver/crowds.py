"""What a thousand connections cost a server beside 64, when nothing but the server limits the rate.

The server has one processor and the load another. `Reference/http_load.c` puts the load on: `wrk` keeps eight kilobytes
for each connection, and would be measured instead.
"""

import contextlib
import json
import os
import shutil
import statistics
import tempfile
from pathlib import Path

from figures import Failed
from loads import NGINX, built_server
from orm_area import built
from processes import Program, free_port, run

ROUNDS = 5
SECONDS = 3
FEW, MANY = 64, 1_000


def ratios():
    """The medians of Martlet's and of nginx's rates: a pair (with few connections, with many) for each."""
    if os.cpu_count() < 2:
        raise Failed("needs two processors, one for the server and one for the load")
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        os.chmod(folder, 0o755)
        driver = built("http_load", Path(folder))
        peers = {name: stack.enter_context(peer) for name, peer in pinned(folder).items()}
        rates = {(name, count): [] for name in peers for count in (FEW, MANY)}
        for peer in peers.values():
            peer.wait_until_ready(10)
            rate(driver, peer, FEW)
        for _ in range(ROUNDS):
            for name, peer in peers.items():
                for count in (FEW, MANY):
                    rates[name, count].append(rate(driver, peer, count))
        medians = {key: statistics.median(found) for key, found in rates.items()}
        return {name: (medians[name, FEW], medians[name, MANY]) for name in peers}


def pinned(folder):
    """Martlet and nginx, each with one worker, on the first processor."""
    port, nginx_port = free_port(), free_port()
    Path(folder, "nginx.conf").write_text(NGINX.format(workers=1, folder=folder, port=nginx_port))
    nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or "nginx"
    commands = {
        "martlet": (port, [built_server(), str(port)]),
        "nginx": (nginx_port, [nginx, "-p", folder, "-c", f"{folder}/nginx.conf"]),
    }
    peers = {}
    for name, (port, command) in commands.items():
        peers[name] = Program(
            ["taskset", "-c", "0", *command], f"http://127.0.0.1:{port}/plaintext", f"{folder}/{name}.log")
        peers[name].port = port
    return peers


def rate(driver, peer, connections):
    """Requests a second over so many connections."""
    command = ["taskset", "-c", "1", driver, str(peer.port), "/plaintext", str(connections), str(SECONDS)]
    result = json.loads(run(command))
    return result["requests"] / result["seconds"]
