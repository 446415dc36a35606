"""What an event costs the thread that tells it, beside a line that C puts into a buffer by snprintf."""

import json
import tempfile
from pathlib import Path

from figures import Failed, Figure
from processes import run

OPTIONS = ["-c", "release", "--package-path", "Benchmarks", "--static-swift-stdlib"]


def measure():
    with tempfile.TemporaryDirectory() as folder:
        reference = f"{folder}/log_lines"
        run(["cc", "-O2", "-o", reference, "Benchmarks/Reference/log_lines.c"])
        run(["swift", "build", *OPTIONS, "--product", "LoggingBenchmark"])
        program = Path(run(["swift", "build", *OPTIONS, "--show-bin-path"]).strip()) / "LoggingBenchmark"
        plain = float(run([reference, "11", "100000"]))
        lines = [json.loads(line) for line in run([program]).splitlines()]
    yield Figure("logging", "a line of snprintf in C, into a buffer behind a lock", plain / 1_000, "µs")
    for line in lines:
        name, nanoseconds = line["name"], line["nanoseconds"]
        if line["dropped"]:
            raise Failed(f"{line['dropped']} events of {name} were dropped, which costs less than writing them")
        if name == "disabled":
            yield Figure(
                "logging", "an event of four values that is not told: log[.debug]?(…)", nanoseconds, "ns", bar="figure < 20",
                holds=nanoseconds < 20)
        elif name.startswith("disabled"):
            yield Figure("logging", f"an event of four values that is not told: {name.removeprefix('disabled, ')}", nanoseconds, "ns")
        else:
            yield Figure(
                "logging", f"an event of four values and one bound, as {name}", nanoseconds / 1_000, "µs", "snprintf in C",
                nanoseconds / plain, "figure < 2", nanoseconds < 2_000)
