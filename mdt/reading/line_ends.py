"""Where a line ends in the middle of a sentence: its "no" stands on one line, what it denies on the next.

A report is cut at the ends of lines, since many write one finding a line and no full stop. So a line that breaks off
under a denial, a doubt or a plan may hold for the next one: what that says is left alone up to the end of the sentence.
"""

import re
from collections.abc import Iterator

from mdt.reading.answers import ANSWER
from mdt.reading.context import carries_over, is_earlier, is_of_another, is_turned
from mdt.reading.plain import Sentence, sentences

_NEW_LINE = "\n\r"
_ENDED = re.compile(r"[.。;!?]\s*$")
_LIST_FOLLOWS = re.compile(r":\s*$")
_ITEM = re.compile(r"^\s*(?:\(?\d{1,2}\)?|[-*•·])\s*$")
"""The number of an item, which its point cuts off: "2. Bone metastasis"."""
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}\s*[、)]|\(\d{1,2}\)|\d{1,2}\.(?!\d))")
_HEADED = re.compile(
    r"^\s*(?:ct|mri|pet(?:[-/]ct)?|gastroscopy|technique|history|indication|comparison"
    r"|findings?|impression|conclusion|diagnos[ie]s|summary|comment|liver|stomach|abdomen|pelvis|chest|thorax"
    r"|lungs?|periton(?:eum|eal cavity)|lymph nodes?|nodes|bones?|skeleton|adrenals?(?: glands?)?|ascites"
    r"|(?:adrenal|bone|liver|lung|peritoneal|brain|distant) metastas[ie]s|markers?|laboratory|histology|pathology"
    r"|现病史|病史|病理|胃镜|影像所见|检查所见|所见|诊断(?:意见)?|影像诊断|病理诊断|印象|结论|肝脏?|胃|腹部|盆腔|胸部|双?肺|腹膜|腹水|淋巴结"
    r"|骨骼?|肾上腺|(?:肾上腺|骨|肝|肺|腹膜|脑|远处)转移|肿瘤标志物|免疫组化)\s?[:\t]",
    re.IGNORECASE,
)
"""A new part of the report, or a new row: what stood before it does not reach it."""
_ROW = re.compile(
    rf"^[^:\t,。]{{0,40}}(?:ascites|metasta\w+|spread|effusion|dissemination|seeding|腹水|积液|转移|种植)[^:\t,。]{{0,12}}"
    rf"(?:\s*[:\t=]\s*(?:{ANSWER})|\s*\(\s*(?:{ANSWER})\s*\))\s*$",
    re.IGNORECASE,
)
"""A row that is answered in full: "Ascites: no"."""
_PENDING_ROW = re.compile(
    r"^[^:\t,。]{1,40}[:\t]\s*(?:pending|awaited|unknown|not (?:done|tested|assessed|known|available)|待回|待查|待检"
    r"|未做|未检|未查|不详)\s*$",
    re.IGNORECASE,
)
_EARLIER_STILL = re.compile(r"(?:既往|曾|原为|治疗前|化疗前|上次)(?:有|见|示|为|行)?\s*$")
_GOES_ON = re.compile(r"^\s*(?:[a-z]|[,、)及和或与])")
_BREAKS_OFF = re.compile(r"(?:[,、及和或与]|\b(?:or|and|nor|of|for|the|a|in))\s*$", re.IGNORECASE)
_CAPITAL = re.compile(r"^\s*[A-Z][A-Za-z]")
_TURNS_BACK = re.compile(
    rf"^\s*(?:(?:is|are|was|were|has|have|can|could|may|might|cannot|not|unlikely|ruled out|absent|excluded"
    rf"|suspected)\b[^.;。]*|均?(?:未见|阴性|没有|无|待排|不除外|可疑|可能)[^,;。\u4e00-\u9fff]*|(?:{ANSWER}))\s*$",
)
"""What the next line says when it turns the line before: "Adrenal metastasis / is not seen"."""
_ONLY_AN_ANSWER = re.compile(rf"^\s*(?:{ANSWER})[\s.]*$", re.IGNORECASE)
"""All that the next sentence says: "Adrenal metastasis? No." """
_LEADER = re.compile(r"\.\s*\.\s*$")
"""Dots that lead to an answer: "Ascites ..... no"."""
_CAPITALS = re.compile(r"^\s*[A-Z][A-Z /]{3,30}:?\s*$")


def whole_sentences(text: str) -> Iterator[tuple[int, str, bool]]:
    """Place and words of each sentence, and whether a line before or after it may turn what it says."""
    found = list(sentences(text))
    reach, is_list = False, False
    for number, (begins, words) in enumerate(found):
        before = found[number - 1][1] if number else ""
        if reach and not is_list and not _BREAKS_OFF.search(before) and _begins_anew(words):
            reach = False
        is_under = reach
        following = found[number + 1][1] if number + 1 < len(found) else ""
        ends_with_line = text[begins + len(words) : begins + len(words) + 1] in _NEW_LINE and not _ENDED.search(words)
        if is_under and is_list and _ITEM.search(words):
            pass  # "No sign of: 1. adrenal metastasis": the point after the number ends nothing
        elif not ends_with_line or not following:
            reach = is_list = False
        elif is_under:
            stays = is_list or not _CAPITAL.search(following) or _BREAKS_OFF.search(words)
            reach = bool(stays) or _breaks_off_turned(words, following)
        else:
            reach = _breaks_off_turned(words, following)
            is_list = reach and bool(_LIST_FOLLOWS.search(words))
        is_turned_back = bool(_ONLY_AN_ANSWER.search(following) or _LEADER.search(words)) or (
            ends_with_line and bool(_TURNS_BACK.search(following))
        )
        yield begins, words, is_under or is_turned_back


def _begins_anew(words: str) -> bool:
    return bool(_HEADED.search(words) or _CAPITALS.search(words) or _NUMBERED.search(words) or _ITEM.search(words))


def _breaks_off_turned(words: str, following: str) -> bool:
    """Whether the last clause of a line is denied, doubted, planned or of others, and the next line may carry it on."""
    if _ROW.search(words) or _PENDING_ROW.search(words):
        return False
    sentence = Sentence(words.rstrip(" :\t"), 0)
    low, _high = sentence.clause(len(sentence.text), len(sentence.text))
    if is_turned(sentence.text[low:]) or carries_over(sentence, low) or is_of_another(sentence):
        return True
    goes_on = _GOES_ON.search(following) or _BREAKS_OFF.search(words)
    is_before = is_earlier(sentence.text[low:]) and (goes_on or _EARLIER_STILL.search(words))
    return bool(is_before or (goes_on and is_turned(sentence.text)))
