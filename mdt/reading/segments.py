"""Liver segments as reports name them: "segment IVb", "segments 5 and 6", "S6/7", "肝V段", "肝S8"."""

import re
from dataclasses import dataclass

from classification.facts import SEGMENTS
from mdt.reading.lengths import UNIT
from mdt.reading.plain import Sentence

_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6", "VII": "7", "VIII": "8"}
_NO_SIZE = rf"(?![\w.]|\s?(?:{UNIT}|x|×)(?![A-Za-z])|\s?\d(?!\d?\d?(?:\.\d+)?\s?(?:{UNIT}|[x×*]\s?\d)))"
_ATOM = rf"(?:VIII|VII|VI|IV[abAB]?|V|III|II|I|4[abAB]|[1-8]){_NO_SIZE}"
# "Segment 6, 2-4 cm" names one segment and a size.
_NEXT = rf"{_ATOM}(?!\s?(?:-|~|to|\*|/)\s?\d{{1,3}}(?:\.\d+)?\s?{UNIT})"
_AND = r"\s?(?:,|/|、|及|和|与|and|&|\+|-|to)\s?"
_WORDS = re.compile(
    rf"\b(?:[Ss]egments?|[Ss]egs?\.?|[Ss]g\.?|SEGMENTS?)\s?(?:No\.?\s?)?S?(?P<english>{_ATOM}(?:{_AND}(?:S"
    rf"|segments? )?{_NEXT})*)"
    rf"|(?<![A-Za-z0-9-])S\s?(?P<short>(?:4[abAB]|[1-8])(?![\w.-]|\s?(?:mm|cm)\b)(?:\s?(?:/|、|及|和|and|&"
    rf"|,)\s?S?(?:4[abAB]|[1-8]){_NO_SIZE})*)"
    rf"|(?P<chinese>(?<![A-Za-z])(?:VIII|VII|VI|IV[abAB]?|V|III|II|I|(?<![\d.])[1-8])(?:\s?[、,/及和]\s?(?:VIII|VII"
    rf"|VI|IV[abAB]?|V|III|II|I|[1-8]))*)\s?段"
    rf"|(?<![A-Za-z0-9-])S(?P<last>[1-8][ab]?)段?(?=[\u4e00-\u9fff,、(])"
)
SPELT = re.compile(r"\bsegments? (?:VIII|VII|VI|IV|V|III|II|I|[1-8])", re.IGNORECASE | re.ASCII)
"""A report that names a segment and no organ means the liver."""
_NO_SEGMENT = re.compile(
    r"(?:jejun|ileum|colon|bowel|spine|lumbar|bronch|lung|肺|肠|椎|十二指肠)[^,;]{0,12}$", re.IGNORECASE | re.ASCII
)


@dataclass(frozen=True)
class Place:
    start: int
    end: int
    segments: tuple[str, ...]


def places(sentence: Sentence) -> list[Place]:
    """Each naming of one or more segments."""
    found = []
    for match in _WORDS.finditer(sentence.text):
        if _NO_SEGMENT.search(sentence.text[: match.start()]):
            continue
        listed = next(filter(None, match.groups()))
        named = _read(listed)
        if named:
            found.append(Place(match.start(), match.end(), named))
    return found


def _read(listed: str) -> tuple[str, ...]:
    atoms = re.findall(r"VIII|VII|VI|IV[abAB]?|V|III|II|I|[1-8][abAB]?", listed)
    named = [
        _ROMAN.get(atom.rstrip("abAB"), atom.rstrip("abAB")) + atom[-1:].lower() * (atom[-1] in "abAB")
        for atom in atoms
    ]
    span = re.fullmatch(r"([1-8])\s?(?:-|to)\s?S?([1-8])", listed)
    if span and int(span[1]) < int(span[2]):
        named = [str(each) for each in range(int(span[1]), int(span[2]) + 1)]
    return tuple(segment for segment in SEGMENTS if segment in named) if set(named) <= set(SEGMENTS) else ()
