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

from mdt.reading.days import DAY, EARLIEST, LABEL, OF_ANOTHER_DAY, PART_OF_A_DAY, meant
from mdt.reading.plain import LONGEST_SENTENCE, sentences

CONVERSATION = "conversation"
IMAGING = {"ct", "mri", "pet", "ultrasound", "xray"}
_KINDS = {
    CONVERSATION: r"\bconversation\b|\btalk(?:ed)? (?:to|with)\b|\b(?:patient|famil(?:y|ies))(?:'s|s'|’s)?,? (?:also )?"
    r"(?:wish\w*|prefer\w*|wants?|declines?|refuses?|would like)\b|谈话|(?:医患|病情)沟通"
    r"|(?:患者|病人|家属|本人)(?:本人)?(?:及家属)?(?:的)?(?:意愿|希望|要求|拒绝|不愿|不同意|同意)",
    "eus": r"\bEUS\b|\bendoscopic ultraso\w+|超声(?:内镜|胃镜)|内镜超声",
    "endoscopy": r"\b(?:o?esophago)?gastro(?:duodeno)?scop\w+|\bendoscop\w+|\b[EO]GD\b|胃镜|内镜",
    "laparoscopy": r"\blaparoscop\w+|腹腔镜",
    "pet": r"\bPET(?:\s?[-/]?\s?(?:CT|MRI?)\b)?",
    "ct": r"\b(?:ce-?)?ct\b|\bcomputed tomograph\w+",
    "mri": r"\bmri?\b|\bmagnetic resonance|磁共振|核磁",
    "ultrasound": r"\bultraso\w+|\bsonograph\w+|超声|彩超|B超",
    "xray": r"\bx-?rays?\b|\bradiographs?\b|\bbone scan|造影|钡餐|胸片|骨扫描|骨显像",
    "pathology": r"\b(?:histo)?patholog\w*|\bhistolog\w*|\bbiops\w+|\bcytolog\w*|\bimmunohisto\w*|病理|活检"
    r"|免疫组化|基因检测",
    "laboratory": r"\blaborator(?:y|ies)\b|\blabs?\b|\bblood (?:tests?|results?)|\btumou?r markers?\b|化验|血常规|生化"
    r"|肿瘤标志物|抽血",
    "operation": r"\boperation\b|\bsurgery\b|\b(?:gastr|hepat)ectomy|手术|切除术",
}
_SAMPLE = re.compile("biops|活检", re.IGNORECASE)
_SAMPLES_ARE_TAKEN = ("eus", "endoscopy", "laparoscopy", "operation")
"""What a biopsy shows is of the day on which it was taken: "Gastroscopy, 3 Nov 2026 … Biopsy: adenocarcinoma"."""
_NAME = re.compile("|".join(rf"(?P<{kind}>{words})" for kind, words in _KINDS.items()), re.IGNORECASE | re.ASCII)

