"""Next steps after the meeting: mine, done, open again with a reason, reminded of, overdue."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from unittest import mock

import pytest
from django.urls import reverse
from django.utils import timezone

from mdt.duties.models import Duty
from mdt.duties.registry import handler_of
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.mail.models import Message
from mdt.meetings import actions
from mdt.meetings.actions import Step
from mdt.meetings.models import NextStep, StepMark
from mdt.meetings.outcome.next_steps import is_done
from tests.remembered import remembered

pytestmark = pytest.mark.django_db


@pytest.fixture
def content(content, surgeon):
    due = timezone.localdate() + timedelta(days=3)
    return replace(content, next_steps=[Step("Staging laparoscopy", surgeon, due)])


@pytest.fixture
@remembered
def step(signed, coordinator):
    actions.release_outcome(decision=signed, by=coordinator)
    return NextStep.objects.get()


def mark(client, step, **data):
    return client.post(reverse("next-step-mark", args=[step.pk]), data)


def at_day(on):
    moment = timezone.make_aware(datetime.combine(on, time(8)))
    return mock.patch.object(timezone, "now", return_value=moment)


def test_a_step_stands_with_its_owner_only_once_it_is_signed(client, decision, surgeon, chair):
    client.force_login(surgeon)
    assert "Staging laparoscopy" not in client.get(reverse("next-steps")).text
    actions.sign_decision(decision=decision, by=chair)
    assert "Staging laparoscopy" in client.get(reverse("next-steps")).text
    client.force_login(chair)
    assert "Staging laparoscopy" not in client.get(reverse("next-steps")).text
    assert "Staging laparoscopy" in client.get(reverse("next-steps") + "?whose=all").text
    assert "Staging laparoscopy" in client.get(reverse("meeting-steps", args=[decision.meeting.reference])).text


def test_done_and_open_again_with_a_reason(client, step, surgeon):
    client.force_login(surgeon)
    for _click in range(2):
        mark(client, step, mark="done")
    assert is_done(step)
    mark(client, step, mark="open", reason=" ")
    assert is_done(step), "without a reason it stays done"
    mark(client, step, mark="open", reason="The ascites was not sampled.")
    assert not is_done(step)
    assert list(StepMark.objects.values_list("is_done", flat=True)) == [True, False]
    assert "The ascites was not sampled." in client.get(reverse("next-steps")).text
    assert Event.objects.filter(kind=Kind.STEP_REOPENED).count() == 1


@pytest.mark.parametrize(("name", "status"), [("radiologist", 403), ("auditor", 403), ("outsider", 404)])
def test_others_do_not_mark_it(client, request, step, name, status):
    client.force_login(request.getfixturevalue(name))
    assert mark(client, step, mark="done").status_code == status
    assert not StepMark.objects.exists()


def test_the_coordinator_marks_for_the_owner(client, step, coordinator):
    client.force_login(coordinator)
    assert mark(client, step, mark="done").status_code == 302
    assert is_done(step)


def test_an_amendment_keeps_what_was_done_and_takes_what_was_dropped_off_the_list(
    client, step, signed, content, coordinator, chair, surgeon
):
    actions.mark_step_done(step=step, by=surgeon)
    due = timezone.localdate() + timedelta(days=9)
    steps = [*content.next_steps, Step("Port", surgeon, due)]
    second = actions.amend_decision(
        decision=signed, by=coordinator, content=replace(content, next_steps=steps), amendment_reason="A port too"
    )
    actions.sign_decision(decision=second, by=chair)
    assert is_done(second.next_steps.get(what="Staging laparoscopy"))
    client.force_login(surgeon)
    answer = client.get(reverse("next-steps"))
    assert [row["step"].what for row in answer.context["open"]] == ["Port"]
    with pytest.raises(actions.ActionError, match="newer version"):
        actions.mark_step_done(step=step, by=surgeon)


def test_the_owner_is_reminded_on_the_day_and_the_coordinator_when_it_is_overdue(step, surgeon, coordinator, chair):
    duty = Duty.objects.get(kind="remind-of-step")
    assert timezone.localdate(duty.due_at) == step.due_on
    with at_day(step.due_on):
        for _again in range(2):
            handler_of("remind-of-step")(step.pk)
    assert [message.to for message in Message.objects.filter(kind="task")] == [surgeon]
    with at_day(step.due_on + timedelta(days=7)):
        handler_of("remind-of-step")(step.pk)
        handler_of("remind-of-step")(step.pk)
    assert {message.to for message in Message.objects.filter(key__contains="overdue")} == {surgeon, coordinator, chair}
    assert all("laparoscopy" not in m.subject + m.body for m in Message.objects.all())


def test_a_step_that_is_done_is_not_reminded_of(step, surgeon):
    actions.mark_step_done(step=step, by=surgeon)
    with at_day(step.due_on):
        handler_of("remind-of-step")(step.pk)
    assert not Message.objects.filter(kind="task").exists()


def test_an_overdue_step_says_so(client, step, surgeon):
    client.force_login(surgeon)
    with at_day(step.due_on + timedelta(days=2)):
        client.force_login(surgeon)
        assert "2 days overdue" in client.get(reverse("next-steps")).text
