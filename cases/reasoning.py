"""The one door from cases to the rulebook: facts of a case in, reasoned columns of a proposal out.

No other module of the web side calls classify(); pages ask here only for words (labels, descriptions).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cases.alternatives import either
from cases.models import Case, Finding, Proposal
from cases.phases import Phases, phases_of
from classification import (
    Contradiction,
    FactError,
    Outcome,
    Pathway,
    Reconciled,
    Statement,
    classify,
    load_pathway,
    load_rulebook,
    parse_facts,
    readiness,
)
from classification import describe as describe_fact
from classification.facts import Text
from classification.pathway import Assumption
from classification.quorum import QuorumRules
from mdt.rulebook.standing import signed_parts, with_signed_statuses

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@lru_cache
def pathway_of(pathway: str) -> Pathway:
    """The pathway's vocabulary, assumptions, readiness and quorum; read once per process."""
    return load_pathway(pathway)


def pathways_in_use() -> tuple[str, ...]:
    """The pathways to which new cases are referred, the first one where a program names none.

    Raises ImproperlyConfigured for a name in settings.PATHWAYS that is not installed.
    """
    installed = tuple(load_rulebook().pathways)
    unknown = [name for name in settings.PATHWAYS if name not in installed]
    if unknown:
        raise ImproperlyConfigured(f"MDT_PATHWAYS names {', '.join(unknown)}; installed are {', '.join(installed)}.")
    return tuple(settings.PATHWAYS) or installed


def pathway_label(pathway: str, language: str) -> str:
    return pathway_of(pathway).label(language)


@lru_cache
def category_labels(pathway: str) -> dict[str, Text]:
    """The categories of the leading scheme over all its editions, in their order, each with its label."""
    rules = load_rulebook()[pathway]
    leading = [edition for edition in rules.editions if edition.scheme == rules.schemes[0]]
    newest_first = sorted(leading, key=lambda edition: edition.valid_from, reverse=True)
    labels: dict[str, Text] = {}
    for edition in newest_first:
        for category in edition.categories:
            labels.setdefault(category.id, category.labels)
    return labels


def categories_of(pathway: str) -> tuple[str, ...]:
    """Every category that a case of this pathway can have, the best first."""
    return tuple(category_labels(pathway))


@lru_cache(maxsize=256)
def category_text(pathway: str, category: str, language: str) -> str:
    """What a category means, in the words of its newest edition: "resectable"; "" for one that no edition has."""
    rules = load_rulebook()[pathway]
    leading = [edition for edition in rules.editions if edition.scheme == rules.schemes[0]]
    for edition in sorted(leading, key=lambda edition: edition.valid_from, reverse=True):
        for entry in edition.categories:
            if entry.id == category:
                return entry.texts(language)
    return ""


def category_label(pathway: str, category: str, language: str) -> str:
    """A category as its scheme names it: "Type II", "Stage A"; "" for one that the scheme does not have."""
    label = category_labels(pathway).get(category)
    return label(language) if label else ""


def edition_label(pathway: str, scheme: str, edition: str, language: str) -> str:
    """An edition as its file names it: "C-GCLM 2019"; its codes for one that is not installed any more."""
    for each in load_rulebook()[pathway].editions:
        if (each.scheme, each.edition) == (scheme, edition):
            return each.labels(language)
    return f"{scheme} {edition}"


def has_fact(pathway: str, fact: str) -> bool:
    return fact in pathway_of(pathway).facts


def absent_text(pathway: str, language: str) -> str:
    """What to say where the facts say that the patient does not have this disease; "" for the pages' own words."""
    text = pathway_of(pathway).showing.absent
    return text(language) if text else ""


def course_dates(pathway: str, language: str) -> list[tuple[str, str]]:
    """Date facts of the timeline, each with its few words."""
    return [(date.fact, date.label(language)) for date in pathway_of(pathway).showing.course]


@lru_cache
def counted_lesion(pathway: str, language: str) -> str:
    """What a lesion that counts is called where that is not a metastasis; "" otherwise."""
    return next((fact.counted(language) for fact in pathway_of(pathway).facts.values() if fact.counted is not None), "")


