"""Before and after treatment, kept apart.

The type is fixed at presentation; what is found at restaging never changes it. A case is therefore two sets of facts:
those at baseline, and those at restaging. Of the first, only what treatment cannot change still holds at the second
(``carries_over``): histology does, the number of lesions has to be stated again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .edition import Edition
from .pathway import Pathway

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Phases:
    """The facts of a case as JSON data: at baseline, now, and whether the two differ."""

    baseline: Facts
    now: Facts
    has_baseline: bool
    has_restaging: bool

    def for_edition(self, edition: Edition) -> Facts:
        """What an edition is asked: baseline, with the course of treatment where it follows the course."""
        if edition.phase == "baseline" or not self.has_restaging:
            return self.baseline
        course = {name: self.now[name] for name in edition.from_restaging if name in self.now}
        kept = {name: value for name, value in self.baseline.items() if name not in edition.from_restaging}
        return {**kept, **course}


def split(facts: Facts, restaging: Facts | None, pathway: Pathway) -> Phases:
    """Baseline and restaging of a case.

    Without ``restaging``, facts that say of themselves that they were recorded after treatment began are those of
    restaging, and nothing is known of baseline but what carries over.
    """
    marker = pathway.baseline_fact
    if restaging is None and facts.get(marker) is not False:
        return Phases(facts, facts, True, False)
    carried = {
        name: value for name, value in facts.items() if name in pathway.facts and pathway.facts[name].carries_over
    }
    if restaging is None:
        return Phases(carried, facts, False, True)
    return Phases({marker: True, **facts}, {**carried, marker: False, **restaging}, True, True)
