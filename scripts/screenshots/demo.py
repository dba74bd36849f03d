"""A demonstration of one's own: started on a free port in a folder of its own, and ended with all that it began."""

import os
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 600


def _free_port() -> int:
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        return own.getsockname()[1]


def _wait_until_healthy(base: str, process: subprocess.Popen) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"{base}/health/", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    raise SystemExit(f"The demonstration did not start at {base}.")


@contextmanager
def own_demo() -> Iterator[str]:
    """Address of a fresh demonstration; MDT_DEMO_PASSWORD of this process opens it."""
    password = os.environ.setdefault("MDT_DEMO_PASSWORD", secrets.token_urlsafe(12))
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "PORT": str(port), "MDT_DATA_DIR": folder, "MDT_DEMO_PASSWORD": password}
        process = subprocess.Popen(
            [ROOT / "run"], cwd=ROOT, env=environ, start_new_session=True, stdout=subprocess.DEVNULL
        )
        try:
            _wait_until_healthy(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)
