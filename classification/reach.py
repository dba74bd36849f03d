"""Reachable worlds of one group of components, and which facts alone can change its score."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from .lesions import FIGURES
from .liver import LiverInput
from .scheme import Classes, Group, Presumed, Scheme

MEMO_LIMIT = 100_000


@dataclass
class View:
    """What some worlds of a group show: scores, cells of each fact, rows and scores of each component."""

    classes: list[frozenset[int]]
    reach: frozenset[int]
    cells: tuple[int, ...]
    rows: tuple[frozenset[int], ...]
    row_scores: tuple[frozenset[int], ...]


@dataclass
class GroupAnswer:
    """Reachable worlds of one group, by choice of natures."""

    strict: View
    contradiction: bool
    by_cell: tuple[dict[int, frozenset[int]], ...]
    """For each fact of the group: scores by the mask of one cell."""
    tops: dict[str, int] = field(default_factory=dict)
    """For a fact whose answer alone can change the group's score: the highest score that it can change."""
    views: dict[tuple[int, ...], View] = field(default_factory=dict)
    """By the assumptions that hold: the worlds that they leave."""


def view_of(group: Group, classes: list[frozenset[int]]) -> View:
    """What some worlds show."""
    worlds = frozenset().union(*classes)
    rows = [frozenset(at) for at in zip(*(group.rows[world] for world in worlds), strict=True)]
    cells = [0] * len(group.facts)
    for position in range(len(cells)):
        for world in worlds:
            cells[position] |= 1 << group.cell(world, position)
    return View(
        classes,
        frozenset(group.scores[world] for world in worlds),
        tuple(cells),
        tuple(rows),
        tuple(frozenset(scores[row] for row in own) for scores, own in zip(group.row_scores, rows, strict=True)),
    )


def answer_of(
    scheme: Scheme, group: Group, classes: Classes, liver: LiverInput | None, masks: tuple[int, ...]
) -> GroupAnswer:
    """The answer of a group, from memory if the same worlds were seen before."""
    answer = _remembered(group, (classes, None), lambda: _new_answer(group, classes))
    if liver is None or liver.work_out_pairs is None or not group.has_figures or len(answer.strict.reach) == 1:
        return answer
    pairs = _pairs_of(scheme, group, liver)

    def with_natures() -> GroupAnswer:
        top = _pair_top(group, classes, pairs, dict(zip(group.facts, masks, strict=True)), answer.contradiction)
        return replace(answer, tops={**answer.tops, "liver_lesions": top}) if top else answer

    return _remembered(group, (classes, pairs), with_natures)


def _remembered(group: Group, key: tuple, work_out: Callable[[], GroupAnswer]) -> GroupAnswer:
    answer = group.memo.get(key)
    if answer is None:
        if len(group.memo) > MEMO_LIMIT:
            group.memo.clear()
        answer = group.memo[key] = work_out()
    return answer


def _pairs_of(scheme: Scheme, group: Group, liver: LiverInput) -> frozenset:
    """Pairs of livers that differ in what is a metastasis, as masks of the figures that this group asks about."""
    asked = [(at, name in group.facts) for at, name in enumerate(FIGURES[:5])]
    pairs = {
        tuple(tuple(scheme.coarse(at, 1 << side[at]) if is_asked else 0 for at, is_asked in asked) for side in pair)
        for pair in liver.pairs
    }
    return frozenset(pair for pair in pairs if pair[0] != pair[1])


def presumed_view(scheme: Scheme, group: Group, answer: GroupAnswer, kept: tuple[int, ...]) -> View:
    """What some assumptions leave of a group; one that no world satisfies is void."""
    if not kept:
        return answer.strict
    view = answer.views.get(kept)
    if view is None:
        active = [scheme.presumed[at] for at in kept]
        classes = [_filter(group, worlds, active) for worlds in answer.strict.classes]
        view = answer.views[kept] = view_of(group, classes)
    return view


def _filter(group: Group, worlds: frozenset[int], active: list[Presumed]) -> frozenset[int]:
    for item in active:
        kept = frozenset(
            world
            for world in worlds
            if item.mask >> group.cell(world, item.position) & 1
            or not all(mask >> group.cell(world, at) & 1 for at, mask in item.conditions)
        )
        if any(item.mask >> group.cell(world, item.position) & 1 for world in kept):
            worlds = kept
    return worlds


def _new_answer(group: Group, classes: Classes) -> GroupAnswer:
    found = [group.class_worlds(at_odds, boxes) for at_odds, boxes in classes]
    strict = view_of(group, [worlds for worlds, _ in found])
    contradiction = any(is_clash for _, is_clash in found)
    answer = GroupAnswer(
        strict, contradiction, tuple(scores_by_cell(group, strict, at) for at in range(len(group.facts)))
    )
    if len(strict.reach) > 1:
        for position, name in enumerate(group.facts):
            top = max((_top(group, worlds, position) for worlds in strict.classes), default=0)
            if top:
                answer.tops[name] = top
    return answer


def scores_by_cell(group: Group, view: View, position: int) -> dict[int, frozenset[int]]:
    """Reachable scores for each cell of one fact."""
    scores: dict[int, set[int]] = {}
    for worlds in view.classes:
        for world in worlds:
            scores.setdefault(1 << group.cell(world, position), set()).add(group.scores[world])
    return {cell: frozenset(scores[cell]) for cell in sorted(scores)}


def _top(group: Group, worlds: frozenset[int], position: int) -> int:
    """The highest score among worlds that differ only in one fact and have different scores; 0 if there are
    none.
    """
    stride = group.strides[position]
    seen: dict[int, int] = {}
    top = 0
    for world in worlds:
        rest = world - group.cell(world, position) * stride
        score = group.scores[world]
        other = seen.setdefault(rest, score)
        if other != score:
            top = max(top, other, score)
            seen[rest] = max(other, score)
    return top


def _pair_top(group: Group, classes: Classes, pairs: frozenset, masks: Mapping[str, int], has_freed: bool) -> int:
    """The same for two answers about the natures of the listed lesions."""
    figure = {name: at for at, name in enumerate(FIGURES[:5])}
    at_odds = tuple(dict.fromkeys(name for names, _ in classes for name in names))
    impossible = group.impossible_but(at_odds)
    diffuse = 0
    if "liver_diffuse" in group.facts:
        at = group.facts.index("liver_diffuse")
        for _, boxes in classes:
            for box in boxes:
                diffuse |= group.partitions[at].full if has_freed else box[at]
    top = 0
    for pair in pairs:
        worlds = []
        for cells in pair:
            box = tuple(
                cells[figure[name]] if name in figure else diffuse if name == "liver_diffuse" else masks[name]
                for name in group.facts
            )
            worlds.append(list(group.worlds(box)))
        for one, two in zip(*worlds, strict=True):
            if impossible[one] or impossible[two]:
                continue
            if group.scores[one] != group.scores[two]:
                top = max(top, group.scores[one], group.scores[two])
    return top
