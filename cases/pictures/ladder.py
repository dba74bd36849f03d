"""Where a case stands: for each component of a type, the rungs that are known, assumed or still possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext

Rung = Literal["known", "assumed", "possible", "out"]


@dataclass(frozen=True, slots=True)
class LadderRow:
    label: str
    rungs: tuple[Rung, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """A table of components by category; the last row is the type itself, which the worst component gives."""

    categories: tuple[str, ...]
    rows: tuple[LadderRow, ...]
    total: tuple[Rung, ...]


def build_ladder(system: Mapping[str, Any]) -> Ladder:
    """The ladder of one system of an outcome: a row for each component, a rung for each category."""
    categories = system.get("categories") or []
    rows = tuple(
        LadderRow(
            label=component["label"],
            rungs=tuple(_rung(category["id"], component) for category in categories),
            why=component.get("why") or "",
        )
        for component in system.get("components") or []
    )
    return Ladder(
        categories=tuple(category["id"] for category in categories),
        rows=rows,
        total=tuple(_total(category, system) for category in categories),
    )


def _rung(category: str, component: Mapping[str, Any]) -> Rung:
    possible: Sequence[str] = component.get("possible") or []
    if category not in possible:
        return "out"
    if component.get("known") or len(possible) == 1:
        return "known"
    return "assumed" if component.get("provisional") == [category] else "possible"


def _total(category: Mapping[str, Any], system: Mapping[str, Any]) -> Rung:
    if category["id"] not in system["possible"]:
        return "out"
    if len(system["possible"]) == 1:
        return "known"
    return "assumed" if system["provisional"]["possible"] == [category["id"]] else "possible"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of one system in one line: how sure, which categories, which are ruled out."""

    kind: Literal["none", "only", "provisional", "open"]
    marks: tuple[str, ...]
    label: str
    text: str
    possible: tuple[str, ...]
    ruled_out: tuple[str, ...]


def verdict_of(system: Mapping[str, Any]) -> Verdict:
    """What to say above the ladder. Several categories that even the assumptions leave open stay open."""
    categories = {category["id"]: category for category in system.get("categories") or []}
    possible = tuple(system["possible"])
    provisional = tuple(system["provisional"]["possible"])
    marks = possible if len(possible) == 1 else provisional or possible
    kind: Literal["none", "only", "provisional", "open"] = "open"
    if not possible:
        kind = "none"
    elif len(possible) == 1:
        kind = "only"
    elif len(provisional) == 1:
        kind = "provisional"
    named = categories.get(marks[0], {}) if len(marks) == 1 else {}
    return Verdict(
        kind=kind,
        marks=marks,
        label=named.get("label", ""),
        text=named.get("text", ""),
        possible=possible,
        ruled_out=tuple(name for name in categories if name not in possible),
    )


@dataclass(frozen=True, slots=True)
class Effect:
    """What some answers to an open question would make of the type."""

    answers: tuple[str, ...]
    categories: tuple[str, ...]


def effects(decides: Mapping[str, Any] | None, system: str) -> tuple[Effect, ...]:
    """Answers with the same consequence stand together: "P1a, P1b, P1c: III"."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    for answer, categories in ((decides or {}).get(system) or {}).items():
        grouped.setdefault(tuple(categories), []).append(answer_in_words(answer))
    return tuple(Effect(tuple(answers), categories) for categories, answers in grouped.items())


def answer_in_words(answer: object) -> str:
    """A value of a fact as it stands in an outcome; yes and no in the reader's language, codes as they are."""
    words = {
        "true": gettext("yes"),
        "false": gettext("no"),
        "not_applicable": gettext("does not apply"),
        "[]": gettext("none"),
    }
    text = str(answer)
    return words.get(text.lower(), text)
