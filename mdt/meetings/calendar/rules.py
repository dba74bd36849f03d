"""Recurrence rules as in RFC 5545: which ones are accepted, their dates, and their words.

A series repeats by days, never within one. Its last day is a field of its own, so that a rule has no end but COUNT.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice

from dateutil.rrule import rrule, rrulestr
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

LONGEST = 200
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_COUNT = 520
SEARCHED = timedelta(days=5 * 366)  # a rule without a date in the first five years is of no use to a team
INTERVALS = {"DAILY": 31, "WEEKLY": 26, "MONTHLY": 12}
PART = re.compile(r"([A-Z]+)=([-+A-Z0-9,]+)")
NUMBERS = {"BYMONTHDAY": (-31, 31), "BYMONTH": (1, 12), "BYSETPOS": (-5, 5)}
BY_DAY = re.compile(r"([-+]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
MOST_VALUES = 12


class RuleError(ValueError):
    """A rule that is not accepted; the message says why, for the person who typed it."""


@dataclass(frozen=True)
class Rule:
    """An accepted rule. `days` are weekdays (0 Monday) with their place in the month, 0 for every one."""

    text: str
    frequency: str
    interval: int
    days: tuple[tuple[int, int], ...]
    is_plain: bool  # nothing but frequency, interval and weekdays

    def dates(self, starts_on: date, first: date, last: date) -> list[date]:
        """Dates from `first` to `last`, counted from the first one on or after `starts_on`."""
        begin, end = (datetime.combine(day, time.min) for day in (max(first, starts_on), last))
        return [found.date() for found in _compiled(self.text, starts_on).between(begin, end, inc=True)]

    def upcoming(self, starts_on: date, after: date) -> Iterator[date]:
        """Dates on or after a day, one by one, for at most five years."""
        begin = max(after, starts_on)
        end = datetime.combine(begin + SEARCHED, time.min)
        for found in _compiled(self.text, starts_on).xafter(datetime.combine(begin, time.min), inc=True):
            if found > end:
                return
            yield found.date()


@lru_cache(maxsize=256)
def _compiled(text: str, starts_on: date) -> rrule:
    """The rule, counted from its first date: "every second Tuesday" begins with the first Tuesday that comes."""
    begin = datetime.combine(starts_on, time.min)
    every = re.sub(r";(INTERVAL|COUNT)=\d+", "", text)
    return rrulestr(text, dtstart=rrulestr(every, dtstart=begin).after(begin, inc=True) or begin)


def parse(text: str) -> Rule:
    """The rule in its normal form. Raises RuleError, saying which part is not accepted and why."""
    text = "".join(text.upper().split()).removeprefix("RRULE:").strip(";")
    if not text or len(text) > LONGEST:
        raise RuleError(_("Write a rule such as FREQ=WEEKLY;BYDAY=TU, of at most %(most)d signs.") % {"most": LONGEST})
    parts: dict[str, str] = {}
    for piece in text.split(";"):
        match = PART.fullmatch(piece)
        if match is None or match[1] in parts:
            raise RuleError(_("“%(part)s” is not a part of a rule, or stands there twice.") % {"part": piece[:40]})
        parts[match[1]] = match[2]
    frequency = parts.pop("FREQ", "")
    if frequency not in FREQUENCIES:
        raise RuleError(_("FREQ must be one of %(known)s.") % {"known": ", ".join(FREQUENCIES)})
    if "UNTIL" in parts:
        raise RuleError(_("Give the last day in its own field, not as UNTIL."))
    interval = _number(parts, "INTERVAL", 1, INTERVALS[frequency])
    _number(parts, "COUNT", 1, MOST_COUNT)
    days = _days(parts.get("BYDAY", ""), frequency)
    for name, (least, most) in NUMBERS.items():
        _numbers(parts, name, least, most)
    if parts.get("WKST", "MO") not in DAYS:
        raise RuleError(_("WKST must be one of %(known)s.") % {"known": ", ".join(DAYS)})
    known = {"INTERVAL", "COUNT", "BYDAY", "WKST", *NUMBERS}
    if unknown := set(parts) - known:
        raise RuleError(_("%(part)s is not accepted here.") % {"part": ", ".join(sorted(unknown))})
    if frequency == "WEEKLY" and "BYMONTHDAY" in parts:
        raise RuleError(_("BYMONTHDAY does not go with FREQ=WEEKLY."))
    if "BYSETPOS" in parts and not set(parts) & {"BYDAY", "BYMONTHDAY"}:
        raise RuleError(_("BYSETPOS needs the days that it counts: BYDAY or BYMONTHDAY."))
    ordered = ["FREQ=" + frequency, *(f"{name}={value}" for name, value in parts.items())]
    return Rule(";".join(ordered), frequency, interval, days, set(parts) <= {"INTERVAL", "BYDAY"})


def require_dates(rule: Rule, starts_on: date) -> None:
    """Raise RuleError for a rule that names no day in five years, such as the 31st of February."""
    if not any(True for _day in islice(rule.upcoming(starts_on, starts_on), 1)):
        raise RuleError(_("This rule has no date within five years."))


def _number(parts: dict[str, str], name: str, least: int, most: int) -> int:
    value = parts.get(name, str(least))
    if not value.isdecimal() or not least <= int(value) <= most:
        raise RuleError(_("%(part)s must lie between %(least)d and %(most)d.") % _bounds(name, least, most))
    return int(value)


def _numbers(parts: dict[str, str], name: str, least: int, most: int) -> None:
    values = parts.get(name, "").split(",") if name in parts else []
    is_number = all(re.fullmatch(r"[-+]?\d{1,2}", value) for value in values)
    if len(values) > MOST_VALUES or not (
        is_number and all(least <= int(each) <= most and int(each) for each in values)
    ):
        raise RuleError(_("%(part)s must lie between %(least)d and %(most)d.") % _bounds(name, least, most))


def _bounds(name: str, least: int, most: int) -> dict:
    return {"part": name, "least": least, "most": most}


def _days(text: str, frequency: str) -> tuple[tuple[int, int], ...]:
    """`1TU,3TU` as ((1, 1), (1, 3)): weekday and its place in the month."""
    if not text:
        return ()
    found = []
    for value in text.split(","):
        match = BY_DAY.fullmatch(value)
        if match is None or (match[1] and frequency != "MONTHLY"):
            raise RuleError(
                _("BYDAY takes weekdays (%(known)s), in a monthly rule with their place: 1TU, -1FR.")
                % {"known": ", ".join(DAYS)}
            )
        found.append((DAYS.index(match[2]), int(match[1] or 0)))
    if len(found) > MOST_VALUES:
        raise RuleError(_("These are too many weekdays."))
    return tuple(dict.fromkeys(found))


def weekly(days: list[int], interval: int = 1) -> str:
    """The rule of every (second, third …) week on these weekdays (0 Monday)."""
    every = f"INTERVAL={interval};" if interval > 1 else ""
    return f"FREQ=WEEKLY;{every}BYDAY={','.join(DAYS[day] for day in sorted(days))}"


def monthly(days: list[int], places: list[int]) -> str:
    """The rule of, say, each first and third Tuesday; -1 is the last one of a month."""
    return f"FREQ=MONTHLY;BYDAY={','.join(f'{place}{DAYS[day]}' for place in places for day in sorted(days))}"


def words(rule: Rule) -> str:
    """The rule as people say it, in the reader's language; one that has no such words is shown as it stands."""
    if rule.is_plain and rule.frequency == "WEEKLY" and rule.days:
        days = _listed([str(WEEKDAYS[day]) for day, _place in rule.days])
        if rule.interval == 1:
            return _("every %(days)s") % {"days": days}
        if rule.interval == 2:
            return _("every second %(days)s") % {"days": days}
        return _("every %(count)d weeks on %(days)s") % {"count": rule.interval, "days": days}
    if rule.is_plain and rule.frequency == "MONTHLY" and rule.interval == 1 and all(place for _d, place in rule.days):
        named = [
            _("%(place)s %(day)s") % {"place": place_word(place), "day": WEEKDAYS[day]} for day, place in rule.days
        ]
        if named:
            return _("each month on the %(days)s") % {"days": _listed(named)}
    return rule.text


def place_word(place: int) -> str:
    """The place of a weekday in its month."""
    return {
        1: pgettext("weekday of a month", "first"),
        2: pgettext("weekday of a month", "second"),
        3: pgettext("weekday of a month", "third"),
        4: pgettext("weekday of a month", "fourth"),
        5: pgettext("weekday of a month", "fifth"),
        -1: pgettext("weekday of a month", "last"),
    }.get(place, str(place))


def _listed(texts: list[str]) -> str:
    if len(texts) < 2:
        return "".join(texts)
    return _("%(first)s and %(last)s") % {"first": _(", ").join(texts[:-1]), "last": texts[-1]}
