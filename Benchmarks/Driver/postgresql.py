"""A PostgreSQL server of the measurement's own, on a free port of the loopback address, in a temporary folder."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from figures import Failed
from processes import free_port, run

# Nothing that writes by itself while it is measured.
SETTINGS = {
    "listen_addresses": "127.0.0.1", "shared_buffers": "256MB", "synchronous_commit": "off", "fsync": "off",
    "max_connections": "100", "jit": "off", "autovacuum": "off", "log_min_messages": "error",
}
ROWS = """
CREATE TABLE world (id integer PRIMARY KEY, randomnumber integer NOT NULL);
INSERT INTO world SELECT number, 1 + number * 7919 % 10000 FROM generate_series(1, 10000) AS number;
VACUUM ANALYZE;
"""


@contextlib.contextmanager
def postgresql():
    """The variables by which libpq reaches the server; its database and user are `bench`."""
    programs = folder_of_programs()
    with tempfile.TemporaryDirectory() as folder:
        data, port = f"{folder}/data", free_port()
        account = {}
        if os.getuid() == 0:
            # PostgreSQL refuses to run as root.
            account = {"user": "postgres"}
            try:
                os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
            except KeyError:
                raise Failed("there is no account 'postgres'; install the package postgresql") from None
        run([f"{programs}/initdb", "-D", data, "-U", "bench", "--auth=trust", "--no-locale", "-E", "UTF8"],
            cwd=folder, **account)
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        with Path(folder, "log").open("w") as log:
            server = subprocess.Popen(
                [f"{programs}/postgres", "-D", data, "-k", folder, "-p", str(port), *settings], cwd=folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **account)
        try:
            variables = {"PGHOST": "127.0.0.1", "PGPORT": str(port)}
            wait(programs, variables, server, Path(folder, "log"))
            psql = [f"{programs}/psql", "-q", "-U", "bench", "-v", "ON_ERROR_STOP=1"]
            run([*psql, "-d", "postgres", "-c", "CREATE DATABASE bench"], env=os.environ | variables)
            run([*psql, "-d", "bench"], input=ROWS, env=os.environ | variables)
            yield variables
        finally:
            # A fast shutdown: it waits for nobody who is connected.
            server.send_signal(2)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def folder_of_programs():
    """Debian keeps the server's programs out of the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if folders:
        return folders[-1]
    if found := shutil.which("initdb"):
        return Path(found).parent
    raise Failed("PostgreSQL is not installed; run Scripts/requirements bench")


def wait(programs, variables, server, log):
    end = time.monotonic() + 30
    while subprocess.run([f"{programs}/pg_isready", "-q"], env=os.environ | variables, check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > end:
            raise Failed(f"PostgreSQL does not start: {' '.join(log.read_text(errors='replace').split()[-40:])}")
        time.sleep(0.05)
