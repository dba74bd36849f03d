"""A pattern: the words of one fact, the value that they give, and what becomes of it when denied or in doubt."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from mdt.reading.context import DENIED, OTHER, standing, with_cue
from mdt.reading.mention import EARLIER, STATED, UNCERTAIN, Mention
from mdt.reading.plain import Sentence

NOTHING = object()


@dataclass(frozen=True)
class Pattern:
    """`value` is what the words say, or reads it from the match (None: nothing). `denied` and `doubtful` are values for
    words under a "no" or in doubt; without them a denial gives nothing and a doubt stays a doubt. `where` must stand in
    the sentence or hold of it, `unless` must not. `has_own_no`: "negative" belongs to the words. `lasting`: history
    still holds.
    """

    name: str
    fact: str
    words: re.Pattern
    value: Any | Callable[[re.Match], Any]
    denied: Any = NOTHING
    doubtful: Any = NOTHING
    where: re.Pattern | Callable[[Sentence], bool] | None = None
    unless: re.Pattern | Callable[[Sentence], bool] | None = None
    has_own_no: bool = False
    lasting: bool = False

    def read(self, sentence: Sentence) -> Iterator[Mention]:
        if self.where and not _holds(self.where, sentence):
            return
        if self.unless and _holds(self.unless, sentence):
            return
        for match in self.words.finditer(sentence.text):
            value = self.value(match) if callable(self.value) else self.value
            if value is None:
                continue
            how = standing(sentence, *match.span(), denies=not self.has_own_no, lasting=self.lasting)
            if how == OTHER or (how == DENIED and self.denied is NOTHING):
                continue
            turned = how in (DENIED, UNCERTAIN) and not self.has_own_no
            low, high = with_cue(sentence, *match.span()) if turned else match.span()
            if how == DENIED:
                value, how = self.denied, STATED
            elif how == UNCERTAIN and self.doubtful is not NOTHING:
                value, how = self.doubtful, STATED
            yield Mention(low, high, self.fact, value, EARLIER if how == "earlier" else how, self.name)


def _holds(condition: re.Pattern | Callable[[Sentence], bool], sentence: Sentence) -> bool:
    return bool(condition.search(sentence.text) if isinstance(condition, re.Pattern) else condition(sentence))


def words(*alternatives: str) -> re.Pattern:
    """Any of these, in any case."""
    return re.compile("|".join(alternatives), re.IGNORECASE | re.ASCII)


def read_all(patterns: Iterable[Pattern], sentence: Sentence) -> Iterator[Mention]:
    for pattern in patterns:
        yield from pattern.read(sentence)
