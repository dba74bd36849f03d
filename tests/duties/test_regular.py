"""What comes round by itself: owed by beat, one row each, again after its time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mdt.duties import actions, registry, tasks
from mdt.duties.models import Duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch):
    told = []
    monkeypatch.setattr(registry, "_every", {"tick": timedelta(minutes=5)})
    monkeypatch.setitem(registry._handlers, "tick", told.append)
    return told


def test_it_is_carried_out_and_comes_again_after_its_time_in_the_same_row(told):
    now = timezone.now()
    assert actions.owe_regular(now=now) == ["tick"]
    assert actions.owe_regular(now=now) == [], "it is owed already"
    tasks.work_off_due_duties()
    assert told == ["tick"]
    assert actions.owe_regular(now=now + timedelta(minutes=4)) == []
    assert actions.owe_regular(now=timezone.now() + timedelta(minutes=6)) == ["tick"]
    assert Duty.objects.filter(kind="tick").count() == 1


def test_given_up_it_begins_anew(told):
    actions.owe_regular(now=timezone.now())
    Duty.objects.filter(kind="tick").update(state="failed", attempts=8)
    assert actions.owe_regular(now=timezone.now() + timedelta(minutes=6)) == ["tick"]
    tasks.work_off_due_duties()
    assert Duty.objects.get(kind="tick").attempts <= 1


def test_beat_owes_what_the_audit_counts(signed_log):
    Duty.objects.create(kind="check-log", subject="check-log", due_at=timezone.now() + timedelta(days=1))
    tasks.look_round()  # without the check of the log, which adds a line of its own
    from mdt.audit.rows.actions import behind

    assert behind() == 0


@pytest.fixture
def signed_log(case):
    from mdt.audit.rows.actions import behind

    assert behind() > 0
