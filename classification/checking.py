"""Reading rule files: every refusal names the file and the row."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from .facts import DISCIPLINES, Fact, FactError, Text
from .partition import NA, Test, number_bounds
from .rule_files import RulebookError as RulebookError
from .rule_files import read_toml as read_toml

KINDS: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "list": (list,),
    "table": (dict,),
    "flag": (bool,),
    "whole": (int,),
    "number": (int, float),
    "date": (dt.date,),
    "any": (object,),
}


ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
"""Names of rows stand in addresses, in the log and in tables with 60 characters for them."""


class Row:
    """One table of a rule file, with checked access to its keys."""

    def __init__(self, file: str, name: str, table: Any, required: Mapping[str, str], optional: Mapping[str, str]):
        self.file, self.name, self.table = file, name, table
        if not isinstance(table, dict):
            raise self.refuse(f"is {table!r}, not a table")
        for key in table:
            if key not in required and key not in optional:
                raise self.refuse(f"unknown key {key!r}; known: {', '.join([*required, *optional])}")
        for key, kind in {**required, **optional}.items():
            if key not in table:
                if key in required:
                    raise self.refuse(f"missing key {key!r}")
                continue
            value = table[key]
            wrong = not isinstance(value, KINDS[kind]) or (isinstance(value, bool) and kind in ("whole", "number"))
            if wrong or (kind == "date" and isinstance(value, dt.datetime)):
                raise self.refuse(f"{key!r} is {value!r}, wrong type; {kind} is needed")

    def refuse(self, message: str) -> RulebookError:
        return RulebookError(self.file, self.name, message)

    def __getitem__(self, key: str) -> Any:
        return self.table[key]

    def get(self, key: str, default: Any = None) -> Any:
        return self.table.get(key, default)

    def id(self, key: str = "id") -> str:
        """A name that can stand in an address."""
        return self.checked_id(self.table[key])

    def checked_id(self, name: str) -> str:
        if not ID.fullmatch(name):
            raise self.refuse(f"id {name!r}: give up to 60 letters, digits, dots, dashes and underscores")
        return name

    def text(self, key: str) -> Text:
        """A sentence in both languages; both must be there."""
        inner = Row(self.file, f"{self.name}.{key}", self.table[key], {"en": "text", "zh": "text"}, {})
        if not inner["en"].strip() or not inner["zh"].strip():
            raise self.refuse(f"{key!r} is empty in one language")
        return Text(inner["en"], inner["zh"])

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        value = self.table.get(key, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.refuse(f"{key!r} is {value!r}; a list of texts is needed")
        return tuple(value)

    def disciplines(self, key: str) -> tuple[str, ...]:
        names = self.strings(key)
        for name in names:
            if name not in DISCIPLINES:
                raise self.refuse(f"unknown discipline {name!r}; known: {', '.join(DISCIPLINES)}")
        return names


def fact_named(row: Row, name: str, facts: Mapping[str, Fact]) -> Fact:
    if name not in facts:
        raise row.refuse(f"unknown fact {name!r}")
    return facts[name]


def read_when(row: Row, table: Any, facts: Mapping[str, Fact]) -> dict[str, Test]:
    """A conjunction of tests, one per fact. Nothing in it is ever run as code."""
    if not isinstance(table, dict):
        raise row.refuse(f"{table!r} is not a table of facts and tests")
    return {name: read_test(row, fact_named(row, name, facts), spec) for name, spec in table.items()}


def read_test(row: Row, fact: Fact, spec: Any) -> Test:
    """One test: a value, a list of values, {le, lt, ge, gt}, or {has_any, has_none, empty}."""
    if fact.type in ("integer", "number"):
        return _number_test(row, fact, spec)
    if fact.type in ("set", "sites"):
        return _set_test(row, fact, spec)
    if fact.type not in ("choice", "yes_no"):
        raise row.refuse(f"no rule can ask about {fact.name!r}, which is of type {fact.type}")
    values = spec if isinstance(spec, list) else [spec]
    exact: set = set()
    for value in values:
        if value == NA:
            exact.add(NA)
            continue
        try:
            fact.parse(value)
        except FactError as error:
            raise row.refuse(f"unknown value: {error}") from None
        if value is None or isinstance(value, dict) or (fact.type == "choice" and value in fact.unknown_values):
            raise row.refuse(f"{fact.name!r} cannot be compared with {value!r}")
        exact.update(fact.exact(value) if fact.type == "choice" else [value])
    return Test(values=frozenset(exact))


def _number_test(row: Row, fact: Fact, spec: Any) -> Test:
    if not isinstance(spec, dict) or not spec:
        raise row.refuse(f"{fact.name!r} is tested with {spec!r}; le, lt, ge or gt is needed")
    for name, limit in spec.items():
        if name not in ("le", "lt", "ge", "gt"):
            raise row.refuse(f"unknown test {name!r} of {fact.name!r}; known: le, lt, ge, gt")
        if isinstance(limit, bool) or not isinstance(limit, int | float):
            raise row.refuse(f"{fact.name!r} {name} {limit!r}: wrong type; a number is needed")
    return Test(bounds=number_bounds(fact.type == "integer", spec))


def _set_test(row: Row, fact: Fact, spec: Any) -> Test:
    if not isinstance(spec, dict) or not spec:
        raise row.refuse(f"{fact.name!r} is tested with {spec!r}; has_any, has_none or empty is needed")
    parts = Row(row.file, row.name, spec, {}, {"has_any": "list", "has_none": "list", "empty": "flag"})
    for name in (*parts.strings("has_any"), *parts.strings("has_none")):
        if name not in fact.exact_values:
            raise row.refuse(f"unknown value {name!r} of {fact.name!r}; known: {', '.join(fact.exact_values)}")
    has_any = (frozenset(parts.strings("has_any")),) if "has_any" in spec else ()
    return Test(has_any=has_any, has_none=frozenset(parts.strings("has_none")), empty=spec.get("empty"))
