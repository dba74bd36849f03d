"""From many dated, authored statements to one set of facts; nothing that anyone said is dropped silently.

Two statements contradict each other when no value fits both. The prevailing one is chosen by the pathway: the
owner discipline first, then the latest examination; for the largest diameter, the larger. A more exact
statement that agrees with the prevailing one takes its place. Of a list of lesions the prevailing one stays, with the
details that it leaves open and all others who state them agree on (``same_lesions``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from .facts import Fact, Standing, facts_to_json, parse_facts
from .partition import possible_sets
from .pathway import Pathway, load_pathway
from .same_lesions import completed, fit

REASONS = {
    "owner": ("from the discipline that is asked for it", "来自负责科室"),
    "latest": ("from the latest examination", "来自最近一次检查"),
    "larger": ("the larger counts", "取较大值"),
    "exact": ("more exact, and in agreement", "更精确且一致"),
    "open": ("it leaves open what others state differently; nothing is added", "其未说明之处，他人说法不一，故不补充"),
    "only": ("the only statement", "唯一陈述"),
}


@dataclass(frozen=True)
class Statement:
    """One fact as one person stated it.

    ``value`` is JSON data, ``on`` the day of the examination, ``recorded_at`` an ISO timestamp, and ``source`` names
    the finding or report that it stands in.
    """

    fact: str
    value: Any
    discipline: str = ""
    on: dt.date | None = None
    by: str = ""
    recorded_at: str = ""
    source: Any = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "discipline": self.discipline,
            "on": self.on.isoformat() if self.on else None,
            "by": self.by,
            "recorded_at": self.recorded_at,
            "source": self.source,
        }


@dataclass(frozen=True)
class Contradiction:
    """Statements about one fact that exclude one another, the prevailing one, and why it prevails."""

    fact: str
    statements: tuple[Statement, ...]
    prevails: Statement
    reason: str

    def why(self, language: str = "en") -> str:
        return REASONS[self.reason][language != "en"]

    def as_dict(self) -> dict[str, Any]:
        """``sides`` in order of strength, each with ``holds``; ``reason``: owner, latest, larger, exact or open."""
        return {
            "fact": self.fact,
            "reason": self.reason,
            "sides": [{**each.as_dict(), "holds": each is self.prevails} for each in self.statements],
        }


@dataclass(frozen=True)
class Reconciled:
    """One facts object with every statement behind it, contradictions, and ages of stale facts in days."""

    facts: dict[str, Any]
    sources: dict[str, Statement]
    statements: dict[str, tuple[Statement, ...]]
    contradictions: tuple[Contradiction, ...]
    stale: dict[str, int]
    next_stale_on: dt.date | None
    """The first day on which a fact that is fresh now will be stale."""
    adds: tuple[tuple[Statement, tuple[str, ...]], ...] = ()
    """Statements that do not prevail and whose details of a lesion hold, since the prevailing one leaves them open."""

    def as_dict(self) -> dict[str, list[dict[str, Any]]]:
        """For each fact all statements about it, the strongest first; ``holds`` marks the one that counts, ``adds``
        names the details that hold although another one counts."""
        return {name: [self._entry(name, each) for each in said] for name, said in self.statements.items()}

    def _entry(self, name: str, statement: Statement) -> dict[str, Any]:
        adds = next((list(names) for each, names in self.adds if each is statement), [])
        entry = {**statement.as_dict(), "holds": statement is self.sources.get(name)}
        return {**entry, "adds": adds} if adds else entry


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
        return [(standing.low, standing.high)] if standing.kind == "range" else [(value, value) for value in values]
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
    if fact.type == "lesions" and one.kind == other.kind == "known":
        return fit(one, other)
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
            own = fact.owners.index(statement.discipline) if statement.discipline in fact.owners else len(fact.owners)
            rank.append(own)
        else:
            rank.append(-(statement.on.toordinal() if statement.on else 0))
    return tuple(rank)


def _ranked(fact: Fact, pathway: Pathway, said: list[tuple[Statement, Standing]]) -> list:
    """The strongest statement first; of two equals the one recorded later."""
    newest = sorted(said, key=lambda pair: pair[0].recorded_at, reverse=True)
    return sorted(newest, key=lambda pair: _order(fact, pathway, pair[0]))


def _largest(standing: Standing) -> float:
    if standing.kind == "known":
        return standing.value
    if standing.kind == "one_of":
        return max(standing.values)
    return standing.low if standing.kind == "range" and standing.low is not None else -1


def _prevailing(fact: Fact, pathway: Pathway, said: list[tuple[Statement, Standing]]) -> tuple:
    ranked = _ranked(fact, pathway, said)
    if len(ranked) == 1:
        return *ranked[0], "only"
    clash = any(not agree(fact, a, b) for _, a in ranked for _, b in ranked)
    if fact.prevails == "larger" and clash:
        statement, standing = max(ranked, key=lambda pair: _largest(pair[1]))
        return statement, standing, "larger"
    statement, standing = ranked[0]
    first, second = (_order(fact, pathway, pair[0]) for pair in ranked[:2])
    at = next((n for n, (a, b) in enumerate(zip(first, second, strict=True)) if a != b), len(pathway.prevails))
    reason = pathway.prevails[at] if at < len(pathway.prevails) else "latest"
    for other, better in ranked[1:]:
        if is_more_exact(fact, better, standing):
            statement, standing, reason = other, better, "exact"
    return statement, standing, reason


def _day_of(fact: Fact, standing: Standing, statement: Statement) -> dt.date | None:
    """The day from which a fact ages: that of the examination; for a date, the day that it names."""
    return standing.value if fact.type == "date" and standing.kind == "known" else statement.on


def reconcile(statements: Iterable[Statement], pathway: Pathway | None = None, on: dt.date | None = None) -> Reconciled:
    """One facts object from all current statements. Raises ``FactError`` for a value that is not allowed.

    ``on`` is the day for which ages are counted; without it nothing is stale. Statements that a correction replaced
    must be left out.
    """
    pathway = pathway or load_pathway("gclm")
    said: dict[str, list[tuple[Statement, Standing]]] = {}
    for statement in statements:
        read = parse_facts({statement.fact: statement.value}, pathway.facts)
        for name, standing in read.items():
            said.setdefault(name, []).append((statement, standing))
    chosen: dict[str, Standing] = {}
    sources: dict[str, Statement] = {}
    every: dict[str, tuple[Statement, ...]] = {}
    contradictions, adds = [], []
    for name in [name for name in pathway.facts if name in said]:
        fact, own = pathway.facts[name], said[name]
        every[name] = tuple(pair[0] for pair in _ranked(fact, pathway, own))
        if name == "liver_lesions_complete" and "liver_lesions" in sources:
            own = [pair for pair in own if pair[0].source == sources["liver_lesions"].source]
            if not own:
                continue  # said of another list than the one that counts
        statement, standing, reason = _prevailing(fact, pathway, own)
        if any(not agree(fact, standing, other) for _, other in own):
            contradictions.append(Contradiction(name, every[name], statement, reason))
        elif fact.type == "lesions" and any(not agree(fact, a, b) for (_, a), (_, b) in combinations(own, 2)):
            contradictions.append(Contradiction(name, every[name], statement, "open"))
        if fact.type == "lesions" and standing.kind == "known":
            others = [pair for pair in _ranked(fact, pathway, own) if pair[0] is not statement]
            limit = pathway.age_limits.get(name)
            standing, added = _with_details(fact, standing, others, limit, on or statement.on)
            adds += added
        chosen[name], sources[name] = standing, statement
    stale, next_stale_on = _ages(pathway, chosen, sources, on, adds)
    return Reconciled(facts_to_json(chosen), sources, every, tuple(contradictions), stale, next_stale_on, tuple(adds))


def _with_details(
    fact: Fact, standing: Standing, others: list[tuple[Statement, Standing]], limit: int | None, day: dt.date | None
) -> tuple[Standing, list[tuple[Statement, tuple[str, ...]]]]:
    """A list of lesions with what only others state of them, the strongest first, and whose details these are.

    None of them may be older than ``limit`` days on ``day``: that for which ages are counted, else that of the list.
    """
    lists = [(statement, other) for statement, other in others if other.kind == "known"]
    whole, added = completed(
        standing,
        [
            (other, agree(fact, standing, other) and not _is_older(statement.on, limit, day))
            for statement, other in lists
        ],
    )
    return whole, [(statement, names) for (statement, _), names in zip(lists, added, strict=True) if names]


def _is_older(one: dt.date | None, limit: int | None, day: dt.date | None) -> bool:
    return None not in (one, limit, day) and (day - one).days > limit


def _ages(
    pathway: Pathway,
    chosen: Mapping[str, Standing],
    sources: Mapping[str, Statement],
    on: dt.date | None,
    adds: Iterable[tuple[Statement, tuple[str, ...]]],
) -> tuple[dict[str, int], dt.date | None]:
    """The ages of stale facts in days, and the first day on which a fact, or a detail of one, turns stale."""
    stale: dict[str, int] = {}
    limits = pathway.age_limits
    dated = [(each.on, limits[each.fact]) for each, _ in adds if on and each.on and each.fact in limits]
    ahead = [day + dt.timedelta(days=limit + 1) for day, limit in dated]
    for name, standing in chosen.items():
        fact = pathway.facts[name]
        day = _day_of(fact, standing, sources[name])
        limit = pathway.age_limits.get(name)
        if on is None or day is None or limit is None:
            continue
        age = (on - day).days
        if age > limit:
            stale[name] = age
        else:
            ahead.append(day + dt.timedelta(days=limit + 1))
    return stale, min(ahead, default=None)
