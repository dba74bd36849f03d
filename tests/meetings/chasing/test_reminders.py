"""Reminders: on two mornings before the deadline, once for each thing, one message a day, until the facts are there."""

from datetime import datetime, time, timedelta
from unittest import mock

import pytest
from django.utils import timezone

from cases.actions import close_case
from cases.models import Case
from mdt.duties.models import Duty
from mdt.duties.registry import subject_id
from mdt.mail.models import Entry, Message
from mdt.meetings import actions as meeting_actions
from mdt.meetings import duties
from mdt.meetings.actions import chasing
from mdt.meetings.chasing.deadline import deadline_of, place_of
from mdt.meetings.models import Reminder
from mdt.people.models import Membership, Role
from tests.builders import COMPLETE_FACTS, complete_case, make_case, make_finding, make_user
from tests.meetings.builders import plan
from tests.remembered import remembered

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FIRST_DAY = timezone.localdate()
CARRIED_OUT = {
    "follow-readiness": duties.follow_readiness,
    "remind-discipline": duties.remind_discipline,
    "send-digest": duties.send_digest,
    "report-cut-off": duties.report_cut_off,
}


@pytest.fixture(autouse=True)
def clock():
    """A clock that stands at ten in the morning of the first day until `work` moves it on."""
    now = at(0, 10)
    with mock.patch.object(timezone, "now", side_effect=lambda: now) as clock:
        yield clock


def at(days: int, hour: int = 12) -> datetime:
    """An hour of a day counted from the first, by the team's clock."""
    return timezone.make_aware(datetime.combine(FIRST_DAY + timedelta(days=days), time(hour)))


def work(until: datetime) -> None:
    """Let time go by, and what falls due be carried out at its time, as a worker does."""
    until = max(until, timezone.now())
    while duty := Duty.objects.filter(state="waiting", kind__in=CARRIED_OUT, due_at__lte=until).first():
        moment = max(duty.due_at, timezone.now())
        timezone.now.side_effect = lambda moment=moment: moment
        Duty.objects.filter(pk=duty.pk).update(state="done", done_at=moment)
        CARRIED_OUT[duty.kind](subject_id(duty.subject))
    timezone.now.side_effect = lambda: until


@pytest.fixture
@remembered
def case(team, coordinator, radiologist, surgeon):
    """A case to be discussed in fourteen days, for which everything is known but what radiology says."""
    case = make_case(team=team, by=coordinator, target_on=FIRST_DAY + 14 * DAY)
    for discipline, facts in COMPLETE_FACTS.items():
        if discipline != "radiology":
            make_finding(case, coordinator, facts, discipline=discipline)
    case.refresh_from_db()
    return case


def to(person):
    return list(Message.objects.filter(to=person, kind="reminder").order_by("pk"))


def test_nothing_is_sent_before_the_first_morning_and_one_message_on_each(case, radiologist, surgeon):
    work(at(8, 23))
    assert to(radiologist) == []
    work(at(9, 8))
    assert len(to(radiologist)) == 1
    work(at(12, 23))
    assert len(to(radiologist)) == 1
    work(at(13, 8))
    assert len(to(radiologist)) == 2
    work(at(30))
    assert (len(to(radiologist)), to(surgeon)) == (2, [])


def test_the_message_names_case_facts_and_links_and_no_patient(case, radiologist, settings):
    settings.PUBLIC_URL = "https://mdt.example"
    work(at(9))
    (message,) = to(radiologist)
    assert message.case_reference == case.reference
    assert case.reference in message.body
    assert f"https://mdt.example/cases/{case.reference}/findings/record/radiology/" in message.body
    assert "https://mdt.example/worklist/" in message.body
    assert "N category" in message.body
    for secret in (case.patient.name, case.patient.hospital_number, "stomach", "gastric"):
        assert secret not in message.subject + message.body


def test_it_is_in_the_language_of_the_person(case, radiologist):
    radiologist.language = "zh-hans"
    radiologist.save()
    work(at(9))
    assert "病例" in to(radiologist)[0].subject


def test_once_the_facts_are_there_nobody_is_reminded(case, radiologist, coordinator):
    work(at(1))
    make_finding(case, coordinator, COMPLETE_FACTS["radiology"], discipline="radiology")
    work(at(30))
    assert not Message.objects.filter(kind="reminder").exists()


def test_facts_that_come_in_between_the_reminder_and_the_digest_stop_it(case, radiologist, coordinator):
    work(at(9, 7))
    assert Reminder.objects.pending().count() == 1
    make_finding(case, coordinator, COMPLETE_FACTS["radiology"], discipline="radiology")
    work(at(9, 8))
    assert to(radiologist) == []
    assert Reminder.objects.get().dropped_at is not None


