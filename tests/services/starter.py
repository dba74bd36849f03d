"""Starts programs of the installation from one process that has read every module: in a tenth of a second.

What it starts is the real program, in a process and a session of its own with its own connections; only modules that
were read are shared. Lines of JSON come in (`command`, `log`, `environment`), the process id of each goes out. All that
it started dies with it.
"""

import ctypes
import gc
import importlib
import json
import os
import runpy
import select
import signal
import subprocess
import sys

PR_SET_PDEATHSIG = 1
MODULES = (
    "celery.apps.beat", "celery.apps.worker", "celery.bin.celery", "gunicorn.app.wsgiapp", "gunicorn.workers.gthread",
    "mdt.celery", "mdt.wsgi", "tests.builders", "tests.meetings.builders", "tests.services.handlers",
)  # fmt: skip


class Started:
    """A program that a Starter started: as much of Popen as its users need."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        try:
            self._handle = os.pidfd_open(pid)
        except ProcessLookupError:
            self._handle = -1

    def poll(self) -> int | None:
        """None while it runs."""
        return None if self._handle >= 0 and not select.select([self._handle], [], [], 0)[0] else 0

    def wait(self) -> None:
        if self._handle >= 0:
            select.select([self._handle], [], [])
            os.close(self._handle)
            self._handle = -1


class Starter:
    """The process that is ready to become any of the programs."""

    def __init__(self, environment: dict[str, str], folder) -> None:
        command = [sys.executable, "-m", "tests.services.starter"]
        self._process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, command: list[str], log: str, environment: dict[str, str]) -> Started:
        """`command`: the name of a module and its arguments."""
        asked = {"command": command, "log": log, "environment": environment}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return Started(int(self._process.stdout.readline()))

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


def _read_everything() -> None:
    import django

    django.setup()
    from django.db import connections
    from django.urls import get_resolver

    for module in MODULES:
        importlib.import_module(module)
    get_resolver().url_patterns  # noqa: B018 - reads every view
    connections.close_all()


def _become(asked: dict) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(asked["environment"])
    module, *arguments = asked["command"]
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def main() -> None:
    _read_everything()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them: the dead must not stay in the table
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                _become(json.loads(line))
            except SystemExit as ended:
                os._exit(ended.code if isinstance(ended.code, int) else 0)
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