_FAR = 90
"""Characters from its beginning within which a heading has both its name and its day."""
_BULLET = re.compile(r"^[\s\-*•·#>]*(?:\(?\d{1,2}[.)、]\s?|[一二三四五六七八九十]{1,2}[、.]\s?)?")
_CLAUSE = re.compile(r"[,:]\s*(?:(?:and|but|then|并|且|后)\s*)?|\band\s+", re.IGNORECASE | re.ASCII)
_ASIDE = re.compile(r"\([^()]{4,80}\)")
_LEAD = re.compile(r"[^\d,;:。]{0,60}")
_GAP = re.compile(
    r"[^\d,:;。\n]{0,60}(?:[,:(]\s?(?:(?:performed|done|obtained|carried out|dated?|exam(?:ination)?(?: date)?|study"
    r"|report|of|on|from|at|检查|日期|时间|于)[\s:]{0,2})*)?"
)
_GAP_BACK = re.compile(r"\s?[,:)]?[^\d,:;。]{0,24}")
_FINDS = re.compile(
    r"\b(?:shows?|showed|shown|reveal\w*|demonstrat\w*|found|finds|confirm\w*|saw|seen)\b|示|[^所意]见|提示|发现|报告",
    re.IGNORECASE | re.ASCII,
)
_SAYS_ONLY = re.compile(
    r"^[^\d,;。]{0,30}?(?::|\b(?:shows?|showed|reveal\w*|demonstrat\w*|found|confirm\w*)\b|示|提示)", re.I
)
_NOT_THIS = re.compile(
    r"compar|previous|\bprior\b|earlier|\bsince\b|\blast\b|\bno\b|\bnot\b|without|birth|\bborn\b|\bdob\b|recommend|planned"
    r"|schedul|\brefer|request|\bordered|advis|\bnext\b|typed|dictat|transcri|verif|approv|signed|authori|imported"
    r"|uploaded|received|printed|finali[sz]"
    r"|对比|比较|与.{0,12}相比|前片|旧片|较前|上次|既往|未行|未做|拟|申请|预约|建议|计划|出生|登记|审核|打印|接收|收到|导入|上传|送检",
    re.IGNORECASE | re.ASCII,
)
"""What stands beside a day or a name that begins no part: to compare with, planned, written, or never done."""
_OF_A_TREATMENT = re.compile(
    r"chemo|therap|\bbegun\b|started|\bcycle|after\b|before\b|discharg|admi(?:ssion|tted)"
    r"|化疗|放疗|治疗|靶向|周期|疗程|术后|术前|入院|出院",
    re.IGNORECASE | re.ASCII,
)
"""Between a name and a day: whose day it is, is not plain."""
_COMPARED = re.compile(r"(?:[与较比同]|\b(?:to|than|with|versus|vs)(?: the)?)\s*$", re.IGNORECASE | re.ASCII)
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


NOWHERE = Part()


@dataclass(frozen=True)
class _Heading:
    at: int
    part: Part
    is_below: bool = False
    """A label that gives its day to the heading above it."""
    is_alone: bool = False
    """The sentence says nothing else: "Radiology. MRI liver, 18 Nov 2026." """


def parts(text: str, today: date | None = None) -> list[Part]:
    """The parts of a plain text in its order, without gaps. A day after `today` is not one of an examination."""
    cuts, level, is_within, after = [Part()], Part(), False, None
    for begins, words in sentences(text):
        is_first = _starts_its_line(text, begins)
        if after is not None:
            cuts.append(replace(after, start=begins))
            after = None
        if is_first and is_within:
            cuts.append(replace(level if _SECTION.search(words) else Part(), start=begins))
            is_within = not _SECTION.search(words)
        before = len(cuts)
        for heading in _headings(text, begins, words, cuts[-1], today):
            part = replace(heading.part, start=begins + heading.at)
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
        if len(cuts) == before and cuts[-1].on and _names_another_in_brackets(words, cuts[-1], today):
            after = cuts[-1]
            cuts.append(Part(start=begins))
    ends = [*(cut.start for cut in cuts[1:]), len(text)]
    return [replace(cut, end=end) for cut, end in zip(cuts, ends, strict=True) if end > cut.start]


def _names_another_in_brackets(words: str, current: Part, today: date | None) -> bool:
    """ "Lesion of 5 cm (CT of 2 Aug 2026: 3 cm)": what of the sentence is of which day, is not plain."""
    for aside in _ASIDE.finditer(words[:LONGEST_SENTENCE]):
        day = DAY.search(aside[0])
        if day and _NAME.search(aside[0]) and _day_of(day, today)[0] != current.on:
            return True
    return False


def _starts_its_line(text: str, begins: int) -> bool:
    line = re.split(r"[\n\r]", text[max(0, begins - 200) : begins])[-1]
    return not _BULLET.sub("", line, count=1).strip()


def _headings(text: str, begins: int, words: str, current: Part, today: date | None) -> Iterator[_Heading]:
    """The headings of one sentence, in its order; a text without a full stop is no report."""
    words = words[:LONGEST_SENTENCE]
    bullet = _BULLET.match(words).end()
    found = [bullet, *(match.end() for match in _CLAUSE.finditer(words) if match.end() > bullet)]
    reached, count = -1, 0
    for place in found:
        if place < reached:
            continue
        is_first = place == bullet
        heading = _dated(words, place, today, is_first=is_first)
        if heading is None:
            heading = _undated(text, begins, words, place, current, is_first=is_first)
        if heading is not None:
            end, part = heading
            reached, count, current = end, count + 1, part
            yield _Heading(0 if is_first else place, part, is_alone=is_first and not words[end:].strip(" ):,"))
    if not count:
        yield from _labelled(words, today)


