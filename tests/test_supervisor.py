"""The supervisor, with real processes: restarts, an orderly stop, a stubborn child, its own sudden death."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

PARENT = """
import sys
from mdt.supervisor import Supervisor
import mdt.supervisor
mdt.supervisor.SECONDS_TO_STOP = 1
Supervisor({"child": [sys.executable, "-c", sys.argv[1]]}, {"STARTS": sys.argv[2]}).run(lambda: None)
"""
NOTE_START = "import os, time; print(os.getpid(), file=open(os.environ['STARTS'], 'a'))"
STAYS = f"{NOTE_START}; time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {STAYS}"
WITH_FAMILY = f"import subprocess; subprocess.Popen(['sleep', '61']); {STAYS}"


def eventually(happened: Callable[[], object]) -> None:
    until = time.monotonic() + 15
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.fixture
def starts(tmp_path: Path) -> Callable[[], list[int]]:
    """Process ids of the child, one for each start."""
    file = tmp_path / "starts"
    return lambda: [int(line) for line in file.read_text().split()] if file.exists() else []


@pytest.fixture
def supervise(tmp_path: Path, starts) -> Iterator[Callable[[str], subprocess.Popen]]:
    parents = []

    def start(child: str) -> subprocess.Popen:
        command = [sys.executable, "-c", PARENT, child, str(tmp_path / "starts")]
        parents.append(subprocess.Popen(command, cwd=settings.BASE_DIR))
        eventually(starts)
        return parents[-1]

    yield start
    for parent in parents:
        parent.kill()
        parent.wait()


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def family_of(session: int) -> list[int]:
    """Running processes of the child's session."""
    found = subprocess.run(["ps", "-o", "pid=", "-s", str(session)], capture_output=True, text=True, check=False)
    return [pid for pid in map(int, found.stdout.split()) if is_running(pid)]


def test_a_killed_child_is_started_again_within_a_second(supervise, starts):
    supervise(STAYS)
    os.kill(starts()[0], signal.SIGKILL)
    began = time.monotonic()
    eventually(lambda: len(starts()) == 2)
    assert time.monotonic() - began < 2


def test_a_child_that_keeps_ending_is_started_ever_more_rarely(supervise, starts):
    supervise(NOTE_START)
    time.sleep(4)
    assert 2 <= len(starts()) <= 4


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("child", [STAYS, STUBBORN, WITH_FAMILY], ids=["orderly", "stubborn", "family"])
def test_a_stop_leaves_no_process_and_ends_with_0(supervise, starts, child, number):
    parent = supervise(child)
    parent.send_signal(number)
    time.sleep(0.1)
    if parent.poll() is None:
        parent.send_signal(number)  # an impatient second signal changes nothing
    assert parent.wait(timeout=10) == 0
    eventually(lambda: family_of(starts()[0]) == [])


def test_the_sudden_death_of_the_supervisor_takes_the_child_along(supervise, starts):
    parent = supervise(STAYS)
    parent.kill()
    eventually(lambda: not is_running(starts()[0]))
