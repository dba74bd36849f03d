"""One working day, counted by hand over a weekend and a holiday."""

from datetime import UTC, date, datetime
from unittest import mock

import pytest
from django.utils import timezone

from mdt.meetings import actions
from mdt.meetings.outcome import promptness
from mdt.meetings.outcome.promptness import Promptness, promptness_of, share_on_time
from mdt.meetings.outcome.working_days import WorkingDays, later
from tests.meetings.builders import content_for, finish, plan

PLAIN = WorkingDays()
CHINA = WorkingDays(country="CN")

# National Day 2026 in China: closed from 1 to 7 October, and Saturday 10 October is worked to make up for it.


@pytest.mark.parametrize(
    ("days", "held", "due"),
    [
        (PLAIN, date(2026, 11, 25), date(2026, 11, 26)),  # Wednesday: Thursday
        (PLAIN, date(2026, 11, 27), date(2026, 11, 30)),  # Friday: Monday
        (CHINA, date(2026, 9, 30), date(2026, 10, 8)),  # the day before National Day: the day after the break
        (CHINA, date(2026, 10, 9), date(2026, 10, 10)),  # Friday: the Saturday that is worked
        (CHINA, date(2026, 10, 10), date(2026, 10, 12)),
        (
            WorkingDays(closed=((date(2026, 11, 26), date(2026, 11, 27), "Congress"),)),
            date(2026, 11, 25),
            date(2026, 11, 30),
        ),
    ],
)
def test_the_next_working_day(days, held, due):
    assert later(days, held) == due


@pytest.mark.parametrize(
    ("days", "due", "released", "late"),
    [
        (PLAIN, date(2026, 11, 26), date(2026, 11, 26), 0),
        (PLAIN, date(2026, 11, 26), date(2026, 11, 27), 1),
        (PLAIN, date(2026, 11, 27), date(2026, 11, 28), 1),  # due on Friday, released on Saturday
        (PLAIN, date(2026, 11, 27), date(2026, 12, 1), 2),  # Monday and Tuesday
        (CHINA, date(2026, 9, 30), date(2026, 10, 8), 1),  # a week later, and one working day
        (CHINA, date(2026, 9, 30), date(2026, 10, 12), 4),  # 8, 9, 10 and 12 October
    ],
)
def test_lateness_counts_working_days_only(days, due, released, late):
    assert promptness._late(days, due, released) == late


def test_what_may_still_be_in_time_does_not_count():
    due = date(2026, 11, 26)
    found = [Promptness(due, due, 0), Promptness(due, None, 0), Promptness(due, None, 2), Promptness(due, due, 1)]
    assert share_on_time(found) == (1, 3)


@pytest.mark.django_db
def test_a_meeting_before_a_weekend_and_its_page(client, team, coordinator, chair, ready_case, oncologist):
    friday = datetime(2026, 11, 20, 6, tzinfo=UTC)
    with mock.patch.object(timezone, "now", return_value=friday):
        meeting = plan(team, coordinator, chair=chair, starts_at=friday)
        item = actions.list_case(meeting=meeting, case=ready_case, by=coordinator, late_reason="asked for")
        content = content_for(ready_case.latest_proposal, oncologist, quorum_reason="enough")
        decision = actions.record_decision(
            item=item, by=coordinator, proposal=ready_case.latest_proposal, content=content
        )
        finish(meeting, coordinator)
        actions.sign_decision(decision=decision, by=chair)
        assert promptness_of(meeting, [item.pk])[item.pk] == Promptness(date(2026, 11, 23), None, 0)
    tuesday = datetime(2026, 11, 24, 6, tzinfo=UTC)
    with mock.patch.object(timezone, "now", return_value=tuesday):
        assert promptness_of(meeting, [item.pk])[item.pk] == Promptness(date(2026, 11, 23), None, 1)
        actions.release_outcome(decision=decision, by=coordinator)
        client.force_login(chair)
        text = client.get(meeting.get_absolute_url()).text
    assert "0 of 1 within one working day" in text
    assert "Late by 1 working day" in text
