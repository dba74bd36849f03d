"""Working days of a team, in whole days by its own clock: weekends, public holidays and closed days do not count."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from holidays import HolidayBase, country_holidays

from mdt.meetings.models import TeamCalendar
from mdt.people.models import Team

FRIDAY = 4
LONGEST_BREAK = 366  # days: a team that is closed for longer has no next working day


@dataclass(frozen=True)
class WorkingDays:
    """Which days count. `holidays` None: no country is known, and the team works from Monday to Friday."""

    holidays: HolidayBase | None = None
    closed: tuple[tuple[date, date], ...] = ()

    def __contains__(self, day: date) -> bool:
        if any(first <= day <= last for first, last in self.closed):
            return False
        # In some countries a Saturday is worked to make up for a bridge day: the package knows.
        return day.weekday() <= FRIDAY if self.holidays is None else self.holidays.is_working_day(day)

    def after(self, day: date, count: int = 1) -> date:
        """The working day that comes `count` working days after `day`."""
        found = day
        for _round in range(count):
            found = next(
                (later for n in range(1, LONGEST_BREAK) if (later := found + timedelta(days=n)) in self),
                found + timedelta(days=1),
            )
        return found

    def between(self, first: date, last: date) -> int:
        """Working days after `first` up to and with `last`; 0 where `last` is not later."""
        return sum(first + timedelta(days=n) in self for n in range(1, (last - first).days + 1))


def working_days_of(team: Team) -> WorkingDays:
    """The days on which this team works, by the calendar that it keeps."""
    calendar = TeamCalendar.objects.filter(team=team).exclude(country="").first()
    closed = team.closed_days.values_list("first_on", "last_on")
    holidays = country_holidays(calendar.country, subdiv=calendar.region or None) if calendar else None
    return WorkingDays(holidays, tuple(closed))


def day_of(moment: datetime, team: Team) -> date:
    """The day that the team's calendar shows at this moment."""
    return timezone.localdate(moment, team.zone)


def today_of(team: Team) -> date:
    return day_of(timezone.now(), team)


def moment_of(day: date, hour: int, team: Team) -> datetime:
    """A full hour of the team's day."""
    return datetime.combine(day, time(hour), tzinfo=team.zone)
