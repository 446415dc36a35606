"""Requests a second of the HTTP server, beside nginx's `return 200` under the same load."""

import os
import re
import shutil
import statistics
import tempfile
from pathlib import Path

from figures import Failed, Figure
from processes import Program, free_port, get, run

ROUNDS = 3
WARM_UP = 1
SECONDS = 5
BODY = b"Hello, World!"

# One worker a core, as Martlet has, and nothing that writes while it is measured.
NGINX = """
daemon off;
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/error.log error;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    tcp_nodelay on;
    keepalive_requests 100000000;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} reuseport backlog=1024;
        location = /plaintext {{ default_type text/plain; return 200 "Hello, World!"; }}
    }}
}}
"""


def measure():
    options = ["-c", "release", "--package-path", "Benchmarks"]
    run(["swift", "build", *options, "--product", "BenchmarkServer"])
    server = Path(run(["swift", "build", *options, "--show-bin-path"]).strip()) / "BenchmarkServer"
    with tempfile.TemporaryDirectory() as folder:
        port, nginx_port = free_port(), free_port()
        Path(folder, "nginx.conf").write_text(
            NGINX.format(workers=os.cpu_count(), folder=folder, port=nginx_port))
        nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or "nginx"
        peers = {
            "martlet": Program([server, str(port)], f"http://127.0.0.1:{port}/plaintext", f"{folder}/martlet.log"),
            "nginx": Program(
                [nginx, "-p", folder, "-c", f"{folder}/nginx.conf"],
                f"http://127.0.0.1:{nginx_port}/plaintext", f"{folder}/nginx.log"),
        }
        with peers["martlet"], peers["nginx"]:
            yield from compare(peers)


def compare(peers):
    """The peers in turn, round by round, so that a slow minute of the machine meets both."""
    rounds = {name: [] for name in peers}
    for peer in peers.values():
        peer.wait_until_ready(10)
        if get(peer.ready) != (200, BODY):
            raise Failed(f"{peer.ready} does not answer {BODY!r}")
    for _ in range(ROUNDS):
        for name, peer in peers.items():
            load(peer, WARM_UP)
            rounds[name].append(load(peer, SECONDS))
    (rate, cpu), (nginx_rate, nginx_cpu) = (
        [statistics.median(values) for values in zip(*rounds[name])] for name in ("martlet", "nginx"))
    ratio = rate / nginx_rate
    yield Figure("server", "plaintext of nginx (return 200)", nginx_rate, "requests/s")
    yield Figure("server", "CPU of nginx (return 200)", nginx_cpu, "µs/request")
    yield Figure(
        "server", "plaintext", rate, "requests/s", "nginx (return 200)", ratio,
        bar="figure >= 60000 or ratio > 0.6", holds=rate >= 60_000 or ratio > 0.6)
    yield Figure("server", "plaintext CPU", cpu, "µs/request", "nginx (return 200)", cpu / max(nginx_cpu, 0.01))


def load(peer, seconds, connections=64):
    """Requests a second and CPU microseconds a request, under the connections of one wrk thread."""
    before = peer.cpu_seconds()
    output = run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", peer.ready])
    cpu = peer.cpu_seconds() - before
    if problem := re.search(r"Non-2xx.*|Socket errors.*", output):
        raise Failed(f"{peer.ready} under load: {problem[0]}")
    requests = int(re.search(r"(\d+) requests in", output)[1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    return rate, cpu / max(requests, 1) * 1_000_000
