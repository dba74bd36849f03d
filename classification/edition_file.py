"""Reading one edition from its TOML file. Rules are data; nothing in a file is run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .checking import Row, fact_named, read_toml, read_when
from .edition import (
    BUILT_IN,
    LABELS,
    PHASES,
    QUESTIONS,
    RECRUITMENT,
    STANCES,
    STATUSES,
    Category,
    Citation,
    Component,
    Edition,
    Example,
    Flag,
    Rule,
    Trial,
    Unstated,
)
from .facts import Fact, FactError, Text, parse_facts

SCORE_LIMIT = 100


def read_sources(file: str, tables: Mapping[str, Any]) -> dict[str, Row]:
    keys = {"text": "text", "doi": "text"}
    return {name: Row(file, f"sources.{name}", table, keys, {"id": "text"}) for name, table in tables.items()}


def read_chinese(top: Row) -> dict[str, str]:
    """The table ``sources_zh``: words of sources and locators → Chinese ones. What is not in it stays as it is."""
    words = top.get("sources_zh", {})
    return dict(Row(top.file, "sources_zh", words, {}, dict.fromkeys(words, "text")).table)


def read_citation(row: Row, ctx: Mapping[str, Any]) -> Citation:
    sources, chinese = ctx["sources"], ctx["sources_zh"]
    if "cite" not in row.table:
        raise row.refuse("missing citation: give cite = { source, locator, label }")
    cite = Row(row.file, row.name, row["cite"], {"source": "text", "locator": "text", "label": "text"}, {})
    if cite["source"] not in sources:
        raise row.refuse(f"unknown source {cite['source']!r}; known: {', '.join(sources)}")
    if cite["label"] not in LABELS or not cite["locator"].strip():
        raise row.refuse(f"missing citation: it needs a locator and one of the labels {', '.join(LABELS)}")
    source = sources[cite["source"]]
    locator, text = (Text(words, chinese.get(words, words)) for words in (cite["locator"], source["text"]))
    return Citation(cite["source"], locator, text, source["doi"], cite["label"])


def _read_rule(file: str, entry: Any, number: int, ctx: dict) -> tuple[Rule, tuple[str, ...]]:
    name = entry.get("id", f"row {number}") if isinstance(entry, dict) else f"row {number}"
    keys = {"id": "text", "when": "table", "score": "whole", "text": "table"}
    row = Row(file, name, entry, keys, {"any": "list", "reading": "list", "cite": "table"})
    if row.id() in ctx["ids"]:
        raise row.refuse("repeated row id")
    ctx["ids"].add(row["id"])
    if row["score"] not in ctx["scores"]:
        raise row.refuse(f"score {row['score']} belongs to no category")
    readings = row.strings("reading")
    for reading in readings:
        if reading not in ctx["readings"]:
            raise row.refuse(f"unknown reading {reading!r}; known: {', '.join(ctx['readings'])}")
    when = read_when(row, row["when"], ctx["facts"])
    choices = tuple(read_when(row, choice, ctx["facts"]) for choice in row.get("any", []))
    rule = Rule(row["id"], when, choices, row["score"], row.text("text"), read_citation(row, ctx))
    return rule, readings


def _read_component(file: str, entry: Any, number: int, ctx: dict) -> Component:
    name = entry.get("id", f"component {number}") if isinstance(entry, dict) else f"component {number}"
    row = Row(file, name, entry, {"id": "text", "label": "table", "row": "list"}, {})
    rules = []
    for at, item in enumerate(row["row"], 1):
        rule, readings = _read_rule(file, item, at, ctx)
        if not readings or ctx["reading"] in readings:
            rules.append(rule)
    return Component(row.id(), row.text("label"), tuple(rules))


def _read_flag(file: str, entry: Any, number: int, ctx: dict) -> Flag:
    name = entry.get("id", f"flag {number}") if isinstance(entry, dict) else f"flag {number}"
    optional = {"built_in": "text", "when": "table", "unless": "table", "category": "list", "cite": "table"}
    row = Row(file, f"flag {name}", entry, {"id": "text", "text": "table"}, optional)
    if row.id() in ctx["flags"]:
        raise row.refuse("repeated row id")
    ctx["flags"].add(row["id"])
    built_in = row.get("built_in", "")
    if built_in and built_in not in BUILT_IN:
        raise row.refuse(f"unknown built_in {built_in!r}; known: {', '.join(BUILT_IN)}")
    if not built_in and "when" not in entry and "unless" not in entry:
        raise row.refuse("needs built_in, when or unless")
    for category in row.strings("category"):
        if category not in ctx["categories"]:
            raise row.refuse(f"unknown category {category!r}")
    when, unless = (read_when(row, entry[k], ctx["facts"]) if k in entry else None for k in ("when", "unless"))
    return Flag(
        row["id"],
        row.text("text"),
        read_citation(row, ctx),
        built_in,
        when,
        unless,
        row.strings("category"),
    )


def _one_of(row: Row, key: str, known: tuple[str, ...], default: str = "") -> str:
    value = row.get(key, default)
    if value not in known:
        raise row.refuse(f"unknown {key} {value!r}; known: {', '.join(known)}")
    return value


def _read_category(file: str, entry: Any, number: int, earlier: list[Category]) -> Category:
    keys = {"id": "text", "score": "whole", "label": "table", "text": "table"}
    row = Row(file, f"category {number}", entry, keys, {"stance": "text", "outside": "table"})
    if row["id"] in [c.id for c in earlier] or row["score"] in [c.score for c in earlier]:
        raise row.refuse("repeated row id or score")
    if not 1 <= row["score"] <= SCORE_LIMIT:
        raise row.refuse(f"a score is a whole number from 1 to {SCORE_LIMIT}")
    row.id()
    stance = _one_of(row, "stance", STANCES, "class")
    outside = row.text("outside") if "outside" in entry else None
    return Category(row["id"], row["score"], row.text("label"), row.text("text"), stance, outside)


def read_example(file: str, entry: Any, number: int, facts: Mapping[str, Fact], categories: set[str]) -> Example:
    """One ``[[example]]``: facts as JSON data, and the categories that must follow."""
    name = entry.get("id", f"example {number}") if isinstance(entry, dict) else f"example {number}"
    keys = {"id": "text", "text": "table", "facts": "table"}
    optional = {"restaging": "table", "possible": "list", "provisional": "list", "flags": "list"}
    row = Row(file, f"example {name}", entry, keys, optional)
    for key in ("facts", "restaging"):
        try:
            parse_facts(row.get(key, {}), facts)
        except FactError as error:
            raise row.refuse(f"{key}: {error}") from None
    if "possible" not in entry and "provisional" not in entry:
        raise row.refuse("says neither what is possible nor what is provisional")
    for category in (*row.strings("possible"), *row.strings("provisional")):
        if category not in categories:
            raise row.refuse(f"unknown category {category!r}")
    possible, provisional = (row.strings(key) if key in entry else None for key in ("possible", "provisional"))
    return Example(
        row.id(), row.text("text"), row["facts"], row.get("restaging"), possible, provisional, row.strings("flags")
    )


_TOP = {
    "scheme": "text",
    "edition": "text",
    "question": "text",
    "label": "table",
    "valid_from": "date",
    "status": "text",
    "verified_by": "text",
    "combine": "text",
    "sources": "table",
    "category": "list",
    "component": "list",
}
_TOP_OPTIONAL = {
    "phase": "text",
    "from_restaging": "list",
    "note": "table",
    "trial": "table",
    "example": "list",
    "valid_to": "date",
    "reading": "text",
    "readings": "table",
    "sources_zh": "table",
    "unstated": "list",
    "flag": "list",
}


def _read_phase(top: Row, facts: Mapping[str, Fact]) -> tuple[str, tuple[str, ...]]:
    phase = _one_of(top, "phase", PHASES, "baseline")
    names = tuple(fact_named(top, name, facts).name for name in top.strings("from_restaging"))
    if names and phase == "baseline":
        raise top.refuse('from_restaging needs phase = "restaging"')
    return phase, names


def _read_trial(file: str, entry: Any) -> Trial:
    row = Row(file, "trial", entry, {"registry": "text", "recruitment": "text", "as_of": "date"}, {})
    return Trial(row["registry"], _one_of(row, "recruitment", RECRUITMENT), row["as_of"])


def read_edition(path: Path, facts: Mapping[str, Fact], reading: str | None = None) -> Edition:
    """Read one edition; ``reading`` overrides the reading that the file chooses."""
    table, digest = read_toml(path)
    file = path.name
    top = Row(file, "", table, _TOP, _TOP_OPTIONAL)
    if top["status"] not in STATUSES:
        raise top.refuse(f"unknown status {top['status']!r}; known: {', '.join(STATUSES)}")
    if top["combine"] != "max":
        raise top.refuse(f"unknown combine {top['combine']!r}; known: max")
    if "valid_to" in table and top["valid_to"] <= top["valid_from"]:
        raise top.refuse("valid_to must lie after valid_from")
    names = top.get("readings", {})
    readings_row = Row(file, "readings", names, {}, dict.fromkeys(names, "table"))
    readings = {readings_row.checked_id(name): readings_row.text(name) for name in names}
    chosen = reading or top.get("reading", "")
    if chosen and chosen not in readings:
        raise top.refuse(f"unknown reading {chosen!r}; known: {', '.join(readings)}")
    for key in ("category", "component"):
        if not top[key]:
            raise top.refuse(f"holds no {key}")
    categories: list[Category] = []
    for number, entry in enumerate(top["category"], 1):
        categories.append(_read_category(file, entry, number, categories))
    ctx = {
        "facts": facts,
        "sources": read_sources(file, top["sources"]),
        "sources_zh": read_chinese(top),
        "scores": {c.score for c in categories if c.outside is None},
        "categories": {c.id for c in categories},
        "readings": readings,
        "reading": chosen,
        "ids": set(),
        "flags": set(),
    }
    components = tuple(_read_component(file, entry, n, ctx) for n, entry in enumerate(top["component"], 1))
    if len({component.id for component in components}) != len(components):
        raise top.refuse("repeated row id among components")
    examples = tuple(
        read_example(file, entry, n, facts, ctx["categories"]) for n, entry in enumerate(top.get("example", []), 1)
    )
    if len({example.id for example in examples}) != len(examples):
        raise top.refuse("repeated row id among examples")
    unstated = []
    for number, entry in enumerate(top.get("unstated", []), 1):
        row = Row(file, f"unstated {number}", entry, {"fact": "text", "when": "table", "only": "text"}, {})
        read_when(row, {row["fact"]: row["only"]}, facts)
        unstated.append(Unstated(row["fact"], read_when(row, row["when"], facts), row["only"]))
    phase, from_restaging = _read_phase(top, facts)
    return Edition(
        scheme=top.id("scheme"),
        edition=top.id("edition"),
        labels=top.text("label"),
        question=_one_of(top, "question", QUESTIONS),
        phase=phase,
        from_restaging=from_restaging,
        note=top.text("note") if "note" in table else None,
        trial=_read_trial(file, table["trial"]) if "trial" in table else None,
        valid_from=top["valid_from"],
        valid_to=top.get("valid_to"),
        status=top["status"],
        verified_by=top["verified_by"],
        reading=chosen,
        own_reading=top.get("reading", ""),
        readings=readings,
        categories=tuple(sorted(categories, key=lambda c: c.score)),
        components=components,
        unstated=tuple(unstated),
        flags=tuple(_read_flag(file, entry, n, ctx) for n, entry in enumerate(top.get("flag", []), 1)),
        examples=examples,
        digest=hashlib.sha256(f"{digest}{chosen}".encode()).hexdigest(),
        file=file,
    )
