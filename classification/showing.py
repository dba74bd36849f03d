"""How a pathway wants to be shown: lines at a glance, dates of the course, and words of its own.

All of it is optional in pathway.toml. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .checking import Row, fact_named
from .facts import Fact, Text

KEYS = {
    "glance": "list",
    "course": "list",
    "absent_text": "table",
    "not_printed": "list",
    "preference": "list",
    "comorbidity": "list",
    "condition_templates": "list",
}
TRIGGERS = ("courses", "day", "result")


@dataclass(frozen=True)
class GlanceLine:
    """One line of facts that the whole room reads. ``named`` are those whose value says nothing without a label."""

    labels: Text
    facts: tuple[str, ...]
    named: frozenset[str]

    def label(self, language: str = "en") -> str:
        return self.labels(language)


@dataclass(frozen=True)
class CourseDate:
    """A date fact that the timeline of a case shows, in two or three words."""

    fact: str
    labels: Text

    def label(self, language: str = "en") -> str:
        return self.labels(language)


@dataclass(frozen=True)
class TemplateBranch:
    """What is usually done if a condition turns out so. ``option`` is the id of an option, or empty."""

    found: Text
    then: Text
    option: str


@dataclass(frozen=True)
class ConditionTemplate:
    """A condition that meetings of this pathway often set, to be filled in: it names no number and no day."""

    id: str
    labels: Text
    trigger: str
    what: Text
    fact: str
    branches: tuple[TemplateBranch, ...]

    def label(self, language: str = "en") -> str:
        return self.labels(language)


@dataclass(frozen=True)
class Showing:
    """What pages and papers of a pathway show, and in which words. ``None`` where the pathway has none of its own."""

    glance: tuple[GlanceLine, ...]
    course: tuple[CourseDate, ...]
    absent: Text | None
    """What to say where the entry fact says that the patient does not have this disease."""
    not_printed: frozenset[str]
    """Facts of no use on paper."""
    preference: tuple[str, ...]
    """Facts in which the patient's wish stands."""
    comorbidity: tuple[str, ...]
    """Facts in which comorbidity and fitness stand."""
    condition_templates: tuple[ConditionTemplate, ...]


def read_showing(top: Row, facts: Mapping[str, Fact], groups: Mapping[str, Text], required: tuple[str, ...]) -> Showing:
    """Read the keys of pathway.toml that ``KEYS`` names.

    Without ``glance``, each group of the vocabulary is a line of its ``required`` facts. Raises ``RulebookError``
    naming the row.
    """
    lines = tuple(_read_line(top.file, entry, number, facts) for number, entry in enumerate(top.get("glance", []), 1))
    for key in ("not_printed", "preference", "comorbidity"):
        for name in top.strings(key):
            fact_named(top, name, facts)
    return Showing(
        glance=lines or tuple(_plain_lines(facts, groups, required)),
        course=tuple(
            _read_date(top.file, entry, number, facts) for number, entry in enumerate(top.get("course", []), 1)
        ),
        absent=top.text("absent_text") if "absent_text" in top.table else None,
        not_printed=frozenset(top.strings("not_printed")),
        preference=top.strings("preference"),
        comorbidity=top.strings("comorbidity"),
        condition_templates=tuple(
            _read_template(top.file, entry, facts) for entry in top.get("condition_templates", [])
        ),
    )


def _read_template(file: str, entry: Any, facts: Mapping[str, Fact]) -> ConditionTemplate:
    name = entry.get("id", "?") if isinstance(entry, dict) else "?"
    keys = {"id": "text", "label": "table", "trigger": "text", "what": "table", "branches": "list"}
    row = Row(file, f"condition_templates.{name}", entry, keys, {"fact": "text"})
    if row["trigger"] not in TRIGGERS:
        raise row.refuse(f"unknown trigger {row['trigger']!r}; known: {', '.join(TRIGGERS)}")
    fact = fact_named(row, row["fact"], facts).name if "fact" in row.table else ""
    branches = tuple(_read_branch(row, branch) for branch in row["branches"])
    return ConditionTemplate(row.id(), row.text("label"), row["trigger"], row.text("what"), fact, branches)


def _read_branch(template: Row, entry: Any) -> TemplateBranch:
    row = Row(template.file, f"{template.name}.branches", entry, {"if": "table", "then": "table"}, {"option": "text"})
    return TemplateBranch(row.text("if"), row.text("then"), row.get("option", ""))


def _read_line(file: str, entry: Any, number: int, facts: Mapping[str, Fact]) -> GlanceLine:
    row = Row(file, f"glance {number}", entry, {"label": "table", "facts": "list"}, {})
    entries = row.strings("facts")
    names = tuple(fact_named(row, name.rstrip("="), facts).name for name in entries)
    return GlanceLine(row.text("label"), names, frozenset(name.rstrip("=") for name in entries if name.endswith("=")))


def _read_date(file: str, entry: Any, number: int, facts: Mapping[str, Fact]) -> CourseDate:
    row = Row(file, f"course {number}", entry, {"fact": "text", "label": "table"}, {})
    fact = fact_named(row, row["fact"], facts)
    if fact.type != "date":
        raise row.refuse(f"{fact.name!r} is of type {fact.type}; a date is needed")
    return CourseDate(fact.name, row.text("label"))


def _plain_lines(facts: Mapping[str, Fact], groups: Mapping[str, Text], required: tuple[str, ...]):
    for group, labels in groups.items():
        names = tuple(name for name in required if facts[name].group == group)
        if names:
            yield GlanceLine(labels, names, frozenset(names))
