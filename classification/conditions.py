"""Many yes-or-no questions about one case at once: true, false, or undecided, and which facts they wait for.

Every question has its own bit in one long number. For each fact, what is known of it says of which questions a test
fails and of which it stays open; those two numbers are looked up and joined with OR over the facts. So eighty questions
cost as much as one. A question has a bit for what must hold, and one for each alternative ("and any of these").

Answers are exact: where alternatives ask about the same fact ("left or right lobe"), and only there, the values that
it may have are tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from .facts import UNKNOWN, Fact, Standing
from .partition import Partition, Test, build

MEMO_LIMIT = 50_000
Tests = Mapping[str, Test]


@dataclass(frozen=True)
class Question:
    """True if all of ``when`` hold, and one of ``any`` where there is one."""

    when: Tests
    any: tuple[Tests, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for tests in (self.when, *self.any) for name in tests))

    @property
    def is_entangled(self) -> bool:
        """Whether a fact is asked about in more than one place, so that the answers hang together."""
        names = [name for tests in self.any for name in tests]
        return len(set(names)) < len(names) or bool(set(names) & set(self.when))


class Look(NamedTuple):
    """What is known of one fact does to the questions: bits that it makes false, bits that it leaves open."""

    fails: int
    opens: int
    mask: int
    fact: str


class Answers(NamedTuple):
    """Bits by place of the question; what is neither true nor undecided is false."""

    true: int
    undecided: int
    fails: int
    certain: int
    """Questions of which some alternative holds, whatever else does."""
    looks: list[Look]

    def state(self, place: int) -> bool | None:
        """The answer to one question; None while it is undecided."""
        if self.true >> place & 1:
            return True
        return None if self.undecided >> place & 1 else False


class Conditions:
    """Questions compiled for one vocabulary. Raises ``KeyError`` for a question about a fact that it does not have."""

    def __init__(self, facts: Mapping[str, Fact], questions: Sequence[Question]) -> None:
        self.questions = tuple(questions)
        tests: dict[str, list[Test]] = {}
        for question in self.questions:
            for part in (question.when, *question.any):
                for name, test in part.items():
                    tests.setdefault(name, []).append(test)
        self.partitions: dict[str, Partition] = {name: build(facts[name], own) for name, own in tests.items()}
        self.facts = facts
        self._count = len(self.questions)
        self._planes = 1 + max([1, *(len(question.any) for question in self.questions)])
        self._every = (1 << self._count) - 1
        self._absent = 0  # an alternative that a question does not have is false
        self._tests: dict[str, list[tuple[int, int]]] = {name: [] for name in tests}
        for place, question in enumerate(self.questions):
            parts = (question.when, *(question.any or ({},)))
            for plane in range(self._planes):
                bit = 1 << plane * self._count + place
                if plane >= len(parts):
                    self._absent |= bit
                    continue
                for name, test in parts[plane].items():
                    self._tests[name].append((self.partitions[name].test_mask(test), bit))
        self._entangled = [(at, question) for at, question in enumerate(self.questions) if question.is_entangled]
        self._by_mask: dict[str, dict[int, Look]] = {name: {} for name in tests}
        self._by_value: dict[str, dict[Any, Look]] = {name: {} for name in tests}
        self._by_standing: dict[tuple[str, int], tuple[Standing, Look]] = {}
        self._own = [(name, self._by_value[name], self._look(name, UNKNOWN)) for name in tests]

    def _look(self, name: str, standing: Standing) -> Look:
        mask = self.partitions[name].mask(standing)
        look = self._by_mask[name].get(mask)
        if look is None:
            fails = opens = 0
            for holds, bit in self._tests[name]:
                if not mask & holds:
                    fails |= bit
                elif mask & ~holds:
                    opens |= bit
            look = self._by_mask[name][mask] = Look(fails, opens, mask, name)
        return look

    def ask(self, facts: Mapping[str, Any]) -> Answers:
        """Answers for facts as JSON data; others than those asked about are not read. Raises ``FactError``."""
        fails, opens, looks, get = self._absent, 0, [], facts.get
        for name, memo, unknown in self._own:
            value = get(name)
            if value is None:
                look = unknown
            else:
                kind = value.__class__
                try:
                    look = memo[value if kind is str or kind is bool else (kind, value)]
                except (KeyError, TypeError):
                    look = self._remember(name, memo, value)
            fails |= look[0]
            opens |= look[1]
            looks.append(look)
        return self._answers(fails, opens, looks)

    def _remember(self, name: str, memo: dict, value: Any) -> Look:
        look = self._look(name, self.facts[name].parse(value))
        kind = value.__class__
        try:
            if len(memo) > MEMO_LIMIT:
                memo.clear()
            memo[value if kind is str or kind is bool else (kind, value)] = look
        except TypeError:
            pass  # a table or a list cannot be remembered under itself
        return look

    def of(self, standings: Mapping[str, Standing]) -> Answers:
        """Answers for standings, derived facts among them."""
        fails, opens, looks = self._absent, 0, []
        for name, _, unknown in self._own:
            standing = standings.get(name)
            if standing is None:
                look = unknown
            else:
                seen = self._by_standing.get((name, id(standing)))
                look = seen[1] if seen is not None and seen[0] is standing else self._seen(name, standing)
            fails |= look.fails
            opens |= look.opens
            looks.append(look)
        return self._answers(fails, opens, looks)

    def _seen(self, name: str, standing: Standing) -> Look:
        """A look, remembered under the very object: readers hand out the same one for the same value."""
        look = self._look(name, standing)
        if len(self._by_standing) > MEMO_LIMIT:
            self._by_standing.clear()
        self._by_standing[name, id(standing)] = (standing, look)
        return look

    def _answers(self, fails: int, opens: int, looks: list[Look]) -> Answers:
        every, count = self._every, self._count
        unsure = fails | opens
        certain, none_left, shift = 0, every, 0
        for _ in range(1, self._planes):
            shift += count
            certain |= every & ~(unsure >> shift)
            none_left &= fails >> shift
        true, false = certain & ~unsure, (fails | none_left) & every
        undecided = every & ~(true | false)
        if undecided and self._entangled:
            for place, question in self._entangled:
                if undecided >> place & 1:
                    reached = set(self._tried(question, looks))
                    if len(reached) == 1:
                        undecided &= ~(1 << place)
                        true |= reached.pop() << place
        return Answers(true, undecided, fails, certain, looks)

    def _worlds(self, names: Iterable[str], looks: list[Look]) -> Iterator[dict[str, int]]:
        """Every choice of one cell, as a mask, for some facts."""
        names = list(names)
        masks = {look.fact: look.mask for look in looks}
        cells = [[1 << at for at in range(self.partitions[n].size) if masks[n] >> at & 1] for n in names]
        return (dict(zip(names, world, strict=True)) for world in product(*cells))

    def _tried(self, question: Question, looks: list[Look]) -> Iterator[bool]:
        """The question asked of every choice of cells that is left."""
        return (self._holds(question, world) for world in self._worlds(question.facts, looks))

    def _holds(self, question: Question, world: Mapping[str, int]) -> bool:
        def hold(tests: Tests) -> bool:
            return all(self.partitions[name].test_mask(test) & world[name] for name, test in tests.items())

        return hold(question.when) and (not question.any or any(hold(choice) for choice in question.any))

    def missing(self, answers: Answers) -> dict[str, int]:
        """Facts that undecided questions wait for, each with the bits of those that its answer alone can settle."""
        found: dict[str, int] = {}
        undecided, count = answers.undecided, self._count
        if not undecided:
            return found
        live, unsettled = ~answers.fails, undecided & ~answers.certain
        for _, opens, _, name in answers.looks:
            if not opens:
                continue
            bits = opens & undecided
            opens = (opens & live) >> count
            while opens:  # a fact of an alternative matters only while no other alternative holds anyway
                bits |= opens & unsettled
                opens >>= count
            for place, question in self._entangled:
                if bits >> place & 1 and not self._can_flip(question, answers.looks, name):
                    bits &= ~(1 << place)
            if bits:
                found[name] = bits
        return found

    def _can_flip(self, question: Question, looks: list[Look], name: str) -> bool:
        own = [world[name] for world in self._worlds([name], looks)]
        others = self._worlds([other for other in question.facts if other != name], looks)
        return any(len({self._holds(question, {**world, name: cell}) for cell in own}) > 1 for world in others)
