"""What a case still needs before the meeting: the required items of its pathway, and how each of them stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .derive import with_derived
from .facts import Fact, Standing, Text, parse_facts
from .lesions import LIST_FIGURES, figures_from_list
from .pathway import Pathway, load_pathway
from .statements import Reconciled


@dataclass(frozen=True)
class Readiness:
    """One item that a case needs. ``state`` is ``known``, ``missing``, ``stale`` or ``disputed``."""

    id: str
    state: str
    owner: str
    facts: tuple[str, ...]
    labels: Text
    is_partly_known: bool = False
    is_assumable: bool = False
    can_change_type: bool = False

    @property
    def is_ready(self) -> bool:
        return self.state in ("known", "disputed")

    def label(self, language: str = "en") -> str:
        return self.labels(language)

    def as_dict(self) -> dict[str, Any]:
        return {
            "fact": self.id,
            "owner": self.owner,
            "state": self.state,
            "is_partly_known": self.is_partly_known,
            "is_assumable": self.is_assumable,
            "can_change_type": self.can_change_type,
        }


def readiness(
    facts: Mapping[str, Any] | Reconciled,
    pathway: Pathway | None = None,
    case_fields: Mapping[str, Any] | None = None,
    can_change: Iterable[str] = (),
) -> list[Readiness]:
    """What a case still needs before the meeting, item by item, in the order of the pathway.

    ``case_fields`` holds required fields of the case that are no facts (the question). ``can_change`` are the facts
    that can still change the type (``Outcome.missing``). A stale fact is not ready, nor one that is partly known; a
    disputed one is known, from more than one mouth.
    """
    pathway = pathway or load_pathway("gclm")
    is_reconciled = isinstance(facts, Reconciled)
    stale = set(facts.stale) if is_reconciled else set()
    disputed = {entry.fact for entry in facts.contradictions} if is_reconciled else set()
    stated = parse_facts(facts.facts if is_reconciled else facts, pathway.facts)
    shown = {**figures_from_list(stated), **with_derived(stated)}
    assumable = {assumption.fact for assumption in pathway.assumptions}
    can_change = set(can_change)
    items = []
    for item in pathway.required:
        if item.case_field:
            states = ["known" if str((case_fields or {}).get(item.id) or "").strip() else "missing"]
        else:
            states = [_fact_state(pathway.facts[name], shown, stale, disputed, stated) for name in item.facts]
        state = min(states, key=("known", "disputed", "stale", "partly_known", "missing").index)
        items.append(
            Readiness(
                id=item.id,
                state="missing" if state == "partly_known" else state,
                owner=item.owner,
                facts=item.facts,
                labels=item.labels,
                is_partly_known=state == "partly_known",
                is_assumable=any(name in assumable and name not in shown for name in item.facts),
                can_change_type=any(name in can_change for name in item.facts),
            )
        )
    return items


def _fact_state(
    fact: Fact, shown: Mapping[str, Standing], stale: set[str], disputed: set[str], stated: Mapping[str, Standing]
) -> str:
    standing = shown.get(fact.name)
    if standing is None or (standing.kind == "known" and standing.value in fact.unknown_values):
        return "missing"
    sources = {fact.name, *fact.derived_from}
    from_list = {"liver_lesions"} if fact.name in LIST_FIGURES and fact.name not in stated else set()
    if (sources | from_list) & stale:
        return "stale"
    if standing.kind not in ("known", "not_applicable"):
        return "partly_known"
    return "disputed" if sources & disputed else "known"
