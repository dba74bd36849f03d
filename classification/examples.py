"""Examples: cases with the answer that a person worked out from the source, and whether the rules agree.

An edition brings its own (``[[example]]``); a pathway brings a table of cases with the answers of many schemes
(``examples.toml``). All of them must hold before an edition may be approved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .checking import Row, RulebookError, read_toml
from .edition import Edition
from .facts import Fact, FactError, Text, parse_facts

if TYPE_CHECKING:
    from .rulebook import PathwayRules


@dataclass(frozen=True)
class Case:
    """One case of a pathway's table. ``provisional`` maps a scheme, or ``scheme@reading``, to the categories left."""

    id: str
    texts: Text
    facts: Mapping[str, Any]
    restaging: Mapping[str, Any] | None
    provisional: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Verdict:
    """Whether one example holds: what was expected, and what the rules said. ``part`` names what was compared."""

    example: str
    texts: Text
    part: str
    expected: tuple[str, ...]
    got: tuple[str, ...]

    @property
    def has_passed(self) -> bool:
        if self.part == "flags":
            return set(self.expected) <= set(self.got)
        return self.expected == self.got


def read_cases(path: Path, facts: Mapping[str, Fact], editions: Iterable[Edition]) -> tuple[tuple[Case, ...], str]:
    """Read examples.toml; returns the cases and the file's SHA-256. A folder without one has no cases."""
    if not path.exists():
        return (), ""
    table, digest = read_toml(path)
    top = Row(path.name, "", table, {"case": "list"}, {})
    categories = {edition.scheme: {category.id for category in edition.categories} for edition in editions}
    readings = {edition.scheme: set(edition.readings) for edition in editions}
    cases: list[Case] = []
    for number, entry in enumerate(top["case"], 1):
        name = entry.get("id", f"case {number}") if isinstance(entry, dict) else f"case {number}"
        keys = {"id": "text", "text": "table", "facts": "table", "provisional": "table"}
        row = Row(path.name, f"case {name}", entry, keys, {"restaging": "table"})
        if row.id() in [case.id for case in cases]:
            raise row.refuse("repeated row id")
        for key in ("facts", "restaging"):
            try:
                parse_facts(row.get(key, {}), facts)
            except FactError as error:
                raise row.refuse(f"{key}: {error}") from None
        answers = Row(path.name, row.name, row["provisional"], {}, dict.fromkeys(row["provisional"], "list"))
        expected = {target: answers.strings(target) for target in row["provisional"]}
        for target, named in expected.items():
            scheme, _, reading = target.partition("@")
            if scheme not in categories:
                continue  # a folder may hold some of the schemes only
            if reading and reading not in readings[scheme]:
                raise row.refuse(f"unknown reading {reading!r} of {scheme!r}")
            for category in named:
                if category not in categories[scheme]:
                    raise row.refuse(f"unknown category {category!r} of {scheme!r}")
        cases.append(Case(row["id"], row.text("text"), row["facts"], row.get("restaging"), expected))
    return tuple(cases), digest


def run_examples(rules: PathwayRules, edition: Edition) -> list[Verdict]:
    """Every example that speaks of one edition, in the reading in which it was loaded.

    Raises ``RulebookError`` if the edition is not one of the rules.
    """
    from .outcome import Outcome  # an outcome reads rules, and rules read examples

    own = [each for each in rules.compiled if each.edition == edition]
    if not own:
        raise RulebookError(edition.file, "", "is not an edition of these rules")
    alone = rules.with_only(own[0])
    verdicts = []
    for example in edition.examples:
        answer = Outcome(alone, example.facts, None, example.restaging).systems[edition.scheme]
        for part, expected in (
            ("possible", example.possible),
            ("provisional", example.provisional),
            ("flags", example.flags or None),
        ):
            if expected is not None:
                verdicts.append(Verdict(example.id, example.texts, part, expected, getattr(answer, part)))
    for case in rules.cases:
        for target, expected in case.provisional.items():
            scheme, _, reading = target.partition("@")
            if scheme == edition.scheme and reading in ("", edition.reading) and (reading or edition.is_own_reading):
                answer = Outcome(alone, case.facts, None, case.restaging).systems[edition.scheme]
                verdicts.append(Verdict(case.id, case.texts, "provisional", expected, answer.provisional))
    return verdicts
