"""A series of meetings: its rows, what a change does to them, and what people did to one of them is kept."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from mdt.duties.models import Duty
from mdt.duties.tasks import work_off_due_duties
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings import actions as meeting_actions
from mdt.meetings.actions import ActionError, StaleForm
from mdt.meetings.calendar import actions
from mdt.meetings.models import Meeting, Series
from mdt.people.models import Team
from tests.builders import complete_case, make_case
from tests.remembered import remembered

pytestmark = pytest.mark.django_db
# A Monday noon in Shanghai; the series below meets on Tuesdays at 14:00, 06:00 UTC.
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
TUESDAYS = [date(2026, 11, 24) + timedelta(weeks=week) for week in range(8)]


@pytest.fixture(autouse=True)
def on_a_monday(monkeypatch):
    """The clock stands, so that the dates can be written down."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def go_to(monkeypatch, moment):
    monkeypatch.setattr(timezone, "now", lambda: moment)


def start(team, by, **changes):
    return actions.start_series(
        **{
            "team": team,
            "by": by,
            "name": "Tuesday board",
            "rule": "FREQ=WEEKLY;BYDAY=TU",
            "starts_on": date(2026, 11, 23),
            "begins_at": time(14, 0),
            "cut_off_count": 1,
            "cut_off_unit": "working_days",
            "cut_off_time": time(12, 0),
            "place": "Room 2",
            "weeks_ahead": 8,
            **changes,
        }
    )


@pytest.fixture
@remembered
def series(team, coordinator):
    return start(team, coordinator)


def planned(series):
    rows = series.meetings.filter(state="planned").order_by("starts_at")
    return [(row.local_start.date(), row.local_start.hour) for row in rows]


def change(series, by, **changes):
    series.refresh_from_db()
    return actions.change_series(series=series, by=by, version=series.version, **changes)


def meeting_on(series, day):
    return series.meetings.get(planned_for=day)


def list_a_case(meeting, by):
    case = complete_case(make_case(team=meeting.team, by=by), by)
    meeting_actions.list_case(meeting=meeting, case=case, by=by, late_reason="urgent")
    return case


def test_it_makes_a_numbered_meeting_for_each_date_of_the_weeks_ahead(team, coordinator, series):
    assert series.reference == "GC-S1"
    assert planned(series) == [(day, 14) for day in TUESDAYS]
    assert [row.reference for row in series.meetings.order_by("starts_at")] == [f"GC-M{n}" for n in range(1, 9)]
    first = meeting_on(series, TUESDAYS[0])
    assert (first.starts_at, first.cut_off_at) == (
        datetime(2026, 11, 24, 6, tzinfo=UTC),
        datetime(2026, 11, 23, 4, tzinfo=UTC),
    )
    assert (first.place, first.created_by) == ("Room 2", coordinator)
    assert Event.objects.filter(kind=Kind.MEETING_PLANNED).count() == 8
    assert Event.objects.filter(kind=Kind.SERIES_STARTED).count() == 1


def test_tending_again_changes_nothing_and_a_week_later_makes_one_more(series, monkeypatch):
    before = list(Meeting.objects.values())
    for _ in range(2):
        assert actions.tend_series(series=series).is_nothing
    assert list(Meeting.objects.values()) == before
    go_to(monkeypatch, NOW + timedelta(days=7))
    actions.tend_series(series=series)
    assert [row.planned_for for row in series.meetings.order_by("planned_for")][-1] == date(2027, 1, 19)
    assert series.meetings.count() == 9


def test_the_worker_tends_every_night_and_owes_itself_the_next(series, monkeypatch):
    duty = Duty.objects.get(kind="tend-series")
    assert duty.due_at == datetime(2026, 11, 23, 18, 30, tzinfo=UTC), "02:30 in Shanghai"
    go_to(monkeypatch, NOW + timedelta(days=7))
    work_off_due_duties()
    assert series.meetings.count() == 9
    assert Duty.objects.get(kind="tend-series", state="waiting").due_at > timezone.now()
    assert Event.objects.filter(kind=Kind.MEETING_PLANNED, by=None).count() == 1


def test_a_change_of_time_and_place_moves_coming_meetings(series, coordinator):
    change(series, coordinator, begins_at=time(16, 0), place="Room 9")
    assert planned(series) == [(day, 16) for day in TUESDAYS]
    assert set(series.meetings.values_list("place", flat=True)) == {"Room 9"}
    assert series.meetings.count() == 8, "moved, not made anew"


