"""The exact answer for one case and one scheme: reachable categories, missing facts, provisional category.

Results depend only on masks of cells, so they are remembered by those masks; nothing here looks at words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .facts import NOT_APPLICABLE, UNKNOWN, Standing, known
from .lesions import FIGURES, LiverInput, liver_input
from .scheme import Classes, Group, Scheme

MEMO_LIMIT = 100_000


@dataclass
class GroupAnswer:
    """Reachable worlds of one group, by choice of natures."""

    classes: list[frozenset[int]]
    reach: frozenset[int]
    contradiction: bool = False
    tops: dict[str, int] = field(default_factory=dict)
    """For a fact whose answer alone can change the group's score: the highest score that it can change."""


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
    flags: tuple[str, ...]


def worst(sets: Iterable[frozenset[int]]) -> frozenset[int]:
    """The maxima that independent groups can reach together."""
    reached: frozenset[int] = frozenset([0])
    for scores in sets:
        reached = frozenset(max(a, b) for a in reached for b in scores)
    return reached


def case_key(scheme: Scheme, standings: Mapping[str, Standing]) -> tuple[int, ...]:
    """Per fact of the scheme: mask of cells times two, plus one if anything at all was stated."""
    key = []
    for name in scheme.facts:
        standing = standings.get(name)
        partition = scheme.partitions[name]
        key.append(partition.full << 1 if standing is None else partition.mask(standing) << 1 | 1)
    return tuple(key)


def case_liver(scheme: Scheme, standings: Mapping[str, Standing]) -> LiverInput | None:
    """What a list of lesions allows; None if there is no list."""
    lesions = standings.get("liver_lesions")
    if lesions is None or lesions.kind != "known" or not scheme.figures:
        return None
    is_complete = standings.get("liver_lesions_complete") == known(True)
    stated = tuple(standings.get(name, UNKNOWN) for name in FIGURES)
    stated = tuple(UNKNOWN if standing == NOT_APPLICABLE else standing for standing in stated)
    return liver_input(lesions.value, is_complete, stated, scheme.figures)


def evaluate(scheme: Scheme, standings: Mapping[str, Standing]) -> SchemeResult:
    """The answer for a case, from memory if its masks were seen before."""
    key = case_key(scheme, standings)
    liver = case_liver(scheme, standings)
    whole = (key, liver)
    result = scheme.memo.get(whole)
    if result is None:
        if len(scheme.memo) > MEMO_LIMIT:
            scheme.memo.clear()
        result = scheme.memo[whole] = _work_out(scheme, key, liver)
    return result


def _classes(scheme: Scheme, group: Group, masks: Mapping[str, int], liver: LiverInput | None) -> Classes:
    if liver is None or not set(FIGURES) & set(group.facts):
        return ((True, (tuple(masks[name] for name in group.facts),)),)
    figure = {name: at for at, name in enumerate(FIGURES)}
    return tuple(
        (
            constrained,
            tuple(tuple(box[figure[name]] if name in figure else masks[name] for name in group.facts) for box in boxes),
        )
        for constrained, boxes in liver.classes
    )


def _answer(group: Group, classes: Classes, liver: LiverInput | None, masks: Mapping[str, int]) -> GroupAnswer:
    found = [group.class_worlds(constrained, boxes) for constrained, boxes in classes]
    worlds = [each for each, _ in found]
    answer = GroupAnswer(worlds, frozenset(group.scores[w] for each in worlds for w in each))
    answer.contradiction = any(clash and c[0] for (_, clash), c in zip(found, classes, strict=True))
    if len(answer.reach) == 1:
        return answer
    for position, name in enumerate(group.facts):
        top = max((_top(group, each, position) for each in worlds), default=0)
        if top:
            answer.tops[name] = top
    if liver is not None and liver.pairs and set(FIGURES) & set(group.facts):
        top = _pair_top(group, classes, liver, masks, answer.contradiction)
        if top:
            answer.tops["liver_lesions"] = top
    return answer


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


def _pair_top(
    group: Group, classes: Classes, liver: LiverInput, masks: Mapping[str, int], has_freed: bool
) -> int:
    """The same for two answers about the natures of the listed lesions."""
    figure = {name: at for at, name in enumerate(FIGURES[:4])}
    constrained = all(each for each, _ in classes)
    diffuse = 0
    if "liver_diffuse" in group.facts:
        at = group.facts.index("liver_diffuse")
        for _, boxes in classes:
            for box in boxes:
                diffuse |= group.partitions[at].full if has_freed else box[at]
    top = 0
    for pair in liver.pairs:
        worlds = []
        for cells in pair:
            box = tuple(
                1 << cells[figure[name]] if name in figure else diffuse if name == "liver_diffuse" else masks[name]
                for name in group.facts
            )
            worlds.append(list(group.worlds(box)))
        for one, two in zip(*worlds, strict=True):
            if constrained and (group.impossible[one] or group.impossible[two]):
                continue
            if group.scores[one] != group.scores[two]:
                top = max(top, group.scores[one], group.scores[two])
    return top


def _presume(scheme: Scheme, group: Group, answer: GroupAnswer, active: Iterable[int]) -> list[frozenset[int]]:
    """The worlds that the active assumptions leave; one that no world satisfies is void."""
    active = [scheme.presumed[at] for at in active]
    if not active:
        return answer.classes
    left = []
    for worlds in answer.classes:
        for item in active:
            kept = frozenset(
                world
                for world in worlds
                if item.mask >> group.cell(world, item.position) & 1
                or not all(mask >> group.cell(world, at) & 1 for at, mask in item.conditions)
            )
            if any(item.mask >> group.cell(world, item.position) & 1 for world in kept):
                worlds = kept
        left.append(worlds)
    return left


