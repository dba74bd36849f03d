"""The one door from cases to the rulebook: facts of a case in, reasoned columns of a proposal out.

No other module of the web side calls classify(); pages ask here only for words (labels, descriptions).
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from cases.models import Case, Proposal
from classification import (
    Assumption,
    Pathway,
    Reconciled,
    Statement,
    classify,
    load_pathway,
    load_rulebook,
    parse_facts,
    readiness,
    reconcile,
)
from classification import (
    describe as describe_fact,
)

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@lru_cache
def pathway_of(pathway: str) -> Pathway:
    """The pathway's vocabulary, assumptions, readiness and quorum; read once per process."""
    return load_pathway(pathway)


@lru_cache
def rulebook_of(pathway: str):
    """The pathway's rule files, compiled once per process."""
    return load_rulebook(pathway=pathway)


def check_facts(pathway: str, facts: dict[str, Any]) -> None:
    """Raise classification.FactError where a fact is unknown to the pathway, has a wrong value, or lies in the future."""
    parse_facts(facts, pathway_of(pathway).facts, today=timezone.localdate())


def assumption_of(pathway: str, fact: str) -> Assumption | None:
    """What the pathway assumes where nobody mentioned this fact."""
    return next((entry for entry in pathway_of(pathway).assumptions if entry.fact == fact), None)


def owners_of(pathway: str, fact: str) -> tuple[str, ...]:
    """Disciplines that know the fact, the one that is asked first."""
    return pathway_of(pathway).facts[fact].owners


def asked_disciplines(pathway: str) -> tuple[str, ...]:
    """The disciplines that have a form in this pathway, in its order."""
    return tuple(pathway_of(pathway).ask)


def quorum_of(pathway: str) -> tuple[str, ...]:
    """Disciplines that must be present for a decision."""
    return pathway_of(pathway).quorum


def fact_label(pathway: str, fact: str, language: str) -> str:
    return pathway_of(pathway).facts[fact].label(language)


@lru_cache(maxsize=1024)
def item_label(pathway: str, item: str, language: str) -> str:
    """Label of a required item: a fact, one of several facts, or a field of the referral."""
    return next(entry.label(language) for entry in pathway_of(pathway).required if entry.id == item)


@lru_cache(maxsize=1024)
def item_owners(pathway: str, item: str) -> tuple[str, ...]:
    """Disciplines that can supply a required item, the one that is asked first."""
    required = next(entry for entry in pathway_of(pathway).required if entry.id == item)
    known = [owner for fact in required.facts for owner in owners_of(pathway, fact)]
    return tuple(dict.fromkeys([required.owner, *known]))


def describe(pathway: str, fact: str, value: Any, language: str) -> str:
    """A stored value in words: "T4a or T4b", "2 to 4", "does not apply", "looked for, none"."""
    return describe_fact(pathway_of(pathway).facts[fact], value, language)


@dataclass(frozen=True)
class Reasoning:
    """Everything a proposal stores, before it is stored."""

    facts: dict
    statements: dict
    contradictions: list
    readiness: list
    outcome: dict
    system: str
    edition: str
    edition_status: str
    digest: str
    types_possible: str
    types_provisional: str

    def as_columns(self) -> dict[str, Any]:
        return dict(vars(self))

    def is_same_as(self, proposal: Proposal) -> bool:
        """Whether a proposal already says exactly this: then a new one would add nothing."""
        return all(getattr(proposal, name) == value for name, value in self.as_columns().items())


def _statements(case: Case) -> list[Statement]:
    """Every fact of every current finding, each with its source, oldest first."""
    return [
        Statement(
            fact=fact,
            value=value,
            discipline=finding.discipline,
            on=finding.examined_on,
            by=str(finding.recorded_by),
            recorded_at=finding.recorded_at.isoformat(),
            source=finding.pk,
        )
        for finding in case.findings.current().select_related("recorded_by").order_by("id")
        for fact, value in finding.facts.items()
    ]


def reason_over(case: Case, *, on: date) -> Reasoning:
    """Reconcile what was stated, ask the rulebook on the day `on`, and check readiness."""
    pathway = pathway_of(case.pathway)
    reconciled = reconcile(_statements(case), pathway, on=on)
    outcome = classify(reconciled.facts, rulebook=rulebook_of(case.pathway), pathway=case.pathway, on=on)
    answers = {language: outcome.as_dict(language) for language in LANGUAGES}
    system_id, system = next(iter(answers["en"]["systems"].items()))
    return Reasoning(
        facts=reconciled.facts,
        statements=reconciled.as_dict(),
        contradictions=_contradictions(reconciled),
        readiness=[item.as_dict() for item in readiness(reconciled, pathway, {"question": case.question})],
        outcome=answers,
        system=system_id,
        edition=system["edition"],
        edition_status=system["status"],
        digest=system["digest"],
        types_possible=" ".join(system["possible"]),
        types_provisional=" ".join(system["provisional"]["possible"]),
    )


def _contradictions(reconciled: Reconciled) -> list[dict]:
    return [entry.as_dict() for entry in reconciled.contradictions]
