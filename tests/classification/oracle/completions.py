"""Brute force over the completions of one incomplete case: every completion is one bit of a whole number.

A system is a function of a complete case. It is asked once about every combination of the values that its views tell
apart; the answers are one row of bits per category. What a case leaves open is another row of bits, so that a million
cases can be compared. Nothing is derived: a category is possible if a completion has it, and a fact is missing if two
completions that differ in it alone have different categories.
"""

from __future__ import annotations

from functools import cache, cached_property
from itertools import product

from .livers import FIGURES, rounded
from .values import NA, NOT_KNOWN, allowed, every


def same(value):
    return value


class Axis:
    """One fact and the values of it that a system tells apart, each with one value that stands for it."""

    def __init__(self, fact, view, may_not_apply):
        self.fact, self.view = fact, view
        self.stands_for = {}
        for value in (*map(rounded_figure(fact), every(fact)), *([NA] if may_not_apply else [])):
            self.stands_for.setdefault(NA if value == NA else view(value), value)
        self.labels = list(self.stands_for)
        self.at = {label: at for at, label in enumerate(self.labels)}
        self.may_not_apply = may_not_apply
        self.full = (1 << len(self.labels)) - 1
        self.seen = {}

    def mask(self, stated):
        """The labels that a statement leaves, as bits."""
        if stated is None:
            return self.full
        place = repr(stated)
        found = self.seen.get(place)
        if found is None:
            found = self.seen[place] = self._mask(stated)
        return found

    def _mask(self, stated):
        if stated == {NA: True}:
            return 1 << self.at[NA] if self.may_not_apply else self.full
        if stated == NOT_KNOWN.get(self.fact):
            return self.full
        found = 0
        for value in allowed(self.fact, stated):
            found |= 1 << self.at[self.view(value)]
        return found


def rounded_figure(fact):
    """Figures of the liver are compared as ``livers`` rounds them."""
    if fact not in FIGURES[:2]:
        return same
    at = FIGURES.index(fact)
    return lambda value: rounded(((value, 5), (1, value))[at] + ("left", False, False, False))[at]


class Cells(dict):
    """Where in the table of a system the bits of a liver begin."""

    def __init__(self, system):
        super().__init__()
        self.system = system

    def __missing__(self, liver):
        system = self.system
        self[liver] = sum(
            axis.at[axis.view(liver[figure])] * stride
            for axis, figure, stride in zip(system.axes, system.figures, system.strides, strict=False)
        )
        return self[liver]


