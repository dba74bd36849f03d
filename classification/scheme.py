"""An edition compiled once: groups of components that share facts, each with a table of all its worlds.

A world gives every fact of a group one cell. Its score is that of the worst component. Components that share
no fact are independent, so the reachable scores of a case are the maxima over the reachable scores of its
groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate, product

from .asked import groups_of_facts, tests_by_fact
from .checking import RulebookError
from .edition import Edition, Rule
from .group import Boxes as Boxes
from .group import Classes as Classes
from .group import Group
from .lesions import FIGURES
from .memory import Memory
from .partition import NA, Partition, Test, build, cell_labels, steps_to_build
from .pathway import Assumption, Pathway
from .ties import releases

WORLD_LIMIT = 500_000
WORK_LIMIT = 5_000_000
"""Tests that are made to fill one table, and to cut facts into cells: some seconds, and far from what ships."""
DECISION_LIMIT, RESULT_LIMIT, WORDS_LIMIT = 16_000, 2_000, 1_000
"""So many answers of one scheme are remembered, compact ones and explained ones."""
TIE_LIMIT = 12
"""Combinations that cannot occur in one group: where statements clash, every choice among them is tried."""


@dataclass(frozen=True)
class Presumed:
    """An assumption as masks over the facts of one group."""

    assumption: Assumption
    group: int
    position: int
    mask: int
    conditions: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Tests:
    """A conjunction as masks by fact name."""

    masks: Mapping[str, int]

    def hold(self, projection: Mapping[str, int]) -> bool:
        return all(not projection[name] & ~mask for name, mask in self.masks.items())


@dataclass
class Scheme:
    """A compiled edition: what to ask of a case, and how to answer."""

    edition: Edition
    pathway: Pathway
    facts: tuple[str, ...]
    partitions: dict[str, Partition]
    groups: tuple[Group, ...]
    presumed: tuple[Presumed, ...]
    flags: tuple[tuple[Tests | None, Tests | None], ...]
    rule_facts: tuple[str, ...]
    tests: Mapping[str, list[Test]]
    places: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)
    """Fact → first bit of its mask in the key, and the bit that says that it was stated (for an assumed fact)."""
    figures: tuple[Partition, ...] = ()
    """The cells in which a list of lesions is read; ``coarse`` leads from them to the cells of this scheme."""
    memo: Memory = field(default_factory=lambda: Memory(RESULT_LIMIT))
    decisions: Memory = field(default_factory=lambda: Memory(DECISION_LIMIT))
    combined: Memory = field(default_factory=lambda: Memory(DECISION_LIMIT))
    narrowing: Memory = field(default_factory=lambda: Memory(DECISION_LIMIT))
    coarse_masks: dict = field(default_factory=dict)

    def own(self) -> Scheme:
        """The same scheme with a memory of its own."""
        limits = {"memo": RESULT_LIMIT, "decisions": DECISION_LIMIT, "narrowing": DECISION_LIMIT}
        return replace(self, coarse_masks={}, **{name: Memory(limit) for name, limit in limits.items()})

    @cached_property
    def categories_of(self) -> Memory:
        """The categories of bits of scores, the best first."""
        ids = self.category_ids
        return Memory(WORDS_LIMIT, lambda bits: tuple(name for score, name in sorted(ids.items()) if bits >> score & 1))

    @cached_property
    def facts_of(self) -> Memory:
        """The facts of bits of ``missing_places``."""
        names = (*self.rule_facts, "liver_lesions")
        return Memory(WORDS_LIMIT, lambda bits: tuple(name for at, name in enumerate(names) if bits >> at & 1))

    @cached_property
    def missing_places(self) -> dict[str, int]:
        """The bits of facts whose answer can change the category; the last one is the nature of listed lesions."""
        return {name: at for at, name in enumerate((*self.rule_facts, "liver_lesions"))}

    @cached_property
    def row_places(self) -> tuple[int, ...]:
        """For each component the place of its first row, all rows counted one after another."""
        counts = [len(component.rules) for component in self.edition.components]
        return tuple(accumulate(counts, initial=0))[:-1]

    @cached_property
    def worst_score(self) -> int:
        return max(category.score for category in self.edition.categories)

    def coarse(self, figure: int, mask: int) -> int:
        """A mask of the cells of a figure in which lists are read, as a mask of this scheme's cells."""
        place = (figure, mask)
        found = self.coarse_masks.get(place)
        if found is None:
            found = self.coarse_masks[place] = self.partitions[FIGURES[figure]].coarsened(self.figures[figure], mask)
        return found

    @cached_property
    def category_ids(self) -> dict[int, str]:
        return {category.score: category.id for category in self.edition.categories}


