"""Serum markers, only with a unit that the vocabulary can take: 1 µg/L is 1 ng/mL, 1 kU/L is 1 U/mL."""

import re
from collections.abc import Iterator

from mdt.reading.amounts import NUMBER, bounded, number
from mdt.reading.context import DENIED, OTHER, standing
from mdt.reading.mention import EARLIER, STATED, Mention
from mdt.reading.plain import Sentence

_MASS = r"(?:ng\s?/\s?ml|ng\s?·?\s?ml-1|[uµμ]g\s?/\s?l|[uµμ]g\s?·\s?l-1)"
_ACTIVITY = r"(?:k?I?U\s?/\s?m?l|I?U\s?·\s?ml-1)"
_NAMES = {
    "afp_ng_ml": (r"\bAFP\b|alpha-?\s?feto-?protein|α-?fetoprotein|甲胎蛋白", _MASS),
    "cea_ng_ml": (r"\bCEA\b|carcinoembryonic antigen|癌胚抗原", _MASS),
    "ca19_9_u_ml": (r"\bCA\s?19-?\s?9\b|糖类抗原\s?(?:CA\s?)?19-?\s?9|carbohydrate antigen 19-?9", _ACTIVITY),
    "ca72_4_u_ml": (r"\bCA\s?72-?\s?4\b|糖类抗原\s?(?:CA\s?)?72-?\s?4|carbohydrate antigen 72-?4", _ACTIVITY),
}
_ANY_NAME = "|".join(name for name, _unit in _NAMES.values())
_SIGN = r"(?P<sign>[<>≤≥]=?|大于|小于|超过)?"
_FROM_TO = (
    r"(?:\bfrom\s*(?P<from>NUMBER)\s?(?:UNIT)?\s*to\s*"
    r"|由\s?(?P<from2>NUMBER)\s?(?:UNIT)?\s*[^0-9,;。]{0,6}[至到为]\s?)?"
)
_TISSUE = re.compile(r"immunohisto|immunostain|staining|tumou?r cells|免疫组化", re.IGNORECASE | re.ASCII)


def _pattern(name: str, unit: str) -> re.Pattern:
    gap = rf"(?:(?!{_ANY_NAME}|\d|[<>≤≥]|大于|小于|超过|\bfrom\b|由|[;。]).){{0,40}}?"
    span = _FROM_TO.replace("NUMBER", NUMBER).replace("UNIT", unit)
    return re.compile(
        rf"(?:{name})(?:(?!\d)[^A-Za-z0-9])*?{gap}{span}{_SIGN}\s*(?P<value>{NUMBER})\s?(?P<unit>{unit})",
        re.IGNORECASE | re.ASCII,
    )


_PATTERNS = {fact: _pattern(name, unit) for fact, (name, unit) in _NAMES.items()}


def read(sentence: Sentence) -> Iterator[Mention]:
    if _TISSUE.search(sentence.text):
        return
    for fact, pattern in _PATTERNS.items():
        for match in pattern.finditer(sentence.text):
            unit = match["unit"].lower()
            if re.match(r"i?u\s?/\s?l$", unit):  # a thousandth of the unit that is asked for
                continue
            how = standing(sentence, match.start("value"), match.end("value"), denies=False)
            if how in (DENIED, OTHER) or re.search(r"reference|normal|参考|正常", match[0], re.IGNORECASE | re.ASCII):
                continue
            value = bounded(match["sign"] or "", number(match["value"]))
            yield Mention(*match.span(), fact, value, how, "serum-marker")
            before = match["from"] or match["from2"]
            if before and how == STATED:
                yield Mention(*match.span(), fact, number(before), EARLIER, "serum-marker-earlier")
