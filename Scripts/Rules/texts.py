"""Rules for files of any kind."""

import ast
import json
import os
import re
import subprocess

from project import at

LONGEST = 500
# What a build, a run or a person's machine leaves behind.
NOT_TRACKED = re.compile(r"(^|/)(\.build[^/]*/|Package\.resolved$|\.env$|[^/]*\.sqlite3(-\w+)?$|__pycache__/)")
# Written in two halves, so that this line does not find itself.
LEFT_OPEN = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")


def tracked_leftovers(project):
    for name in project.tracked:
        if NOT_TRACKED.search(name):
            yield at(name, 1, "belongs to one machine and must not be tracked; `git rm --cached` it.")


def long_files(project):
    for name in project.ending(".swift", ".py", ".h") + project.bash_scripts:
        count = project.text(name).count("\n")
        if count > LONGEST:
            yield at(name, LONGEST, f"{count} lines, {LONGEST} are the most; split the file by concept.")


def open_ends(project):
    for name in project.ending(".swift", ".py", ".h", ".md", ".html", ".css", ".conf", ".yaml") + project.bash_scripts:
        for number, line in enumerate(project.lines(name), 1):
            if found := LEFT_OPEN.search(line):
                yield at(name, number, f"'{found[0]}' is work left open; do it, or open an issue for it.")


def json_files(project):
    for name in project.ending(".json", ".swift-format"):
        try:
            json.loads(project.text(name))
        except json.JSONDecodeError as error:
            yield at(name, error.lineno, f"is not JSON: {error.msg}.")


def python_files(project):
    for name in project.ending(".py"):
        try:
            ast.parse(project.text(name))
        except SyntaxError as error:
            yield at(name, error.lineno or 1, f"is not Python: {error.msg}.")


def shell_scripts(project):
    for name in project.bash_scripts:
        parsed = subprocess.run(["bash", "-n", name], capture_output=True, text=True)
        if parsed.returncode != 0:
            yield at(name, 1, f"bash cannot parse it: {parsed.stderr.strip()}")
        if "set -euo pipefail" not in project.lines(name):
            yield at(name, 1, "goes on after a failure; begin with `set -euo pipefail`.")
        if not os.access(name, os.X_OK):
            yield at(name, 1, "cannot be run; `chmod +x` it.")


CHECKS = (tracked_leftovers, long_files, open_ends, json_files, python_files, shell_scripts)