def _matches(rule: Rule, masks: Mapping[str, dict[int, int]], cells: Mapping[str, int]) -> bool:
    def hold(tests: Mapping[str, Test]) -> bool:
        return all(masks[name][id(test)] >> cells[name] & 1 for name, test in tests.items())

    return hold(rule.when) and (not rule.any or any(hold(choice) for choice in rule.any))


def _tabulate(edition: Edition, group: Group, masks: Mapping[str, dict[int, int]]) -> None:
    """Fill the table of worlds; every world must have exactly one row in each component."""
    components = [edition.components[at] for at in group.components]
    group.row_scores = tuple(tuple(rule.score for rule in component.rules) for component in components)
    ranges = [range(partition.size) for partition in group.partitions]
    for cells in product(*ranges):
        named = dict(zip(group.facts, cells, strict=True))
        rows = []
        for component in components:
            found = [at for at, rule in enumerate(component.rules) if _matches(rule, masks, named)]
            if len(found) != 1:
                world = _describe_world(group, cells)
                if not found:
                    raise RulebookError(edition.file, component.id, f"no category for the combination {world}")
                names = " and ".join(component.rules[at].id for at in found)
                raise RulebookError(edition.file, component.id, f"two categories for the combination {world}: {names}")
            rows.append(found[0])
        group.rows.append(tuple(rows))
        group.scores.append(max(c.rules[row].score for c, row in zip(components, rows, strict=True)))


def _describe_world(group: Group, cells: tuple[int, ...]) -> str:
    parts = []
    for name, partition, cell in zip(group.facts, group.partitions, cells, strict=True):
        label = next((text for text, mask in cell_labels(partition) if mask >> cell & 1), str(cell))
        parts.append(f"{name} = {label}")
    return ", ".join(parts)


def _build_group(edition: Edition, pathway: Pathway, names: list[str], own: list[int], partitions, masks) -> Group:
    sizes = [partitions[name].size for name in names]
    strides, size = [], 1
    for cells in reversed(sizes):
        strides.insert(0, size)
        size *= cells
    rules = [rule for at in own for rule in edition.components[at].rules]
    tests = sum(1 + len(rule.when) + sum(map(len, rule.any)) for rule in rules)
    if size > WORLD_LIMIT or size * tests > WORK_LIMIT:
        raise RulebookError(edition.file, edition.components[own[0]].id, f"{size} combinations are too many to check")
    group = Group(tuple(names), tuple(partitions[n] for n in names), tuple(own), tuple(strides), size)
    _tabulate(edition, group, masks)
    at = {name: position for position, name in enumerate(names)}
    ties = [item for item in pathway.impossible if all(name in at for name in item.when)]
    if len(ties) > TIE_LIMIT:
        row = edition.components[own[0]].id
        raise RulebookError(edition.file, row, f"more than {TIE_LIMIT} combinations that cannot occur hang together")
    barred = [[(at[name], masks[name][id(test)]) for name, test in item.when.items()] for item in ties]
    group.ties = tuple((frozenset(names[at] for at, _ in item), _barred_worlds(group, item)) for item in barred)
    group.impossible = [any(table[world] for _, table in group.ties) for world in range(size)]
    group.releases = releases([{position for position, _ in item} for item in barred])
    _refuse_dead_rows(edition, group)
    group.unstated = tuple(
        (
            at[item.fact],
            1 << partitions[item.fact].cell_of[NA],
            tuple((at[name], masks[name][id(test)]) for name, test in item.when.items()),
        )
        for item in edition.unstated
        if item.fact in at and item.only == NA
    )
    return group


