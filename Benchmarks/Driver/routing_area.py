"""Finding a route among few and among many."""

from figures import Figure
from micro import measured

KINDS = ("found", "not found")


def measure():
    times = measured("routing")
    for name, nanoseconds in times.items():
        count, _, kind = name.partition(" routes, ")
        microseconds = nanoseconds / 1_000
        if count == "1000" and kind in KINDS:
            yield Figure("routing", name, microseconds, "µs", bar="figure < 2", holds=microseconds < 2)
        elif count == "10000" and kind in KINDS:
            few = f"10 routes, {kind}"
            ratio = nanoseconds / times[few]
            yield Figure("routing", name, microseconds, "µs", few, ratio, "ratio <= 2", ratio <= 2)
        else:
            yield Figure("routing", name, microseconds, "µs")