def without_heading(words: str) -> str:
    """A sentence without the examination and the day that it begins with; itself where it begins with none."""
    place = _BULLET.match(words).end()
    heading = _dated(words, place, None, is_first=True)
    if heading is not None:
        return words[heading[0] :]
    name = _NAME.search(words)
    return (
        words[name.end() :]
        if name and len(words) <= _TITLE_LENGTH and not _LEAD.sub("", words[: name.start()])
        else words
    )


def _dated(words: str, place: int, today: date | None, *, is_first: bool) -> tuple[int, Part] | None:
    """A name with its day at the beginning of a clause: where both end, and the part that they begin."""
    clause = words[place : place + _FAR]
    day = DAY.search(clause) or PART_OF_A_DAY.search(clause)
    name = _NAME.search(clause)
    if day is None or name is None:
        return None
    first, second = sorted((day, name), key=lambda match: match.start())
    lead, gap = clause[: first.start()], clause[first.end() : second.start()]
    is_label = place and words[:place].rstrip().endswith(":") and len(words[:place]) <= 30
    if first is name and not is_first and not is_label and (len(lead) > _SHORT or len(gap) > _SHORT):
        return None
    if not _LEAD.fullmatch(lead) or not (_GAP if first is name else _GAP_BACK).fullmatch(gap):
        return None
    if _COMPARED.search(lead) or _COMPARES.search(clause[second.end() :]):
        return None
    before = words[max(0, place - 60) : place]
    if _NOT_THIS.search(before + lead) or _NOT_THIS.search(gap) or (first is name and _FINDS.search(gap)):
        return None
    on, may_be_two = _day_of(day, today)
    if _OF_A_TREATMENT.search(gap):
        on = None
    return place + second.end(), Part(on=on, kind=name.lastgroup, may_be_two=may_be_two)


def _day_of(match: re.Match, today: date | None) -> tuple[date | None, bool]:
    days = meant(match) if match.re is DAY else frozenset()
    if len(days) != 1:
        return None, len(days) > 1
    on = next(iter(days))
    return (on if EARLIEST <= on <= (today or date.max) else None), False


def _undated(
    text: str, begins: int, words: str, place: int, current: Part, *, is_first: bool
) -> tuple[int, Part] | None:
    """A name without a day at the beginning of a clause, where it is not the examination that is told of already."""
    clause = words[place : place + _FAR]
    name = _NAME.search(clause)
    if name is None or not _LEAD.fullmatch(clause[: name.start()]):
        return None
    kind, rest = name.lastgroup, words[place + name.end() :]
    says = _SAYS_ONLY.search(rest)
    if _NOT_THIS.search(clause[: name.start() if kind == CONVERSATION or says else name.end() + _SHORT]):
        return None
    is_of_it = _SAMPLE.search(name[0]) and current.kind in _SAMPLES_ARE_TAKEN
    is_same = kind == current.kind or is_of_it or (current.kind == "pet" and kind in IMAGING)
    if is_same and not _NOW.search(clause[: name.end() + 24]):
        return None
    if not is_first:  # where no day is said, there is none to be kept from what follows
        is_another = current.on and name.start() <= _SHORT and says
        return (place + name.end(), Part(kind=kind)) if is_another else None
    ends = text[begins + len(words) : begins + len(words) + 1]
    is_title = (
        len(words) <= _TITLE_LENGTH and ends in ("", "\n", "\r") and not _FINDS.search(words) and "," not in words
    )
    is_title = is_title and _starts_its_line(text, begins) and name.start() <= 30 and len(rest) <= 30
    if kind == CONVERSATION or is_title or says:
        return place + name.end(), Part(kind=kind)
    return None


def _labelled(words: str, today: date | None) -> Iterator[_Heading]:
    """The day of an examination behind its label, for the heading above; or a part of its own."""
    for match in DAY.finditer(words):
        label = LABEL.search(words[: match.start()])
        is_day = label and not OF_ANOTHER_DAY.search(words[: label.start()][-12:])
        if is_day or _PLAIN_DATE.search(words[: match.start()]):
            on, may_be_two = _day_of(match, today)
            yield _Heading(0, Part(on=on, may_be_two=may_be_two), is_below=True)
            return
