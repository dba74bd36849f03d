"""Invitations by e-mail: who gets which, when, and that calendars elsewhere will read them as they are meant.

The instants are recomputed here from the file's own VTIMEZONE, without the library that wrote it.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes

import pytest
from django.utils import timezone
from icalendar import Calendar

from mdt.duties.models import Duty
from mdt.duties.tasks import work_off_due_duties
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.mail.models import Entry, Message
from mdt.mail.outgoing import email_of
from mdt.meetings import actions as meeting_actions
from mdt.meetings.calendar import actions, ics
from mdt.meetings.models import Invitation
from tests.builders import complete_case, make_case, make_user
from tests.meetings.builders import plan
from tests.remembered import remembered

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_a_monday(monkeypatch):
    """The clock stands, so that the dates can be written down."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
@remembered
def series(team, coordinator, radiologist, surgeon):
    made = actions.start_series(
        team=team,
        by=coordinator,
        name="Tuesday board",
        rule="FREQ=WEEKLY;BYDAY=TU",
        starts_on=date(2026, 11, 23),
        begins_at=time(14, 0),
        cut_off_count=1,
        cut_off_time=time(12, 0),
        weeks_ahead=4,
        place="Room 2",
        mode="hybrid",
        video_url="https://video.example.org/gi",
        invite_days_ahead=2,
    )
    member = actions.add_core_member(series=made, by=coordinator, person=radiologist)
    actions.add_deputy(member=member, by=coordinator, person=surgeon)
    return made


@pytest.fixture
def meeting(series):
    """Tomorrow: within the two days for which people are invited."""
    return series.meetings.order_by("starts_at").first()


def messages(person):
    return list(Message.objects.filter(to=person, kind="invitation").order_by("id"))


def file_of(message):
    [enclosure] = message.enclosures.all()
    return enclosure


def event_of(message):
    calendar = Calendar.from_ical(bytes(file_of(message).content))
    [event] = calendar.walk("VEVENT")
    return calendar, event


def invite(meeting):
    return actions.invite_to_meeting(meeting=meeting)


def test_core_members_are_invited_once_when_it_is_time_and_deputies_not_yet(series, meeting, radiologist, surgeon):
    work_off_due_duties()
    assert [(row.person, row.meeting) for row in Invitation.objects.all()] == [(radiologist, meeting)]
    for _ in range(2):
        assert invite(meeting) == []
    assert len(messages(radiologist)) == 1
    assert messages(surgeon) == []
    assert Event.objects.filter(kind=Kind.INVITATION_SENT).count() == 1


def test_later_meetings_wait_for_their_time(series, monkeypatch, radiologist):
    later = series.meetings.order_by("starts_at")[1]
    duty = Duty.objects.get(kind="invite-to-meeting", subject=f"meetings.Meeting:{later.pk}")
    assert duty.due_at == later.starts_at - timedelta(days=2)
    assert invite(later) == []
    monkeypatch.setattr(timezone, "now", lambda: later.starts_at - timedelta(days=1))
    work_off_due_duties()
    assert Invitation.objects.filter(meeting=later, person=radiologist).count() == 1


def test_the_message_says_when_where_and_where_to_answer_in_the_persons_language(meeting, radiologist):
    radiologist.language = "zh-hans"
    radiologist.save()
    invite(meeting)
    [message] = messages(radiologist)
    assert message.subject == "会诊邀请：2026年11月24日 星期二 14:00"
    for words in ("Asia/Shanghai", "Room 2", "https://video.example.org/gi", "/meetings/GC-M1/"):
        assert words in message.body
    assert str(event_of(message)[1]["SUMMARY"]) == "多学科会诊（MDT）"


