"""Amounts and days in the report's own words: "54", "2–4", "≥2", "up to 40", "至少2", "2026-03", and back again.

Reading gives the JSON of classification.facts; it raises NotUnderstood with the reason, and never guesses. Each
language may be read whatever language the page has.
"""

import calendar
import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from mdt.reading.lengths import UNIT, mm_per

Number = int | float
LONGEST = 80  # characters: longer than any amount or pair of days that a report gives

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_TO = r"\s*(?:-|–|—|~|to|至|到)\s*"
_AT_LEAST = r"(?:≥|>=|=>|at least|minimum|min\.?|from|not less than|至少|不少于|不小于|大于等于|大于或等于)\s*"
_AT_MOST = r"(?:≤|<=|=<|up to|at most|maximum|max\.?|not more than|不超过|不大于|至多|最多|小于等于|小于或等于)\s*"
_OR = r"\s*(?:\bor\b|或者|或)\s*"
_MORE = r"\s*(?:or more|及以上|以上|或以上)"
_LESS = r"\s*(?:or less|or fewer|及以下|以下|以内|或以下)"
_MULTIPLE = ("multiple", "several", "多发", "多个")
_OPEN = {
    ">": "above",
    "more than ": "above",
    "over ": "above",
    "超过": "above",
    "大于": "above",
    "<": "below",
    "less than ": "below",
    "under ": "below",
    "小于": "below",
    "少于": "below",
}


class NotUnderstood(ValueError):
    """A text that is not an amount or a day. `reason`: comma, open, order, future, ambiguous, or words."""

    def __init__(self, reason: str, shown: str = ""):
        self.reason, self.shown = reason, shown
        super().__init__(reason)


def _plain(text: str) -> str:
    """One way of writing: half-width, lower case, single spaces."""
    if len(text) > LONGEST:
        raise NotUnderstood("words")
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).replace("\u2212", "-")).strip().lower()


def _number(text: str, *, whole: bool) -> Number:
    if "." in text and not whole:
        return float(text)
    if "." in text:
        raise NotUnderstood("words")
    return int(text)


def _range(low: Any, high: Any) -> Any:
    if low > high:
        raise NotUnderstood("order")
    return low if low == high else {"at_least": low, "at_most": high}


def _one_of(values: list) -> Any:
    values = list(dict.fromkeys(values))
    return values[0] if len(values) == 1 else {"one_of": values}


_LENGTH = rf"\s*{UNIT}"


def _in_millimetres(plain: str) -> str:
    """ "3.5 cm", "3,5cm" and "35毫米" are 35: in mm, without units. A comma is a decimal only beside a unit."""
    units = re.findall(_LENGTH, plain)
    if not units:
        return plain
    factors = {mm_per(unit) for unit in units}
    if len(factors) > 1:
        raise NotUnderstood("words")
    bare = re.sub(r"(\d),(\d{1,2})(?!\d)", r"\1.\2", re.sub(_LENGTH, "", plain)).strip()
    if not bare:
        raise NotUnderstood("words")
    [factor] = factors
    return bare if factor == 1 else re.sub(_NUMBER, lambda found: _times(factor, found[0]), bare)


def _times(factor: int, number: str) -> str:
    return write_number(float(Decimal(number) * factor))


def read_amount(
    text: str, *, whole: bool = False, units: tuple[str, ...] = (), countable: bool = False, lengths: bool = False
) -> Any:
    """The amount as JSON: number, range, one_of; None for an empty text.

    `whole`: only whole numbers. `units` may follow the amount. `countable`: "multiple" is 2 or more. `lengths`: it is
    wanted in mm and may be written in cm. Raises NotUnderstood.
    """
    plain = _in_millimetres(_plain(text)) if lengths else _plain(text)
    for unit in units:
        plain = plain.removesuffix(_plain(unit)).strip()
    if not plain:
        return None
    if countable and plain in _MULTIPLE:
        return {"at_least": 2}
    if re.search(r"\d,\d", plain):
        raise NotUnderstood("comma", plain.replace(",", "."))
    if re.fullmatch(_NUMBER, plain):
        return _number(plain, whole=whole)
    if found := re.fullmatch(f"({_NUMBER}){_TO}({_NUMBER})", plain):
        return _range(*(_number(end, whole=whole) for end in found.groups()))
    if found := re.fullmatch(f"{_AT_LEAST}({_NUMBER})|({_NUMBER}){_MORE}", plain):
        return {"at_least": _number(found[1] or found[2], whole=whole)}
    if found := re.fullmatch(f"{_AT_MOST}({_NUMBER})|({_NUMBER}){_LESS}", plain):
        return {"at_most": _number(found[1] or found[2], whole=whole)}
    options = re.split(_OR, plain)
    if len(options) > 1 and all(re.fullmatch(_NUMBER, option) for option in options):
        return _one_of([_number(option, whole=whole) for option in options])
    return _read_open_limit(plain, whole=whole)


