"""Components of an edition that share facts: the table of all their worlds, and those that a case leaves.

Worlds are counted through, the last fact fastest; a set of worlds is one whole number with a bit for each. What a case
leaves, what a score or a row stands for, "only this fact differs": all of it is AND, OR and shifts of such numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from .lesions import FIGURES
from .memory import Memory
from .partition import Partition
from .ties import Parts

ANSWER_LIMIT = 10_000
LAYER_LIMIT = 1000
Boxes = tuple[tuple[int, ...], ...]
Classes = tuple[tuple[tuple[str, ...], Boxes], ...]
"""For each choice of natures: the figures that contradict the list of lesions, and what is left as boxes."""


@dataclass
class Group:
    """Components that share facts, and every world of those facts."""

    facts: tuple[str, ...]
    partitions: tuple[Partition, ...]
    components: tuple[int, ...]
    strides: tuple[int, ...] = ()
    size: int = 1
    scores: list[int] = field(default_factory=list)
    rows: list[tuple[int, ...]] = field(default_factory=list)
    row_scores: tuple[tuple[int, ...], ...] = ()
    impossible: list[bool] = field(default_factory=list)
    ties: tuple[tuple[frozenset[str], list[bool]], ...] = ()
    """Of each combination that cannot occur, its facts and the worlds in which it is true."""
    untied: dict[tuple[str, ...], int] = field(default_factory=dict)
    releases: tuple[Parts, ...] = ()
    unstated: tuple[tuple[int, int, tuple[tuple[int, int], ...]], ...] = ()
    presumed: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()
    """Where the mask of each fact begins in the key of the scheme."""
    first_bit: int = 0
    bits: int = 0
    """The group's share of the key: masks of its facts, then one bit for each assumed fact that was stated."""
    memo: Memory = field(default_factory=lambda: Memory(ANSWER_LIMIT))
    entries: Memory = field(default_factory=lambda: Memory(ANSWER_LIMIT))
    kinds: dict = field(default_factory=dict)
    """Numbers of the answers that differ in what they mean for a category."""

    def __post_init__(self) -> None:
        self.layers: Memory = Memory(LAYER_LIMIT, self._new_layer)

    @cached_property
    def has_figures(self) -> bool:
        """Whether a list of liver lesions speaks to this group."""
        return bool(set(FIGURES) & set(self.facts))

    def cell(self, world: int, position: int) -> int:
        return world // self.strides[position] % self.partitions[position].size

    @cached_property
    def full(self) -> int:
        """All bits of the group's share of the key."""
        return (1 << self.bits) - 1

    @cached_property
    def every(self) -> int:
        """All worlds."""
        return (1 << self.size) - 1

    @cached_property
    def possible(self) -> int:
        """The worlds in which no combination is true that cannot occur."""
        return self.every & ~_as_bits(self.impossible)

    @cached_property
    def of_score(self) -> tuple[tuple[int, int], ...]:
        """Every score with its worlds, the worst first."""
        return tuple(
            (score, _as_bits(own == score for own in self.scores)) for score in sorted(set(self.scores), reverse=True)
        )

    @cached_property
    def of_row(self) -> tuple[tuple[int, ...], ...]:
        """For each component the worlds in which each of its rows speaks."""
        spoken = zip(*self.rows, strict=True)
        return tuple(
            tuple(_as_bits(row == at for row in own) for at in range(len(scores)))
            for own, scores in zip(spoken, self.row_scores, strict=True)
        )

    def layer(self, position: int, mask: int) -> int:
        """The worlds in which a fact lies in one of some cells."""
        return self.layers[position, mask]

    def _new_layer(self, place: tuple[int, int]) -> int:
        position, mask = place
        stride, size = self.strides[position], self.partitions[position].size
        block = sum(((1 << stride) - 1) << stride * cell for cell in range(size) if mask >> cell & 1)
        return block * (self.every // ((1 << stride * size) - 1))  # the same again and again

    def box(self, masks: Iterable[int]) -> int:
        """The worlds of a box of masks."""
        worlds = self.every
        for position, (mask, partition) in enumerate(zip(masks, self.partitions, strict=True)):
            if mask != partition.full:
                worlds &= self.layers[position, mask]
        return worlds

    def where(self, conditions: Iterable[tuple[int, int]]) -> int:
        """The worlds in which some facts, named by position, lie in cells of their masks."""
        worlds = self.every
        for place in conditions:
            worlds &= self.layers[place]
        return worlds

    def folded(self, worlds: int, position: int) -> int:
        """The same worlds with the first cell of one fact instead of theirs: alike if all other facts are."""
        stride, found = self.strides[position], 0
        for cell in range(self.partitions[position].size):
            found |= (worlds & self.layers[position, 1 << cell]) >> stride * cell
        return found

    def reach(self, worlds: int) -> int:
        """The scores of some worlds, as bits."""
        found = 0
        for score, own in self.of_score:
            if own & worlds:
                found |= 1 << score
        return found

    def possible_but(self, at_odds: tuple[str, ...]) -> int:
        """The possible worlds, without the ties of facts of which two statements are kept."""
        if not at_odds:
            return self.possible
        found = self.untied.get(at_odds)
        if found is None:
            tables = [_as_bits(table) for names, table in self.ties if not names & set(at_odds)]
            found = self.every
            for barred in tables:
                found &= ~barred
            self.untied[at_odds] = found
        return found

    def class_worlds(self, at_odds: tuple[str, ...], boxes: Boxes) -> tuple[int, bool]:
        """Worlds of one choice of natures, and whether its statements exclude one another."""
        every = self._stated_worlds(boxes)
        kept = every & self.possible_but(at_odds)
        if kept or not self.releases:
            return (kept, False) if kept else (every, False)
        for parts in self.releases:
            freed = 0
            for positions in parts:
                freed |= self._stated_worlds(self._without(boxes, positions)) & self.possible
            if freed:
                return freed, True
        return every, True

    def _without(self, boxes: Boxes, positions: tuple[int, ...]) -> Boxes:
        """The boxes if what was stated of some facts is taken as unsaid."""
        return tuple(
            tuple(p.full if i in positions else m for i, (m, p) in enumerate(zip(box, self.partitions, strict=True)))
            for box in boxes
        )

    def _stated_worlds(self, boxes: Boxes) -> int:
        found = 0
        for masks in boxes:
            worlds = self.box(masks)
            for position, only, conditions in self.unstated:
                if masks[position] & only and masks[position] & ~only:
                    worlds &= ~self.where(conditions) | self.layers[position, only]
            found |= worlds
        return found


def _as_bits(marks: Iterable[bool]) -> int:
    """A row of marks as the bits of one number, the first one lowest."""
    return int("".join("1" if mark else "0" for mark in marks)[::-1] or "0", 2)
