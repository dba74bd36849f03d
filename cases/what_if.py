"""Two answers side by side: what a change of facts would make of each system and each option. Nothing is stored."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from cases.models import Proposal
from cases.option_order import in_order
from cases.reasoning import answer_to
from cases.side_by_side import HEADINGS, card_of, labels_of, question_of
from classification import Outcome
from classification.outcome import SystemAnswer


def what_if(
    proposal: Proposal, changes: Mapping[str, Any], *, on: date, language: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the rules say on the day `on` about the facts of a proposal, and about the same facts with `changes`.

    Where the case was restaged, the changes are to what is known now. Both answers are short: systems with their
    categories, options with their status, and the names of the missing facts. Raises classification.FactError for a
    value that the pathway does not allow.
    """
    pathway, facts, restaging = proposal.case.pathway, proposal.facts, proposal.restaging_facts
    before = answer_to(pathway, facts, restaging, on)
    if restaging is None:
        after = answer_to(pathway, {**facts, **changes}, None, on)
    else:
        after = answer_to(pathway, facts, {**restaging, **changes}, on)
    return _in_short(before, language), _in_short(after, language)


def _in_short(outcome: Outcome, language: str) -> dict[str, Any]:
    """An answer without its reasons, in the same keys as a stored one."""
    systems = {name: _system(answer, language) for name, answer in outcome.systems.items()}
    if outcome.current is not None:
        now = _system(outcome.current, language)
        now["label"] = _("%(system)s: what can be removed now") % {"system": now["label"]}
        systems["now"] = now
    return {
        "systems": systems,
        "options": [
            {
                "id": each.option.id,
                "label": each.option.labels(language),
                "status": each.status,
                "depends_on": each.depends_on,
            }
            for each in outcome.options
        ],
        "missing": list(outcome.missing),
    }


def _system(answer: SystemAnswer, language: str) -> dict[str, Any]:
    edition = answer.scheme.edition
    return {
        "label": edition.labels(language),
        "question": edition.question,
        "status": "no_edition" if answer.state == "no_edition" else edition.status,
        "possible": list(answer.possible),
        "provisional": {"possible": list(answer.provisional)},
        "categories": [
            {
                "id": category.id,
                "label": category.labels(language),
                "text": category.texts(language),
                "stance": category.stance,
            }
            for category in edition.categories
        ],
    }


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """`systems` that would answer differently, `same` those that would not; `options` whose status would change.

    `settled`: facts that would no longer matter; `asked`: those that only then would.
    """
    order = [question for questions, _heading in HEADINGS for question in questions]
    systems, same = [], []
    for place, (name, system) in enumerate(after["systems"].items()):
        earlier = before["systems"].get(name)
        if earlier is None or _answer(earlier) == _answer(system):
            same.append(system["label"])
            continue
        systems.append(
            {
                "label": system["label"],
                "is_leading": place == 0,
                "before": _shown(name, earlier),
                "after": _shown(name, system),
                "place": order.index(question_of(system)),
            }
        )
    systems.sort(key=lambda row: (not row["is_leading"], row["place"]))
    return {
        "systems": systems,
        "same": same,
        "options": _options(before["options"], after["options"]),
        "settled": [fact for fact in before["missing"] if fact not in after["missing"]],
        "asked": [fact for fact in after["missing"] if fact not in before["missing"]],
        "missing": {"before": len(before["missing"]), "after": len(after["missing"])},
    }


def _answer(system: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    return system["possible"], system["provisional"]["possible"]


def _shown(name: str, system: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "card": card_of(name, system, {}, None, is_leading=False),
        "possible": labels_of(system, system["possible"]),
    }


def _options(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    earlier = {option["id"]: option for option in before}
    return [
        {"label": option["label"], "before": earlier[option["id"]], "after": option}
        for option in in_order(after)
        if option["id"] in earlier and _status(option) != _status(earlier[option["id"]])
    ]


def _status(option: Mapping[str, Any]) -> tuple[str, str | None]:
    return option["status"], option.get("depends_on")
