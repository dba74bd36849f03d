"""Which missing fact matters, over all systems, and how far a case stands from the edges of its type.

Read from a stored answer; an older one without the newer keys gives what it has.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cases.side_by_side import labels_of, rows_of

NEAREST: Final = 5
"""Boundaries that are in sight; the others are one click away."""
OPEN_FACTS: Final = 6


def facts_that_matter(answer: Mapping[str, Any], assumptions: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """Missing facts, those first that narrow the answers of all systems most.

    Each with what every answer would leave in each system that it moves. `assumptions` are the page's own entries: a
    fact among them keeps its button.
    """
    systems = answer.get("systems") or {}
    buttons = {entry["fact"]: entry for entry in assumptions}
    listed = []
    for entry in answer.get("missing") or []:
        moved = []
        for name, decides in (entry.get("decides") or {}).items():
            rows = rows_of(systems[name], decides) if name in systems else ()
            if rows:
                moved.append({"label": systems[name]["label"], "rows": rows, "is_moved": len(rows) > 1})
        moved.sort(key=lambda each: not each["is_moved"])
        shown = {
            "label": entry["label"],
            "is_assumed": bool(entry.get("is_assumed")),
            "systems": moved,
            "moves": sum(each["is_moved"] for each in moved),
        }
        listed.append(
            {
                **shown,
                "fact": entry["fact"],
                "owner": entry["owner"],
                "assumption": buttons.get(entry["fact"]),
                "shown": shown,  # what is the same for every reader
            }
        )
    return listed


def boundaries_of(answer: Mapping[str, Any], leading: str) -> dict[str, Any]:
    """The nearest edges of the leading system, and the rest with those of the other systems.

    `near`: at most NEAREST of the leading system. `far`: what is left of it. `others`: of systems that ask about
    resection, limited disease or a trial, each with its system's label.
    """
    systems = answer.get("systems") or {}
    own = list((systems.get(leading) or {}).get("boundaries") or [])
    others = [
        {**edge, "system": system["label"], "reaches": labels_of(system, edge.get("categories") or [])}
        for name, system in systems.items()
        if name != leading and system.get("question") in ("resectable", "limited", "trial")
        for edge in system.get("boundaries") or []
    ]
    others.sort(key=lambda edge: (edge.get("distance") is None, edge.get("distance") or 0))
    return {"near": own[:NEAREST], "far": own[NEAREST:], "others": others}
