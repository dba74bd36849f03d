"""What the rules of an edition cover, counted anew: every combination of cells, and the row that speaks for it.

The loader refuses gaps, overlaps and dead rules. This counts them a second time, from the rows as they were read
and without the compiled tables, so that a page can state what was computed and not what is claimed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from .edition import Component, Edition, Rule
from .partition import Partition, Test, build, cell_labels
from .pathway import Pathway

COMBINATION_LIMIT = 200_000
WORK_LIMIT = 5_000_000  # combinations times rows: some seconds
Answer = tuple[str, ...]
Masks = Mapping[str, Mapping[int, int]]


class TooManyCombinations(ValueError):
    """A group of facts has more combinations than are enumerated for a page. The text says how many."""


@dataclass(frozen=True)
class Box:
    """Combinations with one answer, drawn together: for each fact the cells that it may have."""

    cells: tuple[int, ...]
    answer: Answer
    count: int


@dataclass(frozen=True)
class Part:
    """Components that share facts, with the answer of every combination of those facts.

    An answer is one category id for each edition that was asked, and after them the ids of the rows that spoke.
    ``gaps`` and ``overlaps`` count combinations without exactly one row in a component, and ``impossible`` those that
    no patient can have; none of the three is in ``boxes``.
    """

    components: tuple[str, ...]
    facts: tuple[str, ...]
    partitions: tuple[Partition, ...]
    boxes: tuple[Box, ...]
    combinations: int
    impossible: int
    gaps: int
    overlaps: int
    dead: tuple[str, ...]

    def labels(self, box: Box, language: str = "en") -> tuple[str, ...]:
        """The cells of a box in words; "" where every cell is in it, so that the fact makes no difference."""
        words = []
        for partition, mask in zip(self.partitions, box.cells, strict=True):
            named = [label for label, cell in cell_labels(partition, language) if cell & mask]
            words.append("" if mask == partition.full else (" / " if language == "en" else "／").join(named))
        return tuple(words)

    def by_category(self, which: int = 0) -> Counter[str]:
        """Combinations for each category of one of the editions."""
        counted: Counter[str] = Counter()
        for box in self.boxes:
            counted[box.answer[which]] += box.count
        return counted


@dataclass(frozen=True)
class Coverage:
    """All parts of an edition, and how many combinations of the whole lead to each category."""

    parts: tuple[Part, ...]
    totals: Mapping[Answer, int]

    @property
    def enumerated(self) -> int:
        """Combinations that were looked at, part by part."""
        return sum(part.combinations for part in self.parts)

    @property
    def combinations(self) -> int:
        """Combinations of the whole scheme for which the parts stand; impossible ones are left out."""
        return sum(self.totals.values())

    @property
    def dead(self) -> tuple[str, ...]:
        return tuple(rule for part in self.parts for rule in part.dead)

    @property
    def gaps(self) -> int:
        return sum(part.gaps for part in self.parts)

    @property
    def overlaps(self) -> int:
        return sum(part.overlaps for part in self.parts)

    @property
    def is_exact(self) -> bool:
        """Whether every combination has exactly one category and every row speaks for some combination."""
        return not (self.dead or self.gaps or self.overlaps)


def cover(edition: Edition, pathway: Pathway) -> Coverage:
    """Enumerate an edition. Raises ``TooManyCombinations``."""
    return _enumerate((edition,), pathway)


def cover_both(old: Edition, new: Edition, pathway: Pathway) -> Coverage:
    """Enumerate two editions over the same combinations; answers begin with the old and the new category."""
    return _enumerate((old, new), pathway)


def rule_tests(rule: Rule) -> Iterator[Mapping[str, Test]]:
    yield rule.when
    yield from rule.any


def _enumerate(editions: tuple[Edition, ...], pathway: Pathway) -> Coverage:
    tests: dict[str, list[Test]] = {}
    every = [(number, component) for number, edition in enumerate(editions) for component in edition.components]
    for _number, component in every:
        for rule in component.rules:
            for table in rule_tests(rule):
                for name, test in table.items():
                    tests.setdefault(name, []).append(test)
    barred = [item for item in pathway.impossible if all(name in tests for name in item.when)]
    for item in barred:
        for name, test in item.when.items():
            tests[name].append(test)
    partitions = {name: build(pathway.facts[name], tests[name]) for name in pathway.facts if name in tests}
    masks = {name: {id(test): partitions[name].test_mask(test) for test in own} for name, own in tests.items()}
    parts = []
    for names in _joined([*(_facts(component) for _, component in every), *(tuple(item.when) for item in barred)]):
        own = [(number, component) for number, component in every if set(_facts(component)) & names]
        if own:
            facts = tuple(name for name in partitions if name in names)
            conditions = [item.when for item in barred if set(item.when) <= names]
            parts.append(_part(editions, own, facts, partitions, masks, conditions))
    parts += [_part(editions, [each], (), partitions, masks, []) for each in every if not _facts(each[1])]
    order = [component.id for _number, component in every]
    parts.sort(key=lambda part: order.index(part.components[0]))
    return Coverage(tuple(parts), _totals(editions, parts))


def _facts(component: Component) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for rule in component.rules for name in rule.facts))


def _joined(sets: Iterable[tuple[str, ...]]) -> list[set[str]]:
    """Sets that share a member become one."""
    groups: list[set[str]] = []
    for names in map(set, sets):
        apart = []
        for group in groups:
            if group & names:
                names |= group
            else:
                apart.append(group)
        groups = [*apart, names] if names else apart
    return groups


def _holds(tests: Mapping[str, Test], masks: Masks, cells: Mapping[str, int]) -> bool:
    return all(masks[name][id(test)] >> cells[name] & 1 for name, test in tests.items())


def _speaks(rule: Rule, masks: Masks, cells: Mapping[str, int]) -> bool:
    return _holds(rule.when, masks, cells) and (not rule.any or any(_holds(c, masks, cells) for c in rule.any))


def _part(editions, own, facts, partitions, masks: Masks, barred) -> Part:
    used = tuple(partitions[name] for name in facts)
    size = prod(partition.size for partition in used)
    rows = sum(len(component.rules) for _, component in own)
    if size > COMBINATION_LIMIT or size * rows > WORK_LIMIT:
        raise TooManyCombinations(f"{size} combinations of {', '.join(facts)}")
    ids = [{category.score: category.id for category in edition.categories} for edition in editions]
    impossible = gaps = overlaps = 0
    found: dict[Answer, list[tuple[int, ...]]] = {}
    spoken: set[str] = set()
    for world in product(*(range(partition.size) for partition in used)):
        cells = dict(zip(facts, world, strict=True))
        if any(_holds(item, masks, cells) for item in barred):
            impossible += 1
            continue
        rows = [[rule for rule in component.rules if _speaks(rule, masks, cells)] for _, component in own]
        spoken |= {rule.id for speaking in rows for rule in speaking}
        if any(len(speaking) != 1 for speaking in rows):
            gaps += any(not speaking for speaking in rows)
            overlaps += any(len(speaking) > 1 for speaking in rows)
            continue
        worst = [0] * len(editions)
        for (number, _), (rule,) in zip(own, rows, strict=True):
            worst[number] = max(worst[number], rule.score)
        categories = tuple(names.get(score, "") for names, score in zip(ids, worst, strict=True))
        answer = (*categories, *dict.fromkeys(rule.id for (rule,) in rows))
        found.setdefault(answer, []).append(tuple(1 << cell for cell in world))
    boxes = [box for answer, worlds in found.items() for box in _drawn_together(answer, worlds)]
    dead = tuple(rule.id for _, component in own for rule in component.rules if rule.id not in spoken)
    names = tuple(dict.fromkeys(component.id for _, component in own))
    return Part(names, facts, used, tuple(boxes), size, impossible, gaps, overlaps, tuple(dict.fromkeys(dead)))


def _drawn_together(answer: Answer, worlds: list[tuple[int, ...]]) -> Iterator[Box]:
    """Combinations that differ in one fact only, as one box; repeated until no two can be joined."""
    boxes = {world: 1 for world in worlds}
    before = 0
    while len(boxes) != before:
        before = len(boxes)
        for at in range(len(worlds[0])):
            merged: dict[tuple, tuple[int, int]] = {}
            for cells, count in boxes.items():
                rest = (*cells[:at], *cells[at + 1 :])
                mask, counted = merged.get(rest, (0, 0))
                merged[rest] = (mask | cells[at], counted + count)
            boxes = {(*rest[:at], mask, *rest[at:]): count for rest, (mask, count) in merged.items()}
    return (Box(cells, answer, count) for cells, count in boxes.items())


def _totals(editions: tuple[Edition, ...], parts: list[Part]) -> dict[Answer, int]:
    """Combinations of the whole by category: the worst of the parts, counted without listing them all."""
    scores = [{category.id: category.score for category in edition.categories} for edition in editions]
    totals: Counter[tuple[int, ...]] = Counter({(0,) * len(editions): 1})
    for part in parts:
        own: Counter[tuple[int, ...]] = Counter()
        for box in part.boxes:
            own[tuple(known.get(box.answer[n], 0) for n, known in enumerate(scores))] += box.count
        joined: Counter[tuple[int, ...]] = Counter()
        for before, many in totals.items():
            for here, count in own.items():
                joined[tuple(map(max, before, here))] += many * count
        totals = joined
    ids = [{category.score: category.id for category in edition.categories} for edition in editions]
    return {
        tuple(names.get(score, "") for names, score in zip(ids, worst, strict=True)): count
        for worst, count in sorted(totals.items())
    }
