"""Many plain schemes about one case at once: one long number that holds all their answers.

A scheme is plain if it has one component, asks nothing of lists, and no two of its facts are tied. Then whatever can be
asked about its answer is a choice of terms ("t in {T1–T4a} and bulky in {no}"), and a term is alive as long as every
fact may lie in its cells: without doubt, as the facts of a plain scheme are independent of each other. Two kinds of
questions are asked: may this row speak, strictly or under the assumptions; can the answer to this fact alone change the
category (there are two cells of it, and a term of the others, between which the category differs).

Each value of a fact says which terms of all schemes fail. So a case is read by straight-line code, one look-up and one
OR for each fact, and all terms that did not fail are alive. Terms of one question lie a fixed distance apart: a few
shifts join them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from .decision import Decision, score_bits
from .facts import Standing
from .partition import build
from .pathway import Pathway
from .scheme import Group, Scheme
from .straight_line import Turns, read_slowly, reader_of

WORLD_LIMIT = 64
Term = dict[int, tuple[int, ...]]
"""By position of a fact: masks of cells, each of which the fact must be able to lie in."""


class Place(NamedTuple):
    """Where the bits of a scheme begin: rows, rows under the assumptions, facts that can change its category."""

    rows: int
    assumed: int
    facts: int


def is_plain(scheme: Scheme) -> bool:
    """Whether a scheme can be answered by terms."""
    if len(scheme.groups) != 1:
        return False
    (group,) = scheme.groups
    return (
        len(group.components) == 1
        and group.size <= WORLD_LIMIT
        and not (group.has_figures or group.ties or group.unstated)
        and not any(scheme.presumed[at].conditions for at in group.presumed)
    )


class Panel:
    """Answers plain schemes of one pathway. ``read`` gives one number; ``decision`` says what it means for a scheme.

    Raises ``ValueError`` for a scheme that is not plain.
    """

    def __init__(self, pathway: Pathway, schemes: Iterable[Scheme]) -> None:
        self.schemes = tuple(schemes)
        if not all(map(is_plain, self.schemes)):
            raise ValueError("every scheme of a panel has to be plain")
        questions: list[tuple[Scheme, bool, list[Term]]] = []
        self._places = []
        for scheme in self.schemes:
            (group,) = scheme.groups
            rows = [list(_boxes(group, own)) for own in group.of_row[0]]
            missing = [list(_differences(group, position)) for position in range(len(group.facts))]
            first = len(questions)
            questions += [(scheme, False, terms) for terms in rows]
            assumed = len(questions) if group.presumed else first
            questions += [(scheme, True, terms) for terms in rows if group.presumed]
            self._places.append(Place(first, assumed, len(questions)))
            questions += [(scheme, False, terms) for terms in missing]
        self._count = len(questions)
        self._planes = max((len(terms) for _, _, terms in questions), default=0)
        self._every = (1 << self._count) - 1
        self._tests: dict[str, list[tuple[Scheme, int, bool, tuple[int, ...], int]]] = {}
        start = (1 << self._count * self._planes) - 1
        for at, (scheme, is_assumed, terms) in enumerate(questions):
            (group,) = scheme.groups
            for plane, term in enumerate(terms):
                bit = 1 << plane * self._count + at
                start ^= bit  # a term that no question has fails from the beginning
                for position, masks in term.items():
                    test = (scheme, position, is_assumed, masks, bit)
                    self._tests.setdefault(group.facts[position], []).append(test)
        self._start = start
        self._cells = {
            name: build(pathway.facts[name], [t for scheme in self.schemes for t in scheme.tests.get(name, ())])
            for name in self._tests
        }
        self._failed: dict[tuple, int] = {}
        self._turns = {name: Turns(pathway.facts[name], partial(self._fails, name)) for name in self._tests}
        self._read = reader_of(start, self._turns, "|")

    def read(self, facts: Mapping[str, Any]) -> int:
        """All answers as bits. Raises ``FactError`` for a value that is not allowed."""
        try:
            failed = self._read(facts)
        except TypeError:  # a value that cannot be looked up
            failed = read_slowly(self._start, self._turns, facts, "|")
        alive, found = ~failed, 0
        for _ in range(self._planes):
            found |= alive
            alive >>= self._count
        return found & self._every

    def decision(self, at: int, word: int) -> Decision:
        """The answer of one scheme, by its place among ``schemes``."""
        scheme, place = self.schemes[at], self._places[at]
        (group,) = scheme.groups
        (scores,) = group.row_scores
        full = (1 << len(scores)) - 1
        spoken, assumed = word >> place.rows & full, word >> place.assumed & full
        changing = word >> place.facts & (1 << len(group.facts)) - 1

        def reach(bits: int) -> int:
            return score_bits(score for row, score in enumerate(scores) if bits >> row & 1)

        missing = score_bits(
            scheme.missing_places[name] for position, name in enumerate(group.facts) if changing >> position & 1
        )
        return Decision(reach(spoken), reach(assumed), missing, spoken << scheme.row_places[group.components[0]])

    def _fails(self, name: str, standing: Standing) -> int:
        """The terms that fail for what is known of a fact: alike for values that no scheme tells apart."""
        place = name, self._cells[name].mask(standing), standing.kind == "not_applicable", standing.is_stated
        failed = self._failed.get(place)
        if failed is None:
            failed = self._failed[place] = self._worked_out(name, standing)
        return failed

    def _worked_out(self, name: str, standing: Standing) -> int:
        failed = 0
        for scheme, position, is_assumed, masks, bit in self._tests[name]:
            left = scheme.groups[0].partitions[position].mask(standing)
            if is_assumed and not standing.is_stated:
                for item in scheme.presumed:
                    if item.position == position and left & item.mask:
                        left &= item.mask
            if not all(left & mask for mask in masks):
                failed |= bit
        return failed


def _boxes(group: Group, worlds: int) -> Iterator[Term]:
    """Boxes of masks that cover some worlds and no other, each as wide as it can be."""
    left = worlds
    while left:
        world = (left & -left).bit_length() - 1
        masks = [1 << group.cell(world, position) for position in range(len(group.facts))]
        for position, partition in enumerate(group.partitions):
            for cell in range(partition.size):
                wider = [*masks[:position], masks[position] | 1 << cell, *masks[position + 1 :]]
                if not group.box(wider) & ~worlds:
                    masks = wider
        left &= ~group.box(masks)
        wide = (partition.full for partition in group.partitions)
        yield {at: (mask,) for at, (mask, full) in enumerate(zip(masks, wide, strict=True)) if mask != full}


def _differences(group: Group, position: int) -> Iterator[Term]:
    """Terms that are alive if two answers to one fact, all else alike, lead to different scores."""
    size, stride = group.partitions[position].size, group.strides[position]
    by_cell = [
        [(group.layer(position, 1 << cell) & own) >> cell * stride for _, own in group.of_score] for cell in range(size)
    ]
    for one in range(size):
        for other in range(one):
            alike = 0
            for a, b in zip(by_cell[one], by_cell[other], strict=True):
                alike |= a & b
            # Worlds with the first cell of this fact stand for all that is alike; wide in it, so boxes leave it out.
            rest = group.layer(position, 1) & ~alike
            wide = 0
            for cell in range(size):
                wide |= rest << cell * stride
            for term in _boxes(group, wide):
                yield term | {position: (1 << one, 1 << other)}
