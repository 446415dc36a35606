"""Measures Martlet, each figure against a named reference in the same run.

Prints one line a figure, writes Benchmarks/results.json, and exits 1 while a bar does not hold.

    python3 Benchmarks/Driver [AREA ...]
"""

import json
import os
import sys
from pathlib import Path

import build_area
import cache_area
import connections_area
import logging_area
import metrics_area
import middleware_area
import orm_area
import postgresql_area
import reload_area
import routing_area
import runserver_area
import server_area
import static_area
import tracing_area
import upload_area
from figures import Failed, Figure

ROOT = Path(__file__).resolve().parents[2]
AREAS = {
    "routing": routing_area.measure, "cache": cache_area.measure, "logging": logging_area.measure,
    "metrics": metrics_area.measure, "middleware": middleware_area.measure, "orm": orm_area.measure,
    "postgresql": postgresql_area.measure,
    "server": server_area.measure, "tracing": tracing_area.measure, "static": static_area.measure,
    "upload": upload_area.measure, "connections": connections_area.measure, "reload": reload_area.measure,
    "runserver": runserver_area.measure, "build": build_area.measure,
}


def main(names):
    unknown = [name for name in names if name not in AREAS]
    if unknown:
        print(f"No area is called {', '.join(unknown)}; there are {', '.join(AREAS)}.", file=sys.stderr)
        return 2
    os.chdir(ROOT)
    figures = []
    for area in names or AREAS:
        try:
            for figure in AREAS[area]():
                print(figure.line(), flush=True)
                figures.append(figure)
        except Failed as failure:
            # What could not be measured does not hold.
            figures.append(Figure(area, str(failure), None, "", bar="is measured", holds=False))
            print(figures[-1].line(), flush=True)
    Path("Benchmarks/results.json").write_text(json.dumps([f.entry() for f in figures], indent=2, ensure_ascii=False) + "\n")
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
