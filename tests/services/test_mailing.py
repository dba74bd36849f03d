"""Killing the worker or Redis in the middle of sending: every message arrives, none twice, none is lost.

A short form of `python -m tests.services.mailing`, which prints figures for as many messages and kills as one likes.
"""

import shutil
from pathlib import Path

import pytest

from tests.services.mailing import trial

pytestmark = pytest.mark.services
MESSAGES, KILLS = 30, 2


@pytest.mark.parametrize("is_redis", [False, True], ids=["files", "redis"])
def test_every_message_arrives_once(is_redis, tmp_path: Path, database_url: str):
    if is_redis and not shutil.which("redis-server"):
        pytest.skip("no redis-server")
    result = trial(tmp_path, database_url, is_redis=is_redis, messages=MESSAGES, kills=KILLS)
    assert (result.reminders.lost, result.letters.lost, result.undone) == (0, 0, 0), result
    assert result.reminders.copies == MESSAGES, result
    # By SMTP a kill costs a repeat under the same Message-ID, which the receiver knows.
    assert MESSAGES < result.letters.copies <= MESSAGES + KILLS, result
