"""The machine's clock is wrong for a while and is set right: nothing waits for the day that it showed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mdt.duties import actions
from mdt.duties.models import Duty

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


def duty(**fields):
    now = timezone.now()
    return Duty.objects.create(**{"kind": "prepare-letters", "subject": "meetings.Decision:1", "due_at": now, **fields})


def claimed():
    return actions.claim_due(now=timezone.now(), limit=5)


def test_a_claim_from_the_future_is_abandoned():
    row = duty(state="claimed", claimed_at=timezone.now() + YEAR, attempts=1)
    assert claimed() == [row]


def test_a_retry_that_was_put_off_to_the_future_is_due():
    row = duty(due_at=timezone.now() + YEAR, attempts=2)
    assert claimed() == [row]


def test_what_is_meant_for_later_waits():
    duty(due_at=timezone.now() + YEAR)
    duty(subject="meetings.Decision:2", due_at=timezone.now() + timedelta(minutes=40), attempts=3)
    assert claimed() == []


def test_what_comes_round_comes_round_again():
    actions.owe_regular(now=timezone.now())
    Duty.objects.update(state="done", done_at=timezone.now() + YEAR)
    assert "check-log" in actions.owe_regular(now=timezone.now())
