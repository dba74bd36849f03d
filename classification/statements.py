"""From many dated, authored statements to one set of facts; nothing that anyone said is dropped silently.

Two statements contradict each other when no value fits both. The prevailing one is chosen by the pathway: the
owner discipline first, then the latest examination; for the largest diameter, the larger. A more exact
statement that agrees with the prevailing one takes its place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .derive import with_derived
from .facts import Fact, Standing, facts_to_json, parse_facts
from .lesions import figures_from_list
from .partition import possible_sets
from .pathway import Pathway, load_pathway

REASONS = {
    "owner": ("from the discipline that is asked for it", "来自负责科室"),
    "latest": ("from the latest examination", "来自最近一次检查"),
    "larger": ("the larger counts", "取较大值"),
    "exact": ("more exact, and in agreement", "更精确且一致"),
    "only": ("the only statement", "唯一陈述"),
}


@dataclass(frozen=True)
class Statement:
    """One fact as one person stated it. ``value`` is JSON data; ``finding`` names what it was stated in."""

    fact: str
    value: Any
    discipline: str = ""
    author: str = ""
    examined_on: dt.date | None = None
    stated_on: dt.date | None = None
    source: str = ""
    finding: Any = None

    @property
    def dated(self) -> dt.date | None:
        """Day of the examination; the day of the statement if no examination is named."""
        return self.examined_on or self.stated_on


@dataclass(frozen=True)
class Contradiction:
    """Statements about one fact that exclude one another, the prevailing one, and why it prevails."""

    fact: str
    statements: tuple[Statement, ...]
    prevails: Statement
    reason: str

    def why(self, language: str = "en") -> str:
        return REASONS[self.reason][language != "en"]


@dataclass(frozen=True)
class Reconciled:
    """One facts object with the statement behind each fact, contradictions, and ages of stale facts in
    days.
    """

    facts: dict[str, Any]
    sources: dict[str, Statement]
    contradictions: tuple[Contradiction, ...]
    stale: dict[str, int]


def _meaning(fact: Fact, standing: Standing) -> Any:
    """What a standing allows: a set of values, or a list of intervals for numbers and dates."""
    if standing.kind == "not_applicable":
        return frozenset(["not applicable"])
    values = standing.values if standing.kind == "one_of" else (standing.value,)
    if fact.type == "choice":
        return frozenset(exact for value in values for exact in fact.exact(value))
    if fact.type in ("set", "sites"):
        return frozenset(chosen for value in values for chosen in possible_sets(fact, value))
    if fact.type in ("integer", "number", "date"):
        return (
            [(standing.low, standing.high)]
            if standing.kind == "range"
            else [(value, value) for value in values]
        )
    return frozenset(values)


def _overlap(one: tuple, other: tuple) -> bool:
    return (one[0] is None or other[1] is None or one[0] <= other[1]) and (
        other[0] is None or one[1] is None or other[0] <= one[1]
    )


def _inside(inner: tuple, outer: tuple) -> bool:
    low = outer[0] is None or (inner[0] is not None and inner[0] >= outer[0])
    return low and (outer[1] is None or (inner[1] is not None and inner[1] <= outer[1]))


def agree(fact: Fact, one: Standing, other: Standing) -> bool:
    """Whether some value fits both statements. Free texts never contradict each other."""
    if fact.type == "text" or one == other:
        return True
    first, second = _meaning(fact, one), _meaning(fact, other)
    if isinstance(first, list) and isinstance(second, list):
        return any(_overlap(a, b) for a in first for b in second)
    return bool(set(first) & set(second))


def is_more_exact(fact: Fact, one: Standing, other: Standing) -> bool:
    """Whether everything that ``one`` allows is allowed by ``other``, and not the other way round."""
    if fact.type in ("text", "lesions") or one == other:
        return False
    first, second = _meaning(fact, one), _meaning(fact, other)
    if isinstance(first, list) and isinstance(second, list):
        inside = all(any(_inside(a, b) for b in second) for a in first)
        return inside and not all(any(_inside(b, a) for a in first) for b in second)
    return set(first) < set(second)


def _order(fact: Fact, pathway: Pathway, statement: Statement) -> tuple:
    """The smaller, the stronger."""
    rank = []
    for rule in pathway.prevails:
        if rule == "owner":
            own = (
                fact.owners.index(statement.discipline)
                if statement.discipline in fact.owners
                else len(fact.owners)
            )
            rank.append(own)
        else:
            rank.append(-(statement.dated.toordinal() if statement.dated else 0))
    return (*rank, -(statement.stated_on.toordinal() if statement.stated_on else 0))


def _largest(standing: Standing) -> float:
    if standing.kind == "known":
        return standing.value
    if standing.kind == "one_of":
        return max(standing.values)
    return standing.low if standing.kind == "range" and standing.low is not None else -1


def _prevailing(fact: Fact, pathway: Pathway, said: list[tuple[Statement, Standing]]) -> tuple:
    ranked = sorted(said, key=lambda pair: _order(fact, pathway, pair[0]))
    if len(ranked) == 1:
        return *ranked[0], "only"
    clash = any(not agree(fact, a, b) for _, a in ranked for _, b in ranked)
    if fact.prevails == "larger" and clash:
        statement, standing = max(ranked, key=lambda pair: _largest(pair[1]))
        return statement, standing, "larger"
    statement, standing = ranked[0]
    first, second = (_order(fact, pathway, pair[0]) for pair in ranked[:2])
    at = next(
        (n for n, (a, b) in enumerate(zip(first, second, strict=True)) if a != b), len(pathway.prevails)
    )
    reason = pathway.prevails[at] if at < len(pathway.prevails) else "latest"
    for other, better in ranked[1:]:
        if is_more_exact(fact, better, standing):
            statement, standing, reason = other, better, "exact"
    return statement, standing, reason


def age_in_days(fact: Fact, standing: Standing, statement: Statement | None, on: dt.date) -> int | None:
    """How old a statement is on a day; a date fact is as old as the day that it names."""
    day = statement.dated if statement else None
    if fact.type == "date" and standing.kind == "known":
        day = standing.value
    return None if day is None else (on - day).days


def reconcile(
    statements: Iterable[Statement], on: dt.date | None = None, pathway: Pathway | None = None
) -> Reconciled:
    """One facts object from all current statements. Raises ``FactError`` for a value that is not allowed.

    ``on`` is the day for which ages are counted; without it nothing is stale. Statements must be given
    without those that a later correction replaced.
    """
    pathway = pathway or load_pathway("gclm")
    said: dict[str, list[tuple[Statement, Standing]]] = {}
    for statement in statements:
        read = parse_facts({statement.fact: statement.value}, pathway.facts)
        for name, standing in read.items():
            said.setdefault(name, []).append((statement, standing))
    chosen: dict[str, Standing] = {}
    sources: dict[str, Statement] = {}
    contradictions = []
    for name in sorted(said, key=list(pathway.facts).index):
        fact, own = pathway.facts[name], said[name]
        if name == "liver_lesions_complete" and "liver_lesions" in sources:
            own = [pair for pair in own if pair[0].finding == sources["liver_lesions"].finding]
            if not own:
                continue
        statement, standing, reason = _prevailing(fact, pathway, own)
        chosen[name], sources[name] = standing, statement
        if any(not agree(fact, standing, other) for _, other in own):
            kept = tuple(pair[0] for pair in sorted(own, key=lambda pair: _order(fact, pathway, pair[0])))
            contradictions.append(Contradiction(name, kept, statement, reason))
    stale = {}
    for name, standing in chosen.items():
        fact = pathway.facts[name]
        age = age_in_days(fact, standing, sources[name], on) if on and fact.max_age_days is not None else None
        if age is not None and age > fact.max_age_days:
            stale[name] = age
    return Reconciled(facts_to_json(chosen), sources, tuple(contradictions), stale)


@dataclass(frozen=True)
class Readiness:
    """One item that a case needs: ``known``, ``partly_known``, ``stale``, ``assumable`` or ``missing``."""

    id: str
    state: str
    owner: str
    facts: tuple[str, ...]
    can_change_type: bool
    labels: Any

    @property
    def is_ready(self) -> bool:
        return self.state == "known"

    def label(self, language: str = "en") -> str:
        return self.labels(language)


def readiness(
    facts: Mapping[str, Any] | Reconciled,
    pathway: Pathway | None = None,
    case_fields: Mapping[str, Any] | None = None,
    can_change: Iterable[str] = (),
) -> list[Readiness]:
    """What a case still needs before the meeting, item by item, in the order of the pathway.

    ``case_fields`` holds required fields of the case that are no facts (the question). ``can_change`` are the
    facts that can still change the type (``Outcome.missing``). Stale facts and partly known ones are not
    ready.
    """
    pathway = pathway or load_pathway("gclm")
    stale: Mapping[str, int] = facts.stale if isinstance(facts, Reconciled) else {}
    stated = parse_facts(facts.facts if isinstance(facts, Reconciled) else facts, pathway.facts)
    shown = {**figures_from_list(stated), **with_derived(stated)}
    assumable = {assumption.fact for assumption in pathway.assumptions}
    can_change = set(can_change)
    items = []
    for item in pathway.required:
        if item.case_field:
            state = "known" if str((case_fields or {}).get(item.id) or "").strip() else "missing"
        else:
            states = [_fact_state(pathway.facts[name], shown, stale, assumable) for name in item.facts]
            state = min(states, key=("known", "partly_known", "stale", "assumable", "missing").index)
        movable = any(name in can_change for name in item.facts)
        items.append(Readiness(item.id, state, item.owner, item.facts, movable, item.labels))
    return items


def _fact_state(
    fact: Fact, shown: Mapping[str, Standing], stale: Mapping[str, int], assumable: set[str]
) -> str:
    standing = shown.get(fact.name)
    if standing is None or (standing.kind == "known" and standing.value in fact.unknown_values):
        return "assumable" if fact.name in assumable and standing is None else "missing"
    if any(name in stale for name in (fact.name, *fact.derived_from)):
        return "stale"
    return "known" if standing.kind in ("known", "not_applicable") else "partly_known"
