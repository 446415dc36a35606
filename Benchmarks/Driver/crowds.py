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

ROUNDS = 9
SECONDS = 2
FEW, MANY = 64, 1_000


def compared():
    """For Martlet, for nginx and for a loop of C that only receives and sends: the rate over many connections, and the
    ratio of that to the rate over few.

    The two of a pair are measured one behind the other, and the ratio is the median of those of the pairs: a machine
    that changes its speed within a minute would otherwise be measured instead.
    """
    if os.cpu_count() < 2:
        raise Failed("needs two processors, one for the server and one for the load")
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        os.chmod(folder, 0o755)
        driver = built("http_load", Path(folder))
        peers = {name: stack.enter_context(peer) for name, peer in pinned(folder).items()}
        pairs = {name: [] for name in peers}
        for peer in peers.values():
            peer.wait_until_ready(10)
            rate(driver, peer, FEW)
        for _ in range(ROUNDS):
            for name, peer in peers.items():
                pairs[name].append((rate(driver, peer, FEW), rate(driver, peer, MANY)))
        return {
            name: (statistics.median(many for _, many in found), statistics.median(many / few for few, many in found))
            for name, found in pairs.items()
        }


def pinned(folder):
    """The peers, each with one worker, on the first processor."""
    ports = {name: free_port() for name in ("martlet", "nginx", "loop")}
    Path(folder, "nginx.conf").write_text(NGINX.format(workers=1, folder=folder, port=ports["nginx"]))
    nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or "nginx"
    commands = {
        "martlet": [built_server(), str(ports["martlet"])],
        "nginx": [nginx, "-p", folder, "-c", f"{folder}/nginx.conf"],
        "loop": [built("http_loop", Path(folder)), str(ports["loop"])],
    }
    peers = {}
    for name, command in commands.items():
        peers[name] = Program(
            ["taskset", "-c", "0", *command], f"http://127.0.0.1:{ports[name]}/plaintext", f"{folder}/{name}.log")
        peers[name].port = ports[name]
    return peers


def rate(driver, peer, connections):
    """Requests a second over so many connections."""
    command = ["taskset", "-c", "1", driver, str(peer.port), "/plaintext", str(connections), str(SECONDS)]
    result = json.loads(run(command))
    return result["requests"] / result["seconds"]
