"""What a comparison of two editions, readings or texts shows."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from classification.comparison import compare
from classification.coverage import Coverage
from classification.edition import Edition
from classification.facts import Fact
from classification.rulebook import PathwayRules
from mdt.rulebook import library
from mdt.rulebook.wording import HEADS, language, said, worded

MOST_BOXES = 400  # drawn together, combinations of one part are a few dozen; more than this nobody reads


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
    named = {**titles(old), **titles(new)}
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
            title = " + ".join(named[each] for each in part.components)
            columns = [facts[name].label(language()) for name in part.facts]
            listed.append({"title": title, "facts": columns, "boxes": boxes[:MOST_BOXES]})
    return {
        "whole": whole,
        "count": sum(each["count"] for each in whole),
        "of": coverage.combinations,
        "parts": listed,
    }


def titles(edition: Edition) -> dict[str, str]:
    """Component → its name in the reader's language."""
    return {component.id: said(component.labels) for component in edition.components}
