"""Protocols by which a case is listed and recorded without discussion: data of a pathway, to be signed by each team."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .checking import Row, RulebookError, read_toml
from .facts import Text
from .pathway import RULES
from .rulebook import load_rulebook

INTENTS = ("curative", "conversion", "palliative", "supportive", "diagnostic")
FILE = "standard_of_care.toml"


@dataclass(frozen=True)
class Protocol:
    """What it is for, which types it fits (empty: any), and what is recorded; `digest` is of exactly this text."""

    id: str
    version: str
    label: Text
    situation: Text
    categories: tuple[str, ...]
    options: tuple[str, ...]
    intent: str
    digest: str


def read_protocols(path: Path, categories: Collection[str], options: Collection[str]) -> tuple[Protocol, ...]:
    """Read one file; none, where there is no file. Raises RulebookError naming file, row and reason."""
    if not path.exists():
        return ()
    table, _digest = read_toml(path)
    rows = Row(path.name, "", table, {"protocol": "list"}, {})["protocol"]
    found = [_read(path.name, row, categories, options) for row in rows]
    if len({protocol.id for protocol in found}) != len(found):
        raise RulebookError(path.name, "protocol", "an id stands twice")
    return tuple(found)


def _read(file: str, table: object, categories: Collection[str], options: Collection[str]) -> Protocol:
    name = table.get("id", "protocol") if isinstance(table, dict) else "protocol"
    keys = {
        "id": "text",
        "version": "text",
        "label": "table",
        "situation": "table",
        "categories": "list",
        "options": "list",
        "intent": "text",
    }
    row = Row(file, str(name), table, keys, {})
    unknown = [each for each in row.strings("categories") if each not in categories]
    unknown += [each for each in row.strings("options") if each not in options]
    if unknown:
        raise row.refuse(f"unknown category or option: {', '.join(unknown)}")
    if not row.strings("options"):
        raise row.refuse("names no option to record")
    if row["intent"] not in INTENTS:
        raise row.refuse(f"intent {row['intent']!r}; known: {', '.join(INTENTS)}")
    if not 1 <= len(row["version"]) <= 20:
        raise row.refuse("the version has up to 20 characters")
    text = json.dumps(row.table, ensure_ascii=False, sort_keys=True)
    return Protocol(
        id=row.id(),
        version=row["version"],
        label=row.text("label"),
        situation=row.text("situation"),
        categories=row.strings("categories"),
        options=row.strings("options"),
        intent=row["intent"],
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


@lru_cache(maxsize=8)
def load_protocols(pathway: str) -> tuple[Protocol, ...]:
    """The protocols of an installed pathway, checked against its leading scheme and its options."""
    rules = load_rulebook()[pathway]
    leading = [edition for edition in rules.editions if edition.scheme == rules.schemes[0]]
    categories = {category.id for edition in leading for category in edition.categories}
    return read_protocols(RULES / pathway / FILE, categories, {option.id for option in rules.options})