def check_facts(pathway: str, facts: dict[str, Any]) -> None:
    """Raise classification.FactError for a fact or value that the pathway does not know, or a date in the future."""
    parse_facts(facts, pathway_of(pathway).facts, today=timezone.localdate())


def check_phase(pathway: str, facts: dict[str, Any]) -> None:
    """Raise classification.FactError where facts found at a restaging say that no treatment was given yet."""
    marker = pathway_of(pathway).baseline_fact
    if facts.get(marker) not in (None, False):
        raise FactError(marker, _("this was found at a restaging, so treatment has begun: leave it empty or say no"))


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


def quorum_rules_of(pathway: str) -> QuorumRules:
    """Who is needed always, where certain options are open, and at least; with reasons and citations."""
    return load_rulebook()[pathway].quorum


def option_labels(pathway: str, options: Iterable[str], language: str) -> list[str]:
    """The words of these options, in the order given."""
    labels = {option.id: option.labels for option in load_rulebook()[pathway].options}
    return [labels[name](language) for name in options]


def fact_label(pathway: str, fact: str, language: str) -> str:
    return pathway_of(pathway).facts[fact].label(language)


def age_limits(pathway: str) -> Mapping[str, int]:
    """Fact → days after which a statement of it is too old for the next meeting."""
    return pathway_of(pathway).age_limits


@lru_cache(maxsize=1024)
def item_sources(pathway: str, item: str) -> tuple[str, ...]:
    """The facts of a required item, and those that it follows from."""
    required = next(entry for entry in pathway_of(pathway).required if entry.id == item)
    return pathway_of(pathway).sources_of(required)


@lru_cache(maxsize=1024)
def item_label(pathway: str, item: str, language: str) -> str:
    """Label of a required item: a fact, one of several facts, or a field of the referral."""
    return next(entry.label(language) for entry in pathway_of(pathway).required if entry.id == item)


def item_facts(pathway: str, item: str) -> tuple[str, ...]:
    """Facts of which any one settles a required item; none for a field of the referral."""
    return next(entry.facts for entry in pathway_of(pathway).required if entry.id == item)


@lru_cache(maxsize=1024)
def item_owners(pathway: str, item: str) -> tuple[str, ...]:
    """Disciplines that can supply a required item, the one that is asked first."""
    required = next(entry for entry in pathway_of(pathway).required if entry.id == item)
    known = [owner for fact in required.facts for owner in owners_of(pathway, fact)]
    return tuple(dict.fromkeys([required.owner, *known]))


def first_field(pathway: str, fact: str) -> str:
    """The field of the form where a fact begins: of a derived one, its first source."""
    return next(iter(pathway_of(pathway).facts[fact].derived_from), fact)


def describe(pathway: str, fact: str, value: Any, language: str) -> str:
    """A stored value in words: "T4a or T4b", "2 to 4", "does not apply", "looked for, none"."""
    return describe_fact(pathway_of(pathway).facts[fact], value, language)


@dataclass(frozen=True)
class Reasoning:
    """Everything a proposal stores, before it is stored."""

    facts: dict
    restaging_facts: dict | None
    statements: dict
    restaging_statements: dict | None
    contradictions: list
    readiness: list
    outcome: dict
    system: str
    edition: str
    edition_status: str
    digest: str
    types_possible: str
    types_provisional: str
    next_stale_on: date | None

    def as_columns(self) -> dict[str, Any]:
        """The columns of a Proposal."""
        return {name: value for name, value in vars(self).items() if name != "next_stale_on"}

    def is_same_as(self, proposal: Proposal) -> bool:
        """Whether a proposal already says exactly this: then a new one would add nothing."""
        return all(getattr(proposal, name) == value for name, value in self.as_columns().items())