def test_ten_cases_make_one_message(team, coordinator, radiologist):
    for _ in range(10):
        make_case(team=team, by=coordinator, target_on=FIRST_DAY + 14 * DAY)
    work(at(9))
    (message,) = to(radiologist)
    assert "10 cases" in message.subject
    assert message.body.count("/findings/record/radiology/") == 10


def test_each_person_of_the_discipline_is_asked_and_nobody_else(case, team, radiologist, surgeon, outsider):
    second = make_user("second", discipline="radiology", team=team)
    gone = make_user("gone", discipline="radiology", team=team, is_active=False)
    reader = make_user("reader", discipline="radiology", team=team, roles=(Role.AUDITOR,))
    work(at(9))
    assert [len(to(person)) for person in (radiologist, second, gone, reader, surgeon, outsider)] == [1, 1, 0, 0, 0, 0]


def test_where_nobody_is_of_the_discipline_the_coordinator_is_asked(case, coordinator, radiologist):
    Membership.objects.filter(user=radiologist).delete()
    work(at(9))
    assert len(to(coordinator)) == 1


def test_the_cut_off_of_the_meeting_that_lists_the_case_counts(case, team, coordinator, radiologist):
    meeting = plan(team, coordinator, starts_at=at(9))
    item = meeting_actions.list_case(meeting=meeting, case=case, by=coordinator, late_reason="urgent")
    assert deadline_of(case, place_of(case)).at == meeting.cut_off_at
    work(at(1, 23))
    assert to(radiologist) == []
    work(at(2, 8))
    assert len(to(radiologist)) == 1
    meeting_actions.unlist_case(item=item, by=coordinator, reason="images not here")
    work(at(8))
    assert len(to(radiologist)) == 1, "the day it is to be discussed by counts again"
    work(at(9))
    assert len(to(radiologist)) == 2


def test_a_case_listed_late_is_asked_about_at_once(case, team, coordinator, radiologist):
    meeting = plan(team, coordinator, starts_at=timezone.now() + 3 * DAY)
    meeting_actions.list_case(meeting=meeting, case=case, by=coordinator, late_reason="urgent")
    work(timezone.now() + timedelta(hours=1))
    assert len(to(radiologist)) == 1


def test_a_meeting_that_is_moved_is_a_new_deadline_and_by_an_hour_it_is_not(case, team, coordinator, radiologist):
    meeting = plan(team, coordinator, starts_at=at(7))
    meeting_actions.list_case(meeting=meeting, case=case, by=coordinator, late_reason="urgent")
    meeting.refresh_from_db()
    now = timezone.now() + timedelta(hours=1)
    work(now)
    assert len(to(radiologist)) == 1

    def move(by: timedelta):
        meeting.refresh_from_db()
        meeting_actions.change_meeting(
            meeting=meeting, by=coordinator, version=meeting.version, cut_off_at=meeting.cut_off_at + by
        )
        work(timezone.now() + DAY)

    move(timedelta(hours=1))
    assert len(to(radiologist)) == 1
    move(-DAY)
    assert len(to(radiologist)) == 2


def test_a_fact_that_comes_to_be_missing_later_is_reminded_of_again_and_only_then(case, team, coordinator, radiologist):
    """Radiology answered all but one; after the reminder a second one grows open."""
    rest = {
        name: value for name, value in COMPLETE_FACTS["radiology"].items() if name not in ("n_category", "t_category")
    }
    make_finding(case, coordinator, {**rest, "t_category": "T3"}, discipline="radiology")
    work(at(9, 8))
    (first,) = Reminder.objects.filter(person=radiologist)
    assert first.facts == ["n_category"]
    case.refresh_from_db()
    chasing.remind_discipline(case=case, discipline="radiology", now=at(10))
    assert Reminder.objects.count() == 1, "nothing is new"
    Case.objects.filter(pk=case.pk).update(
        readiness=[{**row, "state": "stale"} if row["fact"] == "t_category" else row for row in case.readiness]
    )
    for _ in range(2):
        chasing.remind_discipline(case=Case.objects.get(pk=case.pk), discipline="radiology", now=at(10))
    assert Reminder.objects.count() == 2
    assert set(Reminder.objects.latest("pk").facts) == {"n_category", "t_category"}


def test_a_second_digest_waits_for_the_next_morning_unless_the_deadline_comes_first(
    case, team, coordinator, radiologist
):
    def listed(days):
        other = make_case(team=team, by=coordinator)
        meeting = plan(team, coordinator, starts_at=timezone.now() + timedelta(days=days))
        meeting_actions.list_case(meeting=meeting, case=other, by=coordinator, late_reason="urgent")

    listed(4)
    work(timezone.now() + timedelta(minutes=30))
    listed(4)
    work(timezone.now() + timedelta(minutes=30))
    assert len(to(radiologist)) == 1
    listed(2.05)
    work(timezone.now() + timedelta(minutes=30))
    assert len(to(radiologist)) == 2
    assert not Reminder.objects.pending().filter(person=radiologist).exists(), "the urgent one took the other along"


