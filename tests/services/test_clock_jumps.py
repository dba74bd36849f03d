"""The clock jumps under real programs (tests.services.clock_jumps), with a beat that looks every second."""

import shutil
from pathlib import Path

import pytest

from tests.services.clock_jumps import trial

pytestmark = [pytest.mark.services, pytest.mark.sqlite]


def test_nothing_is_done_twice_or_forgotten_and_nobody_is_locked_out_or_left_in(tmp_path, database_url):
    if not shutil.which("cc"):
        pytest.skip("no C compiler for the clock of this test: apt-get install gcc libc6-dev")
    seen = trial(tmp_path, Path(database_url.removeprefix("sqlite:///")), is_quick=True)
    assert (seen.twice, seen.undone) == ([], 0), str(seen)
    assert seen.verified.startswith("whole"), str(seen)
    assert len(seen.seconds) == 8, "beat found what fell due after each jump"
    assert seen.invitations == {
        "2027-03-28": ["2027-03-28 01:30"],  # 02:30 does not exist: the clock shows 03:30
        "2027-10-31": ["2027-10-31 00:30"],  # 02:30 comes twice: the first one
    }
    assert seen.doors == {
        "the session of before the day ahead": False,
        "sign in while a day ahead": True,
        "sign in after three wrong passwords": False,
        "the session of a day ahead, after it": False,
        "sign in after the day ahead": True,
    }
