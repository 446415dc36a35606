"""The small measurements of Benchmarks/Micro: what one operation costs, without sockets."""

import json
from pathlib import Path

from processes import run

# Not linked statically as the server is: the requests come from MartletTesting, whose library for tests exists as a shared
# one only. In a folder of its own, since other options would build everything anew each time.
OPTIONS = ["-c", "release", "--package-path", "Benchmarks", "--scratch-path", "Benchmarks/.build-micro"]


def measured(subject):
    """Nanoseconds of CPU by name, as the subject has measured them."""
    run(["swift", "build", *OPTIONS, "--product", "MicroBenchmark"])
    program = Path(run(["swift", "build", *OPTIONS, "--show-bin-path"]).strip()) / "MicroBenchmark"
    # Beside the measurements stand lines of the log.
    lines = [json.loads(line) for line in run([program, subject]).splitlines() if line.startswith("{")]
    return {line["name"]: line["nanoseconds"] for line in lines}
