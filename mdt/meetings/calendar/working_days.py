"""On which days a team works: weekends and public holidays of its country (package `holidays`), and days of its own."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from holidays.registry import COUNTRIES

from mdt.meetings.models import ClosedDay, TeamCalendar
from mdt.people.models import Team

# In the package's own spelling: which of a country's languages the reader gets.
LANGUAGES = {"zh": ("zh_CN", "zh_HK", "zh_TW"), "en": ("en_US", "en_GB", "en_HK", "en_SG", "en")}
# From the package's register: asking each country for its name would load all of them.
_ENGLISH = {code: name for name, code, *_others in COUNTRIES.values()}
FARTHEST = 60  # days to look for the next working day: longer than any run of holidays
WEEKEND = {5, 6}


@dataclass(frozen=True)
class WorkingDays:
    """One team's working days, read once. Without a country: Monday to Friday, but for its own closed days."""

    country: str = ""
    region: str = ""
    closed: tuple[tuple[date, date, str], ...] = field(default=())

    def closed_because(self, day: date) -> str:
        """The name of the holiday or closed day, in the reader's language; empty on any other day, weekend or not."""
        for first_on, last_on, label in self.closed:
            if first_on <= day <= last_on:
                return label
        return _holidays(self.country, self.region, day.year, _language()).get(day, "") if self.country else ""

    def is_working_day(self, day: date) -> bool:
        """Neither weekend nor closed. Make-up days (调休) are working days where the package knows them."""
        if self.closed_because(day):
            return False
        if not self.country:
            return day.weekday() not in WEEKEND
        return _holidays(self.country, self.region, day.year, "").is_working_day(day)

    def next_working_day(self, day: date) -> date | None:
        """The first working day after a day; None if there is none within two months."""
        later = (day + timedelta(days=number) for number in range(1, FARTHEST + 1))
        return next((each for each in later if self.is_working_day(each)), None)

    def working_days_before(self, day: date, count: int) -> date:
        """The day `count` working days earlier; the day itself for 0. Closed days in between do not count."""
        earlier = day
        for _step in range(count):
            earlier = next(
                (
                    each
                    for each in (earlier - timedelta(days=number) for number in range(1, FARTHEST + 1))
                    if self.is_working_day(each)
                ),
                earlier - timedelta(days=1),
            )
        return earlier


def working_days_of(team: Team) -> WorkingDays:
    """As the team has set its calendar. Two queries."""
    calendar = TeamCalendar.objects.filter(team=team).first() or TeamCalendar(team=team)
    return working_days(calendar, ClosedDay.objects.filter(team=team))


def working_days(calendar: TeamCalendar, closed: Iterable[ClosedDay]) -> WorkingDays:
    """From rows, stored or not yet."""
    return WorkingDays(
        calendar.country, calendar.region, tuple((row.first_on, row.last_on, row.label) for row in closed)
    )


def countries() -> frozenset[str]:
    """Codes of the countries whose holidays are known."""
    return frozenset(_ENGLISH)


def named_countries() -> dict[str, str]:
    """Countries by their names in the reader's language."""
    return {
        "CN": _("China"),
        "HK": _("Hong Kong"),
        "MO": _("Macau"),
        "TW": _("Taiwan"),
        "SG": _("Singapore"),
        "JP": _("Japan"),
        "KR": _("South Korea"),
        "MY": _("Malaysia"),
        "AU": _("Australia"),
        "NZ": _("New Zealand"),
        "DE": _("Germany"),
        "AT": _("Austria"),
        "CH": _("Switzerland"),
        "FR": _("France"),
        "NL": _("Netherlands"),
        "IT": _("Italy"),
        "ES": _("Spain"),
        "GB": _("United Kingdom"),
        "US": _("United States"),
        "CA": _("Canada"),
    }


def other_countries() -> dict[str, str]:
    """The others, by the English names that the package gives them."""
    named = named_countries()
    return {code: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name) for code, name in _ENGLISH.items() if code not in named}


def regions(country: str) -> tuple[str, ...]:
    """Codes of the regions of a country that keep holidays of their own; empty for an unknown country."""
    return tuple(getattr(holidays, country).subdivisions) if country in _ENGLISH else ()


def _language() -> str:
    return (get_language() or "en")[:2]


@lru_cache(maxsize=512)
def _holidays(country: str, region: str, year: int, language: str) -> holidays.HolidayBase:
    """The public holidays of one year. Kept, since a preview asks for hundreds of days; never changed afterwards."""
    known = getattr(holidays, country).supported_languages
    wanted = next((each for each in LANGUAGES.get(language, ()) if each in known), None)
    return holidays.country_holidays(country, subdiv=region or None, years=year, expand=False, language=wanted)
