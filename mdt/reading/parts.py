"""Where in a text a new examination begins, and on which day it was: a record holds several of them.

A heading is the name of an examination (or of a conversation) with or without a day, where a line, a sentence or a
clause begins: "CT 12.11.2026: …", "2026年11月3日胃镜：", "Gastroscopy report" with "Date: …" below. Where a line
begins, it holds until the next; within a line only as far as the line goes, and what follows is of no day that anybody
said, until a heading such as "Findings:" takes the report up again. A name without a day, or with a day without its
year, begins a part too: its day is not known, and that of the part before it is not its own. Days of birth, of a
treatment, of a request, or to compare with begin nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from mdt.reading.days import DAY, LABEL, OF_ANOTHER_DAY, PART_OF_A_DAY, RELATIVE, Calendar
from mdt.reading.examinations import CONVERSATION, NAME, REGIONS, WISHED, is_told_with
from mdt.reading.inheriting import COMPARED, NOT_THIS, OF_A_TREATMENT, TOLD_BESIDE, days_in, is_of_another_day
from mdt.reading.plain import LONGEST_SENTENCE, sentences
from mdt.reading.planned import PLANNED, is_put_off

_FAR = 90
"""Characters from its beginning within which a heading has both its name and its day."""
_BULLET = re.compile(r"^[\s\-*•·#>]*(?:\(?\d{1,2}[.)、]\s?|[一二三四五六七八九十]{1,2}[、.]\s?)?")
_CLAUSE = re.compile(r"[,:]\s*(?:(?:and|but|then|并|且|后)\s*)?|\band\s+", re.IGNORECASE | re.ASCII)
_LEAD = re.compile(r"[^\d,;:。]{0,60}")
_GAP = re.compile(
    r"[^\d,:;。\n]{0,60}(?:[,:(]\s?(?:(?:performed|done|obtained|reported|issued|carried out|dated?"
    r"|exam(?:ination)?(?: date)?|study|report|of|on|from|at|检查|日期|时间|于)[\s:]{0,2})*)?"
)
_GAP_BACK = re.compile(r"\s?[,:)]?[^\d,:;。]{0,24}")
_FINDS = re.compile(
    r"\b(?:shows?|showed|shown|reveal\w*|demonstrat\w*|found|finds|confirm\w*|saw|seen)\b|示|[^所意]见|提示|发现|报告",
    re.IGNORECASE | re.ASCII,
)
_SAYS_ONLY = re.compile(
    r"^[^\d,;。]{0,30}?(?::|\b(?:shows?|showed|reveal\w*|demonstrat\w*|found|confirm\w*)\b|示|提示)", re.I
)
_COMPARES = re.compile(r"^[^,;:。]{0,6}(?:对比|比较|相比|旧片|for comparison)", re.IGNORECASE)
"""Before and behind an examination that is only compared with: "与2026年8月2日CT对比"."""
_NOW = re.compile(r"\btoday|\bcurrent\b|今日|今天|本次|此次", re.IGNORECASE | re.ASCII)
_SECTION = re.compile(
    r"^\s*(?:findings?|impression|conclusion|technique|report|影像所见|检查所见|内镜所见|镜下所见|所见|印象|结论|诊断(?:意见)?"
    r"|影像诊断|内镜诊断)\s?(?::|$)",
    re.IGNORECASE,
)
"""Takes the report up again after a line that told of another examination."""
_PLAIN_DATE = re.compile(r"^\s*(?:date|日期|时间)\s?:?\s*$", re.IGNORECASE)
_TITLE_LENGTH = 60
_OWN_DAY = re.compile(
    r"(?:\b(?:report(?:ed)?|issued|performed|done|obtained|dated?|exam\w*|study)\b|报告|检查|日期)[^\d,;]{0,12}$",
    re.IGNORECASE | re.ASCII,
)
"""Before a day that is the examination's own where a heading holds several."""
_BEGINS_WITHIN = 24
"""Characters from its beginning within which a sentence that names an examination begins with it."""
_SHORT = 12
"""Characters beside a name that begins a part in the middle of a sentence: "…, outside CT (2026-11-01) shows …"."""


@dataclass(frozen=True)
class Part:
    """A stretch of a text that tells of one examination. `on` None: no day is said, or (`may_be_two`) its figures may
    be two days. `kind`: of _KINDS, empty where none is named. `start` and `end` count characters of the text."""

    start: int = 0
    end: int = 0
    on: date | None = None
    kind: str = ""
    may_be_two: bool = False
    title: str = ""
    """How the text names an examination whose day is not known: the heading, to ask for its day."""


NOWHERE = Part()


@dataclass(frozen=True)
class _Heading:
    at: int
    part: Part
    end: int = 0
    """Behind its name and its day."""
    is_below: bool = False
    """A label that gives its day to the heading above it."""
    is_alone: bool = False
    """The sentence says nothing else: "Radiology. MRI liver, 18 Nov 2026." """


