"""Working days of a team, in whole days: weekends, public holidays and closed days do not count."""

from dataclasses import dataclass
from datetime import date, timedelta

from holidays import HolidayBase

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
    """The days on which this team works."""
    return WorkingDays()
