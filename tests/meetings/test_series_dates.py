"""The dates of a series, against instants that were worked out by hand from the zones' own announcements.

UTC offsets used below: Berlin +1, summer +2 from 28 March to 31 October 2027 (01:00 UTC); New York −5, summer −4 from
14 March 07:00 UTC to 7 November 2027 06:00 UTC; Lord Howe +11 in summer, +10:30 from 3 April 15:00 UTC to
2 October 2027 15:30 UTC; Shanghai +8 all year.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from mdt.meetings.calendar import rules
from mdt.meetings.calendar.clock import Oddity, moment
from mdt.meetings.calendar.slots import slots, upcoming
from mdt.meetings.calendar.working_days import WorkingDays, regions
from mdt.meetings.models import Series
from mdt.people.models import Team
from mdt.people.time_zones import zone


def series(time_zone="Europe/Berlin", **changes):
    """A series that is not stored: dates need no database."""
    return Series(
        **{
            "team": Team(code="gc", time_zone=time_zone),
            "rule": "FREQ=WEEKLY;BYDAY=TU",
            "starts_on": date(2027, 1, 1),
            "begins_at": time(14, 0),
            "cut_off_count": 2,
            "cut_off_unit": "working_days",
            "cut_off_time": time(12, 0),
            **changes,
        }
    )


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def starts(made, first, last, working=None):
    return [
        slot.starts_at and slot.starts_at.astimezone(UTC) for slot in slots(made, working or WorkingDays(), first, last)
    ]


@pytest.mark.parametrize(
    ("time_zone", "first", "expected"),
    [
        # around the change of the clocks in spring and in autumn
        ("Europe/Berlin", date(2027, 3, 23), [utc(2027, 3, 23, 13), utc(2027, 3, 30, 12)]),
        ("Europe/Berlin", date(2027, 10, 26), [utc(2027, 10, 26, 12), utc(2027, 11, 2, 13)]),
        ("America/New_York", date(2027, 3, 9), [utc(2027, 3, 9, 19), utc(2027, 3, 16, 18)]),
        ("America/New_York", date(2027, 11, 2), [utc(2027, 11, 2, 18), utc(2027, 11, 9, 19)]),
        ("Australia/Lord_Howe", date(2027, 3, 30), [utc(2027, 3, 30, 3), utc(2027, 4, 6, 3, 30)]),
        ("Australia/Lord_Howe", date(2027, 9, 28), [utc(2027, 9, 28, 3, 30), utc(2027, 10, 5, 3)]),
        ("Asia/Shanghai", date(2027, 3, 23), [utc(2027, 3, 23, 6), utc(2027, 3, 30, 6)]),
    ],
)
def test_the_wall_clock_stays_when_the_clocks_change(time_zone, first, expected):
    assert starts(series(time_zone), first, first + timedelta(days=7)) == expected


@pytest.mark.parametrize(
    ("time_zone", "on", "at", "instant", "oddity"),
    [
        # spring: 02:30 does not exist; RFC 5545 reads it with the offset before the change
        ("Europe/Berlin", date(2027, 3, 28), time(2, 30), utc(2027, 3, 28, 1, 30), Oddity.SKIPPED),
        ("America/New_York", date(2027, 3, 14), time(2, 30), utc(2027, 3, 14, 7, 30), Oddity.SKIPPED),
        ("Australia/Lord_Howe", date(2027, 10, 3), time(2, 15), utc(2027, 10, 2, 15, 45), Oddity.SKIPPED),
        # autumn: 02:30 comes twice, half an hour of it on Lord Howe; the first one counts
        ("Europe/Berlin", date(2027, 10, 31), time(2, 30), utc(2027, 10, 31, 0, 30), Oddity.REPEATED),
        ("America/New_York", date(2027, 11, 7), time(1, 30), utc(2027, 11, 7, 5, 30), Oddity.REPEATED),
        ("Australia/Lord_Howe", date(2027, 4, 4), time(1, 45), utc(2027, 4, 3, 14, 45), Oddity.REPEATED),
        # just outside, nothing is odd
        ("Europe/Berlin", date(2027, 3, 28), time(3, 0), utc(2027, 3, 28, 1), None),
        ("Australia/Lord_Howe", date(2027, 4, 4), time(1, 15), utc(2027, 4, 3, 14, 15), None),
        ("Asia/Shanghai", date(2027, 3, 28), time(2, 30), utc(2027, 3, 27, 18, 30), None),
    ],
)
def test_times_that_the_clocks_skip_or_repeat(time_zone, on, at, instant, oddity):
    found = moment(on, at, zone(time_zone))
    assert (found.at.astimezone(UTC), found.oddity) == (instant, oddity)


def test_a_skipped_and_a_repeated_time_are_explained():
    sunday = series(rule="FREQ=WEEKLY;BYDAY=SU", begins_at=time(2, 30), cut_off_unit="hours", cut_off_time=None)
    [spring] = slots(sunday, WorkingDays(), date(2027, 3, 28), date(2027, 3, 28))
    assert spring.why == "the clocks skip 02:30 on 28 Mar 2027: it begins at 03:30"
    [autumn] = slots(sunday, WorkingDays(), date(2027, 10, 31), date(2027, 10, 31))
    assert autumn.why == "the clocks show 02:30 twice on 31 Oct 2027: the first one counts"


def test_fortnights_count_from_the_first_date_that_comes():
    made = series(rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")  # 1 January 2027 is a Friday
    days = [slot.planned_for for slot in slots(made, WorkingDays(), date(2027, 1, 1), date(2027, 2, 20))]
    assert days == [date(2027, 1, 5), date(2027, 1, 19), date(2027, 2, 2), date(2027, 2, 16)]
    later = [slot.planned_for for slot in slots(made, WorkingDays(), date(2027, 2, 3), date(2027, 3, 5))]
    assert later == [date(2027, 2, 16), date(2027, 3, 2)], "the phase does not depend on the window"


def test_months_by_the_place_of_a_weekday():
    made = series(rule="FREQ=MONTHLY;BYDAY=2WE,-1FR")
    days = [slot.planned_for for slot in slots(made, WorkingDays(), date(2027, 1, 1), date(2027, 2, 28))]
    assert days == [date(2027, 1, 13), date(2027, 1, 29), date(2027, 2, 10), date(2027, 2, 26)]


def test_the_last_day_and_the_count_end_a_series():
    made = series(ends_on=date(2027, 1, 12))
    assert [slot.planned_for for slot in upcoming(made, WorkingDays(), date(2027, 1, 1), 10)] == [
        date(2027, 1, 5),
        date(2027, 1, 12),
    ]
    counted = series(rule="FREQ=WEEKLY;BYDAY=TU;COUNT=3")
    assert len(upcoming(counted, WorkingDays(), date(2027, 1, 1), 10)) == 3
    assert len(upcoming(series(), WorkingDays(), date(2027, 1, 1), 10)) == 10


# --- Closed days --------------------------------------------------------------------------------------------------

BAVARIA = WorkingDays("DE", "BY")


def test_a_public_holiday_is_skipped_with_its_name():
    epiphany = series(rule="FREQ=WEEKLY;BYDAY=WE")
    found = slots(epiphany, BAVARIA, date(2027, 1, 1), date(2027, 1, 14))
    assert [(slot.planned_for, slot.is_skipped, slot.why) for slot in found] == [
        (date(2027, 1, 6), True, "Epiphany"),
        (date(2027, 1, 13), False, ""),
    ]
    [prussia] = slots(epiphany, WorkingDays("DE", "BE"), date(2027, 1, 6), date(2027, 1, 6))
    assert not prussia.is_skipped, "Epiphany is no holiday in Berlin"


def test_or_it_moves_to_the_next_working_day():
    made = series(rule="FREQ=WEEKLY;BYDAY=TH", on_closed_day="next_working_day")  # Ascension Day: 6 May 2027
    [slot] = slots(made, BAVARIA, date(2027, 5, 6), date(2027, 5, 6))
    assert (slot.planned_for, slot.starts_at.date()) == (date(2027, 5, 6), date(2027, 5, 7))
    assert slot.is_moved
    assert slot.why == "Ascension Day: on the next working day"


def test_it_never_moves_onto_the_next_meeting_or_beyond():
    made = series("Asia/Shanghai", rule="FREQ=WEEKLY;BYDAY=FR", on_closed_day="next_working_day")
    golden_week = (date(2027, 10, 1), date(2027, 10, 8), "National Day and what follows")
    found = slots(made, WorkingDays(closed=(golden_week,)), date(2027, 10, 1), date(2027, 10, 15))
    assert [slot.starts_at.date() if slot.starts_at else None for slot in found] == [
        None,
        date(2027, 10, 11),
        date(2027, 10, 15),
    ]
    assert "too far away" in found[0].why


def test_own_closed_days_come_before_and_beside_public_ones():
    retreat = WorkingDays("DE", "BY", ((date(2027, 2, 1), date(2027, 2, 5), "Department retreat"),))
    [slot] = slots(series(), retreat, date(2027, 2, 2), date(2027, 2, 2))
    assert slot.why == "Department retreat"


def test_holidays_speak_the_readers_language():
    from django.utils.translation import override

    with override("zh-hans"):
        assert WorkingDays("CN").closed_because(date(2026, 10, 1)) == "国庆节"
    assert WorkingDays("CN").closed_because(date(2026, 10, 1)) == "National Day"


def test_a_make_up_day_is_a_working_day_and_fridays_are_weekend_where_they_are():
    assert WorkingDays("CN").is_working_day(date(2026, 10, 10)), "a Saturday made up for the National Day holidays"
    assert not WorkingDays("SA").is_working_day(date(2026, 11, 13)), "a Friday in Saudi Arabia"
    assert WorkingDays("SA").is_working_day(date(2026, 11, 15))


def test_regions_are_those_of_the_country():
    assert {"BY", "BE"} <= set(regions("DE"))
    assert regions("??") == ()


# --- Cut-off ------------------------------------------------------------------------------------------------------


def cut_offs(made, first, last, working=None):
    return [slot.cut_off_at.astimezone(UTC) for slot in slots(made, working or WorkingDays(), first, last)]


def test_the_cut_off_counts_working_days_back_past_weekend_and_holidays():
    # Tuesday 18 May 2027; Monday 17 is Whit Monday: the second working day before is Thursday 13, 12:00 in Berlin
    assert cut_offs(series(), date(2027, 5, 18), date(2027, 5, 18), BAVARIA) == [utc(2027, 5, 13, 10)]


def test_the_cut_off_of_the_same_day_and_in_hours_across_a_change_of_the_clocks():
    same_day = series(cut_off_count=0, cut_off_time=time(8, 0))
    assert cut_offs(same_day, date(2027, 3, 23), date(2027, 3, 23)) == [utc(2027, 3, 23, 7)]
    hours = series(rule="FREQ=WEEKLY;BYDAY=MO", cut_off_unit="hours", cut_off_count=48, cut_off_time=None)
    # Monday 29 March 14:00 (+2) less 48 hours: Saturday 12:00 UTC, when the clock shows 13:00
    assert cut_offs(hours, date(2027, 3, 29), date(2027, 3, 29)) == [utc(2027, 3, 27, 12)]


# --- Rules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "every Tuesday"),
        ("RRULE:freq=weekly; byday=th,tu", "every Thursday and Tuesday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "every second Wednesday"),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=WE", "every 3 weeks on Wednesday"),
        ("FREQ=MONTHLY;BYDAY=1TU,3TU", "each month on the first Tuesday and third Tuesday"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2"),
    ],
)
def test_rules_are_read_and_worded(text, words):
    assert rules.words(rules.parse(text)) == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "every tuesday",
        "FREQ=HOURLY",
        "FREQ=SECONDLY;INTERVAL=1",
        "FREQ=YEARLY",
        "FREQ=WEEKLY;UNTIL=20270101T000000Z",
        "FREQ=WEEKLY;FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=1TU",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYDAY=9TU",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYMONTH=13",
        "FREQ=MONTHLY;BYSETPOS=1",
        "FREQ=WEEKLY;BYMONTHDAY=3",
        "FREQ=WEEKLY;BYHOUR=9",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=99",
        "FREQ=WEEKLY;COUNT=100000",
        "FREQ=WEEKLY;BYDAY=" + ",".join(["TU"] * 60),
        "FREQ=WEEKLY\nDTSTART:20270101",
    ],
)
def test_other_rules_are_refused_with_a_reason(text):
    with pytest.raises(rules.RuleError, match=r"\w"):
        rules.parse(text)


def test_a_rule_without_any_date_is_refused():
    with pytest.raises(rules.RuleError, match="no date"):
        rules.require_dates(rules.parse("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31"), date(2027, 1, 1))
