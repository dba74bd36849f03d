"""Keeping a few long-running programs alive: what `manage.py up` stands on.

Each child gets its own session, so that Ctrl-C in the terminal reaches the supervisor alone and a stop takes
the child's whole family along. The kernel is asked to end it when the supervisor dies, however that happens.
"""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

log = logging.getLogger(__name__)

SECONDS_TO_STOP = 10
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_AFTER = 60.0  # a child that lived this long starts again with the first pause
PR_SET_PDEATHSIG = 1


def _die_with_parent(parent: int) -> Callable[[], None]:
    """What a child does between fork and exec, so that no `kill -9` of its parent leaves it (Linux only)."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    libc = ctypes.CDLL(None)

    def prepare() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before the request was made
            os._exit(1)

    return prepare


class Child:
    """One program: started, and started again after a growing pause whenever it ends."""

    def __init__(self, name: str, command: Sequence[str], environment: dict[str, str]) -> None:
        self.name, self.command, self.environment = name, list(command), environment
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = self.start_at = 0.0
        self.pause = FIRST_PAUSE

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env=self.environment,
            start_new_session=True,
            preexec_fn=_die_with_parent(os.getpid()),
        )

    def look_after(self) -> None:
        """Start the program again if it has ended and its pause is over."""
        now = time.monotonic()
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return
            self.end_family()
            if now - self.started_at > STEADY_AFTER:
                self.pause = FIRST_PAUSE
            log.warning("%s ended (%s); it starts again in %.1f s", self.name, code, self.pause)
            self.process, self.start_at = None, now + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
        if now >= self.start_at:
            self.start()

    def terminate(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end_family(self) -> None:
        """Kill what is left of the program and of the processes that it started."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return


class Supervisor:
    """Runs children until it is told to stop by SIGTERM or SIGINT; then none of them is left."""

    def __init__(self, commands: dict[str, Sequence[str]], environment: dict[str, str]) -> None:
        self.children = [Child(name, command, environment) for name, command in commands.items()]
        self.stopping = False

    def run(self, each_turn: Callable[[], None]) -> None:
        """Watch over the children, with `each_turn` five times a second, until a signal asks for the end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            while not self.stopping:
                for child in self.children:
                    child.look_after()
                each_turn()
                time.sleep(0.2)
        finally:
            self._end_children()

    def _stop(self, number: int, frame: object) -> None:
        # A second signal must not cut the orderly end short.
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_IGN)
        self.stopping = True

    def _end_children(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        for child in self.children:
            child.terminate()
        until = time.monotonic() + SECONDS_TO_STOP
        for child in self.children:
            if child.process is not None:
                try:
                    child.process.wait(timeout=max(0.0, until - time.monotonic()))
                except subprocess.TimeoutExpired:
                    log.warning("%s did not end within %s s and is killed", child.name, SECONDS_TO_STOP)
                child.end_family()
                child.process.wait()
