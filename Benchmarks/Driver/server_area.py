"""Requests a second of the HTTP server, beside nginx's `return 200` under the same load."""

import statistics

import crowds
from figures import Failed, Figure
from loads import BODY, load, side_by_side
from processes import get

ROUNDS = 5
WARM_UP = 1
SECONDS = 4
REFERENCE = "nginx (return 200)"


def measure():
    with side_by_side("/plaintext") as (peers, _):
        for peer in peers.values():
            if get(peer.ready) != (200, BODY):
                raise Failed(f"{peer.ready} does not answer {BODY!r}")
        yield from compare(peers)
    yield from compare_crowds()


def compare(peers):
    """The peers in turn, round by round, so that a slow minute of the machine meets all of them."""
    martlet, nginx = peers["martlet"], peers["nginx"]
    # Name, peer, connections, script of wrk.
    kinds = [
        ("martlet", martlet, 64, None), ("nginx", nginx, 64, None), ("pipelined", martlet, 64, "pipeline.lua"),
    ]
    rounds = {name: [] for name, *_ in kinds}
    for peer in peers.values():
        load(peer, WARM_UP)
    for _ in range(ROUNDS):
        for name, peer, connections, script in kinds:
            rounds[name].append(load(peer, SECONDS, connections, script))

    def median(name, value):
        return statistics.median(getattr(one, value) for one in rounds[name])

    rate, nginx_rate = median("martlet", "rate"), median("nginx", "rate")
    cpu, nginx_cpu = median("martlet", "cpu"), median("nginx", "cpu")
    p99, nginx_p99 = median("martlet", "p99"), median("nginx", "p99")
    yield Figure("server", "plaintext of nginx (return 200)", nginx_rate, "requests/s")
    yield Figure("server", "CPU of nginx (return 200)", nginx_cpu, "µs/request")
    yield Figure("server", "slowest 1 % of nginx (return 200)", nginx_p99 * 1_000, "ms")
    yield bounded("plaintext", rate, "requests/s", REFERENCE, rate / nginx_rate, "ratio >= 0.85")
    yield bounded("plaintext CPU", cpu, "µs/request", REFERENCE, cpu / max(nginx_cpu, 0.01), "ratio <= 1.5")
    yield bounded("plaintext, slowest 1 %", p99 * 1_000, "ms", REFERENCE, p99 / nginx_p99, "ratio <= 1.5")
    pipelined = median("pipelined", "rate")
    yield bounded("16 requests pipelined", pipelined, "requests/s", "without", pipelined / rate, "ratio >= 4")


def compare_crowds():
    """A thousand connections beside 64; the same of nginx and of a bare loop, for information: most of it is the
    kernel's."""
    found = crowds.compared()
    for name, title in (("loop", "a bare loop in C"), ("nginx", "nginx")):
        many, ratio = found[name]
        yield Figure("server", f"1,000 connections of {title}", many, "requests/s", f"64 connections of {title}", ratio)
    many, ratio = found["martlet"]
    yield bounded("1,000 connections", many, "requests/s", "64 connections", ratio, "ratio >= 0.8")


def bounded(name, figure, unit, reference, ratio, bar):
    """A figure whose ratio to its reference has a bar, such as `ratio >= 4`."""
    _, comparison, bound = bar.split()
    holds = ratio >= float(bound) if comparison == ">=" else ratio <= float(bound)
    return Figure("server", name, figure, unit, reference, ratio, bar, holds)
