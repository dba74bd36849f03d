"""Owing: idempotent, part of the caller's transaction, and never dependent on a broker."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from mdt.duties import actions, registry
from mdt.duties.models import Duty

KIND, SUBJECT = "test-letter", "tests.Letter:7"


@pytest.fixture(autouse=True)
def done(monkeypatch):
    """Ids that the handler of the test's kind was called with."""
    ids = []
    monkeypatch.setitem(registry._handlers, KIND, ids.append)
    return ids


@pytest.fixture
def wakes(monkeypatch):
    """One entry for each message sent."""
    sent = []
    monkeypatch.setattr("mdt.duties.tasks.work_off_due_duties.apply_async", lambda **_: sent.append(1))
    return sent


@pytest.mark.django_db
def test_owing_twice_is_owing_once(wakes, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        actions.owe(kind=KIND, subject=SUBJECT)
        actions.owe(kind=KIND, subject=SUBJECT)
    assert Duty.objects.count() == 1
    assert len(wakes) == 1


@pytest.mark.django_db
def test_what_is_due_later_wakes_nobody(wakes, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        actions.owe(kind=KIND, subject=SUBJECT, due_at=timezone.now() + timedelta(days=30))
    assert wakes == []


@pytest.mark.django_db
def test_an_earlier_date_brings_it_forward_and_a_later_one_does_not():
    soon, late = (timezone.now() + timedelta(days=days) for days in (3, 30))
    for due_at in (late, soon, late):
        actions.owe(kind=KIND, subject=SUBJECT, due_at=due_at)
    assert Duty.objects.get().due_at == soon


@pytest.mark.django_db
def test_a_done_duty_can_be_owed_again():
    actions.owe(kind=KIND, subject=SUBJECT)
    [duty] = actions.claim_due(now=timezone.now(), limit=1)
    actions.mark_done(duty=duty, now=timezone.now())
    actions.owe(kind=KIND, subject=SUBJECT)
    assert sorted(Duty.objects.values_list("state", flat=True)) == ["done", "waiting"]


@pytest.mark.django_db
def test_what_is_owed_while_a_worker_is_at_it_comes_round_once_more():
    actions.owe(kind=KIND, subject=SUBJECT)
    [duty] = actions.claim_due(now=timezone.now(), limit=1)
    actions.owe(kind=KIND, subject=SUBJECT)
    actions.mark_done(duty=duty, now=timezone.now())
    again = Duty.objects.get()
    assert (again.state, again.attempts, again.owed_again_at) == ("waiting", 0, None)
    assert actions.claim_due(now=timezone.now(), limit=1) == [again]


@pytest.mark.django_db(transaction=True)
def test_the_callers_rollback_leaves_no_duty_and_sends_nothing(wakes):
    with transaction.atomic():
        actions.owe(kind=KIND, subject=SUBJECT)
        transaction.set_rollback(True)
    assert not Duty.objects.exists()
    assert wakes == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OperationalError("refused"), ConnectionRefusedError()])
def test_a_silent_broker_is_logged_and_the_duty_stays(monkeypatch, caplog, error):
    def refuse(**_):
        raise error

    monkeypatch.setattr("mdt.duties.tasks.work_off_due_duties.apply_async", refuse)
    actions.owe(kind=KIND, subject=SUBJECT)
    assert Duty.objects.get().state == "waiting"
    assert "could not be woken" in caplog.text


@pytest.mark.django_db
def test_a_misspelt_kind_is_refused_at_once():
    with pytest.raises(registry.UnknownKind, match="test-leter"):
        actions.owe(kind="test-leter", subject=SUBJECT)


def test_two_handlers_of_one_kind_are_refused():
    with pytest.raises(ValueError, match=KIND):
        registry.handles(KIND)(print)


@pytest.mark.parametrize(("subject", "found"), [("a.B:12", 12), ("a.B:9f-1c", "9f-1c")])
def test_the_subject_gives_its_id_back(subject, found):
    assert registry.subject_id(subject) == found


@pytest.mark.django_db
def test_a_row_is_named_by_model_and_id(django_user_model):
    user = django_user_model.objects.create_user(username="ward")
    assert registry.subject_of(user) == f"people.User:{user.pk}"


def test_a_save_does_not_wait_for_a_redis_that_is_away(tmp_path):
    """kombu by itself sleeps and tries again, though told not to: the settings must forbid it. A process of its own,
    since the broker is chosen when the settings are read."""
    code = (
        "import django, kombu.utils.functional as functional\n"
        "django.setup()\n"
        "slept = []\n"
        "functional.sleep = slept.append\n"
        "from mdt.duties.actions import wake\n"
        "wake()\n"
        "assert not any(slept), slept\n"
    )
    away = {"MDT_REDIS_URL": f"redis+socket://{tmp_path}/nobody.sock", "MDT_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | away, capture_output=True, text=True)
    assert (done.returncode, "could not be woken" in done.stderr) == (0, True), done.stderr
