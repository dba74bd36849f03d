"""Counting a team's working days by its own clock; which days those are, `mdt.meetings.calendar.working_days` says."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from mdt.meetings.calendar.working_days import WorkingDays, working_days_of
from mdt.people.models import Team

__all__ = ["WorkingDays", "between", "day_of", "later", "moment_of", "today_of", "working_days_of"]


def later(days: WorkingDays, day: date, count: int = 1) -> date:
    """The working day that comes `count` working days after `day`; a team that is closed for months: the next day."""
    found = day
    for _round in range(count):
        found = days.next_working_day(found) or found + timedelta(days=1)
    return found


def between(days: WorkingDays, first: date, last: date) -> int:
    """Working days after `first` up to and with `last`; 0 where `last` is not later."""
    return sum(days.is_working_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def day_of(moment: datetime, team: Team) -> date:
    """The day that the team's calendar shows at this moment."""
    return timezone.localdate(moment, team.zone)


def today_of(team: Team) -> date:
    return day_of(timezone.now(), team)


def moment_of(day: date, hour: int, team: Team) -> datetime:
    """A full hour of the team's day."""
    return datetime.combine(day, time(hour), tzinfo=team.zone)
