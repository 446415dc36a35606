"""The ORM on a SQLite file beside SQLite's C API, and what its own work costs before and after the database's."""

import json
import statistics
import tempfile
from pathlib import Path

from figures import Failed, Figure
from postgresql import postgresql
from processes import run

ROUNDS = 7
OPTIONS = ["-c", "release", "--package-path", "Benchmarks", "--scratch-path", "Benchmarks/.build-micro"]
# The most times the reference's time.
BARS = {"insert": 1.4, "fetch": 2, "get": 4}
NAMES = {
    "insert": "10,000 rows inserted by createMany", "fetch": "10,000 rows fetched into structs",
    "get": "10,000 rows got by primary key",
}
# Nanoseconds.
LIMITS = {
    "five terms with a join, built and compiled": 5_000, "five terms with a join, built, its shape known": 1_000,
    "a row of 7 columns, decoded": 300,
}
BY_HAND = "a row of 7 columns, read by hand"


def measure():
    run(["swift", "build", *OPTIONS, "--product", "ORMBenchmark"])
    program = Path(run(["swift", "build", *OPTIONS, "--show-bin-path"]).strip()) / "ORMBenchmark"
    # Three moments, since a neighbour of a virtual machine takes a third of its speed for minutes.
    moments = [queries(program)]
    with tempfile.TemporaryDirectory() as folder:
        yield from rows(program, Path(folder))
        moments.append(queries(program))
        yield memory(program, "a SQLite file", Path(folder, "memory.sqlite3"))
    with postgresql() as variables:
        place = f"postgresql://bench@{variables['PGHOST']}:{variables['PGPORT']}/bench"
        yield memory(program, "PostgreSQL", place)
    moments.append(queries(program))
    for name in moments[0]:
        time = min(moment[name] for moment in moments)
        limit = LIMITS.get(name)
        bar = f"figure < {limit:,}" if limit else None
        yield Figure("orm", name, time, "ns", bar=bar, holds=limit is None or time < limit)


def queries(program):
    """Nanoseconds of CPU; a row's without what reading its values takes by hand."""
    times = {line["name"]: line["nanoseconds"] for line in map(json.loads, run([program, "queries"]).splitlines())}
    times["a row of 7 columns, decoded"] -= times.pop(BY_HAND)
    return times


def rows(program, folder):
    """Both programs in turn, round by round, so that a slow moment of the machine meets both."""
    reference = built("sqlite_rows", folder, "-lsqlite3")
    times = {"martlet": [], "C": []}
    for number in range(ROUNDS + 1):
        for name, command in (("martlet", [program, "rows"]), ("C", [reference])):
            lines = run([*command, folder / f"{name}.sqlite3", "4"]).splitlines()
            # The first of a process's rounds get their memory from the system; the best is the least disturbed.
            passes = [json.loads(line) for line in lines]
            if number:
                times[name].append({key: min(one[key] for one in passes) for key in BARS})
    for key, most in BARS.items():
        ours, theirs = (statistics.median(one[key] for one in times[name]) for name in ("martlet", "C"))
        ratio = ours / theirs
        yield Figure("orm", f"C API: {NAMES[key]}", theirs, "ms")
        yield Figure("orm", NAMES[key], ours, "ms", "SQLite's C API", ratio, f"ratio <= {most}", ratio <= most)


def memory(program, database, place):
    """How far the resident size grows while a million rows are read one after the other."""
    count = 1_000_000
    command = [program, "memory", place, str(count)]
    # The first run fills the table, which leaves memory behind that reading could use.
    run(command)
    result = json.loads(run(command).splitlines()[-1])
    if result["rows"] < count:
        raise Failed(f"only {result['rows']} of {count} rows were read")
    grown = result["kibibytes"] / 1024
    return Figure(
        "orm", f"memory that reading 1,000,000 rows of {database} takes", grown, "MB", bar="figure < 20",
        holds=grown < 20)


def built(name, folder, *libraries):
    """A reference program of Benchmarks/Reference."""
    source = Path("Benchmarks/Reference", f"{name}.c")
    if not source.exists():
        raise Failed(f"{source} is missing")
    run(["cc", "-O2", "-Wall", "-Wextra", "-Werror", source, "-o", folder / name, *libraries])
    return folder / name
