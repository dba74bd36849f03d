"""Components of an edition that share facts: the table of all their worlds, and those that a case leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

from .lesions import FIGURES
from .partition import Partition
from .ties import Parts

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
    untied: dict[tuple[str, ...], list[bool]] = field(default_factory=dict)
    releases: tuple[Parts, ...] = ()
    unstated: tuple[tuple[int, int, tuple[tuple[int, int], ...]], ...] = ()
    presumed: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()
    """Where the mask of each fact begins in the key of the scheme."""
    first_bit: int = 0
    bits: int = 0
    """The group's share of the key: masks of its facts, then one bit for each assumed fact that was stated."""
    memo: dict = field(default_factory=dict)
    entries: dict = field(default_factory=dict)

    @cached_property
    def has_figures(self) -> bool:
        """Whether a list of liver lesions speaks to this group."""
        return bool(set(FIGURES) & set(self.facts))

    def cell(self, world: int, position: int) -> int:
        return world // self.strides[position] % self.partitions[position].size

    def worlds(self, masks: Iterable[int]) -> Iterator[int]:
        """The worlds of a box of masks."""
        steps = [
            [cell * stride for cell in range(partition.size) if mask >> cell & 1]
            for mask, stride, partition in zip(masks, self.strides, self.partitions, strict=True)
        ]
        return (sum(step) for step in product(*steps))

    def impossible_but(self, at_odds: tuple[str, ...]) -> list[bool]:
        """The impossible worlds, without the ties of facts of which two statements are kept."""
        if not at_odds:
            return self.impossible
        found = self.untied.get(at_odds)
        if found is None:
            tables = [table for names, table in self.ties if not names & set(at_odds)]
            found = self.untied[at_odds] = [any(table[world] for table in tables) for world in range(self.size)]
        return found

    def class_worlds(self, at_odds: tuple[str, ...], boxes: Boxes) -> tuple[frozenset[int], bool]:
        """Worlds of one choice of natures, and whether its statements exclude one another."""
        every = frozenset(self._stated_worlds(boxes))
        impossible = self.impossible_but(at_odds)
        kept = frozenset(world for world in every if not impossible[world])
        if kept or not self.releases:
            return (kept, False) if kept else (every, False)
        for parts in self.releases:
            freed = frozenset(world for positions in parts for world in self._without(boxes, positions))
            if freed:
                return freed, True
        return every, True

    def _without(self, boxes: Boxes, positions: tuple[int, ...]) -> Iterator[int]:
        """The possible worlds if what was stated of some facts is taken as unsaid."""
        wide = (
            tuple(p.full if i in positions else m for i, (m, p) in enumerate(zip(box, self.partitions, strict=True)))
            for box in boxes
        )
        return (world for world in self._stated_worlds(tuple(wide)) if not self.impossible[world])

    def _stated_worlds(self, boxes: Boxes) -> Iterator[int]:
        for masks in boxes:
            rules = [rule for rule in self.unstated if masks[rule[0]] & rule[1] and masks[rule[0]] & ~rule[1]]
            for world in self.worlds(masks):
                if all(self._allows(world, rule) for rule in rules):
                    yield world

    def _allows(self, world: int, rule: tuple) -> bool:
        position, only, conditions = rule
        if all(mask >> self.cell(world, at) & 1 for at, mask in conditions):
            return bool(only >> self.cell(world, position) & 1)
        return True
