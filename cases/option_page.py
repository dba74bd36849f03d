"""Treatment options for the page: what is open to the meeting, then what waits for facts, then what is not advised.

Read from a stored answer; an older one without the newer keys gives what it has.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from cases.option_order import NONE_OF_THESE, in_order, why_rejected
from cases.reasoning import fact_label, first_field, has_fact, owners_of

KINDS: Final = {
    "curative_surgery": _("Surgery for cure"),
    "perioperative": _("Perioperative treatment"),
    "conversion": _("Conversion treatment"),
    "liver_directed": _("Liver-directed treatment"),
    "systemic": _("Systemic treatment"),
    "palliative": _("Palliative procedures"),
    "supportive": _("Supportive care"),
    "trial": _("Trials"),
    "": _("Other options"),
}
OPEN: Final = ("recommended", "consider")
"""Statuses whose options stand in sight; all others lie in bundles that are opened by hand."""
FACTS_NAMED: Final = 6
"""So many awaited facts are in sight; the others are one click away."""


def options_of(pathway: str, answer: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """The options in the meeting's order, closed gates first, with labels of what they miss and whom to ask."""
    return [
        {
            **option,
            "kind": option.get("kind") or "",
            "gates": sorted(option.get("gates") or (), key=lambda gate: gate.get("state") == "waiting"),
            "missing": [fact_label(pathway, fact, language) for fact in option.get("missing") or ()],
            "asked": _by_owner(pathway, option.get("missing") or (), language),
            "waits_for": [_awaited(pathway, fact, language) for fact in _waits_for(pathway, option)],
        }
        for option in in_order(answer.get("options") or [])
    ]


def _waits_for(pathway: str, option: Mapping[str, Any]) -> list[str]:
    """The facts that keep an option undetermined; of an older answer, which does not say, those that it misses."""
    if option["status"] != "undetermined":
        return []
    return [fact for fact in option.get("waits_for", option.get("missing")) or () if has_fact(pathway, fact)]


def _awaited(pathway: str, fact: str, language: str) -> dict[str, Any]:
    """A fact with who knows it, and the `field` of the form where one begins: of a derived one, its first source."""
    return {
        "fact": fact,
        "field": first_field(pathway, fact),
        "label": fact_label(pathway, fact, language),
        "owners": owners_of(pathway, fact),
    }


def awaited(options: Iterable[Mapping[str, Any]] | None, discipline: str = "") -> dict[str, Any]:
    """What the options wait for, which is said everywhere from here alone. Takes entries of `options_of`.

    `count`: undetermined options that wait for a fact. `facts`: each with the number of options that wait for it, the
    most awaited first, and the `form` that enters it: of the reader's `discipline` where it knows the fact.
    """
    waiting = [option for option in options or () if option.get("waits_for")]
    facts: dict[str, dict[str, Any]] = {}
    for option in waiting:
        for entry in option["waits_for"]:
            own = discipline if discipline in entry["owners"] else entry["owners"][0]
            facts.setdefault(entry["fact"], {**entry, "form": own, "count": 0})["count"] += 1
    ranked = sorted(facts.values(), key=lambda entry: -entry["count"])
    return {"count": len(waiting), "facts": ranked, "near": ranked[:FACTS_NAMED], "far": ranked[FACTS_NAMED:]}


def _by_owner(pathway: str, facts: Iterable[str], language: str) -> list[dict[str, Any]]:
    """Missing facts under the discipline that is asked first."""
    owners: dict[str, list[str]] = {}
    for fact in facts:
        if has_fact(pathway, fact):
            owners.setdefault(owners_of(pathway, fact)[0], []).append(fact_label(pathway, fact, language))
    return [{"owner": owner, "facts": labels} for owner, labels in owners.items()]


def recommended(options: Iterable[Mapping[str, Any]] | None) -> list[Mapping[str, Any]]:
    """The options that the rules recommend by what is known today, the best first."""
    return [option for option in options or () if option["status"] == "recommended"]


def is_open(option: Mapping[str, Any]) -> bool:
    return option["status"] in OPEN


def unchecked_gates(option: Mapping[str, Any]) -> int:
    """How many gates could still close an option that stands open, for want of a fact."""
    return sum(gate.get("state") == "waiting" for gate in option.get("gates") or ()) if is_open(option) else 0


def by_standing(options: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """`open`: groups by kind of what can be had; `waiting` and `against`: bundles of the rest, None where empty.

    A bundle has its `count` and its `groups`.
    """
    options = list(options)
    waiting = [option for option in options if option["status"] == "undetermined"]
    against = [option for option in options if not is_open(option) and option["status"] != "undetermined"]
    return {
        "open": _by_kind(option for option in options if is_open(option)),
        "waiting": _bundle(waiting),
        "against": _bundle(against),
    }


def _bundle(options: list[Mapping[str, Any]]) -> dict[str, Any] | None:
    if not options:
        return None
    return {"count": len(options), "groups": _by_kind(options)}


def _by_kind(options: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Options under their kind of treatment; the kind with the best option first."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for option in options:
        kind = option.get("kind") or ""
        groups.setdefault(kind if kind in KINDS else "", []).append(option)
    return [{"kind": kind, "label": str(KINDS[kind]), "options": listed} for kind, listed in groups.items()]


def only_one(options: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The option that alone can be had, with why each other cannot; None where there is a choice, or nothing."""
    options = list(options)
    left = [option for option in options if is_open(option)]
    if len(left) != 1:
        return None
    others = [{"label": option["label"], "option": option, "why": _why_not(option)} for option in options]
    return {"option": left[0], "others": [other for other in others if other["option"] is not left[0]]}


def _why_not(option: Mapping[str, Any]) -> str:
    """A closed gate or a rule; else the first thing said against it; "" where only the type or missing facts do."""
    why = why_rejected(option)
    if why or option["status"] == "undetermined":
        return why
    return next((argument["text"] for argument in option.get("against") or ()), "")


def none_of_these(answer: Mapping[str, Any]) -> dict[str, str]:
    """Label and sentence of what ends every list; empty where an older answer has none of its own."""
    found = answer.get("none_of_these")
    if not found:
        listed = answer.get("options") or []
        found = next(({"label": o["label"], "text": o.get("text", "")} for o in listed if o["id"] == NONE_OF_THESE), {})
    return dict(found)
