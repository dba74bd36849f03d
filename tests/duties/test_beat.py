"""Beat goes on whatever the clock does: its real scheduler, with a clock that the test sets."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from mdt.celery import app
from mdt.duties.beat import SteadyScheduler
from tests.clock import Clock


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(datetime(2027, 10, 31, 0, 59, tzinfo=UTC))
    monkeypatch.setattr(app, "now", clock.now)
    app.set_current()  # whose clock a schedule asks; a test of workers before this one may have made an app of its own
    return clock


def start(folder):
    """As it is set up, without a broker: `sent` counts its messages."""
    beat = SteadyScheduler(app, schedule_filename=str(folder / "beat"))
    beat.sent = []
    beat.apply_async = lambda entry, **_: beat.sent.append(entry.task)
    return beat


@pytest.fixture
def beat(clock, tmp_path):
    beat = start(tmp_path)
    yield beat
    beat.close()


def runs(beat, clock, seconds=60):
    """How many messages it sends in so many seconds of the clock."""
    before = len(beat.sent)
    for _second in range(seconds):
        clock.moment += timedelta(seconds=1)
        beat.tick()
    return len(beat.sent) - before


def test_it_sends_one_message_every_half_minute(beat, clock):
    assert runs(beat, clock, 300) in (9, 10)
    assert set(beat.sent) == {"mdt.duties.tasks.look_round"}
    assert settings.CELERY_BEAT_SCHEDULER == "mdt.duties.beat:SteadyScheduler"


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=-1), timedelta(days=-400), timedelta(days=1)])
def test_it_goes_on_at_once_after_the_clock_jumped(beat, clock, jump):
    runs(beat, clock)
    clock.moment += jump
    assert runs(beat, clock) in (1, 2, 3)


def test_it_goes_on_after_a_restart_when_the_clock_was_ahead(clock, tmp_path):
    first = start(tmp_path)
    runs(first, clock)
    first.close()
    clock.moment -= timedelta(days=1)
    second = start(tmp_path)
    assert runs(second, clock) in (1, 2)
    second.close()


def test_it_counts_seconds_also_in_the_hour_that_comes_twice(beat, clock):
    runs(beat, clock)
    assert clock.moment.astimezone(UTC).hour == 1
    assert runs(beat, clock) == 2
