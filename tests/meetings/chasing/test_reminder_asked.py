"""Remind now: a coordinator has a discipline reminded of a case at once, and sees when it was reminded last."""

from datetime import datetime, time, timedelta
from unittest import mock

import pytest
from django.urls import reverse
from django.utils import timezone

from mdt.duties.models import Duty
from mdt.duties.registry import subject_id
from mdt.events.chain import Restricted
from mdt.events.models import Event
from mdt.help.search import search
from mdt.mail.models import Message
from mdt.meetings.actions import ActionError, ask_reminder, chasing, list_case
from mdt.meetings.chasing.deadline import deadline_of, place_of
from mdt.meetings.chasing.needs import people_asked
from mdt.meetings.duties import send_digest
from mdt.meetings.models import Reminder, Reply
from mdt.people.models import Membership
from mdt.privacy.actions import restrict
from tests.builders import COMPLETE_FACTS, make_case, make_finding, make_user
from tests.meetings.builders import plan
from tests.remembered import remembered

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def at(days: int, hour: int = 10, minute: int = 0) -> datetime:
    """An hour of a day counted from today, by the team's clock."""
    return timezone.make_aware(datetime.combine(TODAY + timedelta(days=days), time(hour, minute)))


@pytest.fixture(autouse=True)
def clock():
    with mock.patch.object(timezone, "now", return_value=at(0)) as clock:
        yield clock


@pytest.fixture
@remembered
def case(team, coordinator, radiologist, surgeon):
    """To be discussed in fourteen days, waiting for radiology and nobody else."""
    case = make_case(team=team, by=coordinator, target_on=TODAY + timedelta(days=14), name="Wang Unmistakable")
    for discipline, facts in COMPLETE_FACTS.items():
        if discipline != "radiology":
            make_finding(case, coordinator, facts, discipline=discipline)
    case.refresh_from_db()
    return case


def carry_out() -> None:
    """The digests that are due, as the worker sends them."""
    for duty in Duty.objects.filter(kind="send-digest", state="waiting", due_at__lte=timezone.now()):
        Duty.objects.filter(pk=duty.pk).update(state="done", done_at=timezone.now())
        send_digest(subject_id(duty.subject))


def remind(case, by, discipline="radiology"):
    people = ask_reminder(case=case, discipline=discipline, by=by, now=timezone.now())
    carry_out()
    return people


def to(person):
    return Message.objects.filter(to=person, kind="reminder")


def test_a_reminder_goes_at_once_by_the_same_message_and_leaves_one_line_in_the_log(
    case, coordinator, radiologist, surgeon
):
    before = Event.objects.count()
    assert remind(case, coordinator) == [radiologist]
    (message,) = to(radiologist)
    assert (message.case_reference, "N category" in message.body) == (case.reference, True)
    assert case.patient.name not in message.subject + message.body
    assert not to(surgeon).exists()
    lines = Event.objects.filter(number__gt=before).order_by("number")
    assert [line.kind for line in lines] == ["reminder-asked", "message-posted"]
    assert (lines[0].by, lines[0].case_reference) == (coordinator, case.reference)
    assert lines[0].data["people"] == [str(radiologist)]


def test_not_twice_within_an_hour_and_again_after_it(case, coordinator, chair, radiologist, clock):
    remind(case, coordinator)
    clock.return_value = at(0, 10, 59)
    with pytest.raises(ActionError, match="again from 11:00"):
        remind(case, chair)
    assert (to(radiologist).count(), Reminder.objects.count()) == (1, 1)
    clock.return_value = at(0, 11, 1)
    remind(case, chair)
    assert to(radiologist).count() == 2


def test_an_automatic_reminder_within_the_hour_counts_too(case, coordinator, radiologist, clock):
    clock.return_value = at(9, 8)
    chasing.remind_discipline(case=case, discipline="radiology", now=at(9, 8))
    clock.return_value = at(9, 8, 15)
    carry_out()
    with pytest.raises(ActionError, match="again from 09:15"):
        remind(case, coordinator)


def test_what_waits_for_the_next_morning_goes_along_and_is_told_once(case, coordinator, radiologist, clock):
    clock.return_value = at(9, 8)
    chasing.remind_discipline(case=case, discipline="radiology", now=at(9, 8))
    remind(case, coordinator)
    (message,) = to(radiologist)
    assert message.body.count(case.reference + ",") == 1
    assert not Reminder.objects.pending().exists()
    clock.return_value = at(9, 8, 20)
    carry_out()
    assert to(radiologist).count() == 1


def test_the_reminders_on_their_mornings_go_on_as_before(case, coordinator, radiologist, clock):
    remind(case, coordinator)
    clock.return_value = at(9, 8)
    chasing.remind_discipline(case=case, discipline="radiology", now=at(9, 8))
    clock.return_value = at(9, 8, 15)
    carry_out()
    assert to(radiologist).count() == 2


def test_after_the_deadline_one_may_still_remind_by_hand(case, coordinator, radiologist, clock):
    clock.return_value = at(15)
    remind(case, coordinator)
    assert to(radiologist).count() == 1


