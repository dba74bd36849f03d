"""Who must be at the table before a pathway's case is decided: always, where certain options are open, and at least.

The disciplines that are always needed stand in ``pathway.toml``. ``quorum.toml`` beside it says why, who else is
needed when, and which published minimum a meeting below the quorum may still meet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .checking import Row, RulebookError, read_toml
from .edition import Citation
from .edition_file import read_chinese, read_citation, read_sources
from .facts import Text
from .options import STATUSES, Options
from .pathway import Pathway


@dataclass(frozen=True)
class Needed:
    """Disciplines, and in words and with its citation why they are needed."""

    id: str
    disciplines: tuple[str, ...]
    texts: Text
    citation: Citation
    notes: Text | None = None

    def text(self, language: str = "en") -> str:
        return self.texts(language)

    def note(self, language: str = "en") -> str:
        """What the check leaves out, "" for nothing."""
        return self.notes(language) if self.notes else ""


@dataclass(frozen=True)
class Also:
    """Further disciplines where one of ``options`` has one of ``statuses``, or one of ``categories`` is possible."""

    needed: Needed
    options: frozenset[str]
    statuses: frozenset[str]
    categories: frozenset[str]

    def opened_by(self, options: Mapping[str, str]) -> tuple[str, ...]:
        """The ids of the options that ask for these disciplines, in the order in which ``options`` gives them."""
        return tuple(name for name, status in options.items() if name in self.options and status in self.statuses)

    def applies(self, options: Mapping[str, str], categories: Iterable[str]) -> bool:
        """``options``: id → status of what was proposed; ``categories``: those of the leading scheme that it leaves."""
        return bool(self.opened_by(options)) or bool(self.categories & set(categories))


@dataclass(frozen=True)
class QuorumRules:
    """The whole rule of a pathway. Without a ``quorum.toml`` there is only the list of ``pathway.toml``."""

    required: tuple[str, ...] = ()
    always: Needed | None = None
    also: tuple[Also, ...] = ()
    minimum: Needed | None = None

    def applying(self, options: Mapping[str, str], categories: Collection[str]) -> tuple[Needed, ...]:
        """Every rule that asks for somebody in this case."""
        always = (self.always,) if self.always else ()
        return always + tuple(rule.needed for rule in self.also if rule.applies(options, categories))

    def opened_by(self, options: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        """Rule id → the ids of the open options because of which it asks; rules without one are left out."""
        opened = {rule.needed.id: rule.opened_by(options) for rule in self.also}
        return {name: found for name, found in opened.items() if found}

    def beyond(self, options: Mapping[str, str], categories: Collection[str]) -> tuple[str, ...]:
        """The disciplines that this case needs beside those that every case needs, each once."""
        return self._beside(rule for rule in self.also if rule.applies(options, categories))

    @property
    def possible_beyond(self) -> tuple[str, ...]:
        """The disciplines that some case may need beside those that every case needs: says nothing about any case."""
        return self._beside(self.also)

    def _beside(self, rules: Iterable[Also]) -> tuple[str, ...]:
        asked = dict.fromkeys(code for rule in rules for code in rule.needed.disciplines)
        return tuple(code for code in asked if code not in self.required)


def read_quorum(path: Path, pathway: Pathway, options: Options, categories: Collection[str]) -> tuple[QuorumRules, str]:
    """Read quorum.toml; returns the rules and the file's SHA-256. ``categories`` are those of the leading scheme.

    Raises ``RulebookError`` naming file, row and reason.
    """
    if not path.exists():
        return QuorumRules(pathway.quorum), ""
    table, digest = read_toml(path)
    keys = {"sources": "table", "always": "table"}
    top = Row(path.name, "", table, keys, {"sources_zh": "table", "also": "list", "minimum": "table"})
    ctx = {"sources": read_sources(path.name, top["sources"]), "sources_zh": read_chinese(top)}
    always = Row(path.name, "always", top["always"], {"text": "table"}, {"cite": "table"})
    also = tuple(
        _read_also(path.name, entry, n, ctx, options, categories) for n, entry in enumerate(top.get("also", []), 1)
    )
    ids = [rule.needed.id for rule in also]
    for name in ids:
        if ids.count(name) > 1:
            raise RulebookError(path.name, f"also.{name}", "repeated row id")
    minimum = None
    if "minimum" in table:
        keys = {"id": "text", "disciplines": "list", "text": "table"}
        row = Row(path.name, "minimum", top["minimum"], keys, {"cite": "table", "note": "table"})
        minimum = _needed(row, ctx)
    rules = QuorumRules(
        required=pathway.quorum,
        always=Needed("always", pathway.quorum, always.text("text"), read_citation(always, ctx)),
        also=also,
        minimum=minimum,
    )
    return rules, digest


def _needed(row: Row, ctx: Mapping[str, Any]) -> Needed:
    disciplines = row.disciplines("disciplines")
    if not disciplines:
        raise row.refuse("names no discipline")
    notes = row.text("note") if "note" in row.table else None
    return Needed(row.id(), disciplines, row.text("text"), read_citation(row, ctx), notes)


def _read_also(
    file: str, entry: Any, number: int, ctx: Mapping[str, Any], options: Options, categories: Collection[str]
) -> Also:
    name = entry.get("id", f"row {number}") if isinstance(entry, dict) else f"row {number}"
    keys = {"id": "text", "disciplines": "list", "text": "table"}
    optional = {"options": "list", "statuses": "list", "categories": "list", "cite": "table", "note": "table"}
    row = Row(file, f"also.{name}", entry, keys, optional)
    known = {option.id for option in options.options}
    for option in row.strings("options"):
        if option not in known:
            raise row.refuse(f"unknown option {option!r}")
    for status in row.strings("statuses"):
        if status not in STATUSES:
            raise row.refuse(f"unknown status {status!r}; known: {', '.join(STATUSES)}")
    for category in row.strings("categories"):
        if category not in categories:
            raise row.refuse(f"unknown category {category!r}; known: {', '.join(categories)}")
    if bool(row.strings("options")) != bool(row.strings("statuses")):
        raise row.refuse("options and statuses belong together")
    if not row.strings("options") and not row.strings("categories"):
        raise row.refuse("says neither for which options nor for which categories")
    return Also(
        _needed(row, ctx),
        frozenset(row.strings("options")),
        frozenset(row.strings("statuses")),
        frozenset(row.strings("categories")),
    )
