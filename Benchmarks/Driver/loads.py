"""The benchmark server and nginx, side by side, and what `wrk` says about them."""

import contextlib
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from figures import Failed
from processes import Program, free_port, run

BODY = b"Hello, World!"
UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}

# One worker a core, as Martlet has, and nothing that writes while it is measured.
NGINX = """
daemon off;
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/error.log error;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    sendfile on;
    tcp_nodelay on;
    keepalive_requests 100000000;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} reuseport backlog=4096;
        location = /plaintext {{ default_type text/plain; return 200 "Hello, World!"; }}
        location /static/ {{ alias {folder}/files/; }}
    }}
}}
"""


def built_server():
    """The release build of the benchmark server."""
    options = ["-c", "release", "--package-path", "Benchmarks", "--static-swift-stdlib"]
    run(["swift", "build", *options, "--product", "BenchmarkServer"])
    return Path(run(["swift", "build", *options, "--show-bin-path"]).strip()) / "BenchmarkServer"


@contextlib.contextmanager
def martlet(page="/plaintext", **environment):
    """The benchmark server alone, with variables of its own."""
    server, port = built_server(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        program = Program(
            [server, str(port)], f"http://127.0.0.1:{port}{page}", f"{folder}/martlet.log",
            env=os.environ | environment)
        program.port = port
        with program:
            program.wait_until_ready(10)
            yield program


@contextlib.contextmanager
def side_by_side(page, files=()):
    """The benchmark server and nginx, both with the same page and the same files below `/static/`.

    `files` are pairs of a name and a size in bytes.
    """
    server = built_server()
    with tempfile.TemporaryDirectory() as folder:
        # nginx gives its rights away when it is started as root.
        os.chmod(folder, 0o755)
        served = Path(folder, "files")
        served.mkdir()
        for name, size in files:
            (served / name).write_bytes(os.urandom(size))
        port, nginx_port = free_port(), free_port()
        Path(folder, "nginx.conf").write_text(
            NGINX.format(workers=os.cpu_count(), folder=folder, port=nginx_port))
        nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or "nginx"
        peers = {
            "martlet": Program(
                [server, str(port)], f"http://127.0.0.1:{port}{page}", f"{folder}/martlet.log",
                env=os.environ | {"STATIC": str(served)}),
            "nginx": Program(
                [nginx, "-p", folder, "-c", f"{folder}/nginx.conf"], f"http://127.0.0.1:{nginx_port}{page}",
                f"{folder}/nginx.log"),
        }
        with peers["martlet"], peers["nginx"]:
            for peer in peers.values():
                peer.wait_until_ready(10)
            yield peers, served


@dataclass
class Load:
    """What one load did: requests in all and a second, CPU microseconds a request, the slowest in a hundred."""

    requests: int
    rate: float
    cpu: float
    p99: float


def load(peer, seconds, connections=64, script=None):
    """Puts one `wrk` thread with so many connections on a page for some seconds."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    if script:
        command += ["-s", str(Path(__file__).with_name(script))]
    before = peer.cpu_seconds()
    output = run([*command, peer.ready])
    cpu = peer.cpu_seconds() - before
    if problem := re.search(r"Non-2xx.*|Socket errors.*", output):
        raise Failed(f"{peer.ready} under load: {problem[0]}")
    requests = int(re.search(r"(\d+) requests in", output)[1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    p99, unit = re.search(r"99%\s+([\d.]+)(us|ms|s|m)", output).groups()
    return Load(requests, rate, cpu / max(requests, 1) * 1_000_000, float(p99) * UNITS[unit])