def _barred_worlds(group: Group, item: list[tuple[int, int]]) -> list[bool]:
    """For each world, whether a combination that cannot occur is true of it."""
    return [all(mask >> group.cell(world, at) & 1 for at, mask in item) for world in range(group.size)]


def _refuse_dead_rows(edition: Edition, group: Group) -> None:
    """A row that no possible combination reaches would look like a rule and never speak."""
    live = [rows for rows, barred in zip(group.rows, group.impossible, strict=True) if not barred]
    for place, at in enumerate(group.components):
        spoken = {rows[place] for rows in live}
        for number, rule in enumerate(edition.components[at].rules):
            if number not in spoken:
                raise RulebookError(edition.file, rule.id, "dead rule: no possible combination reaches it")


def _refuse_dead_categories(edition: Edition, groups: Iterable[Group]) -> None:
    reached = {0}
    for group in groups:
        scores = {score for score, barred in zip(group.scores, group.impossible, strict=True) if not barred}
        reached = {max(a, b) for a in reached for b in scores}
    for category in edition.categories:
        if category.outside is None and category.score not in reached:
            raise RulebookError(edition.file, f"category {category.id}", "dead category: no combination leads to it")


def _lay_out(groups: Iterable[Group], presumed: list[Presumed], used: list[str], partitions) -> dict:
    """Give every fact its bits in the key of a case; the bits of a group lie side by side."""
    places: dict[str, tuple[int, int | None]] = {}
    bit = 0
    for group in groups:
        group.first_bit = bit
        shifts = []
        for name, partition in zip(group.facts, group.partitions, strict=True):
            shifts.append(bit)
            places[name] = (bit, None)
            bit += partition.size
        for name in dict.fromkeys(presumed[at].assumption.fact for at in group.presumed):
            places[name] = (places[name][0], bit)
            bit += 1
        group.shifts, group.bits = tuple(shifts), bit - group.first_bit
    for name in used:
        if name not in places:
            places[name] = (bit, None)
            bit += partitions[name].size
    return places


def compile_scheme(edition: Edition, pathway: Pathway) -> Scheme:
    """Compile an edition. Raises ``RulebookError`` for a combination with no category or with two, and a dead row."""
    for component in edition.components:
        if not any(rule.facts for rule in component.rules):
            raise RulebookError(edition.file, component.id, "no row of it asks about a fact")
    tests = tests_by_fact(edition, pathway)
    for name, own in tests.items():
        if steps_to_build(pathway.facts[name], len(own)) > WORK_LIMIT:
            raise RulebookError(edition.file, "", f"{len(own)} tests of {name!r} are too many to check")
    partitions = {name: build(pathway.facts[name], tests[name]) for name in pathway.facts if name in tests}
    masks = {n: {id(test): partitions[n].test_mask(test) for test in tests[n]} for n in partitions}
    groups = tuple(
        _build_group(edition, pathway, names, own, partitions, masks)
        for names, own in groups_of_facts(edition, pathway, partitions)
    )
    _refuse_dead_categories(edition, groups)
    presumed = []
    for number, group in enumerate(groups):
        at = {name: position for position, name in enumerate(group.facts)}
        own = []
        for assumption in pathway.assumptions:
            if assumption.fact in at and id(assumption.test) in masks[assumption.fact]:
                mask = masks[assumption.fact][id(assumption.test)]
                conditions = tuple((at[n], masks[n][id(test)]) for n, test in assumption.when.items())
                own.append(len(presumed))
                presumed.append(Presumed(assumption, number, at[assumption.fact], mask, conditions))
        group.presumed = tuple(own)

    def as_tests(table: Mapping[str, Test] | None) -> Tests | None:
        return None if table is None else Tests({name: masks[name][id(test)] for name, test in table.items()})

    used = [name for name in pathway.facts if name in partitions]
    rule_facts = [name for group in groups for name in group.facts]
    return Scheme(
        tests=tests,
        places=_lay_out(groups, presumed, used, partitions),
        edition=edition,
        pathway=pathway,
        facts=tuple(used),
        partitions=partitions,
        groups=groups,
        presumed=tuple(presumed),
        flags=tuple((as_tests(flag.when), as_tests(flag.unless)) for flag in edition.flags),
        rule_facts=tuple(name for name in pathway.facts if name in rule_facts),
    )
