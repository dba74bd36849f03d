"""The whole answer for one case and one scheme: what assumptions it rests on, what each missing fact would decide.

``decision`` gives the compact answer; this module adds what an explanation needs. Results depend only on bits, so they
are remembered by those bits; nothing here looks at words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from .decision import Entry, entries_of, scores_of, together
from .liver import LiverInput
from .reach import View, presumed_view, scores_by_cell
from .scheme import Scheme


@dataclass
class Missing:
    """A fact that can change the category, and what each answer leaves possible."""

    fact: str
    by_mask: dict[int, frozenset[int]]
    rank: float


@dataclass
class SchemeResult:
    """Scores that stand for categories, with everything needed to explain them."""

    possible: frozenset[int]
    provisional: frozenset[int]
    assuming: tuple[int, ...]
    if_not: dict[int, dict[int, frozenset[int]]]
    missing: tuple[Missing, ...]
    irrelevant: tuple[str, ...]
    component_scores: list[tuple[frozenset[int], frozenset[int]]]
    component_rows: list[tuple[frozenset[int], frozenset[int]]]
    projection: dict[str, int]
    views: tuple[View, ...]
    """Per group, the worlds that the assumptions leave."""
    flags: tuple[str, ...]


@lru_cache(maxsize=4096)
def score_set(bits: int) -> frozenset[int]:
    """The scores in a mask."""
    return frozenset(scores_of(bits))


def evaluate(scheme: Scheme, key: int, liver: LiverInput | None = None) -> SchemeResult:
    """The answer for a key of the scheme, from memory if it was seen before."""
    place = (key, liver)
    try:
        return scheme.memo[place]
    except KeyError:
        result = scheme.memo[place] = _work_out(scheme, key, liver)
        return result


def missing_of(scheme: Scheme, key: int, liver: LiverInput | None = None) -> tuple[Missing, ...]:
    """``SchemeResult.missing`` alone, from memory if the key was seen before."""
    place = (key, liver)
    try:
        return scheme.narrowing[place]
    except KeyError:
        found = scheme.narrowing[place] = _missing(scheme, entries_of(scheme, key, liver))
        return found


def _work_out(scheme: Scheme, key: int, liver: LiverInput | None) -> SchemeResult:
    entries = entries_of(scheme, key, liver)
    answers = [entry.answer for entry in entries]
    active = [at for entry in entries for at in entry.kept]

    def presumed(kept: Iterable[int]) -> list[View]:
        kept = set(kept)
        own = [tuple(at for at in group.presumed if at in kept) for group in scheme.groups]
        return [presumed_view(scheme, g, a, k) for g, a, k in zip(scheme.groups, answers, own, strict=True)]

    views = presumed(active)
    provisional = together(view.reach for view in views)
    assuming = list(active)
    for at in active:
        without = [other for other in assuming if other != at]
        if together(view.reach for view in presumed(without)) == provisional:
            assuming = without
    if_not = {at: _if_not(scheme, presumed([o for o in assuming if o != at]), at) for at in assuming}
    assuming.sort(key=lambda at: (-_effect(if_not[at], score_set(provisional)), at))
    projection = {name: key >> scheme.places[name][0] & scheme.partitions[name].full for name in scheme.facts}
    for group, view in zip(scheme.groups, views, strict=True):
        projection.update(zip(group.facts, view.cells, strict=True))
    missing = missing_of(scheme, key, liver)
    named = {item.fact for item in missing}
    irrelevant = tuple(
        name
        for group, answer in zip(scheme.groups, answers, strict=True)
        for name, cells in zip(group.facts, answer.strict.cells, strict=True)
        if cells & (cells - 1) and name not in named
    )
    strict = [answer.strict for answer in answers]
    result = SchemeResult(
        possible=score_set(together(entry.reach for entry in entries)),
        provisional=score_set(provisional),
        assuming=tuple(assuming),
        if_not=if_not,
        missing=missing,
        irrelevant=irrelevant,
        component_scores=_by_component(scheme, strict, views, lambda view: view.row_scores),
        component_rows=_by_component(scheme, strict, views, lambda view: view.rows),
        projection=projection,
        views=tuple(views),
        flags=(),
    )
    contradiction = (liver is not None and liver.inconsistent) or any(answer.contradiction for answer in answers)
    result.flags = _flags(scheme, result, contradiction)
    return result


def _effect(if_not: Mapping[int, frozenset[int]], provisional: frozenset[int]) -> float:
    return max((len(scores - provisional) + max(scores, default=0) / 100 for scores in if_not.values()), default=0)


def _if_not(scheme: Scheme, views: list[View], at: int) -> dict[int, frozenset[int]]:
    """For each other answer to an assumed fact: what would be provisional then."""
    item = scheme.presumed[at]
    others = [view.reach for number, view in enumerate(views) if number != item.group]
    by_cell = scores_by_cell(scheme.groups[item.group], views[item.group], item.position)
    return {cell: score_set(together([*others, own])) for cell, own in by_cell.items() if not item.mask & cell}


def _missing(scheme: Scheme, entries: list[Entry]) -> tuple[Missing, ...]:
    """Facts whose answer alone can change the category, those that narrow it most first."""
    reaches = [entry.reach for entry in entries]
    possible = together(reaches).bit_count()
    found = []
    for number, (group, entry) in enumerate(zip(scheme.groups, entries, strict=True)):
        if not entry.answer.tops:
            continue
        others = together(reach for at, reach in enumerate(reaches) if at != number)
        least = (others & -others).bit_length() - 1
        strict = entry.answer.strict
        for name, top in entry.answer.tops.items():
            if top <= least:
                continue
            by_mask: dict[int, frozenset[int]] = {}
            if name in group.facts:
                by_cell = scores_by_cell(group, strict, group.facts.index(name))
                by_mask = {cell: score_set(together([others, own])) for cell, own in by_cell.items()}
                left = [len(own) for own in by_mask.values()]
            else:
                left = [together([others, group.reach(worlds)]).bit_count() for worlds in strict.classes]
            found.append(Missing(name, by_mask, sum(left) / (len(left) * possible)))
    order = scheme.pathway.order
    return tuple(sorted(found, key=lambda item: (item.rank, order[item.fact])))


def _by_component(scheme: Scheme, strict: list[View], left: list[View], part) -> list[tuple[frozenset, frozenset]]:
    """Per component of the edition, what it shows strictly and under the assumptions."""
    sets: dict[int, tuple[frozenset, frozenset]] = {}
    for group, one, two in zip(scheme.groups, strict, left, strict=True):
        for component, *both in zip(group.components, part(one), part(two), strict=True):
            sets[component] = (score_set(both[0]), score_set(both[1]))
    return [sets[at] for at in range(len(scheme.edition.components))]


def _flags(scheme: Scheme, result: SchemeResult, contradiction: bool) -> tuple[str, ...]:
    raised = []
    ids = scheme.category_ids
    shown = {ids[score] for score in result.provisional}
    for flag, (when, unless) in zip(scheme.edition.flags, scheme.flags, strict=True):
        if flag.built_in:
            if flag.built_in == "inconsistent_liver" and contradiction:
                raised.append(flag.id)
            continue
        if when is not None and not when.hold(result.projection):
            continue
        if unless is not None and unless.hold(result.projection):
            continue
        if flag.category and not shown & set(flag.category):
            continue
        raised.append(flag.id)
    return tuple(raised)
