"""Conditions of rules in words, both languages: what a table of rules, a comparison and a checklist show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .describe import either
from .facts import Fact
from .partition import Test, build, cell_labels


@dataclass(frozen=True)
class Condition:
    """One test of one fact: the fact's code, its label, and what it must be."""

    fact: str
    label: str
    words: str


def words_of(fact: Fact, test: Test, language: str = "en") -> str:
    """``≤ 40 mm``, ``1–3``, ``T0–T4a``, ``any of 16a2, 16b1; none of other``."""
    if fact.type in ("set", "sites"):
        return _set_words(fact, test, language)
    partition = build(fact, [test])
    mask = partition.test_mask(test)
    words = [label for label, cell in cell_labels(partition, language) if cell & mask]
    return either(words, language)


def _set_words(fact: Fact, test: Test, language: str) -> str:
    comma, join = (", ", "; ") if language == "en" else ("、", "；")

    def names(values) -> str:
        return comma.join(fact.value_label(value, language) for value in fact.values if value in values)

    parts = []
    if test.empty is not None:
        empty, filled = ("none", "at least one") if language == "en" else ("无", "至少一处")
        parts.append(empty if test.empty else filled)
    for group in test.has_any:
        is_one = len(group) == 1
        before, after = ("" if is_one else "any of ", "") if language == "en" else ("含", "" if is_one else "之一")
        parts.append(f"{before}{names(group)}{after}")
    if test.has_none:
        before = ("not " if len(test.has_none) == 1 else "none of ") if language == "en" else "不含"
        parts.append(f"{before}{names(test.has_none)}")
    return join.join(parts)


def conditions(tests: Mapping[str, Test], facts: Mapping[str, Fact], language: str = "en") -> tuple[Condition, ...]:
    """A conjunction, one entry for each fact."""
    return tuple(
        Condition(name, facts[name].label(language), words_of(facts[name], test, language))
        for name, test in tests.items()
    )