def test_a_series_has_its_own_way_with_opinions_and_coming_meetings_without_cases_follow(series, coordinator):
    assert not series.meetings.filter(opinions_first=True).exists()
    with_case = meeting_on(series, TUESDAYS[2])
    case = make_case(team=series.team, by=coordinator)
    meeting_actions.list_case(meeting=with_case, case=case, by=coordinator, late_reason="Wanted now")
    change(series, coordinator, opinions="first")
    assert list(series.meetings.filter(opinions_first=False)) == [with_case], "its case is not sealed unasked"
    series.refresh_from_db()
    change(series, coordinator, opinions="team")
    assert not series.meetings.filter(opinions_first=True).exists()


def test_new_meetings_of_a_series_begin_with_its_own_choice_else_with_the_teams(series, coordinator, monkeypatch):
    Team.objects.filter(pk=series.team_id).update(opinions_first=True)
    change(series, coordinator, opinions="open")
    go_to(monkeypatch, NOW + timedelta(days=7))
    actions.tend_series(series=series)
    assert not series.meetings.order_by("-starts_at").first().opinions_first
    series.refresh_from_db()
    change(series, coordinator, opinions="team")
    go_to(monkeypatch, NOW + timedelta(days=14))
    actions.tend_series(series=series)
    assert series.meetings.order_by("-starts_at").first().opinions_first


def test_another_weekday_moves_each_meeting_within_its_week(series, coordinator):
    numbers = list(series.meetings.order_by("starts_at").values_list("number", flat=True))
    change(series, coordinator, rule="FREQ=WEEKLY;BYDAY=WE")
    assert planned(series) == [(day + timedelta(days=1), 14) for day in TUESDAYS]
    assert list(series.meetings.order_by("starts_at").values_list("number", flat=True)) == numbers


def test_what_somebody_did_to_one_meeting_survives_a_change_of_the_series(series, coordinator):
    moved, cancelled, elsewhere = (meeting_on(series, day) for day in TUESDAYS[1:4])
    meeting_actions.change_meeting(
        meeting=moved, by=coordinator, version=1, starts_at=datetime(2026, 12, 3, 1, 0, tzinfo=UTC)
    )
    meeting_actions.cancel_meeting(meeting=cancelled, by=coordinator, version=1, reason="Congress")
    meeting_actions.change_meeting(meeting=elsewhere, by=coordinator, version=1, place="Lecture hall")
    result = change(series, coordinator, rule="FREQ=WEEKLY;BYDAY=WE", begins_at=time(15, 0))
    assert {left.meeting.pk: left.why for left in result.left} == {
        moved.pk: "changed by hand",
        elsewhere.pk: "changed by hand",
    }
    for row, place, state in (
        (moved, "Room 2", "planned"),
        (cancelled, "Room 2", "cancelled"),
        (elsewhere, "Lecture hall", "planned"),
    ):
        before = row.starts_at if row is not moved else datetime(2026, 12, 3, 1, 0, tzinfo=UTC)
        row.refresh_from_db()
        assert (row.starts_at, row.place, row.state) == (before, place, state)
    untouched = [TUESDAYS[index] + timedelta(days=1) for index in (0, 4, 5, 6, 7)]
    assert [(day, hour) for day, hour in planned(series) if hour == 15] == [(day, 15) for day in untouched]
    assert series.meetings.count() == 8, "the cancelled week got no new meeting"


def test_a_meeting_with_cases_stays_and_is_named(series, coordinator):
    with_case = meeting_on(series, TUESDAYS[1])
    case = list_a_case(with_case, coordinator)
    result = change(series, coordinator, begins_at=time(16, 0))
    assert [(left.meeting.pk, left.why) for left in result.left] == [(with_case.pk, "1 case is listed")]
    assert planned(series)[1] == (TUESDAYS[1], 14)
    case.refresh_from_db()
    assert case.meets_at == with_case.starts_at


def test_it_can_be_brought_into_line_and_its_cases_learn_the_new_time(series, coordinator):
    with_case = meeting_on(series, TUESDAYS[1])
    case = list_a_case(with_case, coordinator)
    change(series, coordinator, begins_at=time(16, 0))
    with_case.refresh_from_db()
    actions.follow_series(meeting=with_case, by=coordinator, version=with_case.version)
    case.refresh_from_db()
    assert planned(series)[1] == (TUESDAYS[1], 16)
    assert case.meets_at == datetime(2026, 12, 1, 8, tzinfo=UTC)
    with_case.refresh_from_db()
    with pytest.raises(ActionError, match="no other time"):
        actions.follow_series(meeting=with_case, by=coordinator, version=with_case.version)