def _reach(group: Group, classes: Iterable[frozenset[int]]) -> frozenset[int]:
    return frozenset(group.scores[world] for worlds in classes for world in worlds)


def _work_out(scheme: Scheme, key: tuple[int, ...], liver: LiverInput | None) -> SchemeResult:
    masks = {name: number >> 1 for name, number in zip(scheme.facts, key, strict=True)}
    stated = {name for name, number in zip(scheme.facts, key, strict=True) if number & 1}
    answers = [_answer(g, _classes(scheme, g, masks, liver), liver, masks) for g in scheme.groups]
    reaches = [answer.reach for answer in answers]
    possible = worst(reaches)
    active = [at for at, item in enumerate(scheme.presumed) if item.assumption.fact not in stated]

    def presumed(kept: Iterable[int]) -> list[list[frozenset[int]]]:
        kept = set(kept)
        return [_presume(scheme, g, a, [at for at in g.presumed if at in kept])
                for g, a in zip(scheme.groups, answers, strict=True)]  # fmt: skip

    def reached(kept: Iterable[int]) -> frozenset[int]:
        return worst(_reach(g, c) for g, c in zip(scheme.groups, presumed(kept), strict=True))

    provisional = reached(active)
    assuming = list(active)
    for at in active:
        without = [other for other in assuming if other != at]
        if reached(without) == provisional:
            assuming = without
    if_not = {at: _if_not(scheme, answers, presumed([o for o in assuming if o != at]), at) for at in assuming}
    assuming.sort(key=lambda at: (-_effect(if_not[at], provisional), at))
    left = presumed(active)
    projection = _projection(scheme, masks, left)
    missing = _missing(scheme, answers, reaches, possible)
    irrelevant = tuple(
        name
        for group, answer in zip(scheme.groups, answers, strict=True)
        for position, name in enumerate(group.facts)
        if name not in {m.fact for m in missing}
        and len({group.cell(w, position) for each in answer.classes for w in each}) > 1
    )
    contradiction = (liver is not None and liver.inconsistent) or any(answer.contradiction for answer in answers)
    result = SchemeResult(
        possible,
        provisional,
        tuple(assuming),
        if_not,
        missing,
        irrelevant,
        _component_sets(scheme, answers, left, lambda group, at, row: group.row_scores[at][row]),
        _component_sets(scheme, answers, left, lambda group, at, row: row),
        projection,
        (),
    )
    result.flags = _flags(scheme, result, contradiction)
    return result


def _effect(if_not: Mapping[int, frozenset[int]], provisional: frozenset[int]) -> float:
    return max((len(scores - provisional) + max(scores, default=0) / 100 for scores in if_not.values()), default=0)


def _if_not(scheme: Scheme, answers: list, classes: list, at: int) -> dict[int, frozenset[int]]:
    """For each other answer to an assumed fact: what would be provisional then."""
    item = scheme.presumed[at]
    others = worst(_reach(g, c) for n, (g, c) in enumerate(zip(scheme.groups, classes, strict=True)) if n != item.group)
    group, found = scheme.groups[item.group], {}
    for cell in range(group.partitions[item.position].size):
        if not item.mask >> cell & 1:
            worlds = [
                frozenset(w for w in each if group.cell(w, item.position) == cell) for each in classes[item.group]
            ]
            reach = _reach(group, worlds)
            if reach:
                found[1 << cell] = worst([others, reach])
    return found


def _missing(scheme: Scheme, answers: list, reaches: list, possible: frozenset[int]) -> tuple[Missing, ...]:
    found = []
    for number, (group, answer) in enumerate(zip(scheme.groups, answers, strict=True)):
        others = worst(reach for at, reach in enumerate(reaches) if at != number)
        for name, top in answer.tops.items():
            if top <= min(others):
                continue
            by_mask: dict[int, frozenset[int]] = {}
            if name in group.facts:
                position = group.facts.index(name)
                for each in answer.classes:
                    for world in each:
                        cell = 1 << group.cell(world, position)
                        by_mask[cell] = by_mask.get(cell, frozenset()) | {group.scores[world]}
                sets = by_mask = {cell: worst([others, scores]) for cell, scores in by_mask.items()}
                answers_of = list(sets.values())
            else:
                answers_of = [worst([others, _reach(group, [each])]) for each in answer.classes]
            rank = sum(len(scores) for scores in answers_of) / (len(answers_of) * len(possible))
            found.append(Missing(name, dict(sorted(by_mask.items())), rank))
    order = {name: at for at, name in enumerate(scheme.pathway.facts)}
    return tuple(sorted(found, key=lambda item: (item.rank, order[item.fact])))


def _component_sets(scheme: Scheme, answers: list, left: list, pick) -> list[tuple[frozenset, frozenset]]:
    """Per component, what it shows strictly and under the assumptions."""
    sets: dict[int, tuple[frozenset, frozenset]] = {}
    for group, answer, kept in zip(scheme.groups, answers, left, strict=True):
        for at, component in enumerate(group.components):
            sets[component] = tuple(
                frozenset(pick(group, at, group.rows[world][at]) for each in classes for world in each)
                for classes in (answer.classes, kept)
            )
    return [sets[at] for at in range(len(scheme.edition.components))]


def _projection(scheme: Scheme, masks: Mapping[str, int], left: list) -> dict[str, int]:
    """Per fact, the cells that the assumptions leave."""
    projection = dict(masks)
    for group, classes in zip(scheme.groups, left, strict=True):
        for position, name in enumerate(group.facts):
            projection[name] = 0
            for each in classes:
                for world in each:
                    projection[name] |= 1 << group.cell(world, position)
    return projection


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
