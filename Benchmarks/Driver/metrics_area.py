"""What it costs to count and to measure."""

import json
from pathlib import Path

from figures import Figure
from micro import OPTIONS
from processes import run

# Nanoseconds: what a request can pay several times without being noticed.
LIMIT = 50


def measure():
    run(["swift", "build", *OPTIONS, "--product", "MetricsBenchmark"])
    program = Path(run(["swift", "build", *OPTIONS, "--show-bin-path"]).strip()) / "MetricsBenchmark"
    for line in run([program, "metrics"]).splitlines():
        measured = json.loads(line)
        nanoseconds = measured["nanoseconds"]
        yield Figure("metrics", measured["name"], nanoseconds, "ns", bar=f"figure < {LIMIT}", holds=nanoseconds < LIMIT)
