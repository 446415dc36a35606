"""The files of the project, as git knows them."""

import subprocess
from functools import cached_property
from pathlib import Path


class Project:
    """What is tracked, and what is new and not ignored."""

    @cached_property
    def tracked(self):
        return self._list("--cached")

    @cached_property
    def files(self):
        names = set(self.tracked) | set(self._list("--others", "--exclude-standard"))
        # A tracked file may be deleted in the work tree, and a link only repeats another file.
        return sorted(name for name in names if Path(name).is_file() and not Path(name).is_symlink())

    def ending(self, *suffixes):
        return [name for name in self.files if name.endswith(suffixes)]

    @cached_property
    def bash_scripts(self):
        return [name for name in self.files if self.text(name).startswith("#!") and "bash" in self.lines(name)[0]]

    def text(self, name):
        return self._texts.setdefault(name, Path(name).read_text(encoding="utf-8", errors="replace"))

    def lines(self, name):
        return self.text(name).split("\n")

    @cached_property
    def _texts(self):
        return {}

    @staticmethod
    def _list(*options):
        output = subprocess.run(["git", "ls-files", "-z", *options], check=True, capture_output=True, text=True).stdout
        return [name for name in output.split("\0") if name]


def at(name, number, message):
    """A problem at a line, counted from 1."""
    return f"{name}:{number}: {message}"