def parts(text: str, today: date | None = None, *, day_first: bool | None = None) -> list[Part]:
    """The parts of a plain text in its order, without gaps. A day after `today` is not one of an examination.

    `day_first`: whether "03/04/2026" is in April; None: what other days of the text show, or neither.
    """
    calendar = Calendar.of(text, today, day_first)
    cuts, level, is_within, after = [Part()], Part(), False, None
    for begins, words in sentences(text):
        is_first = _starts_its_line(text, begins)
        if after is not None:
            cuts.append(replace(after, start=begins))
            after = None
        if is_first and is_within:
            cuts.append(replace(level if _SECTION.search(words) else Part(), start=begins))
            is_within = not _SECTION.search(words)
        before, reached = len(cuts), 0
        for heading in _headings(text, begins, words, cuts[-1], calendar):
            part, reached = replace(heading.part, start=begins + heading.at), heading.end
            if heading.is_below and cuts[-1].on is None and cuts[-1].kind != CONVERSATION:
                cuts[-1] = replace(cuts[-1], on=part.on, may_be_two=part.may_be_two)
                level = level if is_within else cuts[-1]
            elif heading.is_below and part.on == cuts[-1].on:
                pass
            elif cuts[-1].on and not cuts[-1].kind and not part.on and not part.may_be_two and not is_within:
                cuts[-1] = level = replace(cuts[-1], kind=part.kind)  # the name below the day: "2026-11-03" / "CT"
            else:
                cuts.append(part)
                is_within = not heading.is_alone and (not is_first or heading.at > 0)
                level = level if is_within else part
        later = cuts[-1].on and next((each for each in RELATIVE.finditer(words, reached) if each["later"]), None)
        if later:
            turns = [match.end() for match in _CLAUSE.finditer(words, reached, later.start())]
            cuts.append(Part(start=begins + max([reached, *turns] if reached else [0])))
            is_within = True
        elif len(cuts) == before and cuts[-1].on and is_of_another_day(words, cuts[-1].on, cuts[-1].kind, calendar):
            after = cuts[-1]
            cuts.append(Part(start=begins))
    ends = [*(cut.start for cut in cuts[1:]), len(text)]
    return [replace(cut, end=end) for cut, end in zip(cuts, ends, strict=True) if end > cut.start]


def _starts_its_line(text: str, begins: int) -> bool:
    line = re.split(r"[\n\r]", text[max(0, begins - 200) : begins])[-1]
    return not _BULLET.sub("", line, count=1).strip()


def _headings(text: str, begins: int, words: str, current: Part, calendar: Calendar) -> Iterator[_Heading]:
    """The headings of one sentence, in its order; a text without a full stop is no report."""
    words = words[:LONGEST_SENTENCE]
    bullet = _BULLET.match(words).end()
    found = [bullet, *(match.end() for match in _CLAUSE.finditer(words) if match.end() > bullet)]
    reached, count = -1, 0
    for place in found:
        if place < reached:
            continue
        is_first = place == bullet
        heading = _dated(words, place, calendar, is_first=is_first)
        if heading is None:
            heading = _undated(text, begins, words, place, current, is_first=is_first)
        if heading is not None:
            end, part = heading
            reached, count, current = end, count + 1, part
            yield _Heading(0 if is_first else place, part, end, is_alone=is_first and not words[end:].strip(" ):,"))
    if not count:
        yield from _labelled(words, calendar)


def without_heading(words: str) -> str:
    """A sentence without the examination and the day that it begins with; itself where it begins with none."""
    place = _BULLET.match(words).end()
    heading = _dated(words, place, Calendar(), is_first=True)
    if heading is not None:
        return words[heading[0] :]
    name = NAME.search(words)
    return (
        words[name.end() :]
        if name and len(words) <= _TITLE_LENGTH and not _LEAD.sub("", words[: name.start()])
        else words
    )


def _dated(words: str, place: int, calendar: Calendar, *, is_first: bool) -> tuple[int, Part] | None:
    """A name with its day at the beginning of a clause: where both end, and the part that they begin."""
    clause = words[place : place + _FAR]
    name = NAME.search(clause)
    if name is None:
        return None
    day = DAY.search(clause) or PART_OF_A_DAY.search(clause)
    is_sure = True
    if day is None or day.start() > name.start():
        day, gap, is_sure = _day_behind(clause, name)
    if day is None:
        return None
    first, second = sorted((day, name), key=lambda match: match.start())
    lead, gap = clause[: first.start()], gap if first is name else clause[first.end() : second.start()]
    is_label = place and words[:place].rstrip().endswith(":") and len(words[:place]) <= 30
    if first is name and not is_first and not is_label and (len(lead) > _SHORT or len(gap) > _SHORT):
        return None
    if not _LEAD.fullmatch(lead) or not (_GAP if first is name else _GAP_BACK).fullmatch(gap):
        return None
    if COMPARED.search(lead) or _COMPARES.search(clause[second.end() :]):
        return None
    before = words[max(0, place - 60) : place]
    if NOT_THIS.search(before + lead) or NOT_THIS.search(gap) or (first is name and _FINDS.search(gap)):
        return None
    on, may_be_two = calendar.day_of(day) if is_sure else (None, False)
    if PLANNED.search(lead + " " + gap) or is_put_off(words[place + second.end() :]):
        return place + second.end(), Part()  # its day is of nothing that was found
    if OF_A_TREATMENT.search(gap) or (first is name and _is_wished(name, clause[second.end() :])):
        on = None
    return place + second.end(), _part(words, place, name, on, may_be_two)


