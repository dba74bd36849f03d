"""Working off: once, together with its effect, again after a crash, and not for ever."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils import timezone

from mdt.duties import actions, registry
from mdt.duties.models import Duty
from mdt.duties.registry import STALE_AFTER
from mdt.duties.tasks import carry_out, work_off_due_duties

KIND = "test-letter"


@pytest.fixture(autouse=True)
def done(monkeypatch):
    ids = []
    monkeypatch.setitem(registry._handlers, KIND, ids.append)
    return ids


def owe(*numbers: int) -> None:
    for number in numbers:
        Duty.objects.create(kind=KIND, subject=f"tests.Letter:{number}", due_at=timezone.now())


@pytest.mark.django_db
def test_it_carries_out_what_is_due_and_leaves_the_rest(done):
    owe(1, 2)
    Duty.objects.create(kind=KIND, subject="tests.Letter:3", due_at=timezone.now() + timedelta(hours=1))
    assert work_off_due_duties() == 2
    assert done == [1, 2]
    assert list(Duty.objects.order_by("subject").values_list("state", flat=True)) == [
        "done",
        "done",
        "waiting",
    ]
    assert work_off_due_duties() == 0


@pytest.mark.django_db(transaction=True)
def test_many_workers_take_each_duty_once():
    owe(*range(40))
    taken, start = [], threading.Barrier(4)

    def work() -> None:
        try:
            start.wait()
            while claimed := actions.claim_due(now=timezone.now(), limit=3):
                taken.extend(duty.pk for duty in claimed)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(taken) == 40
    assert len(set(taken)) == 40
    assert set(Duty.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_many_callers_owe_it_once():
    start = threading.Barrier(4)

    def call() -> None:
        try:
            start.wait()
            with transaction.atomic():
                actions.owe(kind=KIND, subject="tests.Letter:1", due_at=timezone.now() + timedelta(days=1))
        finally:
            connection.close()

    callers = [threading.Thread(target=call) for _ in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert Duty.objects.count() == 1


@pytest.mark.django_db
def test_a_claim_without_an_end_comes_back_after_ten_minutes(done):
    owe(1)
    now = timezone.now()
    actions.claim_due(now=now, limit=1)
    assert actions.claim_due(now=now + STALE_AFTER - timedelta(seconds=1), limit=1) == []
    [duty] = actions.claim_due(now=now + STALE_AFTER, limit=1)
    assert duty.attempts == 2


@pytest.mark.django_db
def test_a_claim_of_a_kind_that_is_watched_comes_back_sooner(monkeypatch):
    monkeypatch.setitem(registry._stale_after, KIND, timedelta(minutes=1))
    owe(1)
    now = timezone.now()
    actions.claim_due(now=now, limit=1)
    assert actions.claim_due(now=now + timedelta(seconds=59), limit=1) == []
    assert actions.claim_due(now=now + timedelta(seconds=60), limit=1)


@pytest.mark.django_db
def test_a_duty_that_keeps_bringing_its_worker_down_is_given_up():
    owe(1)
    now = timezone.now()
    for _ in range(actions.MOST_ATTEMPTS):
        assert actions.claim_due(now=now, limit=1)
        now += STALE_AFTER
    assert actions.claim_due(now=now, limit=1) == []
    assert Duty.objects.get().state == "failed"


@pytest.mark.django_db(transaction=True)
def test_a_slow_worker_that_lost_its_claim_leaves_no_effect(monkeypatch):
    owe(1)
    now = timezone.now()
    [slow] = actions.claim_due(now=now, limit=1)
    [quick] = actions.claim_due(now=now + STALE_AFTER, limit=1)
    users = get_user_model().objects
    monkeypatch.setitem(registry._handlers, KIND, lambda _: users.create_user(username="effect"))
    carry_out(slow)
    assert not users.exists()
    assert Duty.objects.get().state == "claimed"
    carry_out(quick)
    assert users.count() == 1
    assert Duty.objects.get().state == "done"


@pytest.mark.django_db(transaction=True)
def test_a_failing_handler_undoes_its_effect_waits_longer_each_time_and_is_given_up(monkeypatch):
    users = get_user_model().objects

    def fail(_: int) -> None:
        users.create_user(username="half-done")
        raise ValueError("no such printer\nDETAIL: (name)=(Wang Fang)")

    monkeypatch.setitem(registry._handlers, KIND, fail)
    owe(1)
    waits = []
    for attempt in range(1, actions.MOST_ATTEMPTS + 1):
        Duty.objects.update(due_at=timezone.now())
        before = timezone.now()
        work_off_due_duties()
        duty = Duty.objects.get()
        assert (duty.attempts, duty.last_error) == (attempt, "ValueError: no such printer")
        waits.append(round((duty.due_at - before).total_seconds()))
    assert waits[:-1] == [30, 60, 120, 240, 480, 960, 1920]
    assert duty.state == "failed"
    assert not users.exists()
    assert work_off_due_duties() == 0


@pytest.mark.django_db
def test_the_log_of_a_failure_names_no_patient(monkeypatch, caplog):
    error = ValueError("no such printer\nDETAIL: (name)=(Wang Fang)")

    def fail(_: int) -> None:
        raise error

    monkeypatch.setitem(registry._handlers, KIND, fail)
    owe(1)
    work_off_due_duties()
    assert "no such printer" in caplog.text
    assert "Wang Fang" not in caplog.text


@pytest.mark.django_db
def test_one_failure_does_not_hold_up_the_others(monkeypatch):
    monkeypatch.setitem(registry._handlers, KIND, lambda number: 1 / (number - 1))
    owe(1, 2)
    assert work_off_due_duties() == 2
    assert list(Duty.objects.order_by("subject").values_list("state", flat=True)) == ["waiting", "done"]


@pytest.mark.django_db
def test_what_was_given_up_can_be_tried_again(done):
    owe(1)
    Duty.objects.update(state="failed", attempts=8)
    assert actions.try_failed_again(now=timezone.now()) == 1
    work_off_due_duties()
    assert done == [1]


@pytest.mark.django_db
def test_the_command_counts_and_lists(capsys):
    from django.core.management import call_command

    owe(1)
    Duty.objects.update(state="failed", last_error="ValueError: no such printer")
    call_command("duties")
    assert "given up: test-letter tests.Letter:1" in capsys.readouterr().out
    call_command("duties", "--retry")
    assert "1 duties will be tried again" in capsys.readouterr().out
