"""How every treatment option stands for one case.

Options follow the provisional type. Conditions are answered true, false or undecided; an undecided condition names the
facts that it waits for. What an option looks like depends on the bits of its own conditions only, and is remembered.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from .conditions import Answers
from .facts import Standing
from .options import EFFECTS, FINAL, Argument, Gate, Option, Options, Tests, Weighed


def weigh(
    options: Options,
    standings: Mapping[str, Standing],
    possible: tuple[str, ...],
    provisional: tuple[str, ...],
) -> list[Weighed]:
    """Every option for a case with derived facts, following the provisional types."""
    answers = options.conditions.of(standings)
    asked, unknown, known = options.asked, options.unknown_values, 0
    for name, standing in standings.items():
        bit = asked.get(name)
        if bit is None:
            continue
        kind = standing.kind
        if kind == "known" and name in unknown:
            known |= 0 if standing.value in unknown[name] else bit
        elif kind in ("known", "not_applicable"):
            known |= bit
    covered = 0
    for one_is_enough, bits in options.alternatives:
        if not one_is_enough.isdisjoint(standings):
            covered |= bits
    settled = known | covered
    is_open = len(possible) > 1
    word = options.word(answers, settled, known)
    memo = options.memo[provisional, is_open]
    case, found = None, []
    for at, (option, mask) in enumerate(options.masks):
        place = at, word & mask
        try:
            weighed = memo[place]
        except KeyError:
            case = case or _Case(options, answers, known, settled)
            weighed = memo[place] = _weigh(option, case, provisional, is_open)
        found.append(weighed)
    return found


class _Case:
    """Answers tests for one case: True, False, or None while undecided."""

    def __init__(self, options: Options, answers: Answers, known: int, settled: int) -> None:
        self.options, self.answers, self.known, self.settled = options, answers, known, settled
        self.gates: dict[int, str] = {}
        """Gates whose state was asked for: many options share them."""

    @cached_property
    def waiting_for(self) -> dict[str, int]:
        return self.options.conditions.missing(self.answers)

    def all(self, tests: Tests) -> bool | None:
        return self.answers.state(self.options.places[id(tests)]) if tests else True

    def is_known_to_hold(self, tests: Tests) -> bool:
        """Whether tests hold of facts that somebody stated: "CY0 or CY1" holds of every cytology, done or not."""
        return self.all(tests) is True and all(self.known & self.options.asked[name] for name in tests)

    def open_facts(self, tests: Tests) -> list[str]:
        bit = 1 << self.options.places[id(tests)]
        return [name for name in tests if self.waiting_for.get(name, 0) & bit]

    def is_settled(self, name: str) -> bool:
        return bool(self.settled & self.options.asked[name])


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


def _weigh(option: Option, case: _Case, provisional: tuple[str, ...], is_open: bool) -> Weighed:
    by_type, waiting, typed = {}, [], False
    for kind in provisional:
        by_type[kind], facts, asked = _status(option, case, kind)
        waiting += facts
        typed = typed or asked
    if not provisional and not any(rule.types for rule in option.rules):
        by_type[""], waiting, _ = _status(option, case, "")
    statuses = set(by_type.values())
    turns_on_type = len(statuses) != 1
    status = statuses.pop() if len(statuses) == 1 else "undetermined"
    waits_for = [name for name in waiting if not case.is_settled(name)] if status == "undetermined" else []
    gates = []
    for gate in option.gates:
        state = case.gates.get(id(gate)) or case.gates.setdefault(id(gate), _gate_state(gate, case))
        if state == "open":
            continue
        gates.append((gate, state))
        if state == "waiting":
            continue
        changed = EFFECTS[gate.effect]
        if changed == "undetermined":
            waits_for += _opens(gate, case)
            changed = "undetermined" if status in ("recommended", "consider") else ""
        if changed and status != "contraindicated":
            status = changed
        if changed in FINAL:
            typed = False  # closed whatever the type
    wanted = [*waiting, *option.asks]
    for gate, state in gates:
        wanted += gate.facts if state == "waiting" else gate.closed_unless or ()
    missing = [name for name in dict.fromkeys(wanted) if not case.is_settled(name)]
    depends = provisional[0] if typed and len(provisional) == 1 and is_open else None
    return Weighed(
        option,
        status,
        by_type,
        depends,
        tuple(a for a in option.pro if _speaks(a, case, provisional)),
        tuple(a for a in option.con if _speaks(a, case, provisional)),
        tuple(gates),
        tuple(missing),
        tuple(dict.fromkeys(waits_for)) if status == "undetermined" else (),
        turns_on_type and status == "undetermined",
    )


def _opens(gate: Gate, case: _Case) -> list[str]:
    """The facts that would open a closed gate: those not settled, or all of them where what was stated closes it.

    None for a gate that only a stated fact closes: nothing is missing there.
    """
    names = list(gate.closed_unless or gate.open_if or ())
    return [name for name in names if not case.is_settled(name)] or names


def _speaks(argument: Argument, case: _Case, provisional: tuple[str, ...]) -> bool:
    if argument.types and not set(argument.types) & set(provisional):
        return False
    return case.all(argument.when) is True


def _gate_state(gate: Gate, case: _Case) -> str:
    """``open``, ``closed``, or ``waiting`` for a fact that would close it."""
    if gate.open_if is not None and case.is_known_to_hold(gate.open_if):
        return "open"
    if gate.closed_unless is not None:
        return "open" if case.is_known_to_hold(gate.closed_unless) else "closed"
    if gate.choices:
        answers = [case.all(tests) for tests in gate.choices]
        if True in answers:
            return "closed"
        is_idle = gate.effect == "note" or (gate.idle_if is not None and case.all(gate.idle_if) is True)
        return "open" if is_idle or None not in answers else "waiting"
    return "closed"