def _is_wished(name: re.Match, behind: str) -> bool:
    """Whether a day behind a wish is of what is wished for: "要求2026年11月20日行腹腔镜", not "意愿 2026-11-15:"."""
    return bool(WISHED.search(name[0])) and not re.match(r"\s*[):]", behind)


def _part(words: str, place: int, name: re.Match, on: date | None = None, may_be_two: bool = False) -> Part:
    """A part that begins at a name; where no day is known, with the words of its heading, to ask for the day."""
    title = ""
    if on is None and name.lastgroup != CONVERSATION:
        title, colon, _rest = words[place : place + _TITLE_LENGTH].partition(":")
        found = _FINDS.search(title)
        title = title if colon else re.split(r"[,(\n]", title[: found.start()] if found else title)[0]
    return Part(on=on, kind=name.lastgroup, may_be_two=may_be_two, title=title.strip())


def _day_behind(clause: str, name: re.Match) -> tuple[re.Match | None, str, bool]:
    """The day in a heading that begins with a name, what stands between them, and whether it is the only one.

    "Pathology (received 4 November, report of 9 November 2026)": of several days one that is said to be of the
    examination or of its report; what was received, or is compared with, is another day.
    """
    reach = _reach(clause, name)
    days = [each for each in days_in(clause, name.end()) if each.start() < reach]
    own, labelled, gap, at = [], [], "", name.end()
    for each in days:
        between = clause[at : each.start()]
        at = each.end()
        if own or not NOT_THIS.search(between):
            gap = gap if own else gap + between
            if not NOT_THIS.search(between):
                own.append(each)
                labelled += [each] if _OWN_DAY.search(between) else []
        else:
            gap += re.split(r"[^,(:]*$", between)[0].rstrip(", ")
    chosen = own if len(own) == 1 else labelled
    if not own:
        return None, "", True
    return (chosen or own)[0], REGIONS.sub("", gap, count=1), len(chosen) == 1


def _reach(clause: str, name: re.Match) -> int:
    """How far a heading goes that begins with a name: to its colon, to what was found, or to the next examination."""
    stop = re.search(r":(?!\d)", clause[name.end() :])
    found = _FINDS.search(clause, name.end())
    other = next((each for each in NAME.finditer(clause, name.end()) if each.lastgroup != name.lastgroup), None)
    ends = [name.end() + stop.start() if stop else None, *(each and each.start() for each in (found, other))]
    days = days_in(clause, name.end())
    return min((each for each in ends if each is not None), default=days[0].end() if days else len(clause))


def _undated(
    text: str, begins: int, words: str, place: int, current: Part, *, is_first: bool
) -> tuple[int, Part] | None:
    """A name without a day at the beginning of a clause, where it is not the examination that is told of already."""
    clause = words[place : place + _FAR]
    name = NAME.search(clause)
    if name is None or not _LEAD.fullmatch(clause[: name.start()]):
        return None
    rest = words[place + name.end() :]
    says = _SAYS_ONLY.search(rest)
    begun = place + name.end(), _part(words, place, name)
    is_heading = is_first and ":" in rest[:_FAR] and not NOT_THIS.search(clause[: name.start()])
    is_heading = is_heading and _starts_its_line(text, begins)
    if is_told_with(name, current.kind) and not _NOW.search(clause[: name.end() + 24]):
        return None
    is_talk = name.lastgroup == CONVERSATION
    if NOT_THIS.search(clause[: name.start() if is_talk or says else name.end() + _SHORT]):
        return begun if is_heading and not is_talk else None
    if not is_first:  # where no day is said, there is none to be kept from what follows
        return begun if current.on and name.start() <= _SHORT and not is_talk else None
    ends = text[begins + len(words) : begins + len(words) + 1]
    is_title = (
        len(words) <= _TITLE_LENGTH and ends in ("", "\n", "\r") and not _FINDS.search(words) and "," not in words
    )
    is_title = is_title and _starts_its_line(text, begins) and name.start() <= 30 and len(rest) <= 30
    is_another = (current.on or current.kind) and name.start() <= _BEGINS_WITHIN
    is_another = is_another and not TOLD_BESIDE.search(rest[: _FAR // 2])
    return begun if is_talk or is_title or says or is_heading or is_another else None


def _labelled(words: str, calendar: Calendar) -> Iterator[_Heading]:
    """The day of an examination behind its label, for the heading above; or a part of its own."""
    for match in DAY.finditer(words):
        label = LABEL.search(words[: match.start()])
        is_day = label and not OF_ANOTHER_DAY.search(words[: label.start()][-12:])
        if is_day or _PLAIN_DATE.search(words[: match.start()]):
            on, may_be_two = calendar.day_of(match)
            yield _Heading(0, Part(on=on, may_be_two=may_be_two), is_below=True)
            return
