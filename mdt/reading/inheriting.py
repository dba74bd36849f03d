"""Whether a sentence is of the day of the examination in whose part it stands, or names another one."""

import re
from datetime import date

from mdt.reading.days import DAY, PART_OF_A_DAY, RELATIVE, Calendar
from mdt.reading.examinations import CONVERSATION, NAME, is_told_with
from mdt.reading.plain import LONGEST_SENTENCE

_TOLD_BESIDE = (
    r"compar|previous|\bprior\b|earlier|\bsince\b|\blast\b|birth|\bborn\b|\bdob\b|recommend|planned"
    r"|schedul|\brefer|request|\bordered|advis|\bnext\b|typed|dictat|transcri|verif|approv|signed|authori|imported"
    r"|uploaded|received|printed|finali[sz]"
    r"|对比|比较|与.{0,12}相比|前片|旧片|较前|上次|既往|拟|申请|预约|建议|计划|出生|登记|审核|打印|接收|收到|导入|上传|送检"
)
TOLD_BESIDE = re.compile(_TOLD_BESIDE, re.IGNORECASE | re.ASCII)
"""Only compared with, planned, or written: an examination or a day that is told of beside the one of the part."""
NOT_THIS = re.compile(rf"{_TOLD_BESIDE}|\bno\b|\bnot\b|without|未行|未做", re.IGNORECASE | re.ASCII)
"""What stands beside a day or a name that begins no part: to compare with, planned, written, or never done."""
COMPARED = re.compile(r"(?:[与较比同]|\b(?:to|than|with|versus|vs)(?: the)?)\s*$", re.IGNORECASE | re.ASCII)
OF_A_TREATMENT = re.compile(
    r"chemo|therap|\bbegun\b|started|\bcycle|after\b|before\b|discharg|admi(?:ssion|tted)"
    r"|化疗|放疗|治疗|靶向|周期|疗程|术后|术前|入院|出院",
    re.IGNORECASE | re.ASCII,
)
"""Between a name and a day: whose day it is, is not plain."""
_NEVER_DONE = re.compile(r"(?:\b(?:no|without)(?: \w+)?\s*|未[行做])$", re.IGNORECASE | re.ASCII)
_THAN = re.compile(r"(?:[较与比同]|\b(?:than|to|with)(?: the)?)\s*$", re.IGNORECASE | re.ASCII)
_ASIDE = re.compile(r"\([^()]{4,80}\)")
_NEAR = 24
"""Characters beside a name or a day in which a word says that it is only compared with, planned or not done."""
_SAMPLED = {"endoscopy", "eus", "laparoscopy", "operation"}


def days_in(words: str, start: int = 0) -> list[re.Match]:
    """Every day, whole or without its year, in its order."""
    whole = [*DAY.finditer(words, start)]
    parts = [
        each
        for each in PART_OF_A_DAY.finditer(words, start)
        if not any(day.start() < each.end() and each.start() < day.end() for day in whole)
    ]
    return sorted([*whole, *parts], key=lambda match: match.start())


def is_of_another_day(words: str, on: date, kind: str, calendar: Calendar) -> bool:
    """Whether a sentence in the part of an examination names another one, or another day: what of it is of which day,
    is not plain. What is only compared with, planned, requested or not done is told beside the examination itself."""
    words = words[:LONGEST_SENTENCE]
    asides = (each[0] for each in _ASIDE.finditer(words))
    if any(NAME.search(aside) and _is_other(day, on, calendar) for aside in asides for day in DAY.finditer(aside)):
        return True
    if any(not _THAN.search(words[: each.start()]) for each in RELATIVE.finditer(words)):
        return True
    others = [name for name in NAME.finditer(words) if not _is_part_of(name, kind)]
    days = [day for day in days_in(words) if _is_other(day, on, calendar)]
    return any(not _is_beside(words, match) for match in (*others, *days))


def _is_part_of(name: re.Match, kind: str) -> bool:
    is_sampled = kind == "pathology" and name.lastgroup in _SAMPLED
    return name.lastgroup == CONVERSATION or is_sampled or is_told_with(name, kind)


def _is_other(day: re.Match, on: date, calendar: Calendar) -> bool:
    """A day without its year counts where it names its month: "3/15" are lymph nodes."""
    if day.re is not DAY:
        if not re.search(r"[A-Za-z月]", day[0]):
            return False
        whole = DAY.search(f"{on.year}年{day[0]}" if "月" in day[0] else f"{day[0]} {on.year}")
        return whole is None or calendar.day_of(whole)[0] != on
    return calendar.day_of(day)[0] != on


def _is_beside(words: str, match: re.Match) -> bool:
    low, high = max(0, match.start() - 2 * _NEAR), match.end() + _NEAR
    around = f"{words[low : match.start()]} {words[match.end() : high]}"
    is_done = not _NEVER_DONE.search(words[: match.start()])
    return not is_done or bool(TOLD_BESIDE.search(around) or OF_A_TREATMENT.search(around))
