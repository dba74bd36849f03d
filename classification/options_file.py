"""Reading treatment options, arguments and gates from TOML. Nothing in a file is run.

``options.toml`` holds the options; ``arguments.toml`` and ``gates.toml`` beside it hold what speaks for and against
them and what holds them back. A folder may also keep all three in ``options.toml``.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .checking import Row, RulebookError, fact_named, read_toml, read_when
from .conditions import Conditions, Question
from .edition import STATUSES as EDITION_STATUSES
from .edition import Edition
from .edition_file import read_chinese, read_citation, read_sources
from .facts import Text
from .options import (
    EFFECTS,
    KINDS,
    NONE_OF_THESE,
    STATUSES,
    TREATMENTS,
    Argument,
    Gate,
    Header,
    Option,
    Options,
    StatusRule,
    Tests,
)
from .partition import steps_to_build
from .pathway import Pathway
from .scheme import WORK_LIMIT

_HEADER = {
    "edition": "text",
    "label": "table",
    "valid_from": "date",
    "status": "text",
    "verified_by": "text",
    "sources": "table",
}
# A number with a unit of dose, in either language. Concentrations in blood (mg/dL, g/L, µg/L) are no doses.
DOSE = re.compile(
    r"\d[\d.,]*\s*(?:(?:mg|毫克|[µμu]g|mcg|微克)(?!\s*/\s*d?L)|(?:g|克)\s*/\s*(?:d(?!L)|day|日|天|m²|m2|㎡|kg)|Gy(?![a-z])|戈瑞"
    r"|IU(?![a-z])|国际单位|万单位)|\bAUC\s*[=:：]?\s*\d",
    re.IGNORECASE,
)


def read_options(path: Path, pathway: Pathway, editions: Iterable[Edition]) -> tuple[Options, str]:
    """Read options.toml with the arguments.toml and gates.toml beside it; returns the options and one SHA-256.

    Raises ``RulebookError`` naming file, row and reason.
    """
    table, digest = read_toml(path)
    keys = {**_HEADER, "follows": "text", "none": "table", "option": "list"}
    inside = {"sources_zh": "table", "arguments": "table", "gates": "table", "without_rct": "table"}
    top = Row(path.name, "", table, keys, inside)
    follows = [edition for edition in editions if edition.scheme == top["follows"]]
    ctx = {
        "facts": pathway.facts,
        "categories": {category.id for edition in follows for category in edition.categories},
    }
    headers, digests = [_header(top, digest)], [digest]
    parts: dict[str, dict] = {}
    files: dict[str, str] = {}
    for name, read in (("arguments", _read_argument), ("gates", _read_gate)):
        rows, own = top, path.with_name(f"{name}.toml")
        if own.exists():
            if name in table:
                raise top.refuse(f"holds {name}, and {own.name} does too; keep them in one place")
            table_of_part, part_digest = read_toml(own)
            rows = Row(own.name, "", table_of_part, {**_HEADER, name: "table"}, {"sources_zh": "table"})
            headers.append(_header(rows, part_digest))
            digests.append(part_digest)
        elif name not in table:
            raise top.refuse(f"missing key {name!r}, and there is no {own.name}")
        own_ctx = ctx | {"sources": read_sources(rows.file, rows["sources"]), "sources_zh": read_chinese(rows)}
        files[name] = rows.file
        parts[name] = {key: read(rows.file, key, entry, own_ctx) for key, entry in rows[name].items()}
    options: list[Option] = []
    for number, entry in enumerate(top["option"], 1):
        option = _read_option(path.name, entry, number, ctx, parts)
        if option.id in [other.id for other in options]:
            raise Row(path.name, option.id, entry, {}, dict.fromkeys(entry, "any")).refuse("repeated row id")
        options.append(option)
    _refuse_unused(files, parts, options)
    if "without_rct" in table:
        top.text("without_rct")
    else:
        _refuse_without_rct(path.name, options)
    none = Row(path.name, "none", top["none"], {"label": "table", "text": "table"}, {})
    label, text = _worded(none, "label"), _worded(none, "text")
    options.append(Option(NONE_OF_THESE, label, (StatusRule((), {}, "consider"),), (), (), (), (), text))
    asked = {id(tests): tests for option in options for tests in option.tests if tests}
    _refuse_many(path.name, pathway, asked.values())
    conditions = Conditions(pathway.facts, [Question(tests) for tests in asked.values()])
    places = {key: place for place, key in enumerate(asked)}
    whole = digest if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
    none, required = (label, text), pathway.required
    return Options(tuple(options), top["follows"], conditions, places, none, tuple(headers), required), whole


def _refuse_many(file: str, pathway: Pathway, asked: Iterable[Tests]) -> None:
    counts = Counter(name for tests in asked for name in tests)
    for name, count in counts.items():
        if steps_to_build(pathway.facts[name], count) > WORK_LIMIT:
            raise RulebookError(file, "", f"{count} tests of {name!r} are too many to check")


def _header(top: Row, digest: str) -> Header:
    if top["status"] not in EDITION_STATUSES:
        raise top.refuse(f"unknown status {top['status']!r}; known: {', '.join(EDITION_STATUSES)}")
    return Header(
        top.file, top.id("edition"), top.text("label"), top["valid_from"], top["status"], top["verified_by"], digest
    )


def _worded(row: Row, key: str) -> Text:
    """A sentence in both languages that says no dose."""
    text = row.text(key)
    for words in (text.en, text.zh):
        if found := DOSE.search(words):
            raise row.refuse(f"{key!r} says a dose ({found.group()!r}); doses are never given here")
    return text


def _refuse_unused(files: Mapping[str, str], parts: Mapping[str, Mapping], options: list[Option]) -> None:
    """An argument or gate that no option names would look like a rule and never speak."""
    used = {each.id for option in options for each in (*option.pro, *option.con)}
    closed = {gate.id for option in options for gate in option.gates}
    for name, own in (("arguments", used), ("gates", closed)):
        for key in parts[name]:
            if key not in own:
                raise Row(files[name], f"{name}.{key}", {}, {}, {}).refuse("no option uses it")


def _refuse_without_rct(file: str, options: list[Option]) -> None:
    """Where surgery for cure was tested in a trial, that trial stands beside it whatever the case."""
    for option in options:
        always = [each for each in option.con if each.kind == "RCT" and not each.when and not each.types]
        if option.kind == "curative_surgery" and not always:
            row = Row(file, f"option {option.id}", {}, {}, {})
            raise row.refuse(
                "surgery for cure without an unconditional argument of kind RCT against it; "
                "if no such trial exists, say so in without_rct"
            )


def _types(row: Row, ctx: Mapping[str, Any]) -> tuple[str, ...]:
    for name in row.strings("types"):
        if ctx["categories"] and name not in ctx["categories"]:
            raise row.refuse(f"unknown category {name!r}; known: {', '.join(sorted(ctx['categories']))}")
    return row.strings("types")


def _kinds(row: Row, names: Iterable[str]) -> tuple[str, ...]:
    for name in names:
        if name not in TREATMENTS:
            raise row.refuse(f"unknown kind of treatment {name!r}; known: {', '.join(TREATMENTS)}")
    return tuple(names)


def _read_argument(file: str, name: str, entry: Any, ctx: Mapping[str, Any]) -> Argument:
    optional = {"when": "table", "types": "list", "cite": "table", "with_kind": "list"}
    row = Row(file, f"arguments.{name}", entry, {"kind": "text", "text": "table"}, optional)
    row.checked_id(name)
    if row["kind"] not in KINDS:
        raise row.refuse(f"unknown kind {row['kind']!r}; known: {', '.join(KINDS)}")
    citation = read_citation(row, ctx)
    when = read_when(row, row.get("when", {}), ctx["facts"])
    with_kind = _kinds(row, row.strings("with_kind"))
    return Argument(name, row["kind"], _worded(row, "text"), citation, when, _types(row, ctx), with_kind)


def _read_gate(file: str, name: str, entry: Any, ctx: Mapping[str, Any]) -> Gate:
    optional = {
        "closed_unless": "table",
        "closed_if": "table",
        "closed_if_any": "list",
        "open_if": "table",
        "default_cutoff": "flag",
        "idle_if": "table",
        "cite": "table",
    }
    row = Row(file, f"gates.{name}", entry, {"effect": "text", "text": "table"}, optional)
    row.checked_id(name)
    if row["effect"] not in EFFECTS:
        raise row.refuse(f"unknown effect {row['effect']!r}; known: {', '.join(EFFECTS)}")
    if "closed_unless" in entry and ("closed_if" in entry or "closed_if_any" in entry):
        raise row.refuse("is either closed_unless or closed_if; not both")
    parts = [
        read_when(row, entry[key], ctx["facts"]) if key in entry else None
        for key in ("closed_unless", "closed_if", "open_if", "idle_if")
    ]
    idle = parts.pop()
    choices = tuple(read_when(row, choice, ctx["facts"]) for choice in row.get("closed_if_any", []))
    citation = read_citation(row, ctx)
    is_default = row.get("default_cutoff", False)
    return Gate(name, row["effect"], _worded(row, "text"), citation, *parts, choices, is_default, idle)


_OPTION = {
    "id": "text",
    "label": "table",
    "kind": "text",
    "rules": "list",
    "for": "list",
    "against": "list",
    "gates": "list",
    "asks": "list",
}


def _read_option(file: str, entry: Any, number: int, ctx: Mapping[str, Any], parts: Mapping[str, dict]) -> Option:
    name = entry.get("id", f"option {number}") if isinstance(entry, dict) else f"option {number}"
    row = Row(file, f"option {name}", entry, _OPTION, {"text": "table", "needs": "list", "line": "whole"})
    if row.id() == NONE_OF_THESE:
        raise row.refuse("is given by [none], with label and text")
    kind = _kinds(row, [row["kind"]])[0]
    line = row.get("line", 0)
    if "line" in entry and (kind != "systemic" or line not in (1, 2, 3)):
        raise row.refuse(f"line {line!r} of {kind!r}; only systemic treatment has a line, from 1 to 3")
    rules = []
    for item in row["rules"]:
        part = Row(file, row.name, item, {"status": "text"}, {"types": "list", "when": "table"})
        if part["status"] not in STATUSES:
            raise row.refuse(f"unknown status {part['status']!r}; known: {', '.join(STATUSES)}")
        when = read_when(row, part.get("when", {}), ctx["facts"])
        rules.append(StatusRule(_types(part, ctx), when, part["status"]))

    def named(key: str, known: Mapping[str, Any]) -> tuple:
        for item in row.strings(key):
            if item not in known:
                raise row.refuse(f"unknown name {item!r} in {key!r}")
        return tuple(known[item] for item in row.strings(key))

    against = named("against", parts["arguments"])
    always = [each for each in parts["arguments"].values() if kind in each.with_kind and each not in against]
    return Option(
        id=row["id"],
        labels=_worded(row, "label"),
        rules=tuple(rules),
        pro=named("for", parts["arguments"]),
        con=(*always, *against),
        gates=named("gates", parts["gates"]),
        asks=tuple(fact_named(row, item, ctx["facts"]).name for item in row.strings("asks")),
        note=_worded(row, "text") if "text" in entry else None,
        kind=kind,
        needs=row.disciplines("needs"),
        line=line,
    )
