"""How many metastases the words count: "three", "2-3", "more than five", "3枚以上".

Between three and four lies the border of a consensus type, so what only comes near a number is none: "about six", "two
new ones", "the other three" give nothing.
"""

import re
from typing import Any, Final

from mdt.reading.plain import Sentence

_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MORE = {"at_least": 2}
_WORDS: dict[str, Any] = {
    **{word: count for count, word in enumerate(_ENGLISH, 1)},
    **dict.fromkeys(("single", "solitary", "singular", "单发", "孤立", "孤立性", "单个"), 1),
    **dict.fromkeys(("multiple", "several", "numerous", "多发", "多发性", "多个"), _MORE),
    **{sign: count for count, sign in enumerate("一二三四五六七八九十", 1)},
    "两": 2,
}
OTHERS: Final = "another|other|others|additional|further|remaining|new|newly"
"""What these words count is not all."""

_BELOW = "fewer than|less than|below|under|少于|小于|不足|<"
_AT_MOST = r"up to|at most|no more than|not more than|a maximum of|不超过|至多|最多|≤|<="
_ABOVE = "more than|over|exceeding|greater than|多于|超过|大于|>"
_AT_LEAST = r"at least|no fewer than|not fewer than|a minimum of|至少|不少于|≥|>="
_NEARLY = (
    r"about|approximately|approx\.?|around|circa|ca\.?|nearly|almost|roughly|some|~|大约|约|将近|近"
    rf"|{OTHERS}|另外|另有|另见|另|其余|其他|新增|新发|新见"
)
_BEFORE = "|".join(
    rf"(?P<{name}>{words})"
    for name, words in (
        ("at_most", _AT_MOST),
        ("at_least", _AT_LEAST),
        ("nearly", _NEARLY),
        ("below", _BELOW),
        ("above", _ABOVE),
    )
)
_NUMBER = rf"{'|'.join(_ENGLISH[1:])}|one(?! of)|\d{{1,2}}"
_NO_SIZE = (
    r"(?![\d.]|\s?(?:mm|cm|x|%)|[\s-]?(?:hour|day|week|month|year|cycle|time)s?\b"
    rf"|\s?(?:-|~|to|or)\s?(?:{_NUMBER})\s?(?:mm|cm))"
)
IN_ENGLISH: Final = (
    rf"(?:(?<![A-Za-z])(?:{_BEFORE})\s*)?"
    rf"(?<![\w./~-])(?:(?P<low>{_NUMBER})\s?(?:-|~|to|or)\s?(?P<high>{_NUMBER}){_NO_SIZE}"
    rf"|(?P<count>single|solitary|singular|multiple|several|numerous|(?:{_NUMBER}){_NO_SIZE}))"
)
_SIGN = "[一二两三四五六七八九十]"
IN_CHINESE: Final = (
    rf"(?:(?:{_BEFORE})\s?)?"
    rf"(?:(?P<count>单发|孤立性?|单个|多发性?|多个)"
    rf"|(?<![\d一二三四五六七八九十./~-])(?:(?P<low>{_SIGN}|\d{{1,2}})\s?(?:-|~|至|到|或)?\s?(?P<high>{_SIGN}|(?<!\d)\d{{1,2}})"
    rf"|(?P<number>{_SIGN}|\d{{1,2}}))(?:\s?(?P<odd>余))?\s?[个枚处](?!月|星期|小时|周期|疗程)(?P<or_more>以上)?(?P<about>左右|上下)?)"
)


_COUNTED_ONES = re.compile(
    rf"\b(?:{_NUMBER})\b(?! of\b)(?:\s+(?!of\b)[A-Za-z-]+){{0,3}}?\s+(?:metasta|lesion|nodule|mass|deposit|tumou?r)"
    rf"|\b(?:{'|'.join(_ENGLISH)})\s+(?:in|after|at|before|now)\b|(?:{_SIGN}|\d{{1,2}})\s?[个枚处]",
    re.IGNORECASE | re.ASCII,
)
_ANOTHER_DAY = re.compile(r"\bat diagnosis\b|\binitially\b|\bpreviously\b|\bbefore\b|原有?|前片|初诊", re.IGNORECASE)
_OF_A_PART = re.compile(
    r"\b(?:right|left)\b|(?:[左右](?:半?肝|[前后内外]?叶)|肝[左右]|S\d|[IVX\d]段)(?![、及和与]?[左右])", re.IGNORECASE
)
"""One lobe or segment: how many there are elsewhere, such words do not say."""


def counts_parts(sentence: Sentence) -> bool:
    """Whether several counts stand in the sentence, or one of another day: none of them is the number of all."""
    return len(_COUNTED_ONES.findall(sentence.text)) > 1 or bool(_ANOTHER_DAY.search(sentence.text))


def counted(match: re.Match) -> Any:
    """The number, or its bounds, that a match of one of the two patterns states; None where it states none."""
    said = match.groupdict()
    if said["nearly"] or said.get("about"):
        return None
    if said["low"]:
        low, high = _value(said["low"]), _value(said["high"])
        is_plain = not any(said[name] for name in ("at_most", "at_least", "below", "above")) and not said.get("odd")
        return {"at_least": low, "at_most": high} if is_plain and low < high else None
    value = _value(said["count"] or said["number"])
    if not isinstance(value, int):
        return value
    if said["at_most"] or said["below"]:
        return {"at_most": value - bool(said["below"])}
    if said["at_least"] or said["above"] or said.get("odd") or said.get("or_more"):
        return {"at_least": value + bool(said["above"])}
    return value


def counted_of_all(match: re.Match) -> Any:
    """The same of the whole liver: in a lobe or segment it is the least that there are, unless it is a single one."""
    value = counted(match)
    if value in (None, 1) or not _OF_A_PART.search(match[0]):
        return value
    least = value if isinstance(value, int) else value.get("at_least")
    return least and {"at_least": least}


def _value(words: str) -> Any:
    words = words.lower()
    return int(words) if words.isdigit() else _WORDS[words]
