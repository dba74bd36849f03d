"""What the pages about rules show: the index, an edition, its coverage, its checklist, a comparison."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from classification.comparison import compare
from classification.coverage import Coverage, Part
from classification.edition import Edition
from classification.examples import run_examples
from classification.facts import Fact
from classification.rulebook import PathwayRules
from mdt.people.models import User
from mdt.people.permissions import Permission, can_anywhere
from mdt.rulebook import library, parts
from mdt.rulebook.actions import obstacles, open_steps
from mdt.rulebook.models import Judgement
from mdt.rulebook.standing import judgements_of, progress_of, standing_of, standings_of, verified_counts
from mdt.rulebook.wording import (
    HEADS,
    PHASES,
    QUESTIONS,
    RECRUITMENT,
    STANCES,
    cited,
    language,
    said,
    sentence,
    shown_components,
    shown_flags,
    worded,
)

MOST_BOXES = 400  # drawn together, combinations of one part are a few dozen; more than this nobody reads


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
    return {
        "note": said(edition.note),
        "recruitment": worded(RECRUITMENT, edition.trial.recruitment) if edition.trial else "",
        "readings": [(name, said(text), name == edition.reading) for name, text in edition.readings.items()],
        "categories": categories_of(edition),
        "components": shown_components(edition, facts, judgements),
        "flags": shown_flags(edition, facts, judgements),
        "sources": _sources(edition),
        "assumptions": parts.assumptions_of(rules, asked),
        "labels": Counter(each.citation.label for each in library.citables(edition)),
        "progress": progress_of(edition, judgements),
        "examples": _examples(rules, edition),
    }


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


def _sources(edition: library.Signable) -> list[Mapping[str, str]]:
    found = {each.citation.source: cited(each.citation) for each in library.citables(edition)}
    return list(found.values())


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


def _titles(edition: Edition) -> dict[str, str]:
    return {component.id: said(component.labels) for component in edition.components}


def coverage_context(rules: PathwayRules, edition: Edition, only: str) -> dict[str, Any]:
    """Every combination with its category. `only` leaves those that lead to one category."""
    coverage = library.coverage_of(rules.pathway.id, edition.digest)
    labels = {category.id: said(category.labels) for category in edition.categories}
    if coverage is None:
        return {"coverage": None}
    return {
        "coverage": coverage,
        "totals": bars_of({answer[0]: count for answer, count in coverage.totals.items()}, labels),
        "parts": [_shown_part(part, _titles(edition), rules.pathway.facts, labels, only) for part in coverage.parts],
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


def comparison_context(rules: PathwayRules, old: Edition, new: Edition) -> dict[str, Any]:
    """What differs between two editions, in rows and in combinations."""
    facts = rules.pathway.facts
    comparison = compare(old, new, facts, language())
    coverage = library.coverage_of_both(rules, old, new)
    return {
        "old": _named(old),
        "new": _named(new),
        "comparison": comparison,
        "heads": [(worded(HEADS, each.what), each) for each in comparison.head],
        "changes": [
            {
                "change": change,
                "conditions": [(worded(HEADS, each.what), each) for each in change.conditions],
                "others": [(worded(HEADS, each.what), each) for each in change.others],
            }
            for change in comparison.rows
        ],
        "moved": None if coverage is None else _moved(coverage, old, new, facts),
    }


def _named(edition: Edition) -> str:
    if edition.reading:
        words = {"label": said(edition.labels), "reading": edition.reading}
        return _("%(label)s, reading %(reading)s") % words
    return said(edition.labels)


def _moved(coverage: Coverage, old: Edition, new: Edition, facts: Mapping[str, Fact]) -> dict[str, Any]:
    """The combinations that have another category: counted over the whole, listed part by part."""
    before, after = ({each.id: said(each.labels) for each in edition.categories} for edition in (old, new))
    whole = [
        {"old": before.get(one, one), "new": after.get(other, other), "count": count}
        for (one, other), count in coverage.totals.items()
        if one != other
    ]
    titles = {**_titles(old), **_titles(new)}
    listed = []
    for part in coverage.parts:
        boxes = [
            {
                "cells": part.labels(box, language()),
                "old": before.get(box.answer[0], "–"),
                "new": after.get(box.answer[1], "–"),
                "count": box.count,
            }
            for box in part.boxes
            if box.answer[0] != box.answer[1]
        ]
        if boxes:
            title = " + ".join(titles[each] for each in part.components)
            columns = [facts[name].label(language()) for name in part.facts]
            listed.append({"title": title, "facts": columns, "boxes": boxes[:MOST_BOXES]})
    return {
        "whole": whole,
        "count": sum(each["count"] for each in whole),
        "of": coverage.combinations,
        "parts": listed,
    }


def checklist_context(rules: PathwayRules, edition: library.Signable, user: User) -> dict[str, Any]:
    """Every rule with the last comparison."""
    judgements = judgements_of(edition.scheme, edition.digest)
    facts = rules.pathway.facts
    rows = [
        {
            "id": each.id,
            "component": said(each.component) if each.component else _kind_of(edition, each.id),
            "text": sentence(each.texts, facts),
            "citation": cited(each.citation),
            "judgement": judgements.get(each.id),
        }
        for each in library.citables(edition)
    ]
    return {
        "rows": rows,
        "progress": progress_of(edition, judgements),
        "sources": _sources(edition),
        "can_review": can_anywhere(user, Permission.RULES_REVIEW),
        "next_open": next((row["id"] for row in rows if row["judgement"] is None), ""),
    }


def _kind_of(edition: library.Signable, rule: str) -> str:
    if isinstance(edition, library.PartFile):
        return _("Gate") if rule.startswith(library.GATE) else _("Argument")
    return _("Flags")


def judge_context(rules: PathwayRules, edition: library.Signable, rule: str) -> dict[str, Any] | None:
    """One rule with its table row, and everything that was found about it, newest first. None for an unknown one."""
    facts = rules.pathway.facts
    judgements = judgements_of(edition.scheme, edition.digest)
    if isinstance(edition, library.PartFile):
        rows = parts.shown_rules(edition, facts, judgements)
    else:
        rows = [row for component in shown_components(edition, facts, judgements) for row in component.rules]
        rows += shown_flags(edition, facts, judgements)
    shown = next((row for row in rows if row.id == rule), None)
    if shown is None:
        return None
    history = Judgement.objects.filter(scheme=edition.scheme, digest=edition.digest, rule=rule)
    return {"rule": shown, "history": history.select_related("judged_by").order_by("-id")}


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
