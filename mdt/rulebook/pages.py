"""What the pages about rules show: the index, an edition, its coverage, its signatures."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from classification.coverage import Part
from classification.edition import Edition
from classification.examples import run_examples
from classification.facts import Fact
from classification.rulebook import PathwayRules
from mdt.people.models import User
from mdt.rulebook import library, parts
from mdt.rulebook.actions import obstacles, open_steps
from mdt.rulebook.checklist import sources
from mdt.rulebook.differences import MOST_BOXES, titles
from mdt.rulebook.standing import judgements_of, progress_of, standing_of, standings_of, verified_counts
from mdt.rulebook.wording import (
    EDITIONS,
    PHASES,
    QUESTIONS,
    RECRUITMENT,
    STANCES,
    ShownComponent,
    language,
    said,
    shown_components,
    shown_flags,
    worded,
)


def index_context() -> dict[str, Any]:
    """Every pathway with its schemes, and how far each is checked."""
    pathways = library.rulebook().pathways
    editions = [edition for rules in pathways.values() for edition in rules.editions]
    standings = standings_of((each.scheme, each.edition, each.digest, each.status) for each in editions)
    verified = verified_counts(standings)
    return {
        "pathways": [
            {
                "id": name,
                "label": said(rules.pathway.labels),
                "editions": [
                    {
                        "edition": edition,
                        "label": said(edition.labels),
                        "of": worded(EDITIONS, edition.edition),
                        "question": worded(QUESTIONS, edition.question),
                        "standing": standings[edition.digest],
                        "labels": Counter(each.citation.label for each in library.citables(edition)),
                        "verified": verified[edition.digest],
                        "url": reverse("rules-edition", args=[name, edition.scheme, edition.edition]),
                    }
                    for edition in _in_order(rules)
                ],
            }
            for name, rules in pathways.items()
        ]
    }


def _in_order(rules: PathwayRules) -> list[Edition]:
    order = list(rules.schemes)
    return sorted(rules.editions, key=lambda each: (order.index(each.scheme), each.valid_from))


def frame(rules: PathwayRules, edition: library.Signable, tab: str) -> dict[str, Any]:
    """What all pages of an edition, or of a part, share: names, standing, tabs."""
    names = [rules.pathway.id, edition.scheme, edition.edition]
    doors = [
        ("rules-edition", _("Rules")),
        ("rules-coverage", _("Coverage")),
        ("rules-checklist", _("Checklist")),
        ("rules-compare", _("Compare")),
        ("rules-sign", _("Signatures")),
    ]
    if isinstance(edition, library.PartFile):
        own = [
            door for door in doors if door[0] == "rules-sign" or (door[0] == "rules-checklist" and is_cited(edition))
        ]
        read = {"url": reverse("rules-part", args=[rules.pathway.id, edition.part]), "label": _("Rules")}
        return _frame(rules, edition, tab, names, own) | {"tabs": [read, *_tabs(own, names, tab)], "is_part": True}
    question = {"question": worded(QUESTIONS, edition.question), "phase": worded(PHASES, edition.phase)}
    return _frame(rules, edition, tab, names, doors) | question


def is_cited(edition: library.Signable) -> bool:
    """Whether it has rules that can be compared with a paper."""
    return any(library.citables(edition))


def _tabs(doors: list[tuple[str, str]], names: list[str], tab: str) -> list[dict[str, Any]]:
    return [{"url": reverse(name, args=names), "label": label, "is_current": name == tab} for name, label in doors]


def _frame(
    rules: PathwayRules, edition: library.Signable, tab: str, names: list[str], doors: list[tuple[str, str]]
) -> dict[str, Any]:
    return {
        "rules": rules,
        "names": names,
        "pathway_label": said(rules.pathway.labels),
        "edition": edition,
        "label": said(edition.labels),
        "standing": standing_of(edition),
        "tabs": _tabs(doors, names, tab),
    }


def edition_context(rules: PathwayRules, edition: Edition) -> dict[str, Any]:
    """The rules of an edition as tables."""
    facts = rules.pathway.facts
    judgements = judgements_of(edition.scheme, edition.digest)
    asked = {name for component in edition.components for rule in component.rules for name in rule.facts}
    components = shown_components(edition, facts, judgements)
    flags = shown_flags(edition, facts, judgements)
    categories = categories_of(edition)
    assumptions = parts.assumptions_of(rules, asked)
    return {
        "note": said(edition.note),
        "is_of_a_later_year": edition.edition.isdecimal() and int(edition.edition) > edition.valid_from.year,
        "recruitment": worded(RECRUITMENT, edition.trial.recruitment) if edition.trial else "",
        "readings": [(name, said(text), name == edition.reading) for name, text in edition.readings.items()],
        "places": list(_places(components, has_flags=bool(flags), has_assumptions=bool(assumptions))),
        "categories": categories,
        "has_remarks": any(each["stance"] or each["outside"] for each in categories),
        "components": components,
        "flags": flags,
        "sources": sources(edition),
        "assumptions": assumptions,
        "labels": Counter(each.citation.label for each in library.citables(edition)),
        "progress": progress_of(edition, judgements),
        "examples": _examples(rules, edition),
    }


def _places(
    components: Iterable[ShownComponent], *, has_flags: bool, has_assumptions: bool
) -> Iterator[tuple[str, str]]:
    """The tables of an edition's page, to jump to: id and name."""
    yield "h-categories", _("Categories")
    for component in components:
        yield f"h-c-{component.id}", component.label
    if has_flags:
        yield "h-flags", _("Flags")
    if has_assumptions:
        yield "h-assumptions", _("Assumptions")
    yield "h-examples", _("Examples")


