"""What the reader leaves to the person: sentences in which it recognised nothing, and words that it knows but cannot
offer, with the reason."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from classification.facts import Fact
from mdt.reading import partly_free, tnm
from mdt.reading.parts import without_heading
from mdt.reading.plain import LONGEST_SENTENCE, plain, sentences
from mdt.reading.report import every_mention

_SAYS_SOMETHING = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]|\d")
_LITTLE = 4
"""Characters beside words that are told of already."""
_SEQUENCES = re.compile(r"technique|sequence|weighted|\bDWI\b|\bFLAIR\b|序列|加权|成像|扫描", re.IGNORECASE | re.ASCII)
_OTHERS = {
    "her2_plus": r"\bHER-?2(?:/neu)?[^,;。+]{0,6}\(\s?\+\s?\)(?!\+)",
    "factor": r"(?:\bbilirubin|胆红素)[^,;。]{0,24}?\bmg/dl\b|\bAFP\b[^,;。]{0,24}?\b[km]?IU/ml\b",
    "scale": r"\b(?:Karnofsky|KPS)\b[^,;。]{0,12}?\d+",
}
_KNOWN = re.compile("|".join(rf"(?P<{why}>{words})" for why, words in _OTHERS.items()), re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class LeftOut:
    """Words of the text that are no offer. `why`: bare_t, bare_n, her2_plus, factor, scale, or one of
    partly_free.reasons; empty for a sentence in which nothing was recognised. `start` and `end` count characters of
    the text."""

    start: int
    end: int
    why: str = ""


def read_left_out(text: str, vocabulary: Mapping[str, Fact]) -> list[LeftOut]:
    """What a reader still has to enter by hand, in the order of the text."""
    half_width, places = plain(text)
    seen = sorted((mention.start, mention.end) for mention in every_mention(text, vocabulary))
    found: list[LeftOut] = []
    at = 0
    for begins, words in sentences(half_width):
        first, last = begins + len(words) - len(words.lstrip()), begins + len(words.rstrip())
        start, end = places[first], places[last - 1] + 1
        while at < len(seen) and seen[at][1] <= start:
            at += 1
        is_read = at < len(seen) and seen[at][0] < end
        reasons = list(_reasons(words, begins, places))
        found += [each for each in reasons if not any(s < each.end and each.start < e for s, e in seen[at : at + 50])]
        if not is_read and _says_something(words) and _says_more(words, reasons, start, end):
            found.append(LeftOut(start, end))
    return found


def _says_more(words: str, reasons: list[LeftOut], start: int, end: int) -> bool:
    """Whether a sentence is more than the words whose reason stands beside it already."""
    told = sum(each.end - each.start for each in reasons)
    return not reasons or end - start - told > _LITTLE


def _says_something(words: str) -> bool:
    """Whether a sentence is more than a number, a label or the heading of an examination."""
    rest = without_heading(words)
    if rest != words:
        return bool(re.search(r"[A-Za-z]{3,}[^A-Za-z]+[A-Za-z]{2,}|[\u4e00-\u9fff]{4,}", rest))
    return bool(_SAYS_SOMETHING.search(words)) and not words.rstrip().endswith(":") and not words.strip().isdigit()


def _reasons(words: str, begins: int, places: list[int]) -> Iterator[LeftOut]:
    words = words[:LONGEST_SENTENCE]
    spans = [(match.span(), match.lastgroup) for match in _KNOWN.finditer(words)]
    if not _SEQUENCES.search(words):
        spans += [(match.span(), f"bare_{letter}") for letter, match in tnm.alone(words)]
    spans += partly_free.reasons(words)
    for (start, end), why in sorted(spans):
        yield LeftOut(places[begins + start], places[begins + end - 1] + 1, why)
