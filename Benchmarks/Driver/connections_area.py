"""What connections cost: idle ones, dripping ones, and very many requests."""

import contextlib
import resource
import select
import socket
import threading
import time

from figures import Failed, Figure
from loads import load, martlet

IDLE = 10_000
DRIPPING = 200
SECONDS = 4
REQUEST = b"GET /plaintext HTTP/1.1\r\nHost: localhost\r\n\r\n"
EARLY, LATE = 100_000, 2_000_000


def measure():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # The server has the limit of this process.
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard < IDLE + 1_000:
        raise Failed(f"only {hard} descriptors may be open: raise the limit (ulimit -Hn) beyond {IDLE + 1_000}")
    with martlet() as program:
        yield from growth(program)
    with martlet() as program:
        yield from idle(program)
    with martlet(HEAD_TIMEOUT="8") as program:
        yield from dripping(program)


def growth(program):
    """The resident size after few and after many requests."""
    requests, early = 0, None
    while requests < LATE:
        requests += load(program, SECONDS).requests
        if early is None and requests >= EARLY:
            early, at = program.resident(), requests
    grown = (program.resident() - early) / 1024
    yield Figure(
        "connections", f"growth from {at:,} to {requests:,} requests", grown, "MiB", bar="figure < 5",
        holds=grown < 5)


def idle(program):
    """What ten thousand connections that have had an answer and wait cost in memory, and what they cost the others."""
    alone = [load(program, SECONDS).rate for _ in range(3)]
    before = program.resident()
    with contextlib.ExitStack() as stack:
        waiting = [stack.enter_context(socket.create_connection(("127.0.0.1", program.port))) for _ in range(IDLE)]
        for connection in waiting:
            connection.sendall(REQUEST)
        for connection in waiting:
            if not connection.recv(4_096).startswith(b"HTTP/1.1 200 "):
                raise Failed("an idle connection was not answered")
        after = program.resident()
        beside = [load(program, SECONDS).rate for _ in range(3)]
        gone = sum(has_news(connection) for connection in waiting)
        if gone:
            raise Failed(f"{gone} of the idle connections were closed meanwhile")
    yield Figure(
        "connections", f"resident size with {IDLE:,} idle connections", after / 1024, "MiB", bar="figure < 95",
        holds=after / 1024 < 95)
    yield Figure("connections", "an idle connection", (after - before) / IDLE, "KiB")
    ratio = sorted(beside)[1] / sorted(alone)[1]
    yield Figure(
        "connections", f"plaintext beside {IDLE:,} idle connections", sorted(beside)[1], "requests/s", "without them",
        ratio, bar="ratio >= 0.85", holds=ratio >= 0.85)


def has_news(connection):
    """Whether there is something to read, which can only be the end; `select` itself takes no large descriptors."""
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(0))


def dripping(program):
    """Clients that send a byte a second are cut off after the head timeout, and the others do not notice them."""
    alone = [load(program, SECONDS).rate for _ in range(3)]
    cut = []
    begun = time.monotonic()
    clients = [socket.create_connection(("127.0.0.1", program.port)) for _ in range(DRIPPING)]
    thread = threading.Thread(target=drip, args=(clients, begun, cut))
    thread.start()
    beside = sorted(load(program, 2).rate for _ in range(3))[1]
    thread.join()
    for client in clients:
        client.close()
    if len(cut) < DRIPPING:
        raise Failed(f"{DRIPPING - len(cut)} of {DRIPPING} dripping connections were not cut off within 20 seconds")
    yield Figure(
        "connections", f"{DRIPPING} heads that drip, cut off after at most", max(cut), "s", "the head timeout",
        max(cut) / 8, bar="ratio <= 1.2", holds=max(cut) <= 9.6)
    ratio = beside / sorted(alone)[1]
    yield Figure(
        "connections", f"plaintext beside {DRIPPING} heads that drip", beside, "requests/s", "without them", ratio,
        bar="ratio >= 0.85", holds=ratio >= 0.85)


def drip(clients, begun, cut):
    """Sends each client's head byte by byte until the server closes; notes when it has."""
    head = iter(REQUEST * 4)
    left = set(clients)
    while left and time.monotonic() < begun + 20:
        byte = bytes([next(head)])
        for client in list(left):
            # The server closes in an orderly way: first there is something to read, its 408.
            if has_news(client):
                cut.append(time.monotonic() - begun)
                left.discard(client)
                continue
            with contextlib.suppress(OSError):
                client.sendall(byte)
        time.sleep(1)
