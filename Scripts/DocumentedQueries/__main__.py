"""Compiles the Swift of Docs/orm*.md, and measures how long its expressions take to type-check.

    python3 Scripts/DocumentedQueries MODULES

Prints `FILE:LINE: message` for each problem; exits 1 if there is one. What was found good is not looked at again while
pages, models and modules stay the same.
"""

import hashlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from pages import Page

LIMIT = 150
# A busy machine makes an expression look slow; one that is slow stays so.
TRIES = 3
MODELS = sorted(Path("Tests/DocumentedModels").glob("*.swift"))
SLOW = re.compile(r"^(.*?):(\d+):\d+: warning: expression took (\d+)ms to type-check")
WRONG = re.compile(r"^(.*?):(\d+):\d+: error: (.*)")


def main(modules):
    modules = Path(modules)
    pages = [Page(path) for path in sorted(Path("Docs").glob("orm*.md"))]
    remembered = modules.parent / "documented-queries"
    state = fingerprint(modules)
    if remembered.exists() and remembered.read_text() == state:
        return 0
    with tempfile.TemporaryDirectory() as folder:
        options = prepared(modules, Path(folder))
        problems = [problem for page in pages for problem in checked(page, options, Path(folder, page.path.stem))]
    for problem in problems:
        print(problem)
    if problems:
        return 1
    remembered.write_text(state)
    print(f"Documented queries: {sum(len(page.blocks) for page in pages)} blocks compile, each expression within {LIMIT} ms.")
    return 0


def fingerprint(modules):
    """Changes with everything that the result depends on."""
    hashed = hashlib.sha256()
    for path in sorted([*Path("Docs").glob("orm*.md"), *MODELS, *Path(__file__).parent.glob("*.py")]):
        hashed.update(path.read_bytes())
    for path in sorted(modules.glob("Martlet*.swiftmodule")):
        hashed.update(path.read_bytes())
    return hashed.hexdigest()


def prepared(modules, folder):
    """The options of the compiler, with the models as a module of their own, so that a page's may have their names."""
    options = ["-swift-version", "6", "-I", folder, "-I", modules, "-whole-module-optimization"]
    for feature in ("ExistentialAny", "InternalImportsByDefault"):
        options += ["-enable-upcoming-feature", feature]
    for module_map in sorted(Path("Sources").glob("**/module.modulemap")):
        options += ["-Xcc", f"-fmodule-map-file={module_map.resolve()}"]
    # libpq's headers are in a folder of their own.
    flags = subprocess.run(["pkg-config", "--cflags", "libpq"], capture_output=True, text=True).stdout.split()
    for flag in flags:
        options += ["-Xcc", flag]
    command = ["swiftc", "-emit-module", "-enable-testing", "-parse-as-library", "-module-name", "Blog", *options,
               "-o", folder / "Blog.swiftmodule", *MODELS]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("\n".join(line for line in done.stderr.splitlines() if ": error: " in line) or done.stderr)
    return options


def checked(page, options, folder):
    """The problems of a page."""
    slow = None
    for _ in range(TRIES):
        wrong, times = [], {}
        for name, files in page.sources(folder):
            command = ["swiftc", "-typecheck", "-parse-as-library", "-module-name", name, *options,
                       "-Xfrontend", f"-warn-long-expression-type-checking={LIMIT}", *files]
            for line in subprocess.run(command, capture_output=True, text=True).stderr.splitlines():
                if found := WRONG.match(line):
                    wrong.append(f"{found[1]}:{found[2]}: {found[3]}")
                elif found := SLOW.match(line):
                    times[f"{found[1]}:{found[2]}"] = int(found[3])
        if wrong:
            return wrong
        slow = times if slow is None else {place: min(slow[place], times[place]) for place in slow if place in times}
        if not slow:
            return []
    return [f"{place}: this expression takes {time} ms to type-check, and may take {LIMIT}."
            for place, time in slow.items()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
