"""Lists of liver lesions in an archive: what each leaves possible, worked out once for all that look alike.

Most lists are kept as figures (``list_columns``) and are not met here. The others (open natures, not known to be
complete, a figure stated beside the list) are few kinds once diameters are read in cells; ``liver`` answers each.
"""

from __future__ import annotations

import numpy as np

from .columns import Bits, Ends, Layout
from .facts import INFINITY, UNKNOWN, Standing, known
from .key_tables import WORDS, cells_of
from .lesions import FIGURES, LOBES
from .list_columns import COMPLETE, MOST_OPEN, NO_LIST
from .liver import LiverInput, liver_of_codes
from .partition import Partition
from .ruler import Code, ruler_of
from .scale import VALUES

NOTHING_MORE = Code(is_counted=True, is_open=False, sizes=1, lobes=1, vessels=1)
"""One lesion more that adds to nothing but the number: the sum of all stands in another."""


class Livers:
    """What kinds of lists were met, numbered; kept from call to call."""

    def __init__(self, layout: Layout, figures: tuple[Partition, ...]) -> None:
        self.known: list[LiverInput] = []
        self._figures = figures
        self._count, self._diameter, *self._others = (layout.baseline[name] for name in FIGURES)
        self._numbers: dict[bytes, int] = {}
        cells = cells_of(figures[1], VALUES)
        self._cells = np.append(cells, np.zeros(WORDS - len(cells), cells.dtype)).astype(np.uint16)

    def read(self, records: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The places of records whose list no figure can say, and for each the number of what it leaves possible."""
        rows = np.flatnonzero(records["list_kind"] != NO_LIST)
        own = records[rows]
        keys = self._keys(own)
        for at, key in enumerate(keys):
            if key not in self._numbers:
                self._numbers[key] = len(self.known)
                self.known.append(self._liver(own[at]))
        return rows, np.fromiter(map(self._numbers.__getitem__, keys), np.int64, len(keys))

    def _keys(self, own: np.ndarray) -> list[bytes]:
        """The same bytes for lists that look alike: diameters in cells, open lesions in order of size."""
        key = np.zeros((len(own), 3 + MOST_OPEN), np.uint64)
        for name, shift in (("list_kind", 0), ("list_count", 8), ("list_codes", 16)):
            key[:, 0] |= own[name].astype(np.uint64) << np.uint64(shift)
        shift = 24
        for column in self._others:
            bits = own["words"][:, column.word] >> column.shift & column.full
            key[:, 0] |= bits.astype(np.uint64) << np.uint64(shift)
            shift += column.values + 2
        size = own["numbers"][:, self._diameter.at]
        key[:, 1] = _side_by_side(own["numbers"][:, self._count.at]) | _side_by_side(size) << np.uint64(32)
        # A diameter stated beside the list is a limit of its own: then those of the list are told apart exactly.
        is_exact = (size != self._diameter[1:]).any(axis=1)[:, None]
        key[:, 2] = self._ends(own["list_size"], is_exact)
        for at in range(MOST_OPEN):
            codes = own["open_codes"][:, at].astype(np.uint64)
            lesion = self._ends(own["open_size"][:, at], is_exact) | codes << np.uint64(32)
            key[:, 3 + at] = np.where(codes != 0, lesion, 0)
        key[:, 3:].sort(axis=1)
        return key.view(f"V{key.shape[1] * 8}").ravel().tolist()

    def _ends(self, places: np.ndarray, is_exact: np.ndarray) -> np.ndarray:
        return _side_by_side(np.where(is_exact, places, self._cells[places]))

    def _liver(self, row: np.void) -> LiverInput:
        diameter = _between(row, self._diameter)
        others = zip(FIGURES[2:], self._others, strict=True)
        stated = (_between(row, self._count), diameter, *(_one_of(row, *other) for other in others))
        ruler = ruler_of(self._figures[1], diameter)

        def code(codes: int, size: np.ndarray, is_open: bool) -> Code:
            return Code(not is_open, is_open, ruler.between(*VALUES[size].tolist()), int(codes) & 15, int(codes) >> 4)

        number = int(row["list_count"])
        whole = [code(row["list_codes"], row["list_size"], is_open=False)] if number else []
        opened = zip(row["open_codes"], row["open_size"], strict=True)
        unsure = [code(codes, size, is_open=True) for codes, size in opened if codes]
        seen = [*whole, *[NOTHING_MORE] * (number - 1), *unsure]
        return liver_of_codes(seen, bool(row["list_kind"] == COMPLETE), stated, self._figures)


def _side_by_side(ends: np.ndarray) -> np.ndarray:
    """Pairs of 16 bits as one number each."""
    return ends[:, 0].astype(np.uint64) | ends[:, 1].astype(np.uint64) << np.uint64(16)


def _between(row: np.void, column: Ends) -> Standing:
    """A number stated beside a list. Its whole range says as little as nothing."""
    low, high = row["numbers"][column.at].tolist()
    if (low, high) == (column.lowest, column.highest):
        return UNKNOWN
    least, most = VALUES[[low, high]].tolist()
    return known(least) if low == high else Standing("range", low=least, high=None if most == INFINITY else most)


def _one_of(row: np.void, name: str, column: Bits) -> Standing:
    """What was stated of a figure beside a list; "does not apply" says nothing there."""
    bits = int(row["words"][column.word]) >> column.shift
    points = tuple(LOBES.values()) if name == "liver_lobes" else (True, False)
    values = tuple(point for at, point in enumerate(points) if bits >> at & 1)
    if not bits & column.stated or not values:
        return UNKNOWN
    return known(values[0]) if len(values) == 1 else Standing("one_of", values=values)
