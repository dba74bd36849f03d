"""The days after a meeting at the desk: meetings to come as choices, and a word on days on which nobody works."""

import json
from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse

from mdt.meetings import actions as meeting_actions
from mdt.meetings.actions import Condition, Step
from mdt.meetings.calendar.days_ahead import days_ahead
from mdt.meetings.models import ClosedDay, Meeting, Series
from tests.meetings.builders import content_for, plan

pytestmark = pytest.mark.django_db
MONDAY = date(2030, 4, 1)


def at(team, day: date, hour: int = 14) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=team.zone)


def weekly(team, by, **fields) -> Series:
    return Series.objects.create(
        **{
            "team": team,
            "number": 1,
            "name": "Weekly",
            "rule": "FREQ=WEEKLY;BYDAY=TH",
            "starts_on": MONDAY,
            "begins_at": time(14),
            "cut_off_count": 2,
            "cut_off_unit": "working_days",
            "cut_off_time": time(12),
            "created_by": by,
            **fields,
        }
    )


def test_meetings_that_are_made_and_those_that_a_series_will_make_are_choices_each_by_its_cut_off(team, coordinator):
    series = weekly(team, coordinator)
    fourth, eleventh = MONDAY + timedelta(days=3), MONDAY + timedelta(days=10)
    own = plan(team, coordinator, starts_at=at(team, MONDAY + timedelta(days=4)))
    moved = plan(team, coordinator, starts_at=at(team, MONDAY + timedelta(days=11)))
    Meeting.objects.filter(pk=moved.pk).update(series=series, planned_for=eleventh)
    found = days_ahead(team, MONDAY).meetings
    assert [each.held_on for each in found[:4]] == [
        fourth,
        own.local_start.date(),
        moved.local_start.date(),  # by hand to the Friday: not on the Thursday of the rule
        MONDAY + timedelta(days=17),
    ]
    assert found[0].back_on == fourth - timedelta(days=2)
    assert len(found) > 50


def test_two_meetings_on_one_day_are_two_choices_each_with_its_hour(team, coordinator):
    friday = MONDAY + timedelta(days=4)
    for hour in (16, 9):
        plan(team, coordinator, starts_at=at(team, friday, hour))
    first, second = days_ahead(team, MONDAY).as_data()["meetings"]
    assert "09:00 (cut-off" in first["label"]
    assert "16:00 (cut-off" in second["label"]


def test_a_meeting_that_was_cancelled_is_no_choice(team, coordinator):
    series = weekly(team, coordinator)
    meeting = plan(team, coordinator, starts_at=at(team, MONDAY + timedelta(days=3)))
    Meeting.objects.filter(pk=meeting.pk).update(
        series=series, planned_for=MONDAY + timedelta(days=3), state=Meeting.State.CANCELLED
    )
    assert days_ahead(team, MONDAY).meetings[0].held_on == MONDAY + timedelta(days=10)


def test_weekends_and_the_teams_own_closed_days_are_named_unless_it_meets_there(team, coordinator):
    tuesday = MONDAY + timedelta(days=1)
    ClosedDay.objects.create(team=team, first_on=tuesday, last_on=tuesday, label="Founders’ day", added_by=coordinator)
    ahead = days_ahead(team, MONDAY)
    saturday = MONDAY + timedelta(days=5)
    assert ahead.why_closed(tuesday) == "Founders’ day"
    assert ahead.why_closed(saturday) == "weekend"
    assert ahead.why_closed(MONDAY + timedelta(days=2)) == ""
    plan(team, coordinator, starts_at=at(team, saturday))
    assert days_ahead(team, MONDAY).why_closed(saturday) == ""


def test_the_desk_is_given_the_days_and_who_signs_is_told_of_a_closed_one_that_nobody_forbade(
    client, item, proposal, oncologist, chair, full_room
):
    day = item.meeting.local_start.date() + timedelta(days=7)
    saturday = day + timedelta(days=(5 - day.weekday()) % 7)
    later = plan(item.meeting.team, chair, starts_at=at(item.meeting.team, saturday + timedelta(days=4)))
    client.force_login(chair)
    room = reverse("room", args=[item.meeting.reference, item.case.reference])
    page = client.get(f"{room}?step=decide").text
    data = json.loads(page.partition('id="days-ahead" type="application/json">')[2].partition("</script>")[0])
    assert later.cut_off_at.astimezone(item.meeting.team.zone).date().isoformat() in [
        each["day"] for each in data["meetings"]
    ]
    assert data["closed"][saturday.isoformat()] == "weekend"
    content = content_for(
        proposal,
        oncologist,
        next_steps=[Step("Staging laparoscopy", oncologist, saturday)],
        condition_rows=[Condition("Restage", "day", saturday + timedelta(days=2))],
    )
    decision = meeting_actions.record_decision(item=item, by=chair, proposal=proposal, content=content)
    text = " ".join(client.get(f"{room}?step=sign").text.split())
    assert text.count("is no working day") == 1
    assert "Staging laparoscopy: Sat" in text
    assert "is no working day (weekend)." in text
    meeting_actions.sign_decision(decision=decision, by=chair)
    assert "is no working day" not in client.get(f"{room}?step=sign").text
