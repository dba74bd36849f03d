"""One scheme for many cases, one after another: the shortest way from facts to a decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from .decision import Decision, decide
from .engine import SchemeResult, evaluate
from .reader import Reader
from .rulebook import PathwayRules


class Decider:
    """Answers one scheme of a pathway. Only the facts that it asks about are read and checked.

    Raises ``KeyError`` if the rules have no such scheme in force on that day.
    """

    def __init__(self, rules: PathwayRules, scheme: str, on: dt.date | None = None) -> None:
        chosen = rules.in_force(scheme, on) if scheme in rules.schemes else None
        if chosen is None:
            raise KeyError(f"no edition of {scheme!r} is in force; known: {', '.join(rules.schemes)}")
        self._reader = Reader(rules.pathway, [chosen])
        self.scheme = self._reader.schemes[0]

    def decide(self, facts: Mapping[str, Any]) -> Decision:
        """What is possible, provisional and missing, and which rows may speak, as bits.

        Raises ``FactError`` for a value that is not allowed.
        """
        keys, liver = self._reader.read_own(facts)
        return decide(self.scheme, keys, liver)

    def explain(self, facts: Mapping[str, Any]) -> SchemeResult:
        """Everything behind a decision: rows that spoke, assumptions, what each missing fact would decide."""
        keys, liver = self._reader.read_own(facts)
        return evaluate(self.scheme, keys, liver)

    def categories(self, bits: int) -> tuple[str, ...]:
        """The categories of ``Decision.possible`` or ``.provisional``."""
        return self.scheme.categories_of[bits]

    def missing(self, decision: Decision) -> tuple[str, ...]:
        """The facts of ``Decision.missing``."""
        return self.scheme.facts_of[decision.missing]

    def states(self, decision: Decision) -> dict[str, bool | None]:
        """For every row by its id: whether it speaks; None while that is not decided."""
        found: dict[str, bool | None] = {}
        for component, first in zip(self.scheme.edition.components, self.scheme.row_places, strict=True):
            bits = decision.rows >> first & (1 << len(component.rules)) - 1
            for at, rule in enumerate(component.rules):
                may_speak = bool(bits >> at & 1)
                found[rule.id] = None if may_speak and bits & (bits - 1) else may_speak
        return found
