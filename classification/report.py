"""An outcome as JSON-ready data, with all words in one language: what a proposal stores and a page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import explain
from .boundaries import boundaries
from .facts import LANGUAGES, Text

if TYPE_CHECKING:
    from .outcome import Outcome, SystemAnswer

NO_EDITION = Text(
    "No edition of this scheme was in force on the date of the case.", "在病例日期当日，本分型尚无生效版本。"
)
CURRENT_NOTE = Text(
    "What can be resected now, by the same rules. It does not replace the type at presentation.",
    "按同一规则判断的当前可切除性，不替代初诊分型。",
)


def as_dict(outcome: Outcome, language: str) -> dict[str, Any]:
    """The whole of an outcome. Raises ``ValueError`` for a language that the rules do not speak."""
    if language not in LANGUAGES:
        raise ValueError(f"no language {language!r}; known: {', '.join(LANGUAGES)}")
    options, pathway = outcome.rules.options, outcome.pathway
    return {
        "pathway": pathway.id,
        "phases": {"baseline": outcome.phases.has_baseline, "restaging": outcome.phases.has_restaging},
        "systems": {name: system(outcome, answer, language) for name, answer in outcome.systems.items()},
        "missing": [missing(outcome, name, language) for name in outcome.missing],
        "irrelevant": list(outcome.irrelevant),
        "options": [explain.option(each, outcome, language) for each in outcome.options],
        "none_of_these": explain.none_of_these(options, language),
        "current_resectability": current(outcome, language),
    }


def system(outcome: Outcome, answer: SystemAnswer, language: str) -> dict[str, Any]:
    """One scheme: what it is, what it answers, and why."""
    scheme, edition = answer.scheme, answer.scheme.edition
    is_typed, has_edition = answer.state == "typed", answer.state != "no_edition"
    texts = {flag.id: flag.texts for flag in edition.flags} | {"NO_EDITION": NO_EDITION}
    shown = answer.view.shown
    assumed = explain.assumptions(scheme, answer.result, language) if is_typed else []
    possible, provisional = answer.possible, answer.provisional
    return {
        "label": edition.labels(language),
        "question": edition.question,
        "phase": edition.phase,
        "evaluated_on": answer.view.phase,
        "edition": edition.edition if has_edition else None,
        "digest": edition.digest if has_edition else None,
        "status": edition.status if has_edition else "no_edition",
        "verified_by": edition.verified_by if has_edition else "",
        "reading": edition.reading if has_edition else "",
        "note": edition.note(language) if edition.note else "",
        "trial": explain.trial(edition),
        "possible": list(possible),
        "category": answer.category,
        "provisional": {
            "possible": list(provisional),
            "assuming": {each["fact"]: each["value"] for each in assumed},
            "assumptions": assumed,
        },
        "at_baseline": at_baseline(answer),
        "categories": [
            {
                "id": category.id,
                "label": category.labels(language),
                "text": category.texts(language),
                "stance": category.stance,
                "outside": category.outside(language) if category.outside else "",
                "state": state_of(category.id, possible),
                "provisional": category.id in provisional,
            }
            for category in edition.categories
        ],
        "components": explain.components(scheme, answer.result, shown, language) if is_typed else [],
        "flags": list(answer.flags),
        "flag_texts": {name: texts[name](language) for name in answer.flags},
        "because": explain.because(scheme, answer.result, shown, language) if is_typed else [],
        "missing": list(answer.missing),
        "boundaries": boundaries(scheme, answer.result, shown, language) if is_typed else [],
    }


def state_of(category: str, possible: tuple[str, ...]) -> str:
    if category not in possible:
        return "ruled_out"
    return "only" if len(possible) == 1 else "possible"


def at_baseline(answer: SystemAnswer) -> dict[str, Any] | None:
    before = answer.at_baseline
    return None if before is None else {"possible": list(before.possible), "provisional": list(before.provisional)}


def missing(outcome: Outcome, name: str, language: str) -> dict[str, Any]:
    """A missing fact: who knows it, how much it narrows, and what each answer leaves in each scheme."""
    fact = outcome.pathway.facts[name]
    decided, is_assumed = {}, False
    for scheme_name, answer in outcome.systems.items():
        if not answer.missing:
            continue
        item = next((item for item in answer.narrowing if item.fact == name), None)
        if item is not None:
            decided[scheme_name] = explain.decides(answer, item, outcome.rules.reader, language)
        own = (answer.scheme.presumed[at].assumption.fact for at in answer.result.assuming)
        is_assumed = is_assumed or name in own
    return {
        "fact": name,
        "label": fact.label(language),
        "owner": fact.owner,
        "is_assumed": is_assumed,
        "narrows": round(outcome.narrowing[name], 3),
        "decides": decided,
    }


def current(outcome: Outcome, language: str) -> dict[str, Any] | None:
    """What can be resected now, after treatment; None before."""
    answer = outcome.current
    if answer is None:
        return None
    shown = outcome.shown
    return {
        "scheme": answer.scheme.edition.scheme,
        "possible": list(answer.possible),
        "provisional": list(answer.provisional),
        "missing": [item.fact for item in answer.result.missing],
        "components": explain.components(answer.scheme, answer.result, shown, language),
        "because": explain.because(answer.scheme, answer.result, shown, language),
        "note": CURRENT_NOTE(language),
    }
