"""How a room hears of changes: a page beside listeners that keep a connection open (SSE), and beside browsers that ask.

Serves the smallest possible program with the very command of ./run, so that what is measured is the server and not the
project: one address streams for ever, one answers empty at once, one stands for a page.

Run: python -m bench.room_listening [--listeners 0 4 8 50]
"""

from __future__ import annotations

import argparse
import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable

SECONDS = 4.0
GIVE_UP = 3.0  # seconds that a page may take before it counts as not answered


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    """`/stream`: an event every second, without end. `/pulse`: nothing new. Any other address: a page."""
    path = environ["PATH_INFO"]
    if path == "/pulse":
        start_response("204 No Content", [])
        return []
    if path != "/stream":
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "4")])
        return [b"page"]
    start_response("200 OK", [("Content-Type", "text/event-stream")])
    return _events()


def _events() -> Iterable[bytes]:
    while True:
        yield b"data: nothing\n\n"
        time.sleep(1)


def _serve(port: int) -> subprocess.Popen:
    from mdt.duties.management.commands.up import GUNICORN

    flags = [flag for flag in GUNICORN.split() if flag not in ("mdt.wsgi", "--preload")]
    command = [sys.executable, "-m", "gunicorn", "bench.room_listening:application", *flags]
    server = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}", "--log-level", "critical"], start_new_session=True
    )
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return server
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def _page(port: int) -> float | None:
    """Milliseconds of one page; None where it did not come."""
    began = time.perf_counter()
    try:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=GIVE_UP)
        link.request("GET", "/page")
        link.getresponse().read()
        link.close()
    except OSError:
        return None
    return 1000 * (time.perf_counter() - began)


def _ask(port: int, until: float) -> None:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=GIVE_UP)
    while time.time() < until:
        try:
            link.request("GET", "/pulse")
            link.getresponse().read()
        except (OSError, http.client.HTTPException):
            link.close()
        time.sleep(1)


def measure(how: str, listeners: int) -> tuple[float | None, int, int]:
    """Median of the pages that came, how many came, and how many were asked for."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = _serve(port)
    until = time.time() + SECONDS
    streams = []
    try:
        for _ in range(listeners):
            if how == "stream":
                link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                link.request("GET", "/stream")
                streams.append(link)
            else:
                threading.Thread(target=_ask, args=(port, until), daemon=True).start()
        time.sleep(0.5)
        took = []
        while time.time() < until:
            took.append(_page(port))
            time.sleep(0.1)
    finally:
        for link in streams:
            link.close()
        os.killpg(server.pid, signal.SIGKILL)  # with its workers: a stream never ends by itself
        server.wait()
    came = [value for value in took if value is not None]
    return (statistics.median(came) if came else None), len(came), len(took)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listeners", type=int, nargs="+", default=[0, 4, 8, 50])
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mdt.settings")
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    for count in arguments.listeners:
        for how in ("stream", "ask once a second"):
            median, came, asked = measure(how, count)
            shown = "–" if median is None else f"{median:.1f} ms"
            print(
                f"{count:3} listeners, {how:18} page p50 {shown:>9}; answered within {GIVE_UP:.0f} s: {came} of {asked}"
            )


if __name__ == "__main__":
    main()
