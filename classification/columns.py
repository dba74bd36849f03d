"""A case as one record of fixed width, so that a million of them can be read without parsing a document.

A record holds what is known of every fact that rules may ask about, not what an edition makes of it: values of a choice
as bits, a number as the places of its two ends (``scale``), a list of lesions as ``list_columns`` tells. Facts that
editions take from restaging have a second column for what is known of them now; without a restaging both say the same.
A record therefore serves every edition of a pathway. What does not fit ("either of two sets", more open lesions than
there is room for) marks the record as irregular; such a case is answered from its facts, one at a time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from .edition import Edition
from .facts import UNKNOWN, Fact, Standing
from .lesions import FIGURES
from .list_columns import COMPLETE, COMPLETE_FACT, FIELDS, LIST, OPEN_ENDED, Irregular, figures_of, seen_list
from .partition import Partition, build
from .phases import split
from .reader import Reader
from .scale import place_of

FORMAT = 2
"""Grows when the same vocabulary is written in another way."""
IRREGULAR, NO_BASELINE, ABSENT = 1, 2, 4
"""Flags: no record can say the case; nothing is known before treatment; the disease of the pathway is not there."""
WORD_BITS = 16
MOST_VALUES = WORD_BITS - 2
Facts = Mapping[str, Any]


class Bits(NamedTuple):
    """Where a fact of few values lies: a bit for each value, then one for "does not apply", then one for "stated"."""

    word: int
    shift: int
    values: int

    @property
    def not_applicable(self) -> int:
        return 1 << self.values

    @property
    def unknown(self) -> int:
        """Nothing was said: it may have any value, and need not apply."""
        return (2 << self.values) - 1

    @property
    def stated(self) -> int:
        return 2 << self.values

    @property
    def full(self) -> int:
        return (4 << self.values) - 1


class Ends(NamedTuple):
    """Which pair of places a number has, and the places of the least and the greatest value that it may have."""

    at: int
    lowest: int
    highest: int


def points_of(fact: Fact) -> tuple[Any, ...]:
    """What the bits of a column stand for, in order."""
    if fact.type == "yes_no":
        return (True, False)
    return fact.exact_values if fact.type == "choice" else fact.values


def meaning_of(fact: Fact) -> tuple:
    """All that a column depends on in the vocabulary."""
    kinds = (sorted(fact.covers.items()), fact.unknown_values, fact.carries_over)
    return fact.name, fact.type, fact.values, *kinds, fact.min, fact.max, fact.above, fact.uncountable


def followed(edition: Edition) -> frozenset[str]:
    """The facts that an edition takes from restaging."""
    return frozenset(() if edition.phase == "baseline" else edition.from_restaging)


class Layout:
    """Where each fact lies in a record. ``digest`` names the layout: records of another one cannot be compared.

    ``baseline`` and ``course`` lead from a fact to its column: what is known of it before treatment, and now.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader, self.pathway = reader, reader.pathway
        self.has_figures = bool(reader.figures)
        facts = [self.pathway.facts[name] for name in _in_order_of_use(reader)]
        self.cells: dict[str, Partition] = {fact.name: build(fact, ()) for fact in facts if _is_number(fact)}
        later = {name for scheme in reader.schemes for name in followed(scheme.edition)} - {*FIGURES, LIST}
        words, pairs = _Words(), []
        self.baseline = dict(self._columns(facts, words, pairs))
        words.begin_anew()
        self.course = dict(self._columns([fact for fact in facts if fact.name in later], words, pairs))
        self.irregular_facts = tuple(fact.name for fact in facts if fact.name not in self.baseline)
        fields = [("words", "<u2", (len(words.unknown),)), ("numbers", "<u2", (len(pairs), 2))]
        self.dtype = np.dtype([("flags", "u1"), *FIELDS, *fields])
        self.empty = np.zeros((), self.dtype)
        self.empty["words"], self.empty["numbers"] = words.unknown, pairs
        meaning = (FORMAT, self.dtype.descr, self.baseline, self.course, [meaning_of(fact) for fact in facts])
        self.digest = hashlib.sha256(repr(meaning).encode()).hexdigest()[:16]

    def _columns(self, facts: list[Fact], words: _Words, pairs: list) -> Iterator[tuple[str, Bits | Ends]]:
        for fact in facts:
            if fact.name in self.cells:
                cells = self.cells[fact.name]
                lowest, highest = place_of(cells.lowest), place_of(cells.highest)
                if lowest is not None and highest is not None:
                    pairs.append((lowest, highest))
                    yield fact.name, Ends(len(pairs) - 1, lowest, highest)
            elif fact.type in ("choice", "yes_no", "set", "sites") and len(points_of(fact)) <= MOST_VALUES:
                yield fact.name, words.place(len(points_of(fact)))

    def pack(self, facts: Facts, restaging: Facts | None = None) -> bytes:
        """The record of a case. Raises ``FactError`` for a value that is not allowed."""
        phases = split(facts, restaging, self.pathway)
        before = self._reader.read(phases.baseline)[1]
        now = self._reader.read(phases.now)[1] if phases.has_restaging else before
        record = self.empty.copy()
        record["flags"] = 0 if phases.has_baseline else NO_BASELINE
        record["flags"] |= ABSENT if self._is_absent(before if phases.has_baseline else now) else 0
        try:
            for columns, standings in ((self.baseline, before), (self.course, now)):
                if any(name in standings for name in self.irregular_facts):
                    raise Irregular("a rule asks about a fact that has no column")
                for name, column in columns.items():
                    if name in standings:
                        self._put(record, column, self.pathway.facts[name], standings[name])
            if self.has_figures and LIST in before and before[LIST].value is not None:
                self._put_list(record, before, phases.baseline.get(COMPLETE_FACT) is True)
        except Irregular:
            return self.irregular
        return record.tobytes()

    @property
    def irregular(self) -> bytes:
        """The record of a case that has to be answered from its facts."""
        record = self.empty.copy()
        record["flags"] = IRREGULAR
        return record.tobytes()

    def unpack(self, records: bytes) -> np.ndarray:
        """Records one after another as a structured array."""
        return np.frombuffer(records, self.dtype)

    def _is_absent(self, standings: Mapping[str, Standing]) -> bool:
        entry = standings.get(self.pathway.entry_fact, UNKNOWN)
        values = {"known": (entry.value,), "one_of": entry.values}.get(entry.kind, ())
        return bool(values) and set(values) <= set(self.pathway.absent)

    def _put(self, record: np.ndarray, column: Bits | Ends, fact: Fact, standing: Standing) -> None:
        if isinstance(column, Bits):
            _write(record, column, column.stated | _values(fact, column, standing))
        elif standing.kind != "not_applicable":
            intervals = self.cells[fact.name].intervals(standing)
            places = [place_of(end) for end in intervals[0]]
            if len(intervals) != 1 or None in places:
                raise Irregular(fact.name)
            record["numbers"][column.at] = places

    def _put_list(self, record: np.ndarray, standings: Mapping[str, Standing], is_complete: bool) -> None:
        seen = seen_list(standings[LIST].value, is_complete, self.cells[FIGURES[1]])
        figures = figures_of(seen, standings)
        if figures is None:
            record["list_kind"] = COMPLETE if is_complete else OPEN_ENDED
            record["list_count"], record["list_codes"] = seen.count, seen.sum.codes
            record["list_size"] = seen.sum.low, seen.sum.high
            for at, lesion in enumerate(seen.open):
                record["open_codes"][at], record["open_size"][at] = lesion.codes, (lesion.low, lesion.high)
            return
        for name, found in figures.items():
            column = self.baseline[name]
            if isinstance(column, Ends):
                record["numbers"][column.at] = found
            else:  # what the list shows was not stated by anybody
                points = points_of(self.pathway.facts[name])
                kept = int(record["words"][column.word]) >> column.shift & column.stated
                _write(record, column, kept | _mask(points, set(found)))