def categories_of(edition: Edition) -> list[dict[str, str]]:
    """The categories from the mildest to the worst."""
    return [
        {
            "id": each.id,
            "label": said(each.labels),
            "text": said(each.texts),
            "stance": worded(STANCES, each.stance),
            "outside": said(each.outside),
        }
        for each in edition.categories
    ]


def _examples(rules: PathwayRules, edition: Edition) -> list[dict[str, Any]]:
    labels = {each.id: said(each.labels) for each in edition.categories}
    return [
        {
            "id": verdict.example,
            "text": said(verdict.texts),
            "expected": [labels.get(each, each) for each in verdict.expected],
            "got": [labels.get(each, each) for each in verdict.got],
            "has_passed": verdict.has_passed,
        }
        for verdict in run_examples(rules, edition)
    ]


@dataclass(frozen=True)
class ShownPart:
    """A part of a coverage: its facts as columns, its boxes as rows."""

    title: str
    facts: tuple[str, ...]
    part: Part
    bars: list[dict[str, Any]]
    boxes: list[dict[str, Any]]
    hidden: int


def bars_of(counts: Mapping[str, int], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Counts as bars, each with its share of all in thousandths, at least one where there is anything."""
    total = sum(counts.values()) or 1
    return [
        {"id": each, "label": label, "count": counts[each], "share": max(1, round(1000 * counts[each] / total))}
        for each, label in labels.items()
        if counts.get(each)
    ]


def coverage_context(rules: PathwayRules, edition: Edition, only: str) -> dict[str, Any]:
    """Every combination with its category. `only` leaves those that lead to one category."""
    coverage = library.coverage_of(rules.pathway.id, edition.digest)
    labels = {category.id: said(category.labels) for category in edition.categories}
    if coverage is None:
        return {"coverage": None}
    return {
        "coverage": coverage,
        "totals": bars_of({answer[0]: count for answer, count in coverage.totals.items()}, labels),
        "parts": [_shown_part(part, titles(edition), rules.pathway.facts, labels, only) for part in coverage.parts],
        "labels": labels,
        "only": only if only in labels else "",
    }


def _shown_part(
    part: Part, titles: Mapping[str, str], facts: Mapping[str, Fact], labels: Mapping[str, str], only: str
) -> ShownPart:
    order = list(labels)
    boxes = sorted(part.boxes, key=lambda box: (order.index(box.answer[0]), -box.count))
    if only in labels:
        boxes = [box for box in boxes if box.answer[0] == only]
    return ShownPart(
        " + ".join(titles[each] for each in part.components),
        tuple(facts[name].label(language()) for name in part.facts),
        part,
        bars_of(part.by_category(), labels),
        [
            {
                "cells": part.labels(box, language()),
                "category": labels[box.answer[0]],
                "count": box.count,
                "rules": box.answer[1:],
            }
            for box in boxes[:MOST_BOXES]
        ],
        max(0, len(boxes) - MOST_BOXES),
    )


def sign_context(rules: PathwayRules, edition: library.Signable, user: User) -> dict[str, Any]:
    """The signatures so far, and what this person may sign next or what forbids it."""
    standing = standing_of(edition)
    steps = [
        {"status": status, "obstacles": list(obstacles(rules, edition, status, standing, user))}
        for status in open_steps(user, standing)
    ]
    return {
        "steps": steps,
        "progress": progress_of(edition, judgements_of(edition.scheme, edition.digest)),
        "examples": _examples(rules, edition) if isinstance(edition, Edition) else [],
    }
