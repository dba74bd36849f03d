"""Who is told of an outcome: each once, even where a worker dies, and by whom the patient was told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import change_referral
from mdt.duties.registry import handler_of
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.mail.models import Message
from mdt.meetings import actions
from mdt.meetings.actions import Step
from mdt.meetings.actions.sending import send_outcome
from mdt.meetings.models import Decision, Recipient, Release, Told
from mdt.people.models import Membership
from tests.remembered import remembered

pytestmark = pytest.mark.django_db
SIGNED_STEPS = 2


@pytest.fixture
def content(content, surgeon, oncologist):
    day = timezone.localdate() + timedelta(days=8)
    steps = [Step("Staging laparoscopy", surgeon, day), Step("Begin treatment", oncologist, day)]
    return replace(content, next_steps=steps)


@pytest.fixture
@remembered
def released(signed, coordinator):
    change_referral(case=signed.case, by=coordinator, version=signed.case.version, referrer_email="bai@clinic.example")
    actions.release_outcome(decision=signed, by=coordinator)
    return Decision.objects.get(pk=signed.pk)


def send(decision):
    handler_of("send-outcome")(decision.pk)


def url(name, decision, *more):
    return reverse(name, args=[decision.meeting.reference, decision.case.reference, decision.version, *more])


def amend(decision, by, chair, content, **changes):
    newer = actions.amend_decision(
        decision=decision, by=by, content=replace(content, **changes), amendment_reason="The date was wrong."
    )
    actions.sign_decision(decision=newer, by=chair)
    return newer


def test_referrer_responsible_and_owners_are_told_each_once(released, surgeon, oncologist):
    send(released)
    told = {row.name: (row.role, row.message) for row in Recipient.objects.all()}
    assert {name: role for name, (role, _message) in told.items()} == {
        released.case.referrer: "referrer",
        oncologist.display_name: "responsible",
        surgeon.display_name: "owner",
    }
    for _role, message in told.values():
        for secret in (released.case.patient.name, released.case.patient.hospital_number, "laparoscopy"):
            assert secret not in message.subject + message.body
        assert released.case.reference in message.subject


def test_the_letter_goes_to_the_team_and_a_notice_to_an_address_that_may_not_have_it(released, surgeon, settings):
    send(released)
    inside = Message.objects.get(to=surgeon)
    assert bytes(inside.enclosures.get().content).startswith(b"%PDF")
    outside = Message.objects.get(address="bai@clinic.example")
    assert not outside.enclosures.exists()
    assert "cannot be sent to this address" in outside.body


def test_a_listed_domain_may_have_the_letter(released, settings):
    settings.MAIL_CLINICAL_DOMAINS = ["clinic.example"]
    send(released)
    assert Message.objects.get(address="bai@clinic.example").enclosures.exists()


def test_an_owner_who_left_the_team_gets_no_letter(released, surgeon):
    Membership.objects.filter(user=surgeon).delete()
    send(released)
    assert not Message.objects.get(to=surgeon).enclosures.exists()


def test_a_worker_that_dies_and_begins_again_writes_to_nobody_twice(released, monkeypatch):
    from mdt.meetings.outcome import mails

    real, calls = mails.letter, []

    def dies_at_the_second(*args, **kwargs):
        calls.append(kwargs["key"])
        if len(calls) == SIGNED_STEPS:
            raise OSError("the machine went down")
        return real(*args, **kwargs)

    monkeypatch.setattr(mails, "letter", dies_at_the_second)
    with pytest.raises(OSError, match="went down"):
        send_outcome(release=released.release)
    assert Recipient.objects.count() == Message.objects.count() == 0, "all or nothing"
    monkeypatch.setattr(mails, "letter", real)
    send(released)
    send(released)
    keys = list(Message.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys)) == Recipient.objects.count() == 3
    assert Event.objects.filter(kind=Kind.OUTCOME_SENT).count() == 1


def test_an_address_that_no_mail_reaches_is_shown(client, signed, coordinator, chair):
    change_referral(case=signed.case, by=coordinator, version=signed.case.version, referrer_email="bai lu@x")
    actions.release_outcome(decision=signed, by=coordinator)
    send(signed)
    client.force_login(chair)
    assert "no mail reaches this address" in client.get(url("decision", signed)).text


def test_an_unsigned_decision_is_not_released(client, decision, coordinator):
    client.force_login(coordinator)
    client.post(url("outcome-release", decision))
    assert Release.objects.count() == 0


@pytest.mark.parametrize("name", ["surgeon", "auditor"])
def test_others_do_not_release(client, request, signed, name):
    client.force_login(request.getfixturevalue(name))
    assert client.post(url("outcome-release", signed)).status_code == 403


def test_an_amendment_releases_anew_and_says_which_letter_it_replaces(
    released, coordinator, chair, content, surgeon, radiologist
):
    send(released)
    day = timezone.localdate() + timedelta(days=9)
    second = amend(released, coordinator, chair, content, next_steps=[Step("CT", radiologist, day)])
    actions.release_outcome(decision=second, by=chair)
    send(second)
    third = amend(second, coordinator, chair, content)
    actions.release_outcome(decision=third, by=chair)
    send(third)
    earlier = Recipient.objects.get(release__decision=second, person=surgeon)
    assert earlier.role == "earlier", "no step of theirs is left, and they hold the first letter"
    assert "It replaces version 1" in earlier.message.body
    again = Recipient.objects.get(release__decision=third, person=radiologist)
    assert "It replaces version 2" in again.message.body
    assert Message.objects.filter(to=surgeon).count() == 3


def test_what_was_amended_before_the_worker_came_is_not_sent_in_its_old_form(released, coordinator, chair, content):
    second = amend(released, coordinator, chair, content)
    send(released)
    assert Recipient.objects.count() == 0
    actions.release_outcome(decision=second, by=chair)
    send(second)
    assert all("replaces" not in message.body for message in Message.objects.filter(kind="letter"))


def test_a_replaced_version_is_not_released(released, coordinator, chair, content):
    amend(released, coordinator, chair, content)
    assert actions.release_outcome(decision=released, by=chair) == released.release, "it was before"


def test_a_signed_amendment_waits_visibly_for_its_release(client, released, coordinator, chair, content):
    second = amend(released, coordinator, chair, content)
    client.force_login(chair)
    assert "Others still hold the letter of an earlier version" in client.get(url("decision", second)).text
    handler_of("watch-outcome")(second.pk)
    assert Message.objects.filter(key__startswith=f"watch:{second.pk}:").count() == 2
    actions.release_outcome(decision=second, by=chair)
    assert "Others still hold" not in client.get(url("decision", second)).text


def test_the_patient_was_told_by_whom_and_when(client, released, surgeon, oncologist):
    client.force_login(surgeon)
    today = timezone.localdate().isoformat()
    data = {"whom": "patient", "told_on": today, "told_by": oncologist.pk, "note": "With her daughter."}
    assert [client.post(url("outcome-told", released), data).status_code for _click in range(2)] == [302, 302]
    told = Told.objects.get()
    assert (told.told_by, told.recorded_by, told.whom) == (oncologist, surgeon, "patient")
    assert "With her daughter." in client.get(url("decision", released)).text


def test_nobody_is_told_before_the_signature_or_in_the_future(client, released, surgeon):
    client.force_login(surgeon)
    for shift in (-1, 1):
        day = (timezone.localdate() + timedelta(days=shift)).isoformat()
        answer = client.post(url("outcome-told", released), {"whom": "patient", "told_on": day, "told_by": surgeon.pk})
        assert answer.status_code == 422
    assert not Told.objects.exists()