class _Words:
    """Words that fill up fact by fact: each goes into the first one that has room for it."""

    def __init__(self) -> None:
        self.unknown: list[int] = []
        self._used: list[int] = []
        self._first = 0

    def begin_anew(self) -> None:
        """From here on only new words: what is read together lies together."""
        self._first = len(self._used)

    def place(self, values: int) -> Bits:
        """Room for a fact of so many values, filled with "nothing was said"."""
        width = values + 2
        open_words = range(self._first, len(self._used))
        word = next((at for at in open_words if self._used[at] + width <= WORD_BITS), len(self._used))
        if word == len(self._used):
            self._used.append(0)
            self.unknown.append(0)
        column = Bits(word, self._used[word], values)
        self._used[word] += width
        self.unknown[word] |= column.unknown << column.shift
        return column


def _in_order_of_use(reader: Reader) -> list[str]:
    """Facts that records hold: those of the leading scheme first, the widest first, so that its words are few."""
    pathway = reader.pathway
    names = list(dict.fromkeys((*pathway.schemes, *(each.edition.scheme for each in reader.schemes))))
    schemes = sorted(reader.schemes, key=lambda each: (names.index(each.edition.scheme), each.edition.valid_from))
    wide = [sorted(scheme.facts, key=lambda name: -len(points_of(pathway.facts[name]))) for scheme in schemes]
    figures = FIGURES if reader.figures else ()
    others = (*reader.read_facts, *figures, pathway.entry_fact, pathway.baseline_fact)
    order = dict.fromkeys([*(name for own in wide for name in own), *others])
    return [name for name in order if pathway.facts[name].type != "lesions"]


def _is_number(fact: Fact) -> bool:
    return fact.type in ("integer", "number")


def _write(record: np.ndarray, column: Bits, bits: int) -> None:
    rest = int(record["words"][column.word]) & ~(column.full << column.shift)
    record["words"][column.word] = rest | bits << column.shift


def _mask(points: tuple, values: set) -> int:
    return sum(1 << at for at, point in enumerate(points) if point in values)


def _values(fact: Fact, column: Bits, standing: Standing) -> int:
    """What a standing allows, as bits of the column. Raises ``Irregular`` for "either of two sets"."""
    points = points_of(fact)
    if standing.kind == "not_applicable":
        return column.not_applicable
    if fact.type in ("set", "sites"):
        if standing.kind != "known":
            raise Irregular(fact.name)
        return _mask(points, {getattr(item, "site", item) for item in standing.value})
    values = standing.values if standing.kind == "one_of" else (standing.value,)
    if fact.type == "choice":
        if any(value in fact.unknown_values for value in values):
            return column.unknown
        values = tuple(exact for value in values for exact in fact.exact(value))
    return _mask(points, set(values))