def test_the_file_is_an_itip_request_that_a_program_accepts(meeting, radiologist):
    invite(meeting)
    [message] = messages(radiologist)
    assert file_of(message).media_type == "text/calendar; method=REQUEST"
    calendar, event = event_of(message)
    assert (str(calendar["METHOD"]), str(calendar["VERSION"])) == ("REQUEST", "2.0")
    assert event["UID"] == ics.uid_of(meeting)
    assert (event["SEQUENCE"], str(event["STATUS"])) == (meeting.version, "CONFIRMED")
    assert str(event["ATTENDEE"]) == "mailto:radiologist@users.invalid"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert str(event["LOCATION"]) == "Room 2"
    lines = bytes(file_of(message).content).split(b"\r\n")
    assert max(map(len, lines)) <= 75, "RFC 5545 folds lines"


def test_it_leaves_as_a_calendar_part_of_the_e_mail(meeting, radiologist):
    invite(meeting)
    raw = email_of(messages(radiologist)[0], "radiologist@hospital.example").message().as_bytes()
    [part] = [part for part in message_from_bytes(raw).walk() if part.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    assert Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")


def test_no_word_of_a_patient_is_in_it(series, meeting, coordinator, radiologist):
    case = complete_case(make_case(team=meeting.team, by=coordinator, name="Wang Unmistakable"), coordinator)
    meeting_actions.list_case(meeting=meeting, case=case, by=coordinator, late_reason="urgent")
    invite(meeting)
    [message] = messages(radiologist)
    said = message.subject + message.body + bytes(file_of(message).content).decode()
    for secret in ("Unmistakable", case.reference, case.patient.hospital_number, case.question):
        assert secret not in said


# --- Changes ------------------------------------------------------------------------------------------------------


def test_a_change_is_sent_as_an_update_with_the_same_uid_and_a_higher_sequence(meeting, coordinator, radiologist):
    invite(meeting)
    meeting_actions.change_meeting(meeting=meeting, by=coordinator, version=1, place="Lecture hall")
    work_off_due_duties()
    first, second = map(event_of, messages(radiologist))
    assert str(second[0]["METHOD"]) == "REQUEST"
    assert first[1]["UID"] == second[1]["UID"]
    assert second[1]["SEQUENCE"] > first[1]["SEQUENCE"]
    assert str(second[1]["LOCATION"]) == "Lecture hall"
    assert messages(radiologist)[1].subject.startswith("Changed: MDT meeting")


def test_what_an_invitation_does_not_say_sends_none(meeting, coordinator, radiologist, chair):
    invite(meeting)
    cut_off_at = meeting.cut_off_at - timedelta(hours=1)
    meeting_actions.change_meeting(meeting=meeting, by=coordinator, version=1, cut_off_at=cut_off_at)
    work_off_due_duties()
    assert len(messages(radiologist)) == 1


def test_another_time_takes_answers_back_and_asks_again(meeting, coordinator, radiologist):
    invite(meeting)
    actions.reply(meeting=meeting, person=radiologist, answer="comes", by=radiologist)
    later = meeting.starts_at + timedelta(hours=2)
    meeting_actions.change_meeting(meeting=meeting, by=coordinator, version=1, starts_at=later)
    work_off_due_duties()
    assert meeting.replies.order_by("-id").first().answer == "open"
    assert event_of(messages(radiologist)[1])[1]["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"


def test_a_change_of_the_series_reaches_who_was_invited(series, meeting, coordinator, radiologist):
    invite(meeting)
    series.refresh_from_db()
    actions.change_series(series=series, by=coordinator, version=series.version, begins_at=time(16, 0))
    work_off_due_duties()
    assert event_of(messages(radiologist)[1])[1]["DTSTART"].dt.hour == 16


def test_a_cancelled_meeting_is_taken_back_from_everybody_who_was_invited(meeting, coordinator, radiologist):
    invite(meeting)
    meeting_actions.cancel_meeting(meeting=meeting, by=coordinator, version=1, reason="Patient Wang cannot come")
    work_off_due_duties()
    message = messages(radiologist)[1]
    calendar, event = event_of(message)
    assert (str(calendar["METHOD"]), str(event["STATUS"])) == ("CANCEL", "CANCELLED")
    assert event["UID"] == ics.uid_of(meeting)
    assert "does not take place" in message.body
    assert "Wang" not in message.body, "a reason is typed by people, and may name somebody"


def test_a_meeting_that_comes_back_is_an_invitation_again(series, meeting, coordinator, team, radiologist):
    invite(meeting)
    on = meeting.local_start.date()
    actions.close_days(team=team, by=coordinator, first_on=on, last_on=on, label="Closed")
    work_off_due_duties()
    actions.open_days(days=team.closed_days.get(), by=coordinator)
    work_off_due_duties()
    methods = [str(event_of(message)[0]["METHOD"]) for message in messages(radiologist)]
    assert methods == ["REQUEST", "CANCEL", "REQUEST"]


def test_a_deputy_is_invited_when_called_and_told_when_no_longer(meeting, radiologist, surgeon):
    invite(meeting)
    actions.reply(meeting=meeting, person=radiologist, answer="cannot", by=radiologist)
    work_off_due_duties()
    assert [str(event_of(message)[0]["METHOD"]) for message in messages(surgeon)] == ["REQUEST"]
    actions.reply(meeting=meeting, person=radiologist, answer="comes", by=radiologist)
    work_off_due_duties()
    assert "no longer asked" in messages(surgeon)[1].body
    assert len(messages(radiologist)) == 1, "who declined stays invited: the meeting may move to a time that suits"


def test_a_new_core_member_is_invited_and_one_who_is_taken_away_is_told(series, meeting, coordinator, oncologist):
    member = actions.add_core_member(series=series, by=coordinator, person=oncologist)
    work_off_due_duties()
    actions.remove_core_member(member=member, by=coordinator)
    work_off_due_duties()
    assert [str(event_of(message)[0]["METHOD"]) for message in messages(oncologist)] == ["REQUEST", "CANCEL"]


def test_a_series_may_send_none(series, meeting, coordinator):
    series.refresh_from_db()
    actions.change_series(series=series, by=coordinator, version=series.version, invite_days_ahead=0)
    meeting.refresh_from_db()
    assert invite(meeting) == []
    assert not Message.objects.filter(kind="invitation").exists()


def test_nobody_is_invited_to_what_has_begun_and_a_meeting_of_nobody_fails_nothing(team, coordinator):
    begun = plan(team, coordinator, starts_at=NOW - timedelta(minutes=1))
    assert invite(begun) == []
    alone = plan(team, coordinator, starts_at=NOW + timedelta(days=1))
    team.memberships.all().delete()
    assert invite(alone) == []


def test_a_single_meeting_invites_the_whole_team(team, coordinator, surgeon, auditor):
    invite(plan(team, coordinator, starts_at=NOW + timedelta(days=3)))
    assert {row.person for row in Invitation.objects.all()} == {coordinator, surgeon}


def test_who_planned_it_just_now_gets_the_invitation_without_a_mark(team, coordinator, surgeon, monkeypatch):
    def unread(person):
        return Entry.objects.unread().filter(person=person, message__kind="invitation").count()

    invite(plan(team, coordinator))
    assert (len(messages(coordinator)), unread(coordinator)) == (1, 0)
    assert (len(messages(surgeon)), unread(surgeon)) == (1, 1)
    later = plan(team, coordinator, starts_at=NOW + timedelta(days=9))
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=2))
    invite(later)
    assert unread(coordinator) == 1, "what was planned some days ago is told like to everybody"


