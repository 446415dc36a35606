"""Static files, beside nginx with `sendfile on` under the same load."""

import os
import shutil
import statistics
import tempfile
from pathlib import Path

from figures import Failed, Figure
from processes import Program, free_port, get, run
from server_area import ROUNDS, WARM_UP, load

SECONDS = 5
CONNECTIONS = 16
# Name and size, and the least ratio to nginx's requests/s.
FILES = {"1MiB.bin": (1 << 20, 0.9), "1KiB.bin": (1 << 10, None)}

NGINX = """
daemon off;
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/error.log error;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nodelay on;
    keepalive_requests 100000000;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} reuseport backlog=1024;
        location /static/ {{ alias {folder}/files/; }}
    }}
}}
"""


def measure():
    options = ["-c", "release", "--package-path", "Benchmarks"]
    run(["swift", "build", *options, "--product", "BenchmarkServer"])
    server = Path(run(["swift", "build", *options, "--show-bin-path"]).strip()) / "BenchmarkServer"
    with tempfile.TemporaryDirectory() as folder:
        # nginx gives its rights away when it is started as root.
        os.chmod(folder, 0o755)
        files = Path(folder, "files")
        files.mkdir()
        for name, (size, _) in FILES.items():
            (files / name).write_bytes(os.urandom(size))
        port, nginx_port = free_port(), free_port()
        Path(folder, "nginx.conf").write_text(
            NGINX.format(workers=os.cpu_count(), folder=folder, port=nginx_port))
        nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or "nginx"
        first = next(iter(FILES))
        peers = {
            "martlet": Program(
                [server, str(port)], f"http://127.0.0.1:{port}/static/{first}", f"{folder}/martlet.log",
                env=os.environ | {"STATIC": str(files)}),
            "nginx": Program(
                [nginx, "-p", folder, "-c", f"{folder}/nginx.conf"],
                f"http://127.0.0.1:{nginx_port}/static/{first}", f"{folder}/nginx.log"),
        }
        with peers["martlet"], peers["nginx"]:
            for peer in peers.values():
                peer.wait_until_ready(10)
            for name, (_, least) in FILES.items():
                yield from compare(peers, files / name, least)


def compare(peers, file, least):
    """The peers in turn, round by round, so that a slow minute of the machine meets both."""
    rounds = {name: [] for name in peers}
    for peer in peers.values():
        peer.ready = f"{peer.ready.rpartition('/')[0]}/{file.name}"
        if get(peer.ready) != (200, file.read_bytes()):
            raise Failed(f"{peer.ready} does not answer with the file")
    for _ in range(ROUNDS):
        for name, peer in peers.items():
            load(peer, WARM_UP, CONNECTIONS)
            rounds[name].append(load(peer, SECONDS, CONNECTIONS))
    (rate, cpu), (nginx_rate, nginx_cpu) = (
        [statistics.median(values) for values in zip(*rounds[name])] for name in ("martlet", "nginx"))
    ratio = rate / nginx_rate
    reference = "nginx (sendfile on)"
    yield Figure("static", f"{file.name} of nginx (sendfile on)", nginx_rate, "requests/s")
    yield Figure(
        "static", file.name, rate, "requests/s", reference, ratio,
        bar=f"ratio >= {least}" if least else None, holds=least is None or ratio >= least)
    yield Figure(
        "static", f"{file.name} CPU", cpu, "µs/request", reference, cpu / max(nginx_cpu, 0.01))
