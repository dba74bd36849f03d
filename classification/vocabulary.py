"""Reading facts.toml: the vocabulary of a pathway, and combinations of values that no patient can have."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .checking import Row, fact_named, read_toml, read_when
from .facts import TYPES, Fact, Text
from .lesions import FIGURES
from .partition import Test

ELEMENT_LIMIT = 14
IMPOSSIBLE_LIMIT = 100
_TESTED = ("positive", "negative")
FIXED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "liver_lesions": ("lesions", ()),
    "liver_lesions_complete": ("yes_no", ()),
    "liver_lesion_count": ("integer", ()),
    "liver_max_diameter_mm": ("number", ()),
    "liver_lobes": ("choice", ("left", "right", "both")),
    "liver_major_vessel_or_duct_involved": ("yes_no", ()),
    "liver_vessel_contact": ("yes_no", ()),
    "liver_diffuse": ("yes_no", ()),
    "gastrectomy_on": ("date", ()),
    "liver_metastasis_found_on": ("date", ()),
    "timing": ("choice", ("synchronous", "metachronous")),
    "her2_ihc": ("choice", ("0", "1+", "2+", "3+")),
    "her2_ish": ("choice", _TESTED),
    "her2_status": ("choice", _TESTED),
    "mmr": ("choice", ("deficient", "proficient")),
    "msi": ("choice", ("high", "low", "stable")),
    "mmr_msi_status": ("choice", ("deficient", "proficient")),
    "cldn18_2_percent": ("number", ()),
    "cldn18_2_status": ("choice", _TESTED),
    "bilirubin_umol_l": ("number", ()),
    "albumin_g_l": ("number", ()),
    "albi_grade": ("choice", ("1", "2", "3")),
}
"""Facts that ``derive`` and ``lesions`` know by name: type, and exact values where they name them."""


@dataclass(frozen=True)
class Impossible:
    """A combination of values that no patient can have."""

    id: str
    when: Mapping[str, Test]
    flag: str


_FACT_OPTIONAL = {
    "values": "list",
    "covers": "table",
    "unknown": "list",
    "unit": "table",
    "min": "number",
    "max": "number",
    "above": "number",
    "max_age_days": "whole",
    "may_not_apply": "flag",
    "uncountable": "flag",
    "derived_from": "list",
    "prevails": "text",
    "carries_over": "flag",
    "record": "text",
    "counted": "table",
}


def _by_itself(label: Text) -> Text:
    """A label that can stand in a list: "Primary tumour is" waits for its value, and "Not stated:" may stand before it.

    Mended here and not in the file: its digest is that of the rules by which stored proposals were made.
    """
    return Text(label.en.removesuffix(" is"), label.zh)


def _read_fact(file: str, name: str, table: Any, groups: Mapping[str, Text]) -> Fact:
    required = {"type": "text", "owners": "list", "group": "text", "label": "table", "help": "table"}
    row = Row(file, f"facts.{name}", table, required, _FACT_OPTIONAL)
    row.checked_id(name)
    if row["type"] not in TYPES:
        raise row.refuse(f"unknown type {row['type']!r}; known: {', '.join(TYPES)}")
    if row["group"] not in groups:
        raise row.refuse(f"unknown group {row['group']!r}; known: {', '.join(groups)}")
    values, labels = [], {}
    for entry in row.get("values", []):
        triple = entry if isinstance(entry, list) else [entry, entry, entry]
        if len(triple) != 3 or not all(isinstance(part, str) and part for part in triple) or triple[0] in values:
            raise row.refuse(f"value {entry!r} is not one code or [code, English, Chinese], or is repeated")
        values.append(triple[0])
        labels[triple[0]] = Text(triple[1], triple[2])
    if (row["type"] in ("choice", "set", "sites")) != bool(values):
        raise row.refuse(f"a fact of type {row['type']} {'needs' if not values else 'has no'} values")
    if "counted" in table and row["type"] != "lesions":
        raise row.refuse("only a list of lesions says what a lesion that counts is called")
    covered = row.get("covers", {})
    covers_row = Row(file, f"facts.{name}.covers", covered, {}, dict.fromkeys(covered, "list"))
    covers = {key: covers_row.strings(key) for key in covered}
    named = [*covers, *(part for parts in covers.values() for part in parts), *row.strings("unknown")]
    for value in named:
        if value not in values:
            raise row.refuse(f"unknown value {value!r}; known: {', '.join(values)}")
    exact = [value for value in values if value not in covers and value not in row.strings("unknown")]
    if values and not exact:
        raise row.refuse("needs a value that stands for nothing but itself")
    for key, parts in covers.items():
        if not parts or not set(parts) <= set(exact):
            raise row.refuse(f"value {key!r} may cover only values that stand for nothing but themselves")
    if row["type"] in ("set", "sites") and len(exact) > ELEMENT_LIMIT:
        raise row.refuse(f"more than {ELEMENT_LIMIT} elements: every set of them is tried")
    for key in ("min", "max", "above"):
        if math.isinf(row.get(key, 0)):
            raise row.refuse(f"{key!r} must be finite")
    _refuse_other_shape(row, exact)
    owners = row.disciplines("owners")
    if not owners:
        raise row.refuse("needs an owner")
    return Fact(
        name=name,
        type=row["type"],
        values=tuple(values),
        value_labels=labels,
        covers=covers,
        unknown_values=row.strings("unknown"),
        owners=owners,
        group=row["group"],
        labels=_by_itself(row.text("label")),
        helps=row.text("help"),
        units=row.text("unit") if "unit" in table else None,
        min=row.get("min"),
        max=row.get("max"),
        above=row.get("above"),
        max_age_days=row.get("max_age_days"),
        may_not_apply=row.get("may_not_apply", False),
        uncountable=row.get("uncountable", False),
        derived_from=row.strings("derived_from"),
        prevails=row.get("prevails", ""),
        carries_over=row.get("carries_over", False),
        record=row.get("record", ""),
        counted=row.text("counted") if "counted" in table else None,
    )


def _refuse_other_shape(row: Row, exact: list[str]) -> None:
    """The program works with some facts by name; under that name they are always the same thing."""
    kind, values = FIXED.get(row.name.removeprefix("facts."), (row["type"], ()))
    if row["type"] != kind:
        raise row.refuse(f"a fact of this name must be of type {kind}")
    if values and set(exact) != set(values):
        raise row.refuse(f"a fact of this name must have the values {', '.join(values)}")


def read_vocabulary(path: Path) -> tuple[dict[str, Fact], dict[str, Text], tuple[Impossible, ...], str]:
    """Facts, groups, combinations that cannot occur, and the SHA-256 of a facts.toml. Raises ``RulebookError``."""
    table, digest = read_toml(path)
    top = Row(path.name, "", table, {"groups": "table", "facts": "table"}, {"impossible": "list"})
    groups_row = Row(path.name, "groups", top["groups"], {}, dict.fromkeys(top["groups"], "table"))
    groups = {name: groups_row.text(name) for name in top["groups"]}
    facts = {name: _read_fact(path.name, name, entry, groups) for name, entry in top["facts"].items()}
    for fact in facts.values():
        for source in fact.derived_from:
            fact_named(Row(path.name, f"facts.{fact.name}", {}, {}, {}), source, facts)
    lists = [name for name in FIGURES if name not in facts]
    if "liver_lesions" in facts and lists:
        raise top.refuse(f"liver_lesions needs the figures that follow from it; missing: {', '.join(lists)}")
    if len(top.get("impossible", [])) > IMPOSSIBLE_LIMIT:
        raise top.refuse(f"more than {IMPOSSIBLE_LIMIT} combinations that cannot occur")
    impossible = []
    for number, entry in enumerate(top.get("impossible", []), 1):
        keys = {"id": "text", "when": "table", "flag": "text"}
        name = entry.get("id", f"impossible {number}") if isinstance(entry, dict) else f"impossible {number}"
        row = Row(path.name, name, entry, keys, {})
        impossible.append(Impossible(row.id(), read_when(row, row["when"], facts), row["flag"]))
    return facts, groups, tuple(impossible), digest
