"""Days as reports write them: which day the figures mean, or that they may mean two."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

EARLIEST = date(1990, 1, 1)
"""Older days are slips of the keyboard or a birth."""

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_MONTH = rf"(?:{'|'.join(_NAMES)})[a-z]{{0,6}}\.?"
DAY = re.compile(
    rf"(?<![\d.])(?:(?P<y1>(?:19|20)\d\d)\s?[-/.年]\s?(?P<m1>\d{{1,2}})\s?[-/.月]\s?(?P<d1>\d{{1,2}})(?:\s?日)?"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?[\s-](?P<m2>{_MONTH})[\s,-]{{1,2}}(?P<y2>(?:19|20)\d\d)"
    rf"|(?P<m3>{_MONTH})\s(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y3>(?:19|20)\d\d)"
    rf"|(?P<a>\d{{1,2}})(?P<sign>[-/.])(?P<b>\d{{1,2}})[-/.](?P<y4>(?:19|20)\d\d))(?![\d])",
    re.IGNORECASE | re.ASCII,
)
_OF_A_RESULT = (
    r"\s?(?:病理|回报|报告|复查|行|查|胃镜|内镜|超声|彩超|B超|磁共振|核磁|腹腔镜|手术|活检|免疫组化|CT|MR|PET|EUS)"
)
PART_OF_A_DAY = re.compile(
    rf"(?<![\d./-])(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])(?={_OF_A_RESULT})|(?<![\d.])(?:(?:19|20)\d\d\s?年\s?\d{{1,2}}\s?月(?!\s?\d)|(?<![年\d])\d{{1,2}}\s?月\s?\d{{1,2}}\s?日"
    rf"|(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])(?![-/.\d])"
    rf"|\d{{1,2}}\.\d{{1,2}}\.(?:\d\d)?(?!\d)|\d{{1,2}}/\d{{1,2}}(?:/\d\d)?(?![/\d])"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH}(?![\s,-]{{1,2}}(?:19|20)\d\d)\b"
    rf"|\b{_MONTH}\s(?:19|20)\d\d|\b{_MONTH}\s\d{{1,2}}\b(?!,?\s(?:19|20)\d\d))",
    re.IGNORECASE | re.ASCII,
)
"""A day without its year or its century, or a month: which day it is, nobody can say from the text alone."""

LABEL = re.compile(
    r"(?:\b(?:date|day) of (?:the )?(?:exam(?:ination)?|study|scan|procedure|endoscopy|service)"
    r"|\b(?:exam(?:ination)?|study|scan|procedure|acquisition) (?:date|performed|done)"
    r"|\b(?:examined|scanned|acquired|performed) on|检查(?:日期|时间|日)|扫描(?:日期|时间)|采集(?:日期|时间)|检查于)"
    r"(?: and time)?(?:/时间)?[\s:]{0,3}(?:on )?$",
    re.IGNORECASE | re.ASCII,
)
"""What stands before the day of an examination, up to the day itself."""
OF_ANOTHER_DAY = re.compile(
    r"compar|previous|\bprior\b|earlier|\bsince\b|last |before|after\b|baseline|report(?:ed)? (?:date|on)"
    r"|date of report|birth|\bborn\b|\bdob\b|operat|surg|resect|ectomy|discharg|admi(?:ssion|tted)|recommend"
    r"|planned|schedul|\brefer|request|typed|dictat|verif|approv|signed|chemo|therap|\bbegun\b|started|\bcycle"
    r"|outside|elsewhere|(?:another|other) (?:hospital|cent)|\bordered|transcri|finali[sz]|authori[sz]|imported"
    r"|uploaded|received|printed"
    r"|前片|旧片|对比|比较|与.{0,12}相比|既往|上次|曾|首次|报告(?:日期|时间)|出生|生日|手术|术后|术前|切除|入院|出院|申请|送检|收到"
    r"|接收|打印|审核|登记|预约|建议|复查(?:于|时间)|化疗|放疗|治疗|靶向|周期|疗程|外院|院外|当地|外地|导入|上传",
    re.IGNORECASE | re.ASCII,
)
"""Words beside a day that make it another day than that of this examination."""


_LATER = (
    r"\b(?:the )?(?:next|following|same) (?:day|week|month)\b"
    r"|\b(?:\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten|several|some|(?:a )?few)"
    r"[\s-](?:day|week|fortnight|month|year)s? (?:later|after\w*|thereafter|on)\b"
    r"|[次翌隔当]日|第二天|(?:\d{1,2}|[半数几一二两三四五六七八九十]{1,2})\s?(?:个月|星期|天|日|周|月|年)(?:之后|以后|后)"
)
RELATIVE = re.compile(
    rf"(?P<later>{_LATER})|\byesterday\b|\blast (?:week|month|year)\b"
    r"|\b(?:\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten|several|some|(?:a )?few)"
    r"[\s-](?:day|week|fortnight|month|year)s? (?:earlier|ago|before|previously)\b"
    r"|昨[日天]|(?:\d{1,2}|[半数几一二两三四五六七八九十]{1,2})\s?(?:个月|星期|天|日|周|月|年)(?:之前|以前|前)",
    re.IGNORECASE | re.ASCII,
)
"""A day that is told from another one: "two days later". None is computed, for from which day, is not plain."""


def meant(match: re.Match, *, day_first: bool | None = None) -> frozenset[date]:
    """Every day that the figures of DAY may mean, whatever today is; empty where no calendar has it.

    "03/04/2026" is two, unless it is known that the day (or the month) stands first. With points the day stands first
    wherever days are written so: "12.11.2026" is one.
    """
    return frozenset(filter(None, _readings(match, day_first)))


def _readings(match: re.Match, day_first: bool | None) -> Iterator[date | None]:
    part = match.groupdict()
    if part["y4"]:
        as_day_first = _date(part["y4"], part["b"], part["a"])
        as_month_first = None if part["sign"] == "." else _date(part["y4"], part["a"], part["b"])
        if None in (day_first, as_day_first, as_month_first):
            yield from (as_day_first, as_month_first)
        else:
            yield as_day_first if day_first else as_month_first
        return
    number = next(each for each in "123" if part[f"y{each}"])
    month = part[f"m{number}"]
    yield _date(part[f"y{number}"], month if month.isdigit() else _MONTHS[month[:3].lower()], part[f"d{number}"])


def order_in(text: str) -> tuple[bool | None, re.Match | None]:
    """Whether the text writes the day before the month, and the day that shows it: "14/11/2026" can be read one way.

    None where no day shows it, or two days show both.
    """
    shown: dict[bool, re.Match] = {}
    for match in DAY.finditer(text):
        if match["y4"] and match["sign"] != "." and len(meant(match)) == 1:
            shown.setdefault(int(match["a"]) > 12, match)
    return next(iter(shown.items())) if len(shown) == 1 else (None, None)


def first_of_two(text: str) -> re.Match | None:
    """The first day of a text whose figures may be two different days."""
    return next((match for match in DAY.finditer(text) if len(meant(match)) > 1), None)


@dataclass(frozen=True)
class Calendar:
    """How the days of one text are read: none lies after `today`; `day_first` None: "03/04/2026" may be two days."""

    today: date | None = None
    day_first: bool | None = None

    @classmethod
    def of(cls, text: str, today: date | None, day_first: bool | None) -> "Calendar":
        """What somebody has said counts; without it, what the other days of the text show."""
        return cls(today, order_in(text)[0] if day_first is None else day_first)

    def day_of(self, match: re.Match) -> tuple[date | None, bool]:
        """The day of a match of DAY (of PART_OF_A_DAY: none), and whether it may be two."""
        days = meant(match, day_first=self.day_first) if match.re is DAY else frozenset()
        if len(days) != 1:
            return None, len(days) > 1
        on = next(iter(days))
        return (on if EARLIEST <= on <= (self.today or date.max) else None), False


def _date(year: str, month: str | int, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
