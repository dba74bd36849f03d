"""The calendar behind a secret address: what it holds, who may read it, and what asking costs."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.interchange import actions, views
from mdt.interchange.models import CalendarFeed
from mdt.meetings import actions as meeting_actions
from mdt.meetings.actions import ActionError
from mdt.meetings.calendar import actions as calendar_actions
from mdt.people.models import Membership
from tests.builders import complete_case, make_case
from tests.meetings.builders import plan
from tests.remembered import remembered

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def fresh(monkeypatch, settings, tmp_path):
    """A clock that stands, and nobody has asked yet."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    settings.COUNTS_FILE, settings.COUNTS_IN_REDIS = str(tmp_path / "counts.sqlite3"), False


@pytest.fixture
@remembered
def feed(radiologist):
    """The address of the radiologist's calendar."""
    _row, token = actions.make_feed(by=radiologist, name="phone")
    return reverse("calendar-feed", args=[token])


def events(answer):
    return {str(event["UID"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_the_address_is_shown_once_and_kept_only_as_a_digest(client, radiologist):
    client.force_login(radiologist)
    page = client.post(reverse("feed-make"), {"name": "phone"})
    [address] = re.findall(r"/calendar/([\w-]{43})/meetings\.ics", page.text)
    assert "no-store" in page.headers["Cache-Control"]
    assert address not in client.get(reverse("calendar-feeds")).text
    row = CalendarFeed.objects.get()
    assert row.token_digest == actions.digest_of(address)
    assert address not in str(list(Event.objects.values_list("data", "subject")))
    assert Event.objects.get(kind=Kind.FEED_MADE).data == {"name": "phone"}
    client.logout()
    assert client.get(reverse("calendar-feed", args=[address])).status_code == 200


def test_it_says_when_where_and_a_link_and_nothing_of_a_patient(client, feed, team, coordinator):
    meeting = plan(team, coordinator, starts_at=NOW + timedelta(days=3), place="Room 2")
    case = complete_case(make_case(team=team, by=coordinator, name="Wang Unmistakable"), coordinator)
    meeting_actions.list_case(meeting=meeting, case=case, by=coordinator)
    answer = client.get(feed)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    [event] = events(answer).values()
    said = {name: str(event[name]) for name in ("SUMMARY", "LOCATION", "DESCRIPTION", "STATUS")}
    link = f"http://127.0.0.1:8000{meeting.get_absolute_url()}"
    assert said == {"SUMMARY": "MDT meeting", "LOCATION": "Room 2", "DESCRIPTION": link, "STATUS": "CONFIRMED"}
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (meeting.starts_at, meeting.ends_at)
    for secret in ("Unmistakable", case.reference, case.question, case.patient.hospital_number):
        assert secret not in answer.text


def test_it_is_in_the_language_of_the_person(client, feed, team, coordinator, radiologist):
    plan(team, coordinator, starts_at=NOW + timedelta(days=3))
    radiologist.language = "zh-hans"
    radiologist.save()
    answer = client.get(feed, headers={"Accept-Language": "en"})
    assert "SUMMARY:多学科会诊（MDT）" in answer.text


def test_each_meeting_stands_in_the_zone_of_its_team(client, feed, team, coordinator):
    team.time_zone = "Australia/Lord_Howe"
    team.save()
    plan(team, coordinator, starts_at=datetime(2027, 4, 5, 3, 30, tzinfo=UTC))
    assert "DTSTART;TZID=Australia/Lord_Howe:20270405T140000" in client.get(feed).text
    assert "BEGIN:VTIMEZONE\r\nTZID:Australia/Lord_Howe" in client.get(feed).text


def test_cancelled_ones_are_marked_and_declined_ones_leave_the_time_free(client, feed, team, coordinator, radiologist):
    comes, declined, cancelled = (plan(team, coordinator, starts_at=NOW + timedelta(days=n)) for n in (1, 2, 3))
    calendar_actions.reply(meeting=declined, person=radiologist, answer="cannot", by=radiologist)
    meeting_actions.cancel_meeting(meeting=cancelled, by=coordinator, version=1, reason="Congress")
    shown = [(str(event["STATUS"]), str(event["TRANSP"])) for event in events(client.get(feed)).values()]
    assert shown == [("CONFIRMED", "OPAQUE"), ("CONFIRMED", "TRANSPARENT"), ("CANCELLED", "TRANSPARENT")]
    assert comes.state == "planned"


def test_it_holds_own_teams_and_the_year_ahead(client, feed, team, other_team, coordinator, outsider):
    near = plan(team, coordinator, starts_at=NOW + timedelta(days=10))
    plan(team, coordinator, starts_at=NOW + timedelta(days=500))
    plan(team, coordinator, starts_at=NOW - timedelta(days=60))
    plan(other_team, outsider, starts_at=NOW + timedelta(days=10))
    from mdt.meetings.calendar.ics import uid_of

    assert set(events(client.get(feed))) == {uid_of(near)}


def test_somebody_without_meetings_gets_an_empty_calendar(client, feed, team):
    assert events(client.get(feed)) == {}
    Membership.objects.filter(team=team).delete()
    assert events(client.get(feed)) == {}


# --- Who may read it ----------------------------------------------------------------------------------------------


def test_a_revoked_address_answers_like_one_that_never_was(client, feed, radiologist):
    client.force_login(radiologist)
    row = CalendarFeed.objects.get()
    client.post(reverse("feed-revoke", args=[row.pk]))
    client.logout()
    gone, never = client.get(feed), client.get(reverse("calendar-feed", args=["x" * 43]))
    assert (gone.status_code, never.status_code) == (404, 404)
    assert gone.content == never.content
    assert Event.objects.filter(kind=Kind.FEED_REVOKED).count() == 1


def test_nobody_revokes_the_address_of_another(client, feed, coordinator):
    client.force_login(coordinator)
    assert client.post(reverse("feed-revoke", args=[CalendarFeed.objects.get().pk])).status_code == 404
    assert CalendarFeed.objects.open().exists()


def test_a_closed_account_closes_its_addresses(client, feed, radiologist):
    radiologist.is_active = False
    radiologist.save()
    assert client.get(feed).status_code == 404


@pytest.mark.parametrize("token", ["x", "x" * 42, "x" * 44, "x" * 5000, "肝" * 43, "." * 43, "%00" * 14])
def test_what_cannot_be_a_token_is_not_looked_for(client, token, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get(f"/calendar/{token}/meetings.ics").status_code == 404


def test_five_addresses_are_enough(radiologist):
    rows = [actions.make_feed(by=radiologist, name=str(number))[0] for number in range(5)]
    with pytest.raises(ActionError, match="revoke one"):
        actions.make_feed(by=radiologist, name="one more")
    actions.revoke_feed(feed=rows[0], by=radiologist)
    actions.make_feed(by=radiologist, name="one more")


@pytest.mark.parametrize("name", ["", " ", "x" * 61])
def test_an_address_has_a_name(client, radiologist, name):
    client.force_login(radiologist)
    assert client.post(reverse("feed-make"), {"name": name}).status_code == 422
    assert not CalendarFeed.objects.exists()


# --- What asking costs --------------------------------------------------------------------------------------------


def test_who_has_it_already_is_told_so_until_something_changes(client, feed, team, coordinator):
    meeting = plan(team, coordinator, starts_at=NOW + timedelta(days=3))
    first = client.get(feed)
    again = client.get(feed, headers={"If-None-Match": f'W/"other", {first.headers["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    meeting_actions.change_meeting(meeting=meeting, by=coordinator, version=1, place="Lecture hall")
    changed = client.get(feed, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_asking_too_often_is_answered_with_when_to_come_back(client, feed, monkeypatch, radiologist):
    monkeypatch.setattr(views, "READS", 3)
    assert [client.get(feed).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert client.get(feed).headers["Retry-After"] == "600"
    _row, other = actions.make_feed(by=radiologist, name="desk")
    assert client.get(reverse("calendar-feed", args=[other])).status_code == 200, "each address by itself"


def test_guessing_is_slowed_down_and_locks_nobody_out(client, feed, monkeypatch):
    monkeypatch.setattr(views, "GUESSES", 3)
    codes = [client.get(reverse("calendar-feed", args=[f"{number:043}"])).status_code for number in range(5)]
    assert codes == [404, 404, 404, 429, 429]
    assert client.get(feed).status_code == 200


def test_many_meetings_cost_as_many_queries_as_one(client, feed, team, coordinator, django_assert_max_num_queries):
    for count in (1, 30):
        for number in range(count):
            plan(team, coordinator, starts_at=NOW + timedelta(days=number + 1))
        with django_assert_max_num_queries(8):
            assert len(events(client.get(feed))) >= count


def test_no_log_shows_the_secret(client, feed, monkeypatch, capsys):
    """What the process writes to standard error, where a refusal names its address."""
    import logging
    import sys

    from mdt.addresses import HideTokens

    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(HideTokens())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    monkeypatch.setattr(views, "READS", 0)
    try:
        client.get(feed)
        assert client.get(feed).status_code == 429
    finally:
        logger.removeHandler(handler)
    said = capsys.readouterr().err
    assert "Too Many Requests: /calendar/…/meetings.ics" in said


def test_reading_it_changes_nothing(client, feed):
    before = (Event.objects.count(), CalendarFeed.objects.values().get())
    client.get(feed)
    client.head(feed)
    assert (Event.objects.count(), CalendarFeed.objects.values().get()) == before
    assert client.post(feed).status_code == 405
