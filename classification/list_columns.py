"""Lists of liver lesions in an archive: columns for what the rules can see of a list, and what it leaves possible.

A list whose lesions all count is its sum: their number, the ends of the largest diameter, lobes and vessel relations as
bits. Most lists say no more than masks of figures, worked out for all records together; the others (not known to be
complete, or at odds with a figure beside them) are few kinds, each answered once by ``liver``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from .facts import UNKNOWN, Standing, known
from .lesions import CLEAR, FIGURES, INVADES, LOBES, bits, codes, is_counted, lobe_codes, vessel_codes
from .liver import LiverInput, liver_of_folded
from .partition import Partition
from .ruler import ruler_of

FIELDS: list[tuple] = [
    ("list_kind", "u1"),
    ("list_count", "u1"),
    ("list_lobes", "u1"),
    ("list_vessels", "u1"),
    ("list_size", "<f8", (2,)),
]
NO_LIST, COMPLETE, OPEN_ENDED = 0, 1, 2
MOST_LESIONS = 250
APART = 1 << CLEAR | 1 << INVADES
"""Clear or invaded, but not merely touched: two figures that hang together."""
STATED_BIT, NOT_APPLICABLE_BIT = 15, 14


def list_columns(standings: Mapping[str, Standing], diameters: Partition) -> dict[str, object] | None:
    """The columns for a list of lesions; None for one that they cannot say."""
    lesions = standings["liver_lesions"].value
    is_complete = standings.get("liver_lesions_complete") == known(True)
    beside = any(name in standings for name in FIGURES[:2])
    if lesions is None or beside:
        return None
    counts = [is_counted(lesion) for lesion in lesions]
    own = [lesion for lesion, counted in zip(lesions, counts, strict=True) if counted]
    if None in counts or (is_complete and not own) or len(own) > MOST_LESIONS:
        return None
    ends = [diameters.intervals(lesion.diameter_mm) for lesion in own]
    if any(len(each) != 1 for each in ends):
        return None
    lobes, vessels = {0}, {CLEAR}
    for lesion in own:
        lobes = {a | b for a in lobes for b in lobe_codes(lesion)}
        vessels = {a | b for a in vessels for b in vessel_codes(lesion)}
    return {
        "list_kind": COMPLETE if is_complete else OPEN_ENDED,
        "list_count": len(own),
        "list_lobes": bits(tuple(lobes)),
        "list_vessels": bits(tuple(vessels)),
        "list_size": (max((e[0][0] for e in ends), default=0), max((e[0][1] for e in ends), default=0)),
    }


class Lists(NamedTuple):
    """The lists among some records: those whose figures follow from the columns alone, and the others."""

    is_plain: np.ndarray
    """For every record, so that figures can be worked out for all of them without picking."""
    rows: np.ndarray
    livers: np.ndarray
    """For each of ``rows`` the number of what its list leaves possible."""


class Livers:
    """What kinds of lists were met, numbered; kept from chunk to chunk."""

    def __init__(self, figures: tuple[Partition, ...]) -> None:
        self.figures = figures
        self.known: list[LiverInput] = []
        self._numbers: dict[int, int] = {}
        self._ruler = ruler_of(figures[1], UNKNOWN) if figures else None

    def read(self, records: np.ndarray) -> Lists | None:
        """The lists of a chunk; None if there is none."""
        kind = records["list_kind"]
        if not kind.any():
            return None
        beside = records[FIGURES[2]] | records[FIGURES[3]] | records[FIGURES[4]]
        diffuse = records[FIGURES[5]]
        is_plain = (kind == COMPLETE) & (records["list_vessels"] != APART) & (beside >> STATED_BIT == 0)
        is_plain &= (diffuse >> STATED_BIT == 0) | (diffuse & 0b10 != 0)
        rows = np.flatnonzero((kind != NO_LIST) & ~is_plain)
        return Lists(is_plain, rows, self._numbered(records[rows]))

    def _numbered(self, own: np.ndarray) -> np.ndarray:
        key = own["list_kind"].astype(np.int64) | own["list_count"].astype(np.int64) << 2
        key |= own["list_lobes"].astype(np.int64) << 10 | own["list_vessels"].astype(np.int64) << 14
        for end, shift in ((0, 18), (1, 24)):
            key |= cells_of(self.figures[1], own["list_size"][:, end]) << shift
        shift = 30
        for name, width in zip(FIGURES[2:], (3, 2, 2, 2), strict=True):
            column = own[name].astype(np.int64)
            stated = column >> STATED_BIT & 1
            key |= np.where(stated == 1, column & (1 << width) - 1 | 1 << width, 0) << shift
            shift += width + 1
        distinct, first, codes_of = np.unique(key, return_index=True, return_inverse=True)
        numbers = np.empty(len(distinct), np.int64)
        for at, (value, place) in enumerate(zip(distinct.tolist(), first.tolist(), strict=True)):
            number = self._numbers.get(value)
            if number is None:
                number = self._numbers[value] = len(self.known)
                self.known.append(self._liver(own[place]))
            numbers[at] = number
        return numbers[codes_of]

    def _liver(self, row: np.void) -> LiverInput:
        low, high = row["list_size"].tolist()
        folded = (
            int(row["list_count"]),
            self._ruler.between(low, high),
            int(row["list_lobes"]),
            int(row["list_vessels"]),
        )
        stated = (UNKNOWN, UNKNOWN, *(_standing(name, int(row[name])) for name in FIGURES[2:]))
        return liver_of_folded(folded, bool(row["list_kind"] == COMPLETE), stated, self.figures)


def _standing(name: str, column: int) -> Standing:
    """What was stated of a figure beside a list; "does not apply" says nothing there."""
    points = tuple(LOBES.values()) if name == "liver_lobes" else (True, False)
    values = tuple(point for at, point in enumerate(points) if column >> at & 1)
    if not column >> STATED_BIT & 1 or not values:
        return UNKNOWN
    return known(values[0]) if len(values) == 1 else Standing("one_of", values=values)


def cells_of(partition: Partition, values: np.ndarray) -> np.ndarray:
    """The cell of each number; the same as ``Partition.index``."""
    cells = np.zeros(len(values), np.int64)
    for limit, is_after in partition.boundaries:
        cells += values > limit if is_after else values >= limit
    return cells


def plain_masks(name: str, partition: Partition, own: np.ndarray) -> np.ndarray:
    """The cells of a figure that follow from the columns of plain lists."""
    if name == FIGURES[0]:
        return 1 << cells_of(partition, own["list_count"])
    if name == FIGURES[1]:
        low, high = (cells_of(partition, own["list_size"][:, end]) for end in (0, 1))
        return (1 << high + 1) - (1 << low)
    if name == FIGURES[5]:
        return np.full(len(own), 1 << partition.cell_of.get(False, 0), np.int64)
    column, point = {
        FIGURES[2]: ("list_lobes", LOBES.get),
        FIGURES[3]: ("list_vessels", lambda code: code == INVADES),
        FIGURES[4]: ("list_vessels", lambda code: code != CLEAR),
    }[name]
    table = np.zeros(16, np.int64)
    for mask in range(16):
        for code in codes(mask):
            if name != FIGURES[2] or code:
                table[mask] |= 1 << partition.cell_of.get(point(code), 0)
    return table[own[column]]
