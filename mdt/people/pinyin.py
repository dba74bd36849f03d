"""By what Latin letters a Chinese name or term is found: its syllables written as one word, and their first letters.

The readings come from pypinyin's table of single characters; its phrases (27 MB) are left out. It is loaded
when the first Chinese text is met. A surname keeps its rarer readings: 单 is dan and shan, 曾 is ceng and zeng.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, product

CHINESE = re.compile(r"[\u3400-\u9fff]+")
MOST_OF_SURNAME, MOST_OF_REST = 3, 2
MOST_WORDS, MOST_WAYS, LONGEST_SYLLABLE = 4, 4, 6
_INITIAL = "zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]"
_FINAL = (
    "iang|iong|uang|iao|ian|ing|ong|ang|eng|uai|uan|van|ai|ao|an|ei|en|ou|ia|ie|iu|in|ua|uo|ui|ue|un|ve|vn|a|e|i|o|u|v"
)
SYLLABLE = re.compile(rf"(?:{_INITIAL})(?:{_FINAL})|ai|an|ang|ao|a|e|ei|en|eng|er|ou|o")
SYLLABLES = re.compile(rf"(?:{SYLLABLE.pattern})+")
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
                found |= dict.fromkeys(_written(syllables))
    return " ".join(_as_many_as_fit(word for word in found if len(word) > 1))


def _written(syllables: Sequence[str]) -> Iterator[str]:
    """One name as people type it: in full, by its initials, and the surname in full with the initials of the rest."""
    initials = "".join(syllable[0] for syllable in syllables)
    for written in ("".join(syllables), initials, f"{syllables[0]}{initials[1:]}"):
        yield written
        if "v" in written:  # ü: keyboards write v, passports yu
            yield written.replace("v", "yu")


def keys_of_name(name: str) -> str:
    """The keys of a person's name, also of one that is stored in Latin letters: "Ma Dehai" as madehai, mdh, madh.

    A Latin name has keys where all its two to four words are made of syllables of pinyin, the surname first. Other
    names are found as they are written, and need none.
    """
    words = name.strip().lower().replace("'", " ").replace("’", " ").replace("-", " ").split()
    if not 2 <= len(words) <= MOST_WORDS or not all(SYLLABLES.fullmatch(word) for word in words):
        return keys(name)
    found = {written: None for given in _split(words[1:]) for written in _written((words[0], *given))}
    return " ".join(_as_many_as_fit(found))


def _split(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The given name in syllables, in every way that it can be read: "xian" is one, or two."""
    ways = (_ways(word) for word in words)
    for found in islice(product(*ways), MOST_WAYS):
        yield tuple(syllable for way in found for syllable in way)


@lru_cache(maxsize=1024)
def _ways(word: str) -> tuple[tuple[str, ...], ...]:
    if not word:
        return ((),)
    heads = [word[:end] for end in range(min(len(word), LONGEST_SYLLABLE), 0, -1)]
    return tuple((head, *rest) for head in heads if SYLLABLE.fullmatch(head) for rest in _ways(word[len(head) :]))


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
