"""The rules over a whole archive at once: the same tables as for one case, looked up for all records together.

For every group of components a record becomes a key, and the distinct keys are answered once by the very functions that
answer a single case (``decision.entry_of``). What is left for each record is a look-up and a few bit operations. So the
answers are those of the scalar path by construction; a test compares them all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from .columns import NOT_APPLICABLE_BIT, STATED_BIT, Layout, points_of
from .decision import Entry, entry_of
from .lesions import FIGURES
from .list_columns import Lists, Livers, cells_of, plain_masks
from .partition import NA, possible_sets
from .rulebook import PathwayRules
from .scheme import Group

TABLE_BITS = 20
"""Keys of up to this many bits are answered through a table; longer ones are sorted first."""
CHUNK = 16_384
FactsOf = Callable[[int], tuple[Mapping[str, Any], Mapping[str, Any] | None]]


class Decisions(NamedTuple):
    """One row per record, as in ``Decision``: bits of scores, and bits of ``missing_names``. 0 if there is no type."""

    possible: np.ndarray
    provisional: np.ndarray
    missing: np.ndarray


class Archive:
    """Answers of one scheme of a pathway for many records. Remembers what it met: not for several threads at once."""

    def __init__(self, rules: PathwayRules, scheme: str, layout: Layout) -> None:
        self.rules, self.layout = rules, layout
        spans = [span for span in rules.in_force_on(None) if span[0].edition.scheme == scheme]
        if not spans:
            raise KeyError(f"no scheme {scheme!r}")
        self.scheme, self._first, self._full = spans[0]
        self._places: list[np.ndarray | None] = [None] * len(self.scheme.groups)
        self._entries: list[list[Entry]] = [[] for _ in self.scheme.groups]
        self._livers = Livers(rules.reader.figures)
        self._of_liver: list[dict[tuple[int, int], int]] = [{} for _ in self.scheme.groups]
        self._look_ups = (
            {name: self._look_up(name) for name in self.scheme.facts if name in self._columns()} if self.fits() else {}
        )
        entry = layout.pathway.facts[layout.pathway.entry_fact]
        self._present = sum(1 << at for at, v in enumerate(points_of(entry)) if v not in layout.pathway.absent)

    def _columns(self) -> set[str]:
        return {fact.name for fact in self.layout.bit_facts}

    def decide(self, records: np.ndarray, facts_of: FactsOf) -> Decisions:
        """The answers for records of the layout. ``facts_of``: place of an irregular one → facts, restaging."""
        found = self.decide_regular(records)
        for place in np.flatnonzero(records["irregular"]):
            answer = self.decide_one(*facts_of(int(place)))
            for whole, own in zip(found, answer, strict=True):
                whole[place] = own
        return found

    def decide_regular(self, records: np.ndarray, *, with_missing: bool = True) -> Decisions:
        """The answers from records alone: for an irregular one they say nothing. ``missing`` is 0 if not wanted."""
        size = len(records)
        found = Decisions(np.empty(size, np.uint16), np.empty(size, np.uint16), np.zeros(size, np.uint64))
        for start in range(0, size, CHUNK):
            part = slice(start, min(start + CHUNK, size))
            for whole, own in zip(found, self._decide(records[part], with_missing), strict=True):
                whole[part] = own
        return found

    def fits(self) -> bool:
        """Whether records of the layout hold what the scheme asks: rules from outside may have other facts or values.

        If not, every case has to be answered from its facts.
        """
        own, theirs = self.layout.pathway.facts, self.rules.pathway.facts
        columns = self.layout.dtype.names or ()
        one, other = (
            (pathway.entry_fact, pathway.baseline_fact, tuple(pathway.absent))
            for pathway in (self.layout.pathway, self.rules.pathway)
        )
        return (
            one == other
            and all(name in columns for name in self.scheme.facts)
            and all(
                name in theirs
                and theirs[name].type == own[name].type
                and (own[name].type in ("integer", "number") or points_of(theirs[name]) == points_of(own[name]))
                for name in (*self.scheme.facts, self.layout.pathway.entry_fact)
            )
        )

    def decide_one(self, facts: Mapping[str, Any], restaging: Mapping[str, Any] | None) -> tuple[int, int, int]:
        """An irregular record by the way of a single case. Raises ``FactError`` for a value that is not allowed."""
        from .outcome import Outcome  # the archive is read by the same rules as a case, which need no numpy

        answer = Outcome(self.rules, facts, None, restaging).systems[self.scheme.edition.scheme]
        if answer.state == "typed":
            return answer.decision[:3]
        scores = {category.id: category.score for category in self.scheme.edition.categories}
        bits = sum(1 << scores[name] for name in answer.possible)
        return bits, bits, 0

    def _decide(self, records: np.ndarray, with_missing: bool) -> Decisions:
        lists = self._livers.read(records) if self.layout.has_figures else None
        reached = [self._group(at, group, records, lists) for at, group in enumerate(self.scheme.groups)]
        every = np.ones(len(records), np.uint16)
        assumed = every.copy()
        least, least_assumed = every.copy(), every.copy()
        lows = []
        for entries, codes in reached:
            reach = np.array([entry.reach for entry in entries], np.uint16)
            under = np.array([entry.assumed for entry in entries], np.uint16)
            own = (reach & -reach.astype(np.int32)).astype(np.uint16)[codes]
            lows.append(own)
            every |= reach[codes]
            assumed |= under[codes]
            np.maximum(least, own, out=least)
            np.maximum(least_assumed, (under & -under.astype(np.int32)).astype(np.uint16)[codes], out=least_assumed)
        possible = every & ~(least - 1)
        provisional = assumed & ~(least_assumed - 1)
        missing = np.zeros(len(records), np.uint64)
        for at, (entries, codes) in enumerate(reached if with_missing else ()):
            others = np.ones(len(records), np.uint16)
            for other, own in enumerate(lows):
                if other != at:
                    np.maximum(others, own, out=others)
            table = np.zeros((len(entries), 1 << self.scheme.worst_score + 1), np.uint64)
            for row, entry in enumerate(entries):
                for score, bits in enumerate(entry.missing):
                    table[row, 1 << score] = bits
            missing |= table[codes, others]
        missing[possible == least] = 0  # one category: nothing can change it
        absent = self._absent(records)
        if absent is not None:
            for column in (possible, provisional, missing):
                column[absent] = 0
        return Decisions(possible, provisional, missing)

    def _absent(self, records: np.ndarray) -> np.ndarray | None:
        column = records[self.layout.pathway.entry_fact]
        absent = (column >> STATED_BIT != 0) & (column & self._present == 0) & (column >> NOT_APPLICABLE_BIT & 1 == 0)
        return absent if absent.any() else None

    def _group(self, at: int, group: Group, records: np.ndarray, lists: Lists | None) -> tuple[list[Entry], np.ndarray]:
        """The distinct answers of a group, and which of them each record has."""
        lists = lists if group.has_figures else None
        keys = np.zeros(len(records), np.int64)
        for name, shift in zip(group.facts, group.shifts, strict=True):
            masks = self._mask(name, records)
            if lists is not None and name in FIGURES:
                self._put_figures(name, masks, records, lists)
            keys |= masks << shift - group.first_bit
            stated = self.scheme.places[name][1]
            if stated is not None:
                keys |= (records[name] >> STATED_BIT).astype(np.int64) << stated - group.first_bit
        if group.bits <= TABLE_BITS:
            entries, codes = self._entries[at], self._codes_of(at, group, keys)
        else:
            distinct, codes = np.unique(keys, return_inverse=True)
            entries = [self._entry(group, key) for key in distinct.tolist()]
        if lists is not None:
            entries = self._with_livers(at, group, entries, codes, keys, lists)
        return entries, codes

    def _put_figures(self, name: str, masks: np.ndarray, records: np.ndarray, lists: Lists) -> None:
        """The masks of a figure that follow from a list, in the place of what was stated beside it."""
        partition, figure = self.scheme.partitions[name], FIGURES.index(name)
        np.copyto(masks, plain_masks(name, partition, records), where=lists.is_plain)
        boxes = [liver.box for liver in self._livers.known]
        if any(box is not None for box in boxes):
            table = np.array([-1 if box is None else self.scheme.coarse(figure, box[figure]) for box in boxes])
            found = table[lists.livers]
            masks[lists.rows[found >= 0]] = found[found >= 0]

    def _with_livers(
        self, at: int, group: Group, entries: list[Entry], codes: np.ndarray, keys: np.ndarray, lists: Lists
    ) -> list[Entry]:
        """Answers of the records whose list no box of masks can say; ``codes`` is changed for them."""
        known = self._livers.known
        is_special = np.array([liver.box is None for liver in known] or [False])
        own = np.flatnonzero(is_special[lists.livers])
        if not len(own):
            return entries
        rows, livers = lists.rows[own], lists.livers[own]
        count = len(known)  # one number for both, far below the 63 bits that there are
        pairs, codes_of = np.unique(keys[rows] * count + livers, return_inverse=True)
        entries = entries if group.bits <= TABLE_BITS else list(entries)
        numbers = self._of_liver[at] if group.bits <= TABLE_BITS else {}
        places = np.empty(len(pairs), np.int64)
        for place, pair in enumerate(pairs.tolist()):
            key, liver = divmod(pair, count)
            number = numbers.get((key, liver))
            if number is None:
                number = numbers[key, liver] = len(entries)
                entries.append(entry_of(self.scheme, group, key << group.first_bit, known[liver]))
            places[place] = number
        codes[rows] = places[codes_of]
        return entries

    def _codes_of(self, at: int, group: Group, keys: np.ndarray) -> np.ndarray:
        """The place of each key's answer in ``_entries``; kept, so that the next chunk only looks it up."""
        place = self._places[at]
        if place is None:
            place = self._places[at] = np.full(1 << group.bits, -1, np.int32)
        codes = place[keys]
        if codes.min(initial=0) < 0:
            for key in np.unique(keys[codes < 0]).tolist():
                self._entries[at].append(self._entry(group, key))
                place[key] = len(self._entries[at]) - 1
            codes = place[keys]
        return codes

    def _entry(self, group: Group, key: int) -> Entry:
        return entry_of(self.scheme, group, key << group.first_bit, None)

    def _mask(self, name: str, records: np.ndarray) -> np.ndarray:
        """For each record the mask of the cells that a fact may lie in."""
        partition = self.scheme.partitions[name]
        if name in self._look_ups:
            return self._look_ups[name][records[name] & (1 << STATED_BIT) - 1]
        low, high = (cells_of(partition, records[name][:, end]) for end in (0, 1))
        return (1 << high + 1) - (1 << low)

    def _look_up(self, name: str) -> np.ndarray:
        """Column value → mask of cells, for every value that a column may hold."""
        fact, partition = self.layout.pathway.facts[name], self.scheme.partitions[name]
        points = points_of(fact)
        values = np.arange(1 << NOT_APPLICABLE_BIT + 1)
        table = np.zeros(len(values), np.int64)
        if fact.type in ("set", "sites"):
            own = 1 << len(points)
            for value in range(own):
                for elements in possible_sets(fact, [p for at, p in enumerate(points) if value >> at & 1]):
                    table[value] |= 1 << partition.cell_of[elements]
            table[own - 1 | 1 << NOT_APPLICABLE_BIT] = partition.full  # nothing was said
            table[1 << NOT_APPLICABLE_BIT] = partition.full
            return table
        for at, point in enumerate(points):
            cell = partition.cell_of.get(point)
            table |= np.where(values >> at & 1 == 1, partition.full if cell is None else 1 << cell, 0)
        beyond = 1 << partition.cell_of[NA] if NA in partition.cell_of else partition.full
        return table | np.where(values >> NOT_APPLICABLE_BIT & 1 == 1, beyond, 0)


def decide(rules: PathwayRules, scheme: str, layout: Layout, records: np.ndarray, facts_of: FactsOf) -> Decisions:
    """The answers of the latest edition of a scheme for many records. Raises ``KeyError`` for an unknown scheme."""
    return Archive(rules, scheme, layout).decide(records, facts_of)
