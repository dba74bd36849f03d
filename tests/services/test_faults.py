"""kill -9 at random moments under a mixed load: nothing acknowledged is lost, nothing is there twice or by halves."""

import os

import pytest

from tests.services.faults import trial
from tests.services.mailing import Redis

pytestmark = pytest.mark.services


def test_what_was_acknowledged_is_there_once_and_whole_after_every_kill(tmp_path, database_url):
    """A few kills; `python -m tests.services.faults --kills 1000` does many and prints the figures."""
    redis = Redis(tmp_path) if os.environ.get("MDT_REDIS_URL") else None
    try:
        figures = trial(tmp_path, database_url, kills=4, seed=5, redis=redis, minutes=1)
    finally:
        if redis is not None:
            redis.kill()
    assert figures.is_good, str(figures)
    assert all(figures.acknowledged[sort] for sort in ("referral", "finding", "decision", "duty", "letter")), figures
