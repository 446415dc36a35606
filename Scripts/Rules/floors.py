"""Rules for the package: nothing from outside, and targets that depend only downwards."""

import json
import re
import subprocess
from pathlib import Path

from project import at
from swift import code_lines

OUTSIDE = re.compile(r"\.package\(\s*(?:name:\s*\"[^\"]*\",\s*)?(url|id):")
FLOOR = re.compile(r"^let floor(\d+): \[Target\] = \[$(.*?)^\]$", re.M | re.S)
TARGET = re.compile(r'^    [\w.]+\(\s*(?:name:\s*)?"(\w+)"', re.M)
IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:public |package |internal |fileprivate |private )?"
    r"import (?:struct |class |enum |protocol |func |var |let |typealias )?(\w+)")
# What Swift brings along.
TOOLCHAIN = {"Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin", "Runtime", "Synchronization",
             "Swift", "Testing"}


def packages_from_outside(project):
    for name in project.files:
        if not name.endswith("Package.swift"):
            continue
        text = project.text(name)
        for found in OUTSIDE.finditer(text):
            number = text.count("\n", 0, found.start()) + 1
            yield at(name, number, "depends on a package from outside; Martlet uses system libraries only (path: is allowed).")


def places(project):
    """The floor of each target and its place on it, as Package.swift lists them."""
    return {
        name: (int(floor), place)
        for floor, body in FLOOR.findall(project.text("Package.swift"))
        for place, name in enumerate(TARGET.findall(body))
    }


def targets(dumped):
    for target in json.loads(dumped)["targets"]:
        dependencies = {d[kind][0] for d in target["dependencies"] for kind in ("byName", "target") if kind in d}
        yield target["name"], target["type"], dependencies


def line_of(project, name):
    for number, line in enumerate(project.lines("Package.swift"), 1):
        if f'"{name}"' in line:
            return number
    return 1


def downwards(project):
    dumped = subprocess.run(["swift", "package", "dump-package"], capture_output=True, text=True)
    if dumped.returncode != 0:
        yield at("Package.swift", 1, f"Swift cannot read it: {' '.join(dumped.stderr.split())}")
        return
    known = list(targets(dumped.stdout))
    names = {name for name, _, _ in known}
    place = places(project)
    for name, kind, dependencies in known:
        # What only tests use or start has no floor either.
        if kind == "test" or Path(f"Tests/{name}").is_dir():
            yield from imports(project, name, f"Tests/{name}", dependencies | {name}, names)
            continue
        if name not in place:
            yield at("Package.swift", line_of(project, name), f"'{name}' stands on no floor; put it into one of the arrays.")
            continue
        for other in sorted(dependencies):
            # On the same floor too there is only one direction.
            if place.get(other, place[name]) >= place[name]:
                yield at(
                    "Package.swift", line_of(project, name),
                    f"'{name}' uses '{other}', which stands below it; a target uses only what is listed above it.")
        if kind != "system-target":
            yield from imports(project, name, f"Sources/{name}", dependencies, names)


def imports(project, target, folder, declared, names):
    """Every module a target imports is declared, and every declared one is imported."""
    if not Path(folder).is_dir():
        yield at("Package.swift", line_of(project, target), f"'{target}' has no folder {folder}.")
        return
    seen = set()
    for name in project.ending(".swift"):
        if not name.startswith(folder + "/"):
            continue
        for number, line, _ in code_lines(project, name):
            if not (found := IMPORT.match(line)):
                continue
            module = found[1]
            seen.add(module)
            if module in names and module not in declared:
                yield at(name, number, f"imports {module}, which Package.swift does not list for '{target}'.")
            elif module not in names and module not in TOOLCHAIN:
                yield at(name, number, f"imports {module}, which is neither ours nor the toolchain's.")
    for module in sorted(declared - seen - {target}):
        yield at("Package.swift", line_of(project, target), f"'{target}' lists {module} and never imports it.")


CHECKS = (packages_from_outside, downwards)
