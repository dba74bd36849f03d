"""Two editions of a scheme side by side: which rows are new, gone or different, and in which words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .condition_words import Condition, conditions
from .edition import Edition, Rule
from .facts import Fact

ADDED, REMOVED, CHANGED, SAME = "added", "removed", "changed", "same"


@dataclass(frozen=True)
class Difference:
    """One thing in its old and its new words; "" where it was or is not there. ``what`` is a code or a fact's label."""

    what: str
    old: str
    new: str

    @property
    def kind(self) -> str:
        if self.old == self.new:
            return SAME
        return CHANGED if self.old and self.new else ADDED if self.new else REMOVED


@dataclass(frozen=True)
class RowChange:
    """A row that is not the same in both editions. ``conditions`` names also what stayed, for the reader's sake."""

    id: str
    component: str
    old: Rule | None
    new: Rule | None
    conditions: tuple[Difference, ...]
    others: tuple[Difference, ...]

    @property
    def kind(self) -> str:
        return CHANGED if self.old and self.new else ADDED if self.new else REMOVED


@dataclass(frozen=True)
class Comparison:
    """What differs between two editions: their heads, categories, flags, and rows; and how many rows are the same."""

    head: tuple[Difference, ...]
    categories: tuple[Difference, ...]
    flags: tuple[Difference, ...]
    rows: tuple[RowChange, ...]
    rows_same: int

    @property
    def is_empty(self) -> bool:
        return not (self.head or self.categories or self.flags or self.rows)


def alternatives(rule: Rule, facts: Mapping[str, Fact], language: str = "en") -> tuple[tuple[Condition, ...], ...]:
    """The choices of which at least one must hold, in words."""
    return tuple(conditions(choice, facts, language) for choice in rule.any)


def alternatives_words(rule: Rule, facts: Mapping[str, Fact], language: str = "en") -> str:
    """``Largest diameter: ≤ 40 mm; or Lobes: left/right``."""
    colon, comma, join = (": ", ", ", "; or ") if language == "en" else ("：", "，", "；或 ")
    choices = alternatives(rule, facts, language)
    return join.join(comma.join(f"{each.label}{colon}{each.words}" for each in choice) for choice in choices)


def compare(old: Edition, new: Edition, facts: Mapping[str, Fact], language: str = "en") -> Comparison:
    """Compare row by row. Rows are matched by their id without scheme and edition."""
    before, after = _rows(old), _rows(new)
    changes, same = [], 0
    for key in dict.fromkeys([*before, *after]):
        change = _row_change(key, before.get(key), after.get(key), (old, new), facts, language)
        if change is None:
            same += 1
        else:
            changes.append(change)
    order = {REMOVED: 1, ADDED: 2, CHANGED: 0}
    return Comparison(
        head=_differing(_head(old, language), _head(new, language)),
        categories=_differing(_categories(old, language), _categories(new, language)),
        flags=_differing(_flags(old, facts, language), _flags(new, facts, language)),
        rows=tuple(sorted(changes, key=lambda change: order[change.kind])),
        rows_same=same,
    )


def _rows(edition: Edition) -> dict[str, tuple[str, Rule]]:
    prefix = f"{edition.scheme}.{edition.edition}."
    return {
        rule.id.removeprefix(prefix): (component.labels, rule)
        for component in edition.components
        for rule in component.rules
    }


def _row_change(key, before, after, editions, facts, language) -> RowChange | None:
    old, new = (entry[1] if entry else None for entry in (before, after))
    label = (after or before)[0](language)
    stated = [
        {each.fact: each for each in conditions(rule.when, facts, language)} if rule else {} for rule in (old, new)
    ]
    parts = [
        Difference(facts[name].label(language), *(each[name].words if name in each else "" for each in stated))
        for name in dict.fromkeys([*stated[0], *stated[1]])
    ]
    choices = [alternatives_words(rule, facts, language) if rule else "" for rule in (old, new)]
    if any(choices):
        parts.append(Difference("any", *choices))
    pairs = zip((old, new), editions, strict=True)
    words = [_row_words(rule, edition, language) if rule else {} for rule, edition in pairs]
    others = _differing(*words)
    if old and new and not others and all(part.kind == SAME for part in parts):
        return None
    return RowChange(key, label, old, new, tuple(parts), others)


def _row_words(rule: Rule, edition: Edition, language: str) -> dict[str, str]:
    category = next((each.labels(language) for each in edition.categories if each.score == rule.score), str(rule.score))
    citation = rule.citation
    return {
        "category": category,
        "text": rule.texts(language),
        "citation": f"{citation.source}, {citation.locator(language)}",
        "doi": citation.doi,
        "label": citation.label,
    }


def _differing(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Difference, ...]:
    both = (Difference(name, old.get(name, ""), new.get(name, "")) for name in dict.fromkeys([*old, *new]))
    return tuple(each for each in both if each.kind != SAME)


def _head(edition: Edition, language: str) -> dict[str, str]:
    return {
        "edition": edition.edition,
        "name": edition.labels(language),
        "question": edition.question,
        "phase": edition.phase,
        "valid_from": edition.valid_from.isoformat(),
        "valid_to": edition.valid_to.isoformat() if edition.valid_to else "",
        "reading": edition.reading,
        "note": edition.note(language) if edition.note else "",
    }


def _categories(edition: Edition, language: str) -> dict[str, str]:
    return {each.id: f"{each.labels(language)}, {each.texts(language)}" for each in edition.categories}


def _flags(edition: Edition, facts: Mapping[str, Fact], language: str) -> dict[str, str]:
    return {flag.id: "; ".join(_flag_words(flag, facts, language)) for flag in edition.flags}


def _flag_words(flag, facts: Mapping[str, Fact], language: str) -> Iterator[str]:
    yield flag.texts(language)
    for tests in (flag.when, flag.unless):
        yield from (f"{each.label}: {each.words}" for each in conditions(tests or {}, facts, language))
