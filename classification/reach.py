"""Reachable worlds of one group of components, and which facts alone can change its score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product

from .lesions import FIGURES
from .liver import LiverInput
from .natures import PARTS
from .scheme import Classes, Group, Presumed, Scheme


@dataclass
class View:
    """What some worlds of a group show, in bits: scores, cells of each fact, rows and scores of each component."""

    group: Group
    classes: list[int]
    """For each choice of natures the worlds that it leaves."""

    @cached_property
    def worlds(self) -> int:
        found = 0
        for own in self.classes:
            found |= own
        return found

    @cached_property
    def reach(self) -> int:
        return self.group.reach(self.worlds)

    @cached_property
    def cells(self) -> tuple[int, ...]:
        return tuple(
            sum(1 << cell for cell in range(partition.size) if self.worlds & self.group.layer(position, 1 << cell))
            for position, partition in enumerate(self.group.partitions)
        )

    @cached_property
    def rows(self) -> tuple[int, ...]:
        return tuple(sum(1 << at for at, own in enumerate(rows) if own & self.worlds) for rows in self.group.of_row)

    @cached_property
    def row_scores(self) -> tuple[int, ...]:
        found = [0] * len(self.rows)
        for component, (rows, scores) in enumerate(zip(self.rows, self.group.row_scores, strict=True)):
            for at, score in enumerate(scores):
                found[component] |= (rows >> at & 1) << score
        return tuple(found)


@dataclass
class GroupAnswer:
    """Reachable worlds of one group, by choice of natures."""

    strict: View
    contradiction: bool
    tops: dict[str, int] = field(default_factory=dict)
    """For a fact whose answer alone can change the group's score: the highest score that it can change."""
    views: dict[tuple[int, ...], View] = field(default_factory=dict)
    """By the assumptions that hold: the worlds that they leave."""


def answer_of(
    scheme: Scheme, group: Group, classes: Classes, liver: LiverInput | None, masks: tuple[int, ...]
) -> GroupAnswer:
    """The answer of a group, from memory if the same worlds were seen before."""
    try:
        answer = group.memo[classes, None]
    except KeyError:
        answer = group.memo[classes, None] = _new_answer(group, classes)
    reach = answer.strict.reach
    if liver is None or not liver.has_pairs or not group.has_figures or not reach & reach - 1:
        return answer
    pairs = _pairs_of(scheme, group, liver)
    place = classes, pairs
    try:
        return group.memo[place]
    except KeyError:
        top = _pair_top(group, classes, pairs, dict(zip(group.facts, masks, strict=True)), answer.contradiction)
        own = replace(answer, tops={**answer.tops, "liver_lesions": top}) if top else answer
        group.memo[place] = own
        return own


def _pairs_of(scheme: Scheme, group: Group, liver: LiverInput) -> frozenset:
    """Pairs of livers that differ in what is a metastasis, as masks of the figures that this group asks about."""
    spans = [[(at, FIGURES[at] in group.facts) for at in figures] for figures in PARTS]

    def coarse(span: list, side: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(
            scheme.coarse(at, 1 << cell) if is_asked else 0 for (at, is_asked), cell in zip(span, side, strict=True)
        )

    seen = {
        tuple(
            frozenset((coarse(span, one), coarse(span, two)) for one, two in part)
            for span, part in zip(spans, parts, strict=True)
        )
        for parts in liver.pairs
    }
    pairs = {
        (sum((one for one, _ in chosen), ()), sum((two for _, two in chosen), ()))
        for parts in seen
        for chosen in product(*parts)
    }
    return frozenset(pair for pair in pairs if pair[0] != pair[1])


def presumed_view(scheme: Scheme, group: Group, answer: GroupAnswer, kept: tuple[int, ...]) -> View:
    """What some assumptions leave of a group; one that no world satisfies is void."""
    if not kept:
        return answer.strict
    view = answer.views.get(kept)
    if view is None:
        active = [scheme.presumed[at] for at in kept]
        view = answer.views[kept] = View(group, [_filter(group, worlds, active) for worlds in answer.strict.classes])
    return view


def _filter(group: Group, worlds: int, active: Iterable[Presumed]) -> int:
    for item in active:
        holds = group.layer(item.position, item.mask)
        kept = worlds & (holds | ~group.where(item.conditions))
        if kept & holds:
            worlds = kept
    return worlds


def _new_answer(group: Group, classes: Classes) -> GroupAnswer:
    found = [group.class_worlds(at_odds, boxes) for at_odds, boxes in classes]
    answer = GroupAnswer(View(group, [worlds for worlds, _ in found]), any(is_clash for _, is_clash in found))
    reach = answer.strict.reach
    if reach & reach - 1:
        for position, name in enumerate(group.facts):
            if answer.strict.cells[position].bit_count() > 1:
                top = max(_top(group, worlds, position) for worlds in answer.strict.classes)
                if top:
                    answer.tops[name] = top
    return answer


def scores_by_cell(group: Group, view: View, position: int) -> dict[int, int]:
    """Reachable scores for each cell of one fact."""
    found = {}
    for cell in range(group.partitions[position].size):
        reach = group.reach(view.worlds & group.layer(position, 1 << cell))
        if reach:
            found[1 << cell] = reach
    return found


def _top(group: Group, worlds: int, position: int) -> int:
    """The highest score among worlds that differ only in one fact and have different scores; 0 if there are none."""
    folds = [(score, group.folded(worlds & own, position)) for score, own in group.of_score if worlds & own]
    for at, (score, rest) in enumerate(folds):
        for _, other in folds[at + 1 :]:
            if rest & other:
                return score
    return 0


def _pair_top(group: Group, classes: Classes, pairs: frozenset, masks: Mapping[str, int], has_freed: bool) -> int:
    """The same for two answers about the natures of the listed lesions."""
    figure = {name: at for at, name in enumerate(FIGURES[:5])}
    at_odds = tuple(dict.fromkeys(name for names, _ in classes for name in names))
    possible = group.possible_but(at_odds)
    diffuse = 0
    if "liver_diffuse" in group.facts:
        at = group.facts.index("liver_diffuse")
        for _, boxes in classes:
            for box in boxes:
                diffuse |= group.partitions[at].full if has_freed else box[at]
    known: dict[tuple[int, ...], tuple[int, ...]] = {}

    def side(cells: tuple[int, ...]) -> tuple[int, ...]:
        """The worlds of one side by score, the worst first; those alike but for the figures have the same bit."""
        found = known.get(cells)
        if found is None:
            worlds = possible & group.box(
                cells[figure[name]] if name in figure else diffuse if name == "liver_diffuse" else masks[name]
                for name in group.facts
            )
            shift = sum(  # a side lies in one cell of each figure
                (cells[figure[name]].bit_length() - 1) * stride
                for name, stride in zip(group.facts, group.strides, strict=True)
                if name in figure
            )
            found = known[cells] = tuple((worlds & own) >> shift for _, own in group.of_score)
        return found

    top = 0
    for one, two in pairs:
        for (score, _), differs in zip(group.of_score, _differences(side(one), side(two)), strict=True):
            if score <= top:
                break
            if differs:
                top = score
    return top


def _differences(one: tuple[int, ...], two: tuple[int, ...]) -> Iterator[bool]:
    """For each score whether some world has it on one side, and another score on the other side."""
    every_one, every_two = sum(one), sum(two)
    for a, b in zip(one, two, strict=True):
        yield bool(a & (every_two ^ b) or b & (every_one ^ a))
