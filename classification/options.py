"""Treatment options as read: arguments for and against, gates that hold them back, rules for their status.

Options never say a dose. ``options_file`` reads them from TOML, ``weighing`` says how they stand for a case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from .conditions import Answers, Conditions
from .edition import Citation
from .facts import Text
from .memory import Memory
from .partition import Test
from .pathway import Required

STATUSES = ("recommended", "consider", "not_recommended", "contraindicated", "undetermined")
KINDS = ("RCT", "consensus", "observational", "extrapolated", "house_rule")
EFFECTS = {"hold": "undetermined", "forbid": "contraindicated", "against": "not_recommended", "note": ""}
TREATMENTS = (
    "curative_surgery",
    "perioperative",
    "conversion",
    "liver_directed",
    "systemic",
    "palliative",
    "supportive",
    "trial",
)
TYPES_LIMIT, WEIGHED_LIMIT = 12, 16_000
NONE_OF_THESE = "none_of_these"
FINAL = ("contraindicated", "not_recommended")
Tests = Mapping[str, Test]


@dataclass(frozen=True)
class Argument:
    id: str
    kind: str
    texts: Text
    citation: Citation
    when: Tests
    types: tuple[str, ...]
    with_kind: tuple[str, ...] = ()
    """Kinds of treatment against which it always stands."""


@dataclass(frozen=True)
class Gate:
    """Something that holds an option back. Closed unless its tests hold, or closed once one of its choices does.

    ``is_default_cutoff``: the hospital may set another limit; the one here is where the source has it.
    ``idle_if``: where it holds, a fact that nobody stated leaves the gate open instead of waiting.
    """

    id: str
    effect: str
    texts: Text
    citation: Citation
    closed_unless: Tests | None
    closed_if: Tests | None
    open_if: Tests | None
    closed_if_any: tuple[Tests, ...] = ()
    is_default_cutoff: bool = False
    idle_if: Tests | None = None

    @cached_property
    def choices(self) -> tuple[Tests, ...]:
        """Each of these alone closes it."""
        return (*((self.closed_if,) if self.closed_if is not None else ()), *self.closed_if_any)

    @cached_property
    def facts(self) -> tuple[str, ...]:
        every = (self.closed_unless, *self.choices)
        return tuple(dict.fromkeys(name for tests in every if tests for name in tests))


@dataclass(frozen=True)
class StatusRule:
    types: tuple[str, ...]
    when: Tests
    status: str


@dataclass(frozen=True)
class Option:
    """One way to treat. ``needs``: disciplines that must be at the table; ``line`` of systemic treatment, else 0."""

    id: str
    labels: Text
    rules: tuple[StatusRule, ...]
    pro: tuple[Argument, ...]
    con: tuple[Argument, ...]
    gates: tuple[Gate, ...]
    asks: tuple[str, ...]
    note: Text | None
    kind: str = ""
    """One of ``TREATMENTS``; empty for "none of these"."""
    needs: tuple[str, ...] = ()
    line: int = 0

    @property
    def tests(self) -> Iterator[Tests]:
        """Every condition on which it depends."""
        yield from (rule.when for rule in self.rules)
        yield from (argument.when for argument in (*self.pro, *self.con))
        for gate in self.gates:
            every = (gate.closed_unless, *gate.choices, gate.open_if, gate.idle_if)
            yield from (tests for tests in every if tests is not None)

    @property
    def facts(self) -> Iterator[str]:
        """Every fact that it asks about or waits for."""
        yield from self.asks
        yield from (name for tests in self.tests for name in tests)


@dataclass(frozen=True)
class Header:
    """Which edition of options, arguments or gates a file holds, and who answers for it."""

    file: str
    edition: str
    labels: Text
    valid_from: dt.date
    status: str
    verified_by: str
    digest: str


@dataclass(frozen=True, eq=False)
class Options:
    """All options of a pathway, with the cells of the facts that they ask about."""

    options: tuple[Option, ...]
    follows: str
    conditions: Conditions
    """Every condition of every option as one question; ``places`` says which."""
    places: Mapping[int, int]
    none: tuple[Text, Text] | None = None
    """Label and sentence of "none of these", which ends every list."""
    headers: tuple[Header, ...] = ()
    required: tuple[Required, ...] = ()

    @cached_property
    def memo(self) -> Memory:
        """By provisional types, and whether more than one type is possible: how options stood, by place and bits."""
        return Memory(TYPES_LIMIT, lambda _: Memory(WEIGHED_LIMIT))

    @cached_property
    def alternatives(self) -> tuple[tuple[frozenset[str], int], ...]:
        """Required facts of which one is enough, with the bits of those that options may wait for."""
        many = (item.facts for item in self.required if len(item.facts) > 1)
        return tuple((frozenset(names), sum(self.asked.get(name, 0) for name in names)) for names in many)

    @cached_property
    def unknown_values(self) -> dict[str, tuple[str, ...]]:
        """Values that say no more than silence, of the facts that have such."""
        facts = self.conditions.facts
        return {name: facts[name].unknown_values for name in self.asked if facts[name].unknown_values}

    def __iter__(self):
        return iter(self.options)

    def word(self, answers: Answers, settled: int, known: int) -> int:
        """All that an option can depend on, side by side: conditions true and undecided, facts settled and known."""
        conditions, facts = len(self.conditions.questions), len(self.asked)
        return answers.true | answers.undecided << conditions | (settled | known << facts) << 2 * conditions

    @cached_property
    def masks(self) -> tuple[tuple[Option, int], ...]:
        """Each option with the bits of ``word`` on which it depends."""
        return tuple((option, self._mask(option)) for option in self.options)

    def _mask(self, option: Option) -> int:
        """What is stated matters for gates that a fact must open; what is settled, for facts that it may wait for."""
        conditions = sum({1 << self.places[id(tests)] for tests in option.tests if tests})
        stated = (tests for gate in option.gates for tests in (gate.open_if, gate.closed_unless) if tests)
        rules = (rule.when for rule in option.rules)
        waited = {
            *option.asks,
            *(name for tests in rules for name in tests),
            *(n for g in option.gates for n in (*g.facts, *(g.open_if or ()))),
        }
        settled = sum(self.asked[name] for name in waited)
        known = sum({self.asked[name] for tests in stated for name in tests})
        return self.word(Answers(conditions, conditions, 0, 0, []), settled, known)

    @cached_property
    def asked(self) -> dict[str, int]:
        """Every fact that an option may wait for, with a bit of its own."""
        names = dict.fromkeys(name for option in self.options for name in option.facts)
        return {name: 1 << at for at, name in enumerate(names)}


@dataclass(frozen=True)
class Weighed:
    """One option as it stands for one case."""

    option: Option
    status: str
    by_type: Mapping[str, str]
    depends_on: str | None
    pro: tuple[Argument, ...]
    con: tuple[Argument, ...]
    gates: tuple[tuple[Gate, str], ...]
    missing: tuple[str, ...]
    """Everything that one would like to know before choosing it, whether its status turns on that or not."""
    waits_for: tuple[str, ...]
    """Of an undetermined one: the facts without which it stays so, apart from those that decide the type."""
    turns_on_type: bool
    """Whether it is undetermined because the types that are left give it different statuses."""
