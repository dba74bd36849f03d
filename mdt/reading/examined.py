"""The day of the examination, as a report states it: offered where it can be one day only.

Two ways of saying it count. A label ("Date of examination: 18 Nov 2026", "检查日期：2026-11-18"), or, without one, the
name of the examination beside a day in the first lines ("MRI liver, 18 Nov 2026", "2026年11月18日上腹部增强CT"). The
day of the report, its request or its signing, of birth, of a treatment, or of an examination before or elsewhere is
another day, and is left alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from mdt.reading.plain import closed, plain, sentences
from mdt.reading.report import LONGEST_SENTENCE

FIRST_LINES = 3
"""So far a heading reaches: later sentences tell of other days too."""
EARLIEST = 1990
"""Older days are slips of the keyboard or a birth."""

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_MONTH = rf"(?:{'|'.join(_NAMES)})[a-z]{{0,6}}\.?"
_DAY = re.compile(
    rf"(?<![\d.])(?:(?P<y1>(?:19|20)\d\d)\s?[-/.年]\s?(?P<m1>\d{{1,2}})\s?[-/.月]\s?(?P<d1>\d{{1,2}})(?:\s?日)?"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?[\s-](?P<m2>{_MONTH})[\s,-]{{1,2}}(?P<y2>(?:19|20)\d\d)"
    rf"|(?P<m3>{_MONTH})\s(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y3>(?:19|20)\d\d)"
    rf"|(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.](?P<y4>(?:19|20)\d\d))(?![\d])",
    re.IGNORECASE | re.ASCII,
)
_LABEL = re.compile(
    r"(?:\b(?:date|day) of (?:the )?(?:exam(?:ination)?|study|scan|procedure|endoscopy|service)"
    r"|\b(?:exam(?:ination)?|study|scan|procedure|acquisition) (?:date|performed|done)"
    r"|\b(?:examined|scanned|acquired|performed) on|检查(?:日期|时间|日)|扫描(?:日期|时间)|采集(?:日期|时间)|检查于)"
    r"(?: and time)?(?:/时间)?[\s:]{0,3}(?:on )?$",
    re.IGNORECASE | re.ASCII,
)
_EXAMINATION = (
    r"\b(?:ce-?)?(?:ct|mri?|pet(?:[-/]ct)?|eus|egd|ogd)\b|\bultraso\w+|\bgastroscopy|\b(?:upper )?endoscopy"
    r"|\blaparoscopy|磁共振|核磁|超声|胃镜|内镜|腹腔镜|造影"
)
_BEFORE = re.compile(rf"(?:{_EXAMINATION})[^\d;。]{{0,45}}(?:\bon |\bof |, ?|\(|:)?\s?$", re.IGNORECASE | re.ASCII)
_AFTER = re.compile(rf"^\s?[,:)]?\s?[^\d,;。:]{{0,14}}?(?:{_EXAMINATION})", re.IGNORECASE | re.ASCII)
_OF_ANOTHER_DAY = re.compile(
    r"compar|previous|\bprior\b|earlier|\bsince\b|last |before|after\b|baseline|report(?:ed)? (?:date|on)"
    r"|date of report|birth|\bborn\b|\bdob\b|operat|surg|resect|ectomy|discharg|admi(?:ssion|tted)|recommend"
    r"|planned|schedul|\brefer|request|typed|dictat|verif|approv|signed|chemo|therap|\bbegun\b|started|\bcycle"
    r"|outside|elsewhere|(?:another|other) (?:hospital|cent)|\bordered|transcri|finali[sz]|authori[sz]|imported"
    r"|uploaded|received|printed"
    r"|前片|旧片|对比|比较|与.{0,12}相比|既往|上次|曾|首次|报告(?:日期|时间)|出生|生日|手术|术后|术前|切除|入院|出院|申请|送检|收到"
    r"|接收|打印|审核|登记|预约|建议|复查(?:于|时间)|化疗|放疗|治疗|靶向|周期|疗程|外院|院外|当地|外地|导入|上传",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True)
class Examined:
    """Where the day stands in the report, with its label; `on` is None where the figures may be two different days."""

    start: int
    end: int
    on: date | None


def read_examined_on(report: str, today: date) -> Examined | None:
    """The day of the examination, if the report states one day and no other; not after `today`."""
    text, places = plain(report)
    labelled, beside = [], []
    for number, (begins, words) in enumerate(sentences(text)):
        if len(words) > LONGEST_SENTENCE:
            continue  # cut short, a day could become another one
        for match in _DAY.finditer(words):
            before, after = words[: match.start()], words[match.end() :]
            label = _LABEL.search(before)
            if label and not _OF_ANOTHER_DAY.search(before[: label.start()][-12:]):
                labelled.append((begins + label.start(), begins + match.end(), match))
            elif number < FIRST_LINES and not _OF_ANOTHER_DAY.search(before + after[:40]):
                named = _BEFORE.search(before)
                if named or _AFTER.search(after):
                    start = named.start() if named else match.start()
                    end = match.end() if named else match.end() + _AFTER.search(after).end()
                    beside.append((begins + start, begins + end, match))
    found = labelled or beside
    days = [frozenset(filter(None, _readings(match))) for _start, _end, match in found]
    if not found or len(set(days)) > 1 or not any(date(EARLIEST, 1, 1) <= day <= today for day in days[0]):
        return None
    start, end, _match = found[0]
    end = closed(text, start, end)
    on = next(iter(days[0])) if len(days[0]) == 1 else None
    return Examined(places[start], places[end - 1] + 1, on)


def _readings(match: re.Match) -> Iterator[date | None]:
    """Every day that the figures may mean: "03/04/2026" is two, whatever today is. None: no calendar has it."""
    part = match.groupdict()
    if part["y4"]:
        yield _date(part["y4"], part["b"], part["a"])
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