def _read_open_limit(plain: str, *, whole: bool) -> Any:
    """ "> 2" is exact for whole numbers only; for others it would leave the limit itself open."""
    for sign, side in _OPEN.items():
        rest = plain.removeprefix(sign).strip()
        if plain.startswith(sign) and re.fullmatch(_NUMBER, rest):
            if whole:
                number = _number(rest, whole=True)
                return {"at_least": number + 1} if side == "above" else {"at_most": number - 1}
            raise NotUnderstood("open", f"{'≥' if side == 'above' else '≤'}{rest}")
    raise NotUnderstood("words")


def write_number(number: Number) -> str:
    """Without exponent and without a decimal that says nothing: 54, 40.4, 0.00001."""
    if number == int(number):
        return str(int(number))
    return format(Decimal(repr(number)), "f")


def write_amount(stated: Any) -> str:
    """The text that read_amount reads back to the same amount."""
    return _write(stated, write_number, "–")


def _write(stated: Any, write, to: str) -> str:
    if stated is None:
        return ""
    if not isinstance(stated, dict):
        return write(stated)
    if "one_of" in stated:
        # Not by gettext: a translator's choice of word could not be read back.
        return ("或" if (get_language() or "").startswith("zh") else " or ").join(map(write, stated["one_of"]))
    low, high = stated.get("at_least"), stated.get("at_most")
    if low is None:
        return f"≤{write(high)}" if high is not None else ""
    return f"≥{write(low)}" if high is None else f"{write(low)}{to}{write(high)}"


_DAY_TO = r"\s*(?:–|—|~|至|到)\s*|\s+(?:to|-)\s+"
_DAY_LEAST = r"(?:≥|>=|since|from|not before|不早于|自)\s*"
_DAY_MOST = r"(?:≤|<=|until|up to|by|not after|不晚于|截至)\s*"
_AMBIGUOUS = r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"


def _stretch(text: str) -> tuple[date, date]:
    """First and last day that a day, month or year covers."""
    if re.fullmatch(_AMBIGUOUS, text):
        raise NotUnderstood("ambiguous")
    plain = re.sub(r"\s*[年月]\s*", "-", text).removesuffix("日").strip().removesuffix("-")
    parts = re.split(r"[-./]", plain)
    if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() for part in parts) or len(parts[0]) != 4:
        raise NotUnderstood("words")
    year, month, day = ([int(part) for part in parts] + [0, 0])[:3]
    first_month, last_month = (month, month) if len(parts) > 1 else (1, 12)
    try:
        if len(parts) == 3:
            return date(year, month, day), date(year, month, day)
        last_day = calendar.monthrange(year, last_month)[1]
        return date(year, first_month, 1), date(year, last_month, last_day)
    except (ValueError, calendar.IllegalMonthError):
        raise NotUnderstood("words") from None


def read_day(text: str, *, today: date) -> Any:
    """A day, month, year, a span or "one of" as JSON with ISO days; None for an empty text. Raises NotUnderstood."""
    plain = _plain(text)
    if not plain:
        return None

    def not_after_today(first: date, last: date) -> tuple[date, date]:
        if first > today:
            raise NotUnderstood("future")
        return first, min(last, today)

    options = re.split(_OR, plain)
    if len(options) > 1:
        stretches = [not_after_today(*_stretch(option)) for option in options]
        if any(first != last for first, last in stretches):
            raise NotUnderstood("words")
        return _one_of([first.isoformat() for first, _last in stretches])
    if found := re.fullmatch(f"{_DAY_LEAST}(.+)", plain):
        return {"at_least": not_after_today(*_stretch(found[1]))[0].isoformat()}
    if found := re.fullmatch(f"{_DAY_MOST}(.+)", plain):
        last = _stretch(found[1])[1]
        if last > today:
            raise NotUnderstood("future")
        return {"at_most": last.isoformat()}
    ends = re.split(_DAY_TO, plain)
    if len(ends) == 2:
        first, last = _stretch(ends[0])[0], _stretch(ends[1])[1]
        if last > today and _stretch(ends[1])[0] == last:
            raise NotUnderstood("future")
    else:
        first, last = _stretch(plain)
    first, last = not_after_today(first, last)
    return _range(first.isoformat(), last.isoformat())


def write_day(stated: Any) -> str:
    """The text that read_day reads back: a whole month or year is written as such."""
    if isinstance(stated, dict) and stated.get("at_least") and stated.get("at_most"):
        first, last = stated["at_least"], stated["at_most"]
        for length in (4, 7):
            if first[:length] == last[:length] and (
                tuple(day.isoformat() for day in _stretch(first[:length])) == (first, last)
            ):
                return first[:length]
    return _write(stated, str, " – ")
