"""Beat goes on whatever the clock does: its real scheduler, with a clock that the test sets."""

from datetime import UTC, datetime, timedelta

import pytest
from celery.beat import Scheduler
from django.conf import settings

from mdt.celery import app
from mdt.duties.beat import Every
from tests.clock import Clock


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(datetime(2027, 10, 31, 0, 59, tzinfo=UTC))
    monkeypatch.setattr(app, "now", clock.now)
    return clock


@pytest.fixture
def beat(clock, monkeypatch):
    """As it is set up, without a broker: `beat.sent` counts its messages."""
    beat = Scheduler(app, schedule={}, lazy=True)
    beat.update_from_dict(settings.CELERY_BEAT_SCHEDULE)
    beat.sent = []
    monkeypatch.setattr(beat, "apply_async", lambda entry, **_: beat.sent.append(entry.task))
    return beat


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


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=-1), timedelta(days=-400), timedelta(days=1)])
def test_it_goes_on_at_once_after_the_clock_jumped(beat, clock, jump):
    runs(beat, clock)
    clock.moment += jump
    assert runs(beat, clock) in (1, 2, 3)


def test_it_counts_seconds_also_in_the_hour_that_comes_twice(beat, clock):
    runs(beat, clock)
    assert clock.moment.astimezone(UTC).hour == 1
    assert runs(beat, clock) == 2


def test_it_has_one_entry_since_celery_would_let_a_second_one_wait():
    [entry] = settings.CELERY_BEAT_SCHEDULE.values()
    assert isinstance(entry["schedule"], Every)
