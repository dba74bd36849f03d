"""Numbers as reports write them: "3.5 × 2.8 cm", "3,5 cm", "1 204.00", "≥5", "decreased from 210 to 18"."""

import re
from dataclasses import dataclass
from typing import Any

from mdt.reading.lengths import UNIT, mm_per
from mdt.reading.plain import Sentence

NUMBER = r"(?:\d{1,3}(?:[ ,]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?!\d)"
"""A number of a laboratory, with or without marks for thousands."""
_SIZE_NUMBER = r"\d{1,3}(?:\.\d+|,\d{1,2}(?!\d))?"
_UNIT = rf"{UNIT}(?![A-Za-z²³2-3])"
_SIZE = re.compile(
    rf"(?P<dims>(?<![\d.]){_SIZE_NUMBER}(?:\s?{_UNIT})?(?:\s?[x×X*/]\s?{_SIZE_NUMBER}(?:\s?{_UNIT})?){{0,2}})"
    rf"(?:\s?(?:-|~|to|至)\s?(?P<high>{_SIZE_NUMBER}))?\s?(?P<unit>{_UNIT})",
)
_NO_SIZE_BEFORE = re.compile(
    r"(?:probab\w+|possib\w+|perhaps|slice|section|interval|margin|distance|depth|incision|proximal|层厚|层距|切口|距"
    r"|厚度?)[^,;。]{0,15}$",
    re.IGNORECASE | re.ASCII,
)
_NO_SIZE_AFTER = re.compile(
    r"^\s?(?:slices?|sections?|thick|from|away|above|below|distal|proximal|处|以上|Hg)", re.IGNORECASE | re.ASCII
)
_LARGEST = re.compile(
    r"(?:largest|biggest|maximum|maximal|max\.?|longest|较大|最大|大者|up to)(?:者?位于[^,;。]{1,8},)?[^\d;。]{0,25}$",
    re.IGNORECASE | re.ASCII,
)
_LARGEST_AFTER = re.compile(r"^\s?(?:the )?(?:largest|biggest|at most)", re.IGNORECASE | re.ASCII)
_NOW = re.compile(
    r"\bnow\b|\bcurrently\b|\bat present\b|\btoday\b|现(?=为|约|\d)|目前|缩小[至为到]|增大[至为到]|(?:decreased"
    r"|reduced|shrunk"
    r"|shrank|grown|increased) to",
    re.IGNORECASE | re.ASCII,
)
_FROM = re.compile(r"(?:\bfrom|由|从|was)\s*(?:about|approximately|约)?\s*$", re.IGNORECASE | re.ASCII)


_LOW_BOUND = re.compile(
    r"[>≥]|(?<!不)(?:大于|超过)|不(?:低于|小于|少于)|至少|at least|(?<!no )(?<!not )(?:more|larger|greater) than"
    r"|(?:not?) (?:less|smaller) than|above|over|exceed",
    re.IGNORECASE | re.ASCII,
)
_HIGH_BOUND = re.compile(
    r"[<≤]|(?<!不)(?:小于|低于)|不足|不(?:超过|大于)|至多|at most|up to|(?:not?) (?:more|larger|greater) than"
    r"|(?<!no )(?<!not )(?:less|smaller) than|below|under",
    re.IGNORECASE | re.ASCII,
)
_BOUND_BEFORE = re.compile(
    rf"(?:{_LOW_BOUND.pattern}|{_HIGH_BOUND.pattern})\s?=?\s*(?:about |approximately |约)?$", re.IGNORECASE | re.ASCII
)


@dataclass(frozen=True)
class Size:
    """A length in millimetres; `value` may be a range. `kind`: "", "largest", or "up to"."""

    start: int
    end: int
    value: Any
    kind: str
    is_earlier: bool


def whole(number: float) -> int | float:
    number = round(number, 4)
    return int(number) if number == int(number) else number


def number(text: str) -> int | float:
    """Read what NUMBER matches: spaces and commas before three digits part thousands."""
    return whole(float(re.sub(r"[ ,]", "", text)))


def bounded(sign: str, value: Any) -> Any:
    """ "<5" and "≤5" are both "at most 5": the weaker of the two is true of both."""
    if _LOW_BOUND.search(sign):
        return {"at_least": value}
    if _HIGH_BOUND.search(sign):
        return {"at_most": value}
    return value


def _mm(text: str, unit: str) -> int | float:
    return whole(float(text.replace(",", ".")) * mm_per(unit))


def sizes(sentence: Sentence) -> list[Size]:
    """Every length of the sentence that may be the size of something."""
    text, found = sentence.text, []
    now = _NOW.search(text)
    for match in _SIZE.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if _NO_SIZE_BEFORE.search(before) or _NO_SIZE_AFTER.search(after):
            continue
        unit = match["unit"]
        units = re.findall(_UNIT, match["dims"])
        lengths = [_mm(each, units[0] if units else unit) for each in re.findall(_SIZE_NUMBER, match["dims"])]
        value: Any = max(lengths)
        if match["high"]:
            high = _mm(match["high"], unit)
            if len(lengths) > 1 or high <= value:
                continue
            if _FROM.search(before):  # "grew from 12 to 25 mm"
                found.append(Size(match.start("dims"), match.end("dims"), value, "", is_earlier=True))
                found.append(Size(match.start("high"), match.end(), high, "", is_earlier=False))
                continue
            value = {"at_least": value, "at_most": high}
        sign = _BOUND_BEFORE.search(before)
        if sign and isinstance(value, dict):
            continue
        largest = _LARGEST.search(before)
        kind = "largest" if largest or _LARGEST_AFTER.search(after) else ""
        if largest and "up to" in largest[0].lower():
            kind = "up to"
        is_earlier = bool(now and match.start() < now.start()) or bool(
            _FROM.search(before) and (now or " to " in after[:20] or "至" in after[:8])
        )
        if sign and kind != "up to":
            value = bounded(sign[0], value)
        found.append(Size(match.start(), match.end(), value, kind, is_earlier))
    return found
