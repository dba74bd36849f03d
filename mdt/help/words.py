"""Words that not every discipline shares, and what they mean: one file, read once."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mdt.people import pinyin

FILE = Path(__file__).with_name("words.toml")
GROUPS: dict[str, Promise] = {
    "clinic": _("In the clinic"),
    "systems": _("Systems and guidelines"),
    "meeting": _("How this system speaks"),
    "audit": _("In the audit"),
}


@dataclass(frozen=True)
class Word:
    """One word: how it is written and what it means, in each language."""

    id: str
    group: str
    is_in_text: bool  # marked wherever a page's text holds it; else only where a template asks for it
    written: dict[str, list[str]]
    says: dict[str, str]

    @property
    def name(self) -> str:
        return self.written[_language()][0]

    @property
    def meaning(self) -> str:
        return self.says[_language()]

    def fits(self, parts: list[str]) -> bool:
        """Whether each part, in lower case, stands in the word or its meaning, in either language."""
        texts = [*(text for each in self.written.values() for text in each), *self.says.values()]
        whole = "\n".join(texts).lower()
        return all(part in whole for part in parts)


def _language() -> str:
    return "zh" if (get_language() or "").startswith("zh") else "en"


@cache
def words() -> dict[str, Word]:
    """Every word by its id, in the order of the file."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))["word"]
    return {
        row["id"]: Word(row["id"], row["group"], row["shown"] == "text", row["written"], row["says"]) for row in read
    }


def by_group(asked: str = "") -> list[tuple[Promise, list[Word]]]:
    """Heading and words that hold every part of what is asked, for the glossary; inside by name, or by its sound."""
    fitting = [word for word in words().values() if word.fits(asked.lower().split())]
    order = pinyin.in_order if _language() == "zh" else str.casefold
    groups = [
        (heading, sorted((word for word in fitting if word.group == group), key=lambda word: order(word.name)))
        for group, heading in GROUPS.items()
    ]
    return [(heading, found) for heading, found in groups if found]


@cache
def _in_text(language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """What finds the words in a text, longest writing first, and the id of each writing."""
    ids = {text: word.id for word in words().values() if word.is_in_text for text in word.written[language]}
    longest_first = sorted(ids, key=len, reverse=True)
    # No letter or digit of the same script beside it: "R0" is not in "PR01", but in "达到R0切除".
    found = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?<![A-Za-z0-9])(?:{found})(?![A-Za-z0-9])"), ids


def found_in(text: str) -> list[tuple[str, Word | None]]:
    """The text in pieces: plain ones, and those that are a word to explain."""
    pattern, ids = _in_text(_language())
    pieces: list[tuple[str, Word | None]] = []
    at = 0
    for match in pattern.finditer(text):
        pieces += [(text[at : match.start()], None), (match.group(), words()[ids[match.group()]])]
        at = match.end()
    return [*pieces, (text[at:], None)]