def reason_over(case: Case, *, on: date) -> Reasoning:
    """Reconcile what was stated, ask the rulebook, and check readiness, as of the day `on`.

    First staging and restaging are asked about apart: the type at presentation rests on the first alone. What is
    missing or stale is judged by the newest phase, for that is what the next meeting is about.
    """
    pathway = pathway_of(case.pathway)
    phases = phases_of(case, pathway, on)
    outcome = answer_to(case.pathway, phases.facts, phases.restaging, on)
    answers = {
        language: _as_signed(outcome.as_dict(language), language)
        | {"options_rules": signed_parts(case.pathway, language)}
        for language in LANGUAGES
    }
    system_id, system = next(iter(answers["en"]["systems"].items()))
    items = readiness(phases.current, pathway, {"question": case.question}, outcome.missing)
    return Reasoning(
        facts=phases.facts,
        restaging_facts=phases.restaging,
        statements=_as_stated(phases.first),
        restaging_statements=_as_stated(phases.now) if phases.now else None,
        contradictions=[
            _contradiction(entry, phases, phase, case.pathway, on) for phase, entry in _contradictions(phases)
        ],
        readiness=[item.as_dict() for item in items],
        outcome=answers,
        system=system_id,
        edition=system["edition"],
        edition_status=system["status"],
        digest=system["digest"],
        types_possible=" ".join(system["possible"]),
        types_provisional=" ".join(system["provisional"]["possible"]),
        next_stale_on=phases.current.next_stale_on,
    )


def answer_to(pathway: str, facts: dict, restaging: dict | None, on: date | None) -> Outcome:
    """What the rules say to the facts of a case as a proposal keeps them. `on` chooses the editions."""
    return classify(facts, pathway=pathway, on=on, restaging=restaging)


def _as_signed(answer: dict[str, Any], language: str) -> dict[str, Any]:
    """An answer with the status of each system as it was signed in the system, which outranks that of its file."""
    with translation.override(language):
        return {**answer, "systems": with_signed_statuses(answer["systems"])}


def _as_stated(reconciled: Reconciled) -> dict[str, list[dict]]:
    """Fact → every current statement, the one that holds marked, and whether it is too old."""
    return {
        fact: [{**entry, "is_stale": entry["holds"] and fact in reconciled.stale} for entry in entries]
        for fact, entries in reconciled.as_dict().items()
    }


def _contradictions(phases: Phases) -> Iterator[tuple[str, Contradiction]]:
    """Every contradiction under its phase. What carries over is disputed where it was said, and once only."""
    yield from ((Finding.Phase.BASELINE, entry) for entry in phases.first.contradictions)
    if phases.now is not None:
        own = (entry for entry in phases.now.contradictions if entry.fact in phases.own)
        yield from ((Finding.Phase.RESTAGING, entry) for entry in own)


def _contradiction(entry: Contradiction, phases: Phases, phase: str, pathway: str, on: date) -> dict[str, Any]:
    """Both sides of a contradiction, why one holds, and what each would make of the provisional type of its phase."""
    reached = [
        (said, _provisional_types(phases, phase, {entry.fact: said.value}, pathway, on)) for said in entry.statements
    ]
    effect = {}
    for language in LANGUAGES:
        with translation.override(language):
            effect[language] = _effect(pathway, entry.fact, reached, language)
    why = {language: entry.why(language) for language in LANGUAGES}
    return {**entry.as_dict(), "phase": str(phase), "why": why, "effect": effect}


def _provisional_types(phases: Phases, phase: str, said: dict, pathway: str, on: date) -> tuple[str, ...]:
    """The type at presentation, or what can be resected now, if `said` held."""
    if phase == Finding.Phase.RESTAGING:
        current = answer_to(pathway, phases.facts, {**(phases.restaging or {}), **said}, on).current
        return current.provisional if current else ()
    systems = answer_to(pathway, {**phases.facts, **said}, phases.restaging, on).systems
    return next(iter(systems.values())).provisional


def _effect(pathway: str, fact: str, reached: list[tuple[Statement, tuple[str, ...]]], language: str) -> str:
    if len({types for _statement, types in reached}) == 1:
        return _("none on the provisional type.")
    return _("; ").join(
        _("%(value)s: %(types)s")
        % {"value": describe(pathway, fact, statement.value, language), "types": either(types)}
        for statement, types in reached
    )