def test_what_has_come_in_is_not_reminded_of(case, coordinator, radiologist):
    make_finding(case, coordinator, COMPLETE_FACTS["radiology"], discipline="radiology")
    with pytest.raises(ActionError, match="Nothing is missing"):
        remind(case, coordinator)
    assert not Reminder.objects.exists()


def test_nobody_reminds_only_themselves(case, coordinator, radiologist):
    Membership.objects.filter(user=radiologist).delete()
    with pytest.raises(ActionError, match="you are asked yourself"):
        remind(case, coordinator)
    assert not Message.objects.filter(kind="reminder").exists()


def test_of_a_restricted_case_nobody_is_reminded(client, case, team, coordinator, radiologist):
    officer = make_user("officer", team=team, roles=("privacy",))
    restrict(case=case, by=officer, asked_by="patient", ground="gdpr-18-a", reason="It is being checked.")
    with pytest.raises(Restricted):
        ask_reminder(case=case, discipline="radiology", by=coordinator, now=timezone.now())
    client.force_login(coordinator)
    assert client.post(reverse("reminder-ask", args=[case.reference]), {"discipline": "radiology"}).status_code == 403
    assert not Reminder.objects.exists()


# --- On the pages ----------------------------------------------------------------------------------------------------


def pages(client, person, case):
    client.force_login(person)
    worklist = client.get(reverse("worklist"), {"whom": "radiology"}).content.decode()
    return worklist, client.get(case.get_absolute_url()).content.decode()


def test_both_pages_say_when_the_next_reminder_goes_and_offer_to_remind_now(client, case, coordinator):
    for page in pages(client, coordinator, case):
        assert "Not reminded yet." in page
        assert "Next automatic reminder:" in page
        assert ", 07:00." in page
        assert reverse("reminder-ask", args=[case.reference]) in page


def test_the_button_reminds_and_both_pages_say_whom_and_when(client, case, coordinator, radiologist):
    client.force_login(coordinator)
    answer = client.post(
        reverse("reminder-ask", args=[case.reference]), {"discipline": "radiology", "next": "/worklist/"}
    )
    assert answer.url == "/worklist/"
    carry_out()
    for page in pages(client, coordinator, case):
        assert f", 10:00, {radiologist}." in page
        assert "May be reminded again from" in page
        assert reverse("reminder-ask", args=[case.reference]) not in page
    assert to(radiologist).count() == 1


def test_a_case_of_which_nothing_is_asked_yet_says_that_a_reminder_is_on_its_way(client, case, coordinator):
    ask_reminder(case=case, discipline="radiology", by=coordinator, now=timezone.now())
    for page in pages(client, coordinator, case):
        assert "A reminder is on its way." in page


def test_who_switched_reminders_off_is_named(client, case, coordinator, radiologist):
    radiologist.muted_kinds.create(kind="reminder")
    remind(case, coordinator)
    for page in pages(client, coordinator, case):
        assert f"Switched reminders off: {radiologist}" in page


def test_only_coordinators_and_chairs_may_remind(
    client, case, coordinator, chair, radiologist, surgeon, auditor, outsider
):
    url = reverse("reminder-ask", args=[case.reference])
    for person in (radiologist, surgeon, auditor):
        assert all(url not in page for page in pages(client, person, case))
    for person, status in ((radiologist, 403), (surgeon, 403), (auditor, 403), (outsider, 404), (chair, 302)):
        client.force_login(person)
        assert client.post(url, {"discipline": "radiology"}).status_code == status, person
    assert Event.objects.filter(kind="reminder-asked").count() == 1


def test_the_header_leads_from_whom_to_ask_to_where_one_is_reminded(client, case, coordinator):
    _worklist, page = pages(client, coordinator, case)
    assert f'href="{case.get_absolute_url()}#ask-radiology"' in page
    assert 'id="ask-radiology"' in page


@pytest.mark.parametrize("asked", ["remind", "提醒", "催"])
def test_search_finds_where_to_remind(coordinator, radiologist, asked):
    assert any("worklist" in door.url for door in search(coordinator, asked).doors)
    assert search(radiologist, asked).doors == []


def test_who_comes_to_the_meeting_and_may_no_longer_record_a_finding_is_not_reminded(
    case, team, coordinator, chair, radiologist
):
    locum = make_user("locum", discipline="radiology", team=team)
    meeting = plan(team, coordinator, chair=chair)
    list_case(meeting=meeting, case=case, by=coordinator, late_reason="Wanted now")
    Reply.objects.create(meeting=meeting, person=radiologist, answer="deputy", deputy=locum, replied_by=radiologist)
    Membership.objects.filter(user=locum).update(role="auditor")
    asked = people_asked(deadline_of(case, place_of(case)), "radiology")
    assert locum in asked, "the plan of the meeting counts on them"
    with pytest.raises(ActionError, match="Nobody else"):
        remind(case, coordinator)
    assert not Reminder.objects.exists()
