"""What the rules can see of one lesion: diameters as pieces between thresholds, lobes and vessel relations as bits."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

from .facts import Standing
from .lesions import bits, codes
from .partition import Partition


class Code(NamedTuple):
    """What the rules can see of one lesion: whether it counts, and masks of sizes, lobes and vessel relations."""

    is_counted: bool
    is_open: bool
    sizes: int
    lobes: int
    vessels: int


class Ruler:
    """Diameters cut at the thresholds of the rules and at the ends of a stated figure."""

    def __init__(self, partition: Partition, stated: Standing) -> None:
        intervals = partition.intervals(stated) if stated.kind in ("known", "one_of", "range") else []
        places = set(partition.boundaries)
        for low, high in intervals:
            places |= {(low, 0), (high, 1)}
        self.partition, self.places = partition, sorted(places)
        self.size = len(self.places) + 1
        self.full = (1 << self.size) - 1
        self.stated = sum({1 << i for low, high in intervals for i in codes(self.between(low, high))})
        self.stated = self.stated or self.full
        self.cells = [self._cell(piece) for piece in range(self.size)]

    def between(self, low: float, high: float) -> int:
        first, last = bisect_left(self.places, (low, 0.5)), bisect_left(self.places, (high, 0.5))
        return ((1 << (last - first + 1)) - 1) << first

    def of(self, standing: Standing) -> int:
        mask = 0
        for low, high in self.partition.intervals(standing):
            mask |= self.between(low, high)
        return mask

    def _cell(self, piece: int) -> int:
        if piece == 0:
            return 0
        return sum(place <= self.places[piece - 1] for place in self.partition.boundaries)

    def cell_mask(self, pieces: int) -> int:
        return bits(tuple(self.cells[piece] for piece in codes(pieces)))


@lru_cache(maxsize=4096)
def ruler_of(partition: Partition, stated: Standing) -> Ruler:
    """The ruler for the diameters of a case; ``stated`` is the largest diameter as stated beside the list."""
    return Ruler(partition, stated)
