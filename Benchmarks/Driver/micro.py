"""The small measurements of Benchmarks/Micro: what one operation costs, without sockets."""

import json
from pathlib import Path

from processes import run

OPTIONS = ["-c", "release", "--package-path", "Benchmarks", "--static-swift-stdlib"]


def measured(subject):
    """Nanoseconds of CPU by name, as the subject has measured them."""
    run(["swift", "build", *OPTIONS, "--product", "MicroBenchmark"])
    program = Path(run(["swift", "build", *OPTIONS, "--show-bin-path"]).strip()) / "MicroBenchmark"
    lines = [json.loads(line) for line in run([program, subject]).splitlines()]
    return {line["name"]: line["nanoseconds"] for line in lines}
