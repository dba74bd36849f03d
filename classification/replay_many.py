"""Another edition or reading asked about a whole archive: which answers change, counted and one by one.

Works chunk by chunk, so memory does not grow with the archive. Answers are compared as sets of categories: the order in
which an edition names them is no change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from .columnar import Archive
from .decision import scores_of
from .facts import FactError

Row = tuple[int, bytes | None, str, str]
"""Id of a snapshot, its record (None if there is none of this layout), old possible and old provisional categories.

Categories are ids separated by spaces, as a proposal keeps them."""
AT_ONCE = 500
"""Documents that are held in memory together."""
FactsById = Callable[[Sequence[int]], Mapping[int, tuple[Mapping[str, Any], Mapping[str, Any] | None]]]


class Changed(NamedTuple):
    """A snapshot that is answered otherwise now."""

    id: int
    old_possible: str
    new_possible: str
    old_provisional: str
    new_provisional: str


@dataclass
class Tally:
    """What came of all snapshots so far. The counters hold (old, new) → how many, the unchanged ones too."""

    cases: int = 0
    changed: int = 0
    irregular: int = 0
    """Answered from their facts, one at a time, as no record can say them."""
    refused: int = 0
    """Not answered: a fact or value that these rules do not know."""
    possible: Counter[tuple[str, str]] = field(default_factory=Counter)
    provisional: Counter[tuple[str, str]] = field(default_factory=Counter)


class _Words(dict[str, int]):
    """A number for every set of categories that was met; the words as they were met first."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._sets: dict[frozenset[str], int] = {}

    def __missing__(self, text: str) -> int:
        number = self._sets.setdefault(frozenset(text.split()), len(self.texts))
        if number == len(self.texts):
            self.texts.append(text)
        self[text] = number
        return number


def replay_records(
    archive: Archive, chunks: Iterable[Sequence[Row]], facts_of: FactsById, tally: Tally
) -> Iterator[list[Changed]]:
    """For every chunk the snapshots that the archive's edition answers otherwise; counts into ``tally``.

    ``facts_of`` is asked for the facts and restaging of the snapshots that no record can say, some hundred at a time.
    """
    words, codes = _Words(), _CodesOfBits(archive)
    for rows in chunks:
        yield _replay(archive, rows, facts_of, tally, words, codes) if rows else []


class _CodesOfBits:
    """From bits of scores to numbers of ``_Words``, by a table that is filled as bits occur."""

    def __init__(self, archive: Archive) -> None:
        self.ids = archive.scheme.category_ids
        self.table = np.full(1 << 16, -1, np.int64)

    def numbers(self, bits: np.ndarray, words: _Words) -> np.ndarray:
        found = self.table[bits]
        if found.min(initial=0) < 0:
            for each in np.unique(bits[found < 0]).tolist():
                self.table[each] = words[" ".join(self.ids[score] for score in scores_of(each))]
            found = self.table[bits]
        return found


def _replay(
    archive: Archive, rows: Sequence[Row], facts_of: FactsById, tally: Tally, words: _Words, codes: _CodesOfBits
) -> list[Changed]:
    table = _table(archive, rows)
    odd = np.flatnonzero(archive.is_irregular(table))
    is_answered = np.ones(len(rows), bool)
    possible, provisional, _ = archive.decide_regular(table, with_missing=False)
    for start in range(0, len(odd), AT_ONCE):
        places = odd[start : start + AT_ONCE].tolist()
        asked = facts_of([rows[place][0] for place in places])
        for place in places:
            try:
                possible[place], provisional[place], _ = archive.decide_one(*asked[rows[place][0]])
            except FactError:
                is_answered[place] = False
    # Column by column and without a list between: a row of Python objects costs more than its answer.
    before = [np.fromiter(map(words.__getitem__, map(itemgetter(at), rows)), np.int64, len(rows)) for at in (2, 3)]
    after = [codes.numbers(side, words) for side in (possible, provisional)]
    tally.cases += len(rows)
    tally.irregular += len(odd)
    tally.refused += int((~is_answered).sum())
    for counter, old, new in zip((tally.possible, tally.provisional), before, after, strict=True):
        _count(counter, old[is_answered], new[is_answered], words)
    differs = ((before[0] != after[0]) | (before[1] != after[1])) & is_answered
    places = np.flatnonzero(differs)
    tally.changed += len(places)
    news = [[words.texts[code] for code in side[places].tolist()] for side in after]
    return [
        Changed(row[0], row[2], new_possible, row[3], new_provisional)
        for row, new_possible, new_provisional in zip(map(rows.__getitem__, places.tolist()), *news, strict=True)
    ]


def _table(archive: Archive, rows: Sequence[Row]) -> np.ndarray:
    """The records as one array; what has none becomes an irregular one."""
    try:
        records = b"".join(map(itemgetter(1), rows))
    except TypeError:
        records = b"".join(archive.layout.irregular if row[1] is None else row[1] for row in rows)
    return archive.layout.unpack(records)


def _count(counter: Counter[tuple[str, str]], old: np.ndarray, new: np.ndarray, words: _Words) -> None:
    size = len(words.texts)
    for pair, number in enumerate(np.bincount(old * size + new, minlength=1).tolist()):
        if number:
            counter[words.texts[pair // size], words.texts[pair % size]] += number
