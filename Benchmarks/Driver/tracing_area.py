"""What tracing costs a request: nothing where it is off."""

from figures import Figure
from micro import measured

# What two measurements of the same thing may differ by; a span alone costs more than that.
LIMIT = 1.05


def measure():
    times = measured("tracing")
    never = times["never heard of tracing"]
    off, on = times["tracing off"], times["tracing on"]
    yield Figure("tracing", "a request through the same layers put together by hand", never / 1_000, "µs")
    yield Figure(
        "tracing", "a request of a site without a receiver of traces", off / 1_000, "µs",
        "the layers by hand, which have never heard of tracing", off / never, f"ratio < {LIMIT}", off / never < LIMIT)
    yield Figure(
        "tracing", "a request that is recorded, with a span for each of three layers", on / 1_000, "µs",
        "the layers by hand, which have never heard of tracing", on / never)