def test_carrying_out_a_duty_again_reminds_nobody_again(case, radiologist):
    work(at(9))
    for _ in range(3):
        chasing.remind_discipline(case=case, discipline="radiology", now=at(9))
        chasing.send_digest(person=radiologist, now=at(9))
    assert (Reminder.objects.count(), len(to(radiologist))) == (1, 1)


def test_who_left_the_team_is_not_told(case, radiologist):
    work(at(9, 7))
    Membership.objects.filter(user=radiologist).delete()
    chasing.send_digest(person=radiologist, now=at(9, 8))
    assert to(radiologist) == []


def test_a_closed_case_is_not_asked_about(case, coordinator, radiologist):
    close_case(case=case, by=coordinator, reason="withdrawn")
    work(at(30))
    assert not Message.objects.exists()


# --- At the cut-off ---------------------------------------------------------------------------------------------------


def test_at_the_cut_off_the_coordinator_gets_one_list_of_what_is_not_ready(case, team, coordinator, radiologist):
    ready = complete_case(make_case(team=team, by=coordinator), coordinator)
    due = make_case(team=team, by=coordinator, target_on=FIRST_DAY + 5 * DAY)
    later = make_case(team=team, by=coordinator, target_on=FIRST_DAY + 50 * DAY)
    meeting = plan(team, coordinator, starts_at=at(9))
    meeting_actions.list_case(meeting=meeting, case=case, by=coordinator, late_reason="urgent")
    meeting_actions.list_case(meeting=meeting, case=ready, by=coordinator)
    work(meeting.cut_off_at - timedelta(minutes=1))
    assert not Message.objects.filter(kind="cut-off").exists()
    work(meeting.cut_off_at)
    chasing.report_cut_off(meeting=meeting, now=meeting.cut_off_at)
    (message,) = Message.objects.filter(kind="cut-off")
    assert (message.to, "1 case on the agenda is not ready" in message.subject) == (coordinator, True)
    listed, unlisted = message.body.split("On no agenda")
    assert case.reference in listed
    assert "Radiology: " in listed
    assert due.reference in unlisted
    assert ready.reference not in message.body
    assert later.reference not in message.body


def test_a_cut_off_that_was_moved_is_reported_when_it_has_come(case, team, coordinator):
    meeting = plan(team, coordinator, starts_at=at(9))
    meeting_actions.list_case(meeting=meeting, case=case, by=coordinator, late_reason="urgent")
    work(timezone.now())
    meeting.refresh_from_db()
    meeting_actions.change_meeting(meeting=meeting, by=coordinator, version=meeting.version, cut_off_at=at(8))
    work(at(7, 23))
    assert not Message.objects.filter(kind="cut-off").exists()
    work(at(8))
    assert Message.objects.filter(kind="cut-off").count() == 1


def test_a_cancelled_meeting_reports_nothing(case, team, coordinator):
    meeting = plan(team, coordinator, starts_at=at(9))
    meeting_actions.list_case(meeting=meeting, case=case, by=coordinator, late_reason="urgent")
    meeting.refresh_from_db()
    meeting_actions.cancel_meeting(meeting=meeting, by=coordinator, version=meeting.version, reason="flood")
    work(at(9))
    assert not Message.objects.filter(kind="cut-off").exists()


def test_a_case_that_is_not_ready_is_listed_only_with_a_reason(case, team, coordinator):
    """Before the cut-off and after it."""
    coming, closing = plan(team, coordinator), plan(team, coordinator, cut_off_at=timezone.now() - timedelta(minutes=1))
    for meeting in (coming, closing):
        with pytest.raises(meeting_actions.ActionError, match="say why"):
            meeting_actions.list_case(meeting=meeting, case=case, by=coordinator)
    ready = complete_case(make_case(team=team, by=coordinator), coordinator)
    with pytest.raises(meeting_actions.ActionError, match="say why"):
        meeting_actions.list_case(meeting=closing, case=ready, by=coordinator)
    item = meeting_actions.list_case(meeting=closing, case=case, by=coordinator, late_reason="ileus")
    assert item.late_reason == "ileus"


def test_a_switched_off_reminder_leaves_no_mark(case, radiologist):
    radiologist.muted_kinds.create(kind="reminder")
    work(at(9))
    assert (len(to(radiologist)), Entry.objects.unread().filter(person=radiologist).exists()) == (1, False)
