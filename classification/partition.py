"""Cells: the finitely many ways in which a fact can matter to a set of rules.

Every test that the rules make of a fact cuts its values in two; values that no test tells apart share a cell.
What is known of a fact is then a bit mask of cells, and all completions of what is unknown are finitely many
worlds.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any

from .facts import INFINITY, Fact, Standing

NA = "not_applicable"
Boundary = tuple[float, int]
"""(value, 0) lies just before the value, (value, 1) just after it."""


@dataclass(frozen=True)
class Test:
    """One question about one fact. Exactly one of the three parts is used, by the type of the fact."""

    __test__ = False

    values: frozenset = frozenset()
    bounds: tuple[Boundary, Boundary] | None = None
    has_any: tuple[frozenset[str], ...] = ()
    has_none: frozenset[str] = frozenset()
    empty: bool | None = None

    def holds_for_set(self, elements: frozenset[str]) -> bool:
        if self.empty is not None and self.empty == bool(elements):
            return False
        return all(group & elements for group in self.has_any) and not self.has_none & elements


def number_bounds(integer: bool, limits: dict[str, float]) -> tuple[Boundary, Boundary]:
    """Bounds from le, lt, ge, gt. For whole numbers ``ge 4`` and ``gt 3`` are the same place."""
    low: Boundary = (-INFINITY, 0)
    high: Boundary = (INFINITY, 1)
    for name, limit in limits.items():
        place: Boundary = (limit, 1 if name in ("le", "gt") else 0)
        if integer and math.isfinite(limit):
            place = (math.floor(limit), 1) if place[1] else (math.ceil(limit) - 1, 1)
        if name in ("le", "lt"):
            high = min(high, place)
        else:
            low = max(low, place)
    return low, high


@dataclass(frozen=True, eq=False)
class Partition:
    """The cells of one fact under a set of tests."""

    fact: Fact
    size: int
    boundaries: tuple[Boundary, ...] = ()
    cell_of: dict[Any, int] = field(default_factory=dict, hash=False, compare=False)

    @cached_property
    def full(self) -> int:
        return (1 << self.size) - 1

    def index(self, value: float) -> int:
        """The cell of a number."""
        return bisect_left(self.boundaries, (value, 0.5))

    def between(self, low: float, high: float) -> int:
        """The mask of the cells that a closed interval touches."""
        first, last = self.index(low), self.index(high)
        return ((1 << (last - first + 1)) - 1) << first

    @cached_property
    def lowest(self) -> float:
        return next((end for end in (self.fact.min, self.fact.above) if end is not None), -1e300)

    @cached_property
    def highest(self) -> float:
        if self.fact.uncountable:
            return INFINITY
        return self.fact.max if self.fact.max is not None else 1e300

    def intervals(self, standing: Standing) -> list[tuple[float, float]]:
        """What a number may be, as closed intervals."""
        if standing.kind == "known":
            return [(standing.value, standing.value)]
        if standing.kind == "one_of":
            return [(value, value) for value in standing.values]
        low = standing.low if standing.low is not None else self.lowest
        high = standing.high if standing.high is not None else self.highest
        return [(low, high)]

    def mask(self, standing: Standing) -> int:
        """The cells in which the fact may lie, given what is known of it."""
        kind = standing.kind
        if kind == "not_applicable":
            return 1 << self.cell_of[NA] if NA in self.cell_of else self.full
        if kind == "unknown":
            return self.full
        if self.fact.type in ("integer", "number"):
            mask = 0
            for low, high in self.intervals(standing):
                mask |= self.between(low, high)
            return mask
        mask = 0
        for value in standing.values if kind == "one_of" else (standing.value,):
            mask |= self._value_mask(value)
        return mask

    def coarsened(self, finer: Partition, mask: int) -> int:
        """A mask of the cells of a finer partition of the same fact, as a mask of these cells."""
        coarse = 0
        if self.fact.type in ("integer", "number"):
            for cell in range(finer.size):
                if mask >> cell & 1:
                    start = finer.boundaries[cell - 1] if cell else None
                    coarse |= 1 << (0 if start is None else sum(place <= start for place in self.boundaries))
            return coarse
        for point, cell in finer.cell_of.items():
            if mask >> cell & 1 and point in self.cell_of:
                coarse |= 1 << self.cell_of[point]
        return coarse

    def _value_mask(self, value: Any) -> int:
        if self.fact.type in ("set", "sites"):
            mask = 0
            for elements in possible_sets(self.fact, value):
                mask |= 1 << self.cell_of[elements]
            return mask
        if self.fact.type == "choice":
            if value in self.fact.unknown_values:
                return self.full
            mask = 0
            for exact in self.fact.exact(value):
                mask |= 1 << self.cell_of[exact]
            return mask
        return 1 << self.cell_of[value] if value in self.cell_of else self.full

    def test_mask(self, test: Test) -> int:
        """The cells in which a test is true; it must be one of the tests that made the partition."""
        mask = 0
        if test.bounds is not None:
            low, high = test.bounds
            for cell in range(self.size):
                start = self.boundaries[cell - 1] if cell else (-INFINITY, 0)
                end = self.boundaries[cell] if cell < len(self.boundaries) else (INFINITY, 1)
                if low <= start and end <= high:
                    mask |= 1 << cell
            return mask
        for point, cell in self.cell_of.items():
            true = test.holds_for_set(point) if isinstance(point, frozenset) else point in test.values
            if true:
                mask |= 1 << cell
        return mask


def possible_sets(fact: Fact, stated: Sequence) -> Iterable[frozenset[str]]:
    """The sets of exact elements that a stated list may stand for ("para-aortic" is at least one of four)."""
    names = [getattr(item, "site", item) for item in stated]
    reached = {frozenset(name for name in names if name not in fact.covers)}
    for name in names:
        if name in fact.covers:
            parts = fact.covers[name]
            choices = [frozenset(c) for n in range(1, len(parts) + 1) for c in combinations(parts, n)]
            reached = {base | choice for base in reached for choice in choices}
    return reached


def steps_to_build(fact: Fact, tests: int) -> int:
    """About how many steps it takes to cut a fact into cells by so many tests, and to find the cells of each test."""
    if fact.type in ("set", "sites"):
        return tests << len(fact.exact_values)
    return tests * (2 * tests if fact.type in ("integer", "number") else len(fact.values) + 3)


def build(fact: Fact, tests: Iterable[Test]) -> Partition:
    """The coarsest partition in which every test is true or false in a whole cell."""
    tests = list(tests)
    if fact.type in ("integer", "number"):
        places = {place for test in tests if test.bounds for place in test.bounds}
        inner = tuple(sorted(p for p in places if p not in ((-INFINITY, 0), (INFINITY, 1))))
        return Partition(fact, len(inner) + 1, inner)
    if fact.type in ("set", "sites"):
        elements = fact.exact_values
        points: list[Any] = [
            frozenset(chosen) for n in range(len(elements) + 1) for chosen in combinations(elements, n)
        ]
        vectors = [tuple(test.holds_for_set(point) for test in tests) for point in points]
    else:
        points = [True, False] if fact.type == "yes_no" else list(fact.exact_values)
        if any(NA in test.values for test in tests):
            points.append(NA)
        vectors = [(point == NA, *(point in test.values for test in tests)) for point in points]
    order: dict[tuple, int] = {}
    cells = {point: order.setdefault(vector, len(order)) for point, vector in zip(points, vectors, strict=True)}
    return Partition(fact, max(len(order), 1), (), cells)


def cell_labels(partition: Partition, language: str = "en") -> list[tuple[str, int]]:
    """Readable answers with their masks: ``1–3``, ``≥ 4``, ``≤ 40 mm``, ``T4b``, ``none``, ``16a2/16b1``."""
    fact = partition.fact
    if fact.type in ("integer", "number"):
        return _number_labels(partition, language)
    labels = []
    none, any_, na = ("none", "any", "does not apply") if language == "en" else ("无", "任一", "不适用")
    for cell in range(partition.size):
        points = [point for point, at in partition.cell_of.items() if at == cell]
        if fact.type in ("set", "sites"):
            single = [next(iter(point)) for point in points if len(point) == 1]
            every = len(single) == len(fact.exact_values)
            names = "/".join(fact.value_label(name, language) for name in single)
            label = none if points[0] == frozenset() else any_ if every else names
            label = label or " + ".join(fact.value_label(name, language) for name in sorted(points[0]))
        elif fact.type == "yes_no":
            label = "/".join(fact.value_label(point, language) for point in points)
        elif points == [NA]:
            label = na
        else:
            label = _choice_label(fact, points, language)
        labels.append((label, 1 << cell))
    return labels


def _choice_label(fact: Fact, points: list[str], language: str) -> str:
    whole = next((v for v, parts in fact.covers.items() if list(parts) == points), None)
    if whole:
        return fact.value_label(whole, language)
    exact = list(fact.exact_values)
    start = exact.index(points[0])
    if len(points) > 3 and exact[start : start + len(points)] == points:
        return f"{fact.value_label(points[0], language)}–{fact.value_label(points[-1], language)}"
    return "/".join(fact.value_label(point, language) for point in points)


def _number_labels(partition: Partition, language: str) -> list[tuple[str, int]]:
    fact, labels = partition.fact, []
    unit = f" {fact.unit_label(language)}" if fact.units else ""
    ends = partition.boundaries
    for cell in range(partition.size):
        low = ends[cell - 1] if cell else None
        high = ends[cell] if cell < len(ends) else None
        if low == (INFINITY, 0):  # beyond counting: shown with the last countable cell
            label, mask = labels.pop()
            labels.append((label, mask | 1 << cell))
            continue
        if high == (INFINITY, 0):
            high = None
        if fact.type == "integer":
            first = int(low[0]) + 1 if low else int(fact.min or 0)
            span = f"{first}–{int(high[0])}" if high and first < high[0] else str(first)
            label = f"≥ {first}" if high is None else span
        else:
            parts = [f"{'>' if low[1] else '≥'} {low[0]:g}"] if low else []
            parts += [f"{'≤' if high[1] else '<'} {high[0]:g}"] if high else []
            label = ", ".join(parts)
        labels.append((label + unit, 1 << cell))
    return labels
