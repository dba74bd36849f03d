"""What the page "another edition or reading" of a case shows."""

from typing import Any

from cases.models import Case, Proposal
from cases.reasoning import fact_label
from cases.replaying import replay_proposal
from cases.replaying_words import categories_in_words, named_choices, question_of_choice
from classification import FactError
from classification.replay import NotThere, Part, Says


def choices_context(case: Case, proposal: Proposal | None, rules: str, language: str) -> dict[str, Any]:
    """The editions and readings of the case's pathway, and its proposals."""
    choices = [choice for _group, own in named_choices(language, case.pathway) for choice in own]
    return {
        "proposal": proposal,
        "choices": [{"value": value, "label": label, "is_chosen": value == rules} for value, label in choices],
        "snapshots": case.proposals.order_by("-number").only("number", "made_at", "case_id"),
    }


def answer_context(case: Case, proposal: Proposal, rules: str, language: str) -> dict[str, Any]:
    """Both answers and what parts them; `refused` names what stands in the way of an answer."""
    try:
        question = question_of_choice(rules)
        replay = replay_proposal(proposal, question, language) if question.pathway == case.pathway else None
    except (ValueError, NotThere):
        return {"is_unknown": True}  # the address names rules that this installation does not have
    except FactError as error:
        return {"refused": _label(case, error.fact, language)}
    if replay is None:
        return {"is_unknown": True}

    def words(names) -> str:
        return categories_in_words(case.pathway, question.scheme, " ".join(names), language)

    return {
        "replay": replay,
        "sides": [_side(system, words) for system in (replay.before, replay.after)],
        "parts": [_part(part, words) for part in replay.parts],
        "remarks": _remarks(replay),
    }


def _label(case: Case, fact: str, language: str) -> str:
    try:
        return fact_label(case.pathway, fact, language)
    except KeyError:
        return fact


def _side(system, words) -> dict[str, Any] | None:
    if system is None:
        return None
    provisional = system["provisional"]["possible"]
    return {
        "label": system["label"],
        "edition": system["edition"],
        "reading": system.get("reading", ""),
        "status": system["status"],
        "possible": words(system["possible"]),
        "provisional": words(provisional),
        "is_certain": len(system["possible"]) == 1,
    }


def _part(part: Part, words) -> dict[str, Any]:
    return {
        "label": part.label,
        "is_changed": part.is_changed,
        "sides": [_said(says, words) for says in (part.before, part.after)],
    }


def _said(says: Says | None, words) -> dict[str, Any] | None:
    if says is None:
        return None
    return {
        "rule": says.rule,
        "text": says.text,
        "answer": words(says.provisional or says.possible),
        "is_assumed": says.is_assumed,
    }


def _remarks(replay) -> list[dict[str, Any]]:
    """Remarks, missing facts and assumptions that only one side has; kinds without any are left out."""
    kinds = (("flags", replay.flags), ("missing", replay.missing), ("assumptions", replay.assumptions))
    return [
        {"kind": kind, "gone": list(remarks.gone.values()), "new": list(remarks.new.values())}
        for kind, remarks in kinds
        if remarks
    ]
