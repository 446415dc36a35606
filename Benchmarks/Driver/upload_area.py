"""How much the resident size of the server grows while a large upload is streamed to a file."""

import http.client
import time

from figures import Failed, Figure
from loads import martlet

SIZE = 100 * 1024 * 1024
PIECE = bytes(range(256)) * 256
BOUNDARY = "martlet-benchmark"


def measure():
    with martlet() as program:
        for name, path, headers, before, after, answer in cases():
            # A small one first, so that what every upload needs is there.
            send(program.port, path, headers, before, 0, after)
            begun = program.resident("VmHWM")
            start = time.monotonic()
            text = send(program.port, path, headers, before, SIZE, after)
            seconds = time.monotonic() - start
            if text != answer:
                raise Failed(f"{path} answers {text!r} instead of {answer!r}")
            grown = (program.resident("VmHWM") - begun) / 1024
            bar = "figure < 2" if path == "/upload" else None
            yield Figure("upload", f"growth by 100 MiB, {name}", grown, "MiB", bar=bar, holds=bar is None or grown < 2)
            yield Figure("upload", f"rate, {name}", SIZE / seconds / 1024 / 1024, "MiB/s")


def cases():
    yield "streamed to a file", "/upload", {}, b"", b"", str(SIZE)
    disposition = 'Content-Disposition: form-data; name="f"; filename="f"'
    before = f"--{BOUNDARY}\r\n{disposition}\r\n\r\n".encode()
    after = f"\r\n--{BOUNDARY}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    # Up to 2.5 MB of a form's files are in memory before one goes to the disk.
    yield "file of a form", "/form", headers, before, after, f"f {SIZE}"


def send(port, path, headers, before, size, after):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest("POST", path)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.putheader("Content-Length", str(len(before) + size + len(after)))
    connection.endheaders(before)
    for _ in range(size // len(PIECE)):
        connection.send(PIECE)
    connection.send(after)
    try:
        return connection.getresponse().read().decode()
    finally:
        connection.close()
