"""Days as reports write them: which day the figures mean, or that they may mean two."""

import re
from collections.abc import Iterator
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
PART_OF_A_DAY = re.compile(
    rf"(?<![\d.])(?:(?:19|20)\d\d\s?年\s?\d{{1,2}}\s?月(?!\s?\d)|(?<![年\d])\d{{1,2}}\s?月\s?\d{{1,2}}\s?日"
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


def meant(match: re.Match) -> frozenset[date]:
    """Every day that the figures of DAY may mean, whatever today is; empty where no calendar has it.

    "03/04/2026" is two. With points the day stands first wherever days are written so: "12.11.2026" is one.
    """
    return frozenset(filter(None, _readings(match)))


def _readings(match: re.Match) -> Iterator[date | None]:
    part = match.groupdict()
    if part["y4"]:
        yield _date(part["y4"], part["b"], part["a"])
        if part["sign"] != ".":
            yield _date(part["y4"], part["a"], part["b"])
        return
    number = next(each for each in "123" if part[f"y{each}"])
    month = part[f"m{number}"]
    yield _date(part[f"y{number}"], month if month.isdigit() else _MONTHS[month[:3].lower()], part[f"d{number}"])


def _date(year: str, month: str | int, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
