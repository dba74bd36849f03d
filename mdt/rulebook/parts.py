"""Options, arguments, gates and assumptions of a pathway as tables. Arguments and gates are compared with the paper."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from classification.condition_words import Condition
from classification.facts import Fact
from classification.options import Argument, Gate, Option
from classification.rulebook import PathwayRules
from mdt.people.disciplines import Discipline
from mdt.rulebook.library import GATE, PartFile
from mdt.rulebook.models import Judgement
from mdt.rulebook.wording import (
    EFFECTS,
    EVIDENCE,
    OPTION_KINDS,
    OPTION_STATUSES,
    ShownRule,
    cited,
    language,
    said,
    sentence,
    stated,
    worded,
)

NONE: Mapping[str, Judgement] = MappingProxyType({})


@dataclass(frozen=True)
class Status:
    """One line of an option: its status where these categories are reached and these conditions hold."""

    word: str
    categories: tuple[str, ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class ShownOption:
    """A treatment option with all that may be said for and against it."""

    id: str
    label: str
    note: str
    kind: str
    needs: str
    statuses: tuple[Status, ...]
    pro: tuple[ShownRule, ...]
    con: tuple[ShownRule, ...]
    gates: tuple[tuple[str, str], ...]  # each its name in the file and its sentence
    asks: str


@dataclass(frozen=True)
class ShownGate:
    """A gate: what closes it, what opens it, and what it then does to an option."""

    rule: ShownRule
    effect: str
    is_default: bool
    lines: tuple[tuple[str, tuple[Condition, ...]], ...] = field(default=())

    def as_row(self) -> ShownRule:
        """The gate as a rule among others, with what closes and opens it as conditions."""
        closing = [Condition("", word, _("; ").join(f"{each.label} {each.words}" for each in said_so) or _("always"))
                   for word, said_so in self.lines]  # fmt: skip
        return replace(self.rule, conditions=tuple(closing))


Judgements = Mapping[str, Judgement]


def shown_argument(argument: Argument, facts: Mapping[str, Fact], judgements: Judgements = NONE) -> ShownRule:
    """An argument as a row; its answer is the kind of evidence."""
    conditions = stated(argument.when, facts)
    if argument.types:
        conditions = (Condition("", _("Category"), _(", ").join(argument.types)), *conditions)
    return ShownRule(
        argument.id,
        conditions,
        (),
        (),
        worded(EVIDENCE, argument.kind),
        sentence(argument.texts, facts),
        cited(argument.citation),
        judgements.get(argument.id),
    )


def _once(rows: Iterable[Any]) -> list[Any]:
    return list({row.id: row for row in rows}.values())


def arguments_of(rules: PathwayRules, judgements: Judgements = NONE) -> list[ShownRule]:
    """Every argument that some option uses, each once."""
    used = _once(argument for option in rules.options for argument in (*option.pro, *option.con))
    return [shown_argument(argument, rules.pathway.facts, judgements) for argument in used]


def _gate_lines(gate: Gate, facts: Mapping[str, Fact]) -> Iterator[tuple[str, tuple[Condition, ...]]]:
    if gate.closed_unless is not None:
        yield _("closed unless"), stated(gate.closed_unless, facts)
    if gate.closed_if is not None:
        yield _("closed if"), stated(gate.closed_if, facts)
    for choice in gate.closed_if_any:
        yield _("closed also if"), stated(choice, facts)
    if gate.open_if is not None:
        yield _("open if"), stated(gate.open_if, facts)
    if gate.idle_if:
        yield _("waits for nothing if"), stated(gate.idle_if, facts)


def gates_of(rules: PathwayRules, judgements: Judgements = NONE) -> list[ShownGate]:
    """Every gate that some option has, each once."""
    facts = rules.pathway.facts
    gates = _once(gate for option in rules.options for gate in option.gates)
    return [_shown_gate(gate, facts, judgements) for gate in gates]


def _shown_gate(gate: Gate, facts: Mapping[str, Fact], judgements: Judgements) -> ShownGate:
    effect = worded(EFFECTS, gate.effect)
    judgement = judgements.get(f"{GATE}{gate.id}")
    rule = ShownRule(gate.id, (), (), (), effect, sentence(gate.texts, facts), cited(gate.citation), judgement)
    return ShownGate(rule, effect, gate.is_default_cutoff, tuple(_gate_lines(gate, facts)))


def shown_rules(part: PartFile, facts: Mapping[str, Fact], judgements: Judgements) -> Iterator[ShownRule]:
    """Arguments and gates of a file as they are compared with the paper: a gate with what closes it as conditions."""
    for argument in part.arguments:
        yield shown_argument(argument, facts, judgements)
    for gate in part.gates:
        yield replace(_shown_gate(gate, facts, judgements).as_row(), id=f"{GATE}{gate.id}")


def options_of(rules: PathwayRules) -> list[ShownOption]:
    """The catalogue of options."""
    facts = rules.pathway.facts
    return [_option(option, facts) for option in rules.options]


def _option(option: Option, facts: Mapping[str, Fact]) -> ShownOption:
    join = _(", ").join
    disciplines = dict(Discipline.choices)
    return ShownOption(
        id=option.id,
        label=said(option.labels),
        note=said(option.note),
        kind=worded(OPTION_KINDS, option.kind),
        needs=join(str(disciplines.get(code, code)) for code in option.needs),
        statuses=tuple(
            Status(worded(OPTION_STATUSES, rule.status), tuple(rule.types), stated(rule.when, facts))
            for rule in option.rules
        ),
        pro=tuple(shown_argument(argument, facts) for argument in option.pro),
        con=tuple(shown_argument(argument, facts) for argument in option.con),
        gates=tuple((gate.id, sentence(gate.texts, facts)) for gate in option.gates),
        asks=join(facts[name].label(language()) for name in option.asks),
    )


@dataclass(frozen=True)
class ShownAssumption:
    """What the pathway takes for granted where nobody said anything, and under which condition."""

    fact: str
    text: str
    conditions: tuple[Condition, ...]


def assumptions_of(rules: PathwayRules, only: Iterable[str] | None = None) -> list[ShownAssumption]:
    """The assumptions of a pathway, or those about some facts."""
    wanted = None if only is None else set(only)
    facts = rules.pathway.facts
    return [
        ShownAssumption(facts[each.fact].label(language()), said(each.texts), stated(each.when, facts))
        for each in rules.pathway.assumptions
        if wanted is None or each.fact in wanted
    ]