class System:
    """One system: how it decides a complete case, which facts it reads and what it tells apart of each.

    ``views`` maps a fact to a function from its value to a label; values with one label must never differ in their
    answer. ``not_applicable`` names facts that the system knows not to apply. ``unstated`` is (fact, condition): where
    the condition holds (another fact and a test of it, or always), a fact of which nothing is known does not apply.
    ``ties`` lists combinations that no patient has, beside those of the liver: the facts of each, and a function that
    is true of such a case. ``from_restaging`` names the facts of which restaging speaks; None for a fixed system.
    ``heard`` names facts that the system does not read, but that are tied to some that it reads: nothing is assumed
    of them.
    """

    def __init__(self, decide, views, not_applicable=(), unstated=None, ties=(), from_restaging=None, heard=()):
        self.decide, self.from_restaging, self.unstated = decide, from_restaging, unstated
        self.heard = heard
        views = views | {fact: same for fact in heard}
        names = sorted(views, key=lambda fact: (FIGURES.index(fact) if fact in FIGURES else 9, fact))
        self.axes = [Axis(fact, views[fact], fact in not_applicable) for fact in names]
        self.figures = [FIGURES.index(axis.fact) for axis in self.axes if axis.fact in FIGURES]
        self.ties = ties
        self.strides, size = [], 1
        for axis in reversed(self.axes):
            self.strides.insert(0, size)
            size *= len(axis.labels)
        self.size = size
        self.rest_size = self.strides[len(self.figures) - 1] if self.figures else size
        self.rest = (1 << self.rest_size) - 1
        self.memo, self.cells, self.expanded = {}, Cells(self), {}
        self.slices = [
            [(self.layer(at, 1 << label), label * stride) for label in range(len(axis.labels))]
            for at, (axis, stride) in enumerate(zip(self.axes, self.strides, strict=True))
        ]

    def worlds(self):
        for at, labels in enumerate(product(*(axis.labels for axis in self.axes))):
            yield at, {axis.fact: axis.stands_for[each] for axis, each in zip(self.axes, labels, strict=True)}

    @property
    def rows(self):
        """One row of bits per category."""
        return self._table[0]

    @property
    def barred(self):
        """Of each tie the bits of the combinations that no patient has."""
        return self._table[1]

    @cached_property
    def _table(self):
        """Rows and what is barred; made when first asked, for most runs ask none of the systems."""
        marks, barred = {}, [bytearray(self.size) for _ in self.ties]
        for at, case in self.worlds():
            for row, (_, tie) in zip(barred, self.ties, strict=True):
                row[at] = bool(tie(case))
            category = self.decide(case)
            marks.setdefault(category, bytearray(self.size))[at] = 1
        return {name: number(row) for name, row in marks.items()}, [number(row) for row in barred]

    def layer(self, at, mask):
        """All bits of the table whose value on one axis is among some labels."""
        place = (at, mask)
        found = self.expanded.get(place)
        if found is None:
            stride, count = self.strides[at], len(self.axes[at].labels)
            block = sum(((1 << stride) - 1) << (label * stride) for label in range(count) if mask >> label & 1)
            found, span = block, stride * count
            while span < self.size:  # the same pattern again and again, twice as long each time
                found |= found << span
                span *= 2
            found &= (1 << self.size) - 1
            self.expanded[place] = found
        return found

    def answer(self, facts, livers, assumptions):
        """(possible, provisional, missing) of one case; each a set."""
        masks = [axis.mask(facts.get(axis.fact)) for axis in self.axes[len(self.figures) :]]
        cell = self.cells.__getitem__
        classes = frozenset(frozenset(map(cell, own)) for own in livers.by_natures) if self.figures else None
        pairs = frozenset((cell(a), cell(b)) for a, b in livers.pairs) if self.figures else None
        active = tuple(each for each in assumptions if facts.get(each.fact) is None)
        place = (tuple(masks), classes, pairs, active)
        found = self.memo.get(place)
        if found is None:
            if len(self.memo) > 5_000:
                self.memo.clear()
            found = self.memo[place] = self._answer(masks, classes, pairs, active)
        return found

    def _answer(self, masks, classes, pairs, active):
        others = self._others(masks)
        whole = [others] if classes is None else [
            others & sum(self.rest << start for start in own) for own in classes
        ]  # fmt: skip
        possible = {name for name, row in self.rows.items() if any(row & worlds for worlds in whole)}
        missing = set()
        if len(possible) > 1:
            first = len(self.figures)
            for at, axis in enumerate(self.axes):
                if at >= first and not self.ties and masks[at - first].bit_count() == 1:
                    continue  # known
                each = whole if at < first else [unite(whole)]
                if any(self._differs(worlds, at) for worlds in each):
                    missing.add(axis.fact)
            if pairs and any(self._differ(others, one, two) for one, two in pairs if one != two):
                missing.add("liver_lesions")
        left = unite([self.presumed(worlds, active) for worlds in whole])
        provisional = {name for name, row in self.rows.items() if row & left}
        return possible, provisional, missing

    def _others(self, masks):
        """Completions of all that is not a figure of the liver, where no patient is impossible."""
        first = len(self.figures)
        worlds = self._product(masks)
        for row, (shared, rest) in self._tied():
            if worlds & ~row:
                worlds &= ~row
                continue
            freed = 0
            for part in (shared, rest):
                wide = [
                    axis.full if axis.fact in part else mask
                    for axis, mask in zip(self.axes[first:], masks, strict=True)
                ]
                freed |= self._product(wide) & ~row if part else 0
            worlds = freed or worlds
        return worlds

    def _product(self, masks):
        worlds = (1 << self.size) - 1
        for at, mask in enumerate(masks, len(self.figures)):
            if mask != self.axes[at].full:
                worlds &= self.layer(at, mask)
        if self.unstated is None:
            return worlds
        fact, condition = self.unstated
        at = [axis.fact for axis in self.axes].index(fact)
        axis = self.axes[at]
        if masks[at - len(self.figures)] != axis.full:
            return worlds
        alone = self.layer(at, 1 << axis.at[NA])
        return worlds & (alone if condition is None else alone | ~self.where(*condition))

    def _tied(self):
        """All ties of the system as one row, with the facts that all of them share and the others."""
        if not self.ties:
            return []
        names = [set(facts) for facts, _ in self.ties]
        shared = set.intersection(*names)
        return [(unite(self.barred), (shared, set.union(*names) - shared))]

    def _differs(self, worlds, at):
        """Whether two of the completions differ in one fact alone and in category."""
        seen = 0
        for row in self.rows.values():
            here, folded = row & worlds, 0
            if not here:
                continue
            for layer, shift in self.slices[at]:
                folded |= (here & layer) >> shift
            if seen & folded:
                return True
            seen |= folded
        return False

    def _differ(self, others, one, two):
        """Whether two livers have different categories in one and the same rest of the case."""
        rest = others & self.rest
        a = {name: row >> one & rest for name, row in self.rows.items()}
        b = {name: row >> two & rest for name, row in self.rows.items()}
        return any(a[x] & b[y] for x in a for y in b if x != y)

    def presumed(self, worlds, active):
        """The completions left by what is usually meant; an assumption that none of them fits is void."""
        for assumption in active:
            holds = self.where(assumption.fact, assumption.holds)
            if assumption.fact in self.heard or holds is None:
                continue
            kept = worlds
            if assumption.given is None:
                kept &= holds
            else:
                applies = self.where(*assumption.given)
                kept &= holds | ~applies
            if kept & holds:
                worlds = kept
        return worlds

    @cache  # noqa: B019 - systems live as long as the oracle
    def where(self, fact, test):
        """The bits of the completions in which a test of one fact is true; None for a fact that is not read."""
        for at, axis in enumerate(self.axes):
            if axis.fact == fact:
                labels = [label for label, value in axis.stands_for.items() if value != NA and test(value)]
                return self.layer(at, sum(1 << axis.at[label] for label in labels))
        return None


def number(row):
    """A row of marks as the bits of one number."""
    return int("".join("1" if mark else "0" for mark in reversed(row)), 2)


def unite(rows):
    found = 0
    for row in rows:
        found |= row
    return found