def test_fewer_dates_withdraw_meetings_and_more_dates_bring_them_back(series, coordinator):
    change(series, coordinator, rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")
    assert [day for day, _hour in planned(series)] == TUESDAYS[::2]
    change(series, coordinator, rule="FREQ=WEEKLY;BYDAY=TU")
    assert [day for day, _hour in planned(series)] == TUESDAYS
    assert series.meetings.count() == 8, "the same rows, with their numbers"


def test_closing_days_withdraws_and_opening_them_brings_back(series, coordinator, team):
    kept = meeting_on(series, TUESDAYS[2])
    list_a_case(kept, coordinator)
    days = {"first_on": TUESDAYS[1], "last_on": TUESDAYS[2]}
    left = actions.close_days(team=team, by=coordinator, label="Department moves house", **days)
    assert [(each.meeting.pk, each.why) for each in left] == [(kept.pk, "on a closed day: Department moves house")]
    assert meeting_on(series, TUESDAYS[1]).state == "cancelled"
    line = Event.objects.get(kind=Kind.MEETING_CANCELLED)
    assert line.data["reason"] == "Department moves house"
    actions.open_days(days=team.closed_days.get(), by=coordinator)
    assert [day for day, _hour in planned(series)] == TUESDAYS


def test_holidays_of_the_country_are_skipped_at_once(series, coordinator, team):
    friday = start(team, coordinator, rule="FREQ=WEEKLY;BYDAY=FR", name="Friday board")
    new_year = meeting_on(friday, date(2027, 1, 1))
    actions.change_calendar(team=team, by=coordinator, version=0, time_zone="Asia/Shanghai", country="CN")
    new_year.refresh_from_db()
    assert new_year.state == "cancelled"
    assert len(planned(friday)) == 7


def test_another_clock_moves_what_nobody_touched(series, coordinator, team):
    with_case = meeting_on(series, TUESDAYS[1])
    list_a_case(with_case, coordinator)
    left = actions.change_calendar(team=team, by=coordinator, version=0, time_zone="Europe/Berlin")
    assert [each.meeting.pk for each in left] == [with_case.pk]
    assert meeting_on(series, TUESDAYS[2]).starts_at == datetime(2026, 12, 8, 13, tzinfo=UTC)
    assert meeting_on(series, TUESDAYS[1]).starts_at == datetime(2026, 12, 1, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "values", [{"time_zone": "Moon/Sea"}, {"country": "XX"}, {"country": "DE", "region": "XX"}, {"region": "BY"}]
)
def test_an_unknown_clock_country_or_region_is_refused(team, coordinator, values):
    with pytest.raises(ActionError):
        actions.change_calendar(team=team, by=coordinator, version=0, **{"time_zone": "Asia/Shanghai", **values})


def test_ending_cancels_what_nobody_touched_and_names_the_rest(series, coordinator):
    with_case = meeting_on(series, TUESDAYS[0])
    list_a_case(with_case, coordinator)
    series.refresh_from_db()
    result = actions.end_series(series=series, by=coordinator, version=series.version, reason="Merged with Thursday")
    assert [left.meeting.pk for left in result.left] == [with_case.pk]
    assert [day for day, _hour in planned(series)] == [TUESDAYS[0]]
    assert Series.objects.get().ended_reason == "Merged with Thursday"
    with pytest.raises(ActionError, match="ended"):
        change(series, coordinator, place="x")
    assert actions.tend_series(series=series).makes == []


def test_meetings_of_the_past_and_those_that_have_begun_are_left_as_they_were(series, coordinator, monkeypatch):
    held, running = (meeting_on(series, day) for day in TUESDAYS[:2])
    go_to(monkeypatch, held.starts_at + timedelta(hours=1))
    meeting_actions.finish_meeting(meeting=held, by=coordinator, version=1)
    go_to(monkeypatch, running.starts_at + timedelta(minutes=30))
    change(series, coordinator, rule="FREQ=WEEKLY;BYDAY=TH", begins_at=time(9, 0))
    for row in (held, running):
        before = (row.starts_at, row.place)
        row.refresh_from_db()
        assert (row.starts_at, row.place) == before
    assert planned(series)[1] == (date(2026, 12, 3), 9)


def test_a_meeting_closed_before_its_time_is_not_made_again(series, coordinator):
    early = meeting_on(series, TUESDAYS[0])
    meeting_actions.finish_meeting(meeting=early, by=coordinator, version=1)
    assert actions.tend_series(series=series).is_nothing
    early.refresh_from_db()
    assert early.state == "held"


def test_an_old_page_changes_nothing(series, coordinator):
    change(series, coordinator, place="First")
    with pytest.raises(StaleForm):
        actions.change_series(series=series, by=coordinator, version=1, place="Second")
    assert Series.objects.get().place == "First"


@pytest.mark.parametrize(
    "values",
    [
        {"rule": "FREQ=HOURLY"},
        {"rule": "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31"},
        {"minutes_available": 0},
        {"weeks_ahead": 500},
        {"cut_off_time": None},
        {"cut_off_count": 0, "cut_off_time": time(15, 0)},
        {"ends_on": date(2020, 1, 1)},
        {"mode": "video"},
        {"mode": "telephone"},
        {"name": ""},
        {"video_url": "javascript:alert(1)"},
    ],
)
def test_values_that_do_not_fit_are_refused_and_nothing_is_stored(team, coordinator, values):
    with pytest.raises(ActionError):
        start(team, coordinator, **values)
    assert not Series.objects.exists()
    assert not Meeting.objects.exists()


def test_a_chair_from_elsewhere_is_refused(team, coordinator, outsider):
    with pytest.raises(ActionError, match="does not belong"):
        start(team, coordinator, chair=outsider)


# --- People -------------------------------------------------------------------------------------------------------


def test_core_members_and_deputies_are_added_and_taken_away_with_a_line_each(series, coordinator, radiologist, surgeon):
    member = actions.add_core_member(series=series, by=coordinator, person=radiologist)
    assert member.discipline == "radiology"
    actions.add_deputy(member=member, by=coordinator, person=surgeon)
    for refused in (
        lambda: actions.add_core_member(series=series, by=coordinator, person=radiologist),
        lambda: actions.add_deputy(member=member, by=coordinator, person=radiologist),
        lambda: actions.add_deputy(member=member, by=coordinator, person=surgeon),
        lambda: actions.add_deputy(member=member.deputies.get(), by=coordinator, person=coordinator),
    ):
        with pytest.raises(ActionError):
            refused()
    actions.remove_core_member(member=member, by=coordinator)
    assert not series.core_members.exists()
    assert Event.objects.filter(kind=Kind.CORE_MEMBER_REMOVED).count() == 2


def test_a_stranger_cannot_be_asked_and_a_person_without_discipline_needs_one(series, coordinator, outsider, admin):
    with pytest.raises(ActionError, match="does not belong"):
        actions.add_core_member(series=series, by=coordinator, person=outsider)
    with pytest.raises(ActionError, match="discipline"):
        actions.add_core_member(series=series, by=coordinator, person=admin)
    assert actions.add_core_member(series=series, by=coordinator, person=admin, discipline="nursing").pk


# --- Replies ------------------------------------------------------------------------------------------------------


def say(meeting, person, answer, **more):
    return actions.reply(meeting=meeting, person=person, answer=answer, by=more.pop("by", person), **more)


def test_the_newest_answer_holds_the_same_one_is_not_written_twice_and_it_can_be_taken_back(series, radiologist):
    meeting = meeting_on(series, TUESDAYS[0])
    for answer in ("comes", "comes", "cannot", "open", "open"):
        say(meeting, radiologist, answer)
    assert [row.answer for row in meeting.replies.all()] == ["comes", "cannot", "open"]
    assert Event.objects.filter(kind=Kind.REPLY_GIVEN).count() == 3


def test_deputy_comes_needs_one_who_can_be_told(series, coordinator, radiologist, surgeon, oncologist, outsider):
    meeting = meeting_on(series, TUESDAYS[0])
    with pytest.raises(ActionError, match="who comes instead"):
        say(meeting, radiologist, "deputy")
    member = actions.add_core_member(series=series, by=coordinator, person=radiologist)
    actions.add_deputy(member=member, by=coordinator, person=surgeon)
    assert say(meeting, radiologist, "deputy").deputy == surgeon
    assert say(meeting, radiologist, "deputy", deputy=oncologist).deputy == oncologist
    for stranger in (radiologist, outsider):
        with pytest.raises(ActionError):
            say(meeting, radiologist, "deputy", deputy=stranger)


def test_somebody_named_for_this_once_stands_for_the_discipline(series, coordinator, radiologist, nurse):
    from mdt.meetings.calendar.expected import people_of

    actions.add_core_member(series=series, by=coordinator, person=radiologist)
    meeting = meeting_on(series, TUESDAYS[0])
    say(meeting, radiologist, "deputy", deputy=nurse, by=coordinator)
    [expected] = people_of(meeting)
    assert (expected.person, expected.discipline, expected.covers) == (nurse, "radiology", radiologist)


@pytest.fixture
def nurse(team):
    from tests.builders import make_user

    return make_user("nurse", discipline="nursing", team=team)


def test_nobody_answers_for_a_meeting_that_is_over_or_as_a_stranger(series, coordinator, radiologist, outsider):
    meeting = meeting_on(series, TUESDAYS[0])
    with pytest.raises(ActionError, match="does not belong"):
        say(meeting, outsider, "comes")
    with pytest.raises(ActionError, match="not known"):
        say(meeting, radiologist, "perhaps")
    meeting_actions.finish_meeting(meeting=meeting, by=coordinator, version=1)
    with pytest.raises(ActionError, match="closed"):
        say(meeting, radiologist, "comes")
