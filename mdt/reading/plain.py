"""One way of writing, without losing the place: half-width characters, whose offsets in the report are known."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_SENTENCE = 2_000
"""Characters. A text without a full stop is no report: its later part is not read."""
_END = re.compile(r"[。！!\n\r;；]+|[.?](?=\s|$)")
_SHORTENED = re.compile(
    r"(?:\b(?:no|nos|fig|approx|ca|seg|segs|max|min|dr|mr|mrs|ms|prof|vs|resp|st|sg)|\b[A-Z])$",
    re.IGNORECASE | re.ASCII,
)
_BREAK = re.compile(
    r"[,:()\[\]\n]|(?:\b(?:but|however|although|while|whereas|except|with|showing|now)\b)|但|而(?!且)|目前"
    r"|现(?=为|约|\d)"
)
_NAME_IN_BRACKETS = re.compile(
    r"\((?=[^()]*\d)(?:第|No\.?\s?|短径|长径|直径|最大径|大小|约)*\s?[A-Za-z0-9 ,、/.×-]{1,14}(?:组|段)?\)",
    re.IGNORECASE | re.ASCII,
)
"""An aside that only names or measures what stands before it, and ends no clause: "腹主动脉旁(16组)未见肿大"."""


@dataclass(frozen=True)
class Sentence:
    """A stretch of the plain text up to a full stop, semicolon or new line."""

    text: str
    begins: int
    of_liver: bool = False
    """It speaks of the liver, or goes on after a sentence that does."""
    concludes: bool = False
    """It stands in the conclusion of an examination that is described before it."""
    is_on_a_scan: bool = False
    """The examination is a scan, or is described as one."""

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The clause around a match: between commas, brackets and words that turn the sentence."""
        low, high = 0, len(self.text)
        named = [
            aside.span() for aside in _NAME_IN_BRACKETS.finditer(self.text) if not aside.start() < start < aside.end()
        ]
        for turn in _BREAK.finditer(self.text):
            if any(begin <= turn.start() < stop for begin, stop in named):
                continue
            if turn.end() <= start:
                low = turn.end()
            elif turn.start() >= end:
                high = turn.start()
                break
        return low, high


_CLOSING = {"(": ")", "[": "]"}
_LONGEST_ASIDE = 24
"""Characters that may stand between the end of the words and the bracket that closes them."""


def closed(text: str, start: int, end: int) -> int:
    """The end of the words, behind the bracket that closes what they open: "HER2 (3+)", not "HER2 (3+"."""
    words = text[start:end]
    for opening, closing in _CLOSING.items():
        if words.count(opening) == words.count(closing) + 1:
            aside = re.match(rf"[^()\[\],;:。\n]{{0,{_LONGEST_ASIDE}}}{re.escape(closing)}", text[end:])
            return end + aside.end() if aside else end
    return end


def plain(report: str) -> tuple[str, list[int]]:
    """The report in half-width characters, and for each of them its place in the report."""
    text, places = [], []
    for place, character in enumerate(report):
        wide = unicodedata.normalize("NFKC", character) or character
        for narrow in (
            wide.replace("\u2212", "-").replace("–", "-").replace("—", "-").replace("∼", "~").replace("\u2010", "-")
        ):
            text.append(narrow)
            places.append(place)
    return "".join(text), [*places, len(report)]


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Place and words of each sentence. A point inside a number or after "No" ends none.

    A question keeps its mark: "Adrenal metastasis?" states nothing.
    """
    begins = 0
    for end in _END.finditer(text):
        if end[0].startswith(".") and _SHORTENED.search(text[begins : end.start()]):
            continue
        if text[begins : end.start()].strip():
            yield begins, text[begins : end.end() if end[0] == "?" else end.start()]
        begins = end.end()
    if text[begins:].strip():
        yield begins, text[begins:]
