"""Starting, measuring and stopping programs. Only what was started here is ever stopped."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from figures import Failed

TICK = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(command, **options):
    """Runs a command to its end; its output is shown only when it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        raise Failed(f"`{' '.join(map(str, command))}` failed: {' '.join(done.stdout.split()[-60:])}")
    return done.stdout


def get(url, timeout=5):
    """The status and the body of a page; status 0 while nothing answers."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""


class Program:
    """A server in a session of its own, stopped when the block ends."""

    def __init__(self, command, ready, log, **options):
        self.command, self.ready, self.log, self.options = command, ready, Path(log), options

    def __enter__(self):
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True, **self.options)
        return self

    def __exit__(self, *_):
        self.stop()

    def wait_until_ready(self, seconds):
        """Waits until the page answers, whatever it says; tries often, as the wait itself is measured."""
        end = time.monotonic() + seconds
        while get(self.ready)[0] == 0:
            if self.process.poll() is not None or time.monotonic() > end:
                text = " ".join(self.log.read_text(errors="replace").split()[-60:])
                raise Failed(f"`{' '.join(map(str, self.command))}` does not answer at {self.ready}: {text}")
            time.sleep(0.02)

    def stop(self, with_signal=signal.SIGTERM, seconds=20):
        """Stops it and returns how many seconds it took."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        return time.monotonic() - began

    def resident(self, field="VmRSS"):
        """The resident size in KiB: now, or with `VmHWM` the largest so far."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1])
        raise Failed(f"the system does not tell the {field} of `{self.command[0]}`")

    def cpu_seconds(self):
        """User and system time of all processes of the session so far."""
        total = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                # Behind the name, which may hold blanks and parentheses: state, parent, group, session, ...
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == self.process.pid:
                total += int(fields[11]) + int(fields[12])
        return total / TICK
