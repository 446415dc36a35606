"""What each layer of the middleware costs, and those of every site together."""

from figures import Figure
from micro import measured


def measure():
    times = measured("middleware")
    bare = times.pop("bare view")
    for name, nanoseconds in times.items():
        microseconds = (nanoseconds - bare) / 1_000
        if name == "all of the bar":
            yield Figure(
                "middleware", "sessions, CSRF, security, common and log together, beyond the bare view", microseconds,
                "µs", bar="figure < 15", holds=microseconds < 15)
        else:
            yield Figure("middleware", f"{name} alone, beyond the bare view", microseconds, "µs")
