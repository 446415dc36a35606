"""How long a clean build takes, and how soon an edited view of the blog runs again.

Measured on a copy of the work tree, so that neither its build folder nor its sources are touched.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from figures import Failed, Figure
from processes import Program, free_port, get, run

CORES = 2
# A page of the blog that shows posts, and where its view stands.
PAGE = "/"
VIEWS = "Examples/Blog/Sources/Blog/Views.swift"


def on_two_cores():
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])


def measure():
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        copy_tree(tree)
        yield from clean_build(tree)
        yield from edited_view(tree, folder)


def copy_tree(tree):
    """What git knows and what is new, but nothing that is ignored."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], check=True, capture_output=True,
        text=True).stdout.split("\0")
    for name in filter(None, names):
        if os.path.lexists(name):
            target = tree / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(name, target, follow_symlinks=False)


def clean_build(tree):
    began = time.monotonic()
    run(["swift", "build", "-j", str(CORES)], cwd=tree, preexec_fn=on_two_cores)
    seconds = time.monotonic() - began
    yield Figure(
        "build", f"clean debug build of the framework on {CORES} cores", seconds, "s", bar="figure < 90",
        holds=seconds < 90)


def edited_view(tree, folder):
    if not (tree / VIEWS).exists():
        raise Failed(f"{VIEWS} does not exist, so no view of the blog can be edited")
    port = free_port()
    environment = os.environ | {"HOST": "127.0.0.1", "PORT": str(port)}
    environment.pop("DATABASE_URL", None)

    def blog():
        return Program(
            ["Scripts/run"], f"http://127.0.0.1:{port}{PAGE}", f"{folder}/blog.log", cwd=tree, env=environment,
            preexec_fn=on_two_cores)

    # The first start builds the blog and fills its database; only what comes after is measured.
    with blog() as first:
        first.wait_until_ready(600)
        expect_page(first)
        stopping = first.stop(signal.SIGINT)
    yield Figure("build", "the blog stops after Ctrl-C", stopping, "s", bar="figure < 1", holds=stopping < 1)

    edit(tree / VIEWS)
    began = time.monotonic()
    with blog() as again:
        again.wait_until_ready(300)
        seconds = time.monotonic() - began
        expect_page(again)
    yield Figure(
        "build", "an edited view of the blog runs again", seconds, "s", bar="figure < 10", holds=seconds < 10)


def expect_page(program):
    status, _ = get(program.ready)
    if status != 200:
        raise Failed(f"{program.ready} answers {status} instead of 200")


def edit(path):
    """Changes the body of the first view of several statements, so that it has to be compiled and linked again."""
    view = re.compile(r"(async throws -> Response \{\n)(?= +(?:let|guard|var) )")
    changed, count = view.subn(r'\1    _ = "edited"\n', path.read_text(), count=1)
    if count == 0:
        raise Failed(f"{path.name} has no view of several statements that could be edited")
    path.write_text(changed)
