"""How much later than its own build a change is on the page, when `manage runserver` watches.

A new project is made in a temporary folder and built into the framework's own build folder, as Scripts/scaffold does, so
that only the project is compiled. What `runserver` starts writes down when it began and ended: the build's own time.
"""

import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from figures import Failed, Figure
from processes import get, run

CHANGES = 5
ROOT = Path(__file__).resolve().parents[2]
# The build that runserver starts, with the moments of its beginning and its end beside it.
BUILD = """#!/bin/sh
date +%s.%N >"$TIMES.began"
swift build --package-path "$PROJECT" --scratch-path "$SCRATCH" --disable-build-manifest-caching --product manage
status=$?
date +%s.%N >"$TIMES.ended"
exit $status
"""


def measure():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        try:
            yield from changes(folder, *make_project(folder))
        finally:
            # The plan of a project would be taken for the framework's own: see Scripts/package.
            Path(".build/debug.yaml").unlink(missing_ok=True)


def make_project(folder):
    """The project's folder and its program."""
    binaries = Path(run(["swift", "build", "--show-bin-path"]).strip())
    run(["swift", "build", "--product", "martlet"])
    run([binaries / "martlet", "startproject", "mysite", "--api", "--martlet", str(ROOT)], cwd=folder)
    project = folder / "mysite"
    environment = os.environ | {"MARTLET_PATH": str(ROOT)}
    run(["Scripts/package", str(project), "build", "--product", "manage"], env=environment)
    return project, binaries / "manage"


def changes(folder, project, program):
    script = folder / "build.sh"
    script.write_text(BUILD)
    script.chmod(0o755)
    environment = os.environ | {
        "MARTLET_PATH": str(ROOT), "PROJECT": str(project), "SCRATCH": str(ROOT / ".build"), "TIMES": str(folder / "times"),
        "DEBUG": "true", "HOST": "127.0.0.1", "PORT": "0"}
    output = folder / "output"
    with output.open("w") as writing:
        server = subprocess.Popen(
            [program, "runserver", "--build-command", str(script)], cwd=project, env=environment,
            stdin=subprocess.DEVNULL, stdout=writing, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        address = wait_for_address(output, server)
        # A fixed port from here on: the restarted server would take another one.
        stop(server)
        port = address.rsplit(":", 1)[1]
        with output.open("w") as writing:
            server = subprocess.Popen(
                [program, "runserver", port, "--build-command", str(script)], cwd=project, env=environment,
                stdin=subprocess.DEVNULL, stdout=writing, stderr=subprocess.STDOUT, start_new_session=True)
        wait_for_address(output, server)
        rounds = [change(project, f"{address}/", f"changed-{number}", folder / "times") for number in range(CHANGES)]
    finally:
        stop(server)
    builds, answers = zip(*rounds)
    middle = sorted(builds)[CHANGES // 2]
    yield Figure("runserver", f"the rebuild's own build, median of {CHANGES} edited views", middle, "s")
    yield Figure(
        "runserver", "from the edit to the new answer, median", sorted(answers)[CHANGES // 2], "s",
        reference="the build's own time", ratio=sorted(answers)[CHANGES // 2] / middle)
    worst = max(answer - build for build, answer in rounds)
    yield Figure(
        "runserver", "the new answer comes later than the build alone would take, at worst", worst, "s",
        bar="figure < 1", holds=worst < 1)


def wait_for_address(output, server, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := re.search(r"Serving at (http://127\.0\.0\.1:\d+)/", output.read_text(errors="replace")):
            return found[1]
        if server.poll() is not None:
            break
        time.sleep(0.02)
    raise Failed(f"runserver does not serve: {' '.join(output.read_text(errors='replace').split()[-60:])}")


def stop(server):
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def change(project, address, word, times, seconds=300):
    """Edits the view, and returns how long the build alone and all until the new answer took."""
    view = project / "Sources/Home/Views.swift"
    text, count = re.subn(r'\["name": "[^"]*"\]', f'["name": "{word}"]', view.read_text())
    if count != 1:
        raise Failed("the new project's view is not as expected")
    began = time.monotonic()
    view.write_text(text)
    while time.monotonic() - began < seconds:
        if word.encode() in get(address, timeout=1)[1]:
            answered = time.monotonic() - began
            moments = [float(Path(f"{times}.{name}").read_text()) for name in ("began", "ended")]
            return moments[1] - moments[0], answered
        time.sleep(0.01)
    raise Failed(f"the change is not on the page after {seconds} s")
