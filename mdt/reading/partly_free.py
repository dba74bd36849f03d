"""Words that call something free and are no offer, since the vocabulary asks for more than they say.

"Lungs and adrenals free of metastasis" is not "no other organ involved"; "peritoneum without metastasis" on a scan is
not P0; "portal vein not invaded" says nothing of the hepatic veins; "clearly seen" says nothing of invasion.
"""

import re
from collections.abc import Iterator

from mdt.reading import vessels
from mdt.reading.plain import Sentence

_NONE_ZH = (
    r"(?:未见|未发现|未及|无)(?:明显|明确|确切|肯定|异常|可疑|的)*(?:转移|占位|异常|受累|受侵|侵犯|种植|结节|破坏|肿块)"
    r"|未受累|未受侵"
)
_ORGAN_ZH = (
    r"(?:[双两]?(?:侧)?肺(?:底|叶|部|内|门)?|(?:全身)?(?:所见|扫描)?骨(?:骼|质)?|颅?脑(?:内|实质)?"
    r"|[双两]?(?:侧)?肾上腺|[双两]?(?:侧)?卵巢|皮肤)"
)
_ORGANS_ZH = rf"{_ORGAN_ZH}(?:[、,及和与或]\s?{_ORGAN_ZH})*"
_SHEET_ZH = r"(?:腹膜|[大小]?网膜|肠系膜)"
_DUCT_ZH = r"(?:门静脉|肝静脉|下腔静脉|肝内外?胆管|肝外胆管|胆管)"
_ORGAN_EN = (
    r"(?:lung(?: base)?s?|pulmonary|bones?|osseous|skeletal|skeleton|brain|cerebral|adrenals?(?: glands?)?"
    r"|ovar(?:y|ies|ian))"
)
_NONE_EN = r"(?:metasta\w+|lesions?|nodules?|mass(?:es)?|abnormalit\w+|deposits?)"
_LINK_EN = r"(?:\s?(?:,|/|\band\b|\bor\b)+\s?(?:the\s)?(?:both\s)?)"
_ORGANS_EN = rf"{_ORGAN_EN}(?:{_LINK_EN}{_ORGAN_EN})*"
_DUCT_EN = r"(?:portal vein|hepatic veins?|bile ducts?)"
_WORDS = {
    "some_organs": rf"(?<!胃){_ORGANS_ZH}(?:均|皆)?(?:{_NONE_ZH})[^,。;、]{{0,6}}"
    rf"|(?:未见|未发现|无)(?:明显|明确|确切)?{_ORGANS_ZH}转移[^,。;、]{{0,4}}"
    rf"|\b{_ORGANS_EN}\s(?:(?:is|are|appear)\s)?(?:clear|unremarkable|normal"
    rf"|(?:free|clear)\sof\s{_NONE_EN}|without\s{_NONE_EN}|show no\s{_NONE_EN})\b"
    rf"|\bno\s(?:(?:evidence|signs?)\sof\s)?{_ORGANS_EN}\s{_NONE_EN}\b"
    rf"|\bno\s{_NONE_EN}\s(?:in|of|to)\s(?:the\s)?{_ORGANS_EN}\b",
    "no_look": rf"{_SHEET_ZH}(?:[、,及和与]\s?{_SHEET_ZH})*(?:均|皆)?(?:{_NONE_ZH})[^,。;、]{{0,6}}"
    r"|(?:未见|未发现|无)(?:明显|明确|确切)?腹膜(?:种植)?转移[^,。;、]{0,4}"
    r"|\bno\s(?:(?:evidence|signs?)\sof\s)?(?:peritoneal|omental)(?:\s(?:and|or)\s(?:peritoneal|omental))?"
    rf"\s(?:{_NONE_EN}|disease|seeding|dissemination|carcinomatosis)"
    r"|\bperitoneum\s(?:is\s)?(?:clear|unremarkable|normal|free of \w+|without \w+)",
    "only_seen": rf"{_DUCT_ZH}(?:[、,及和与或]\s?{_DUCT_ZH})*(?:主干|走行|走形|显示|显影|充盈)*(?:均|皆)?(?:清晰|清楚)"
    rf"|\b{_DUCT_EN}(?:(?:\s?,|\sand|\sor)+\s(?:the\s)?{_DUCT_EN})*"
    r"\s(?:is|are)\s(?:well|clearly)\s(?:seen|visuali[sz]ed|opacified)",
}
_KNOWN = re.compile("|".join(rf"(?P<{why}>{words})" for why, words in _WORDS.items()), re.IGNORECASE | re.ASCII)


def reasons(words: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Places of such words in a sentence, and why they are no offer: some_organs, no_look, only_seen, some_vessels."""
    sentence = Sentence(words, 0)
    if not any(vessels.read(sentence)):
        yield from ((match.span(), "some_vessels") for match in vessels.free_in(sentence))
    yield from ((match.span(), match.lastgroup) for match in _KNOWN.finditer(words))
