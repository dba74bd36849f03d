"""Treatment options: status, arguments for and against, gates, and what is missing.

Options follow the provisional type. Conditions are answered true, false or undecided; an undecided condition
names the facts that it waits for. Options never say a dose. ``options_file`` reads them from TOML.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from .edition import Citation
from .facts import UNKNOWN, Standing, Text
from .partition import Partition, Test
from .pathway import Pathway

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

    @property
    def choices(self) -> tuple[Tests, ...]:
        """Each of these alone closes it."""
        return (*((self.closed_if,) if self.closed_if is not None else ()), *self.closed_if_any)

    @property
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
    partitions: Mapping[str, Partition]
    masks: Mapping[int, int] = field(hash=False, compare=False, default_factory=dict)
    none: tuple[Text, Text] | None = None
    """Label and sentence of "none of these", which ends every list."""
    headers: tuple[Header, ...] = ()

    def __iter__(self):
        return iter(self.options)


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


class _Case:
    """Answers tests for one case: True, False, or None while undecided."""

    def __init__(self, options: Options, standings: Mapping[str, Standing]) -> None:
        self.options, self.standings = options, standings
        self.cells = {n: p.mask(standings.get(n, UNKNOWN)) for n, p in options.partitions.items()}

    def test(self, name: str, test: Test) -> bool | None:
        mask, cells = self.options.masks[id(test)], self.cells[name]
        if not cells & ~mask:
            return True
        return False if not cells & mask else None

    def all(self, tests: Tests) -> bool | None:
        answers = [self.test(name, test) for name, test in tests.items()]
        return False if False in answers else None if None in answers else True

    def open_facts(self, tests: Tests) -> list[str]:
        return [name for name, test in tests.items() if self.test(name, test) is None]


def weigh(
    options: Options,
    pathway: Pathway,
    standings: Mapping[str, Standing],
    possible: tuple[str, ...],
    provisional: tuple[str, ...],
) -> list[Weighed]:
    """Every option for a case with derived facts, following the provisional types."""
    case = _Case(options, standings)
    return [_weigh(option, pathway, case, possible, provisional) for option in options]


def _status(option: Option, case: _Case, kind: str) -> tuple[str, list[str], bool]:
    """Status under one type, the facts it waits for, and whether the type was asked."""
    waiting: list[str] = []
    reached: list[str] = []
    typed = False
    for rule in option.rules:
        typed = typed or bool(rule.types)
        if rule.types and kind not in rule.types:
            continue
        holds = case.all(rule.when)
        if holds is False:
            continue
        reached.append(rule.status)
        if holds:
            break
        waiting += case.open_facts(rule.when)
    if not reached:
        return "undetermined", waiting, typed
    if len(set(reached)) == 1:
        return reached[0], [], typed
    return "undetermined", waiting, typed


def _weigh(option: Option, pathway: Pathway, case: _Case, possible: tuple, provisional: tuple) -> Weighed:
    by_type, waiting, typed = {}, [], False
    for kind in provisional:
        by_type[kind], facts, asked = _status(option, case, kind)
        waiting += facts
        typed = typed or asked
    if not provisional and not any(rule.types for rule in option.rules):
        by_type[""], waiting, _ = _status(option, case, "")
    statuses = set(by_type.values())
    status = statuses.pop() if len(statuses) == 1 else "undetermined"
    gates = []
    for gate in option.gates:
        state = _gate_state(gate, case)
        if state == "open":
            continue
        gates.append((gate, state))
        if state == "waiting":
            continue
        changed = EFFECTS[gate.effect]
        if changed == "undetermined":
            changed = "undetermined" if status in ("recommended", "consider") else ""
        if changed and status != "contraindicated":
            status = changed
        if changed in FINAL:
            typed = False  # closed whatever the type
    known_items = [r.facts for r in pathway.required if len(r.facts) > 1 and any(f in case.standings for f in r.facts)]
    covered = {name for facts in known_items for name in facts}
    wanted = [*waiting, *option.asks]
    for gate, _ in gates:
        wanted += [name for tests in (gate.closed_unless,) if tests for name in tests]
    missing = [n for n in dict.fromkeys(wanted) if not _is_known(case.standings.get(n)) and n not in covered]
    depends = provisional[0] if typed and len(provisional) == 1 and len(possible) > 1 else None
    return Weighed(
        option,
        status,
        by_type,
        depends,
        tuple(a for a in option.pro if _speaks(a, case, provisional)),
        tuple(a for a in option.con if _speaks(a, case, provisional)),
        tuple(gates),
        tuple(missing),
    )


def _is_known(standing: Standing | None) -> bool:
    return standing is not None and standing.kind in ("known", "not_applicable")


def _speaks(argument: Argument, case: _Case, provisional: tuple[str, ...]) -> bool:
    if argument.types and not set(argument.types) & set(provisional):
        return False
    return case.all(argument.when) is True


def _gate_state(gate: Gate, case: _Case) -> str:
    """``open``, ``closed``, or ``waiting`` for a fact that would close it."""
    if gate.open_if is not None and case.all(gate.open_if):
        return "open"
    if gate.closed_unless is not None:
        return "open" if case.all(gate.closed_unless) else "closed"
    if gate.choices:
        answers = [case.all(tests) for tests in gate.choices]
        if True in answers:
            return "closed"
        return "open" if gate.effect == "note" or None not in answers else "waiting"
    return "closed"
