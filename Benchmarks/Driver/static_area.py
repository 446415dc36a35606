"""Static files, beside nginx with `sendfile on` under the same load."""

import statistics

from figures import Failed, Figure
from loads import load, side_by_side
from processes import get

ROUNDS = 3
WARM_UP = 1
SECONDS = 5
CONNECTIONS = 16
# Name and size, and the least ratio to nginx's requests/s.
FILES = {"1MiB.bin": (1 << 20, 0.9), "1KiB.bin": (1 << 10, None)}


def measure():
    first = next(iter(FILES))
    with side_by_side(f"/static/{first}", [(name, size) for name, (size, _) in FILES.items()]) as (peers, folder):
        for name, (_, least) in FILES.items():
            yield from compare(peers, folder / name, least)


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
        [statistics.median(getattr(one, value) for one in rounds[name]) for value in ("rate", "cpu")]
        for name in ("martlet", "nginx"))
    ratio = rate / nginx_rate
    reference = "nginx (sendfile on)"
    yield Figure("static", f"{file.name} of nginx (sendfile on)", nginx_rate, "requests/s")
    yield Figure(
        "static", file.name, rate, "requests/s", reference, ratio,
        bar=f"ratio >= {least}" if least else None, holds=least is None or ratio >= least)
    yield Figure(
        "static", f"{file.name} CPU", cpu, "µs/request", reference, cpu / max(nginx_cpu, 0.01))
