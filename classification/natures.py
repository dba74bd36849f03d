"""Whether the nature of a listed lesion matters: pairs of livers that differ only in what is a metastasis."""

from __future__ import annotations

import operator
from itertools import product

from .facts import INFINITY
from .lesions import ABUTS, BOTH, CLEAR, INVADES, LEFT, LOBES, RIGHT, codes
from .partition import Partition
from .ruler import Ruler

PARTS = ((0,), (1,), (2,), (3, 4))
"""Figures that change together: number, largest diameter, lobes, vessel relations."""
Parts = tuple[frozenset[tuple[tuple[int, ...], tuple[int, ...]]], ...]
"""For each of ``PARTS`` pairs of cells; one pair of each part makes a pair of livers."""


def nature_pairs(folded, seen, is_complete, sides, ruler, stated_masks, partitions, clash) -> frozenset[Parts]:
    """Pairs of figures that one and the same liver shows under two different answers about natures.

    ``folded`` stands for the lesions that count, ``seen`` for those of open nature. A pair may hold the same twice.
    """
    counts, count_cells = sides[0], partitions[0]
    cap = 1 + int(max([low for low, _ in counts] + [h for _, h in counts if h != INFINITY] + [0]))
    cap = max(cap, 1 + int(max([p[0] for p in count_cells.boundaries if p[0] != INFINITY], default=0)))
    number, *masks = folded
    starts = [(min(number, cap), *look) for look in product(*map(codes, masks))] if number else [(0, -1, 0, 0)]
    states = {(start, start) for start in starts}
    for code in seen:
        looks = set(product(codes(code.sizes), codes(code.lobes), codes(code.vessels)))
        states = {
            tuple(sorted((_with(one, look, a, cap), _with(two, look, b, cap))))
            for pair in states
            for look in looks
            for a, b in ((0, 0), (0, 1), (1, 1))
            for one, two in ((pair[0], pair[1]), (pair[1], pair[0]))
        }
    extras = [((0,), (-1,), (0,), (0,))]  # nothing more; or so many more, as large as, and so on
    if not is_complete:
        numbers = (*range(1, cap + 1), INFINITY)
        extras.append((numbers, range(ruler.size), (LEFT, RIGHT, BOTH), (CLEAR, ABUTS, INVADES)))
    cells_of = _cells_of(sides, ruler, partitions, clash)
    found = set()
    for one, two in states:
        if one == two:
            continue
        for extra in extras:
            # What else there is changes each figure on its own, so pairs are put together figure by figure.
            parts = tuple(
                _with_stated(
                    {
                        (first, second)
                        for more in extra[at]
                        if (first := cells_of[at](_JOINS[at](one[at], more))) is not None
                        and (second := cells_of[at](_JOINS[at](two[at], more))) is not None
                    },
                    figures,
                    stated_masks,
                    clash,
                )
                for at, figures in enumerate(PARTS)
            )
            if all(parts):
                found.add(parts)
    return frozenset(found)


_JOINS = (operator.add, max, operator.or_, operator.or_)
"""How number, largest size, lobes and vessel relations join."""


def _with_stated(pairs: set, figures: tuple[int, ...], stated_masks: list[int], clash: list[bool]) -> frozenset:
    """The pairs themselves, and those in which a figure that clashes is taken from the statement instead."""
    for place, figure in enumerate(figures):
        if clash[figure]:
            pairs = pairs | {
                tuple((*side[:place], cell, *side[place + 1 :]) for side in pair)
                for pair in pairs
                for cell in codes(stated_masks[figure])
            }
    return frozenset(pairs)


def _with(side: tuple, look: tuple, counted: int, cap: int) -> tuple:
    if not counted:
        return side
    return (min(side[0] + 1, cap), max(side[1], look[0]), side[2] | look[1], side[3] | look[2])


def _cells_of(sides: list, ruler: Ruler, partitions: tuple[Partition, ...], clash: list[bool]) -> tuple:
    """The cells of a number, size, lobes, vessel relation; None for one that contradicts what is stated."""

    def number(value: float) -> tuple[int, ...] | None:
        fits = clash[0] or any(low <= value <= high for low, high in sides[0])
        return (partitions[0].index(value),) if value and fits else None

    def size(value: int) -> tuple[int, ...] | None:
        fits = value >= 0 and (clash[1] or ruler.stated >> value & 1)
        return (ruler.cells[value],) if fits else None

    def lobes(value: int) -> tuple[int, ...] | None:
        fits = value and (clash[2] or sides[2] >> value & 1)
        return (partitions[2].cell_of.get(LOBES[value], 0),) if fits else None

    def vessels(value: int) -> tuple[int, ...] | None:
        cells = (partitions[3].cell_of.get(value == INVADES, 0), partitions[4].cell_of.get(value != CLEAR, 0))
        return cells if all(clash[at] or sides[at] >> cells[at - 3] & 1 for at in (3, 4)) else None

    return number, size, lobes, vessels
