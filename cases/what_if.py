"""Two answers side by side: what a change of facts would make of each system and each option."""

from collections.abc import Mapping, Sequence
from typing import Any

from cases.option_order import in_order
from cases.side_by_side import HEADINGS, card_of, labels_of, question_of


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
