"""From records to the keys of a scheme: every word of a record is looked up once, for all facts that it holds.

A table for each word holds, for every value of it, the bits that its facts add to the key; a pair of tables for each
number holds the cells from its least value on, and those up to its greatest.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .columns import WORD_BITS, Bits, Ends, Layout, followed, meaning_of, points_of
from .decision import missing_names
from .lesions import FIGURES
from .list_columns import COMPLETE_FACT, LIST
from .partition import NA, Partition, possible_sets
from .scale import VALUES
from .scheme import Group, Scheme

KEY_BITS, SCORES = 64, 16
WORDS = 1 << WORD_BITS


def column_of(layout: Layout, scheme: Scheme, name: str) -> Bits | Ends | None:
    """Where a scheme reads a fact: among those of the course if its edition follows the course there."""
    return (layout.course if name in followed(scheme.edition) else layout.baseline).get(name)


def says_all(layout: Layout, scheme: Scheme) -> bool:
    """Whether records of the layout hold all that a scheme asks: rules from outside may have other facts or values."""
    own, theirs = layout.pathway, scheme.pathway
    entries = ((each.entry_fact, each.baseline_fact, tuple(each.absent)) for each in (own, theirs))
    if len(set(entries)) > 1 or any(group.bits > KEY_BITS for group in scheme.groups):
        return False
    if scheme.worst_score >= SCORES or len(missing_names(scheme)) > KEY_BITS:
        return False
    lists = (LIST, COMPLETE_FACT, *FIGURES) if any(group.has_figures for group in scheme.groups) else ()
    names = (*scheme.facts, theirs.entry_fact, *lists)
    if any(name not in own.facts or name not in theirs.facts for name in names):
        return False
    if any(meaning_of(own.facts[name]) != meaning_of(theirs.facts[name]) for name in names):
        return False
    columns = {name: column_of(layout, scheme, name) for name in scheme.facts}
    return all(
        column is not None and not (isinstance(column, Ends) and scheme.places[name][1] is not None)
        for name, column in columns.items()
    )


class KeyTables:
    """The tables of some groups of a scheme that lie side by side in its key, and have room in 64 bits together."""

    def __init__(self, scheme: Scheme, groups: Sequence[Group], layout: Layout) -> None:
        self.groups = groups
        self._first = groups[0].first_bit
        self._words: dict[int, np.ndarray] = {}
        self._numbers: list[tuple[int, np.ndarray, np.ndarray]] = []
        for name in (name for group in groups for name in group.facts):
            shift, stated = (None if bit is None else bit - self._first for bit in scheme.places[name])
            column, partition = column_of(layout, scheme, name), scheme.partitions[name]
            if isinstance(column, Bits):
                own = masks_of_bits(column, partition) << np.uint64(shift)
                if stated is not None:
                    own[column.stated :] |= np.uint64(1 << stated)
                table = self._words.setdefault(column.word, np.zeros(WORDS, np.uint64))
                table.reshape(-1, len(own), 1 << column.shift)[:] |= own[:, None]
            elif column is not None:
                cells = cells_of(partition, VALUES)
                cells = np.append(cells, np.zeros(WORDS - len(cells), cells.dtype)).astype(np.uint64)
                one, full = np.uint64(1), np.uint64(partition.full)
                from_low, to_high = full & ~((one << cells) - one), (one << cells + one) - one
                self._numbers.append((column.at, from_low << np.uint64(shift), to_high << np.uint64(shift)))

    def keys(self, records: np.ndarray) -> np.ndarray:
        """For each record the key of the groups, the first bit of the first one being bit 0."""
        keys = np.zeros(len(records), np.uint64)
        words, numbers = records["words"], records["numbers"]
        for at, table in self._words.items():
            keys |= table[words[:, at]]
        for at, from_low, to_high in self._numbers:
            mask = from_low[numbers[:, at, 0]]
            mask &= to_high[numbers[:, at, 1]]
            keys |= mask
        return keys

    def part(self, keys: np.ndarray, group: Group) -> np.ndarray:
        """The bits of one group."""
        return keys >> np.uint64(group.first_bit - self._first) & np.uint64((1 << group.bits) - 1)


def planes(scheme: Scheme, layout: Layout) -> list[KeyTables]:
    """Tables for all groups; one for most schemes, more for one whose key has more than 64 bits."""
    runs: list[list[Group]] = [[]]
    for group in scheme.groups:
        if runs[-1] and group.first_bit + group.bits - runs[-1][0].first_bit > KEY_BITS:
            runs.append([])
        runs[-1].append(group)
    return [KeyTables(scheme, run, layout) for run in runs]


def masks_of_bits(column: Bits, partition: Partition) -> np.ndarray:
    """Value of a column → mask of cells, for every value that a column may hold."""
    fact = partition.fact
    points = points_of(fact)
    values = np.arange(column.full + 1)
    table = np.zeros(len(values), np.uint64)
    if fact.type in ("set", "sites"):
        for value in range(1 << column.values):
            for elements in possible_sets(fact, [point for at, point in enumerate(points) if value >> at & 1]):
                table[value] |= np.uint64(1 << partition.cell_of[elements])
        table[[column.unknown, column.not_applicable]] = partition.full
        table[column.stated :] = table[: column.stated]
        return table
    for at, point in enumerate((*points, NA)):
        cell = partition.cell_of.get(point)
        bit = np.uint64(partition.full if cell is None else 1 << cell)
        table |= np.where(values >> at & 1 == 1, bit, np.uint64(0))
    return table


def cells_of(partition: Partition, values: np.ndarray) -> np.ndarray:
    """The cell of each number; the same as ``Partition.index``."""
    cells = np.zeros(len(values), np.int64)
    for limit, is_after in partition.boundaries:
        cells += values > limit if is_after else values >= limit
    return cells