def test_the_chair_of_a_meeting_is_invited_without_being_a_core_member(meeting, coordinator, chair, radiologist):
    meeting_actions.change_meeting(meeting=meeting, by=coordinator, version=1, chair=chair)
    invite(meeting)
    assert {row.person for row in Invitation.objects.all()} == {chair, radiologist}


def test_names_and_places_with_signs_from_everywhere_arrive_whole(team, coordinator):
    odd = make_user("odd", discipline="radiology", team=team, name='㐱 🙂 "O’Brien", Dr; x')
    meeting = plan(team, coordinator, starts_at=NOW + timedelta(days=1), place="示教室，三楼; 🙂 \\ 㐱")
    invite(meeting)
    _calendar, event = event_of(messages(odd)[0])
    assert str(event["LOCATION"]) == "示教室，三楼; 🙂 \\ 㐱"
    assert "㐱 🙂" in event["ATTENDEE"].params["CN"]


# --- Instants ------------------------------------------------------------------------------------------------------


def offset(text):
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))


def instant(raw, name):
    """The instant of DTSTART or DTEND by the file's own VTIMEZONE: the last observance that began before it holds."""
    line = re.search(rf"^{name}([^:\r\n]*):(\S+)", raw[raw.index("BEGIN:VEVENT") :], re.MULTILINE)
    stamp = datetime.strptime(line[2].rstrip("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    if line[2].endswith("Z"):
        return stamp
    zone = re.search(r"TZID=([^;:]+)", line[1])[1]
    block = re.search(rf"BEGIN:VTIMEZONE\r\nTZID:{re.escape(zone)}.*?END:VTIMEZONE", raw, re.DOTALL)[0]
    observances = [
        (datetime.strptime(start, "%Y%m%dT%H%M%S").replace(tzinfo=UTC), offset(to))
        for start, to in re.findall(r"DTSTART:(\d{8}T\d{6}).*?TZOFFSETTO:([-+]\d{4})", block, re.DOTALL)
    ]
    return stamp - max(found for found in observances if found[0] <= stamp)[1]


@pytest.mark.parametrize(
    ("zone", "starts_at"),
    [
        ("Europe/Berlin", datetime(2027, 3, 27, 13, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 3, 29, 12, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 10, 30, 12, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 11, 1, 13, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 3, 15, 18, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 11, 8, 19, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2027, 4, 5, 3, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2027, 10, 4, 3, tzinfo=UTC)),
        ("Asia/Shanghai", datetime(2027, 10, 4, 6, tzinfo=UTC)),
        ("UTC", datetime(2027, 10, 4, 6, tzinfo=UTC)),
        # over a change of the clocks, and in the hour that comes twice: its second half is written in UTC
        ("Europe/Berlin", datetime(2027, 3, 28, 0, 30, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 10, 31, 0, 15, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 10, 31, 1, 15, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2027, 4, 3, 15, 10, tzinfo=UTC)),
    ],
)
def test_the_file_means_the_same_instants_wherever_it_is_read(team, coordinator, zone, starts_at, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: starts_at - timedelta(days=1))
    team.time_zone = zone
    team.save()
    meeting = plan(team, coordinator, starts_at=starts_at, minutes_available=90)
    invite(meeting)
    raw = bytes(file_of(messages(coordinator)[0]).content).decode()
    assert instant(raw, "DTSTART") == starts_at
    assert instant(raw, "DTEND") == starts_at + timedelta(minutes=90)


# --- Warnings ------------------------------------------------------------------------------------------------------


def test_the_coordinator_is_told_once_which_cases_lack_a_discipline(
    team, coordinator, surgeon, hepatobiliary, oncologist, radiologist, pathologist
):
    meeting = plan(team, coordinator, starts_at=NOW + timedelta(days=3))
    case = complete_case(make_case(team=team, by=coordinator, name="Wang Unmistakable"), coordinator)
    meeting_actions.list_case(meeting=meeting, case=case, by=coordinator)
    for answer in ("cannot", "cannot"):
        actions.reply(meeting=meeting, person=radiologist, answer=answer, by=radiologist)
    [message] = Message.objects.filter(kind="notice")
    assert message.to == coordinator
    assert message.subject.startswith("Radiology will be missing in the MDT meeting")
    assert case.reference in message.body
    assert "Unmistakable" not in message.body
    actions.reply(meeting=meeting, person=surgeon, answer="comes", by=surgeon)
    assert Message.objects.filter(kind="notice").count() == 1


def test_who_notes_the_apology_needs_no_message_about_it(team, coordinator, radiologist):
    meeting = plan(team, coordinator, starts_at=NOW + timedelta(days=3))
    case = complete_case(make_case(team=team, by=coordinator), coordinator)
    meeting_actions.list_case(meeting=meeting, case=case, by=coordinator)
    actions.reply(meeting=meeting, person=radiologist, answer="cannot", by=coordinator)
    assert not Message.objects.filter(kind="notice").exists()
