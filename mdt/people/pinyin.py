"""By what Latin letters a Chinese name or term is found: its syllables written as one word, and their first letters.

The readings come from pypinyin's table of single characters; its phrases (27 MB) are left out. It is loaded
when the first Chinese text is met. A surname keeps its rarer readings: 单 is dan and shan, 曾 is ceng and zeng.
"""

import os
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, product

CHINESE = re.compile(r"[\u3400-\u9fff]+")
MOST_OF_SURNAME, MOST_OF_REST = 3, 2
LONGEST = 200
"""Characters of the keys of one text: a sentence in the place of a name gives as many as fit."""


@lru_cache(maxsize=4096)
def keys(text: str) -> str:
    """Of each run of Chinese characters the sounds and initials, parted by spaces; "" for text without Chinese."""
    found: dict[str, None] = {}
    for run in CHINESE.findall(text):
        first, *rest = [_readings(character) for character in run]
        for beginning in first[:MOST_OF_SURNAME]:
            for end in islice(product(*rest), MOST_OF_REST):
                syllables = (beginning, *end)
                for written in ("".join(syllables), "".join(syllable[0] for syllable in syllables)):
                    found[written] = None
                    if "v" in written:  # ü: keyboards write v, passports yu
                        found[written.replace("v", "yu")] = None
    return " ".join(_as_many_as_fit(word for word in found if len(word) > 1))


def _as_many_as_fit(found: Iterable[str]) -> Iterator[str]:
    length = 0
    for word in found:
        length += len(word) + 1
        if length <= LONGEST:
            yield word


def with_keys(text: str) -> str:
    """The text and, after it, its keys."""
    return f"{text} {keys(text)}".rstrip()


@lru_cache(maxsize=8192)
def _readings(character: str) -> tuple[str, ...]:
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin  # not at the top: most processes of most hospitals never need it

    return tuple(pinyin(character, style=Style.NORMAL, heteronym=True)[0])


def in_order(text: str) -> list[tuple[bool, str]]:
    """By what a list is sorted that a Chinese reader looks through: Latin letters first, then by sound and tone."""
    return [_sound(character) for character in text.casefold()]


@lru_cache(maxsize=4096)
def _sound(character: str) -> tuple[bool, str]:
    if not CHINESE.fullmatch(character):
        return (False, character)
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin

    return (True, pinyin(character, style=Style.TONE3, neutral_tone_with_five=True)[0][0] + character)
