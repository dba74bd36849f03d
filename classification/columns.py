"""A case as one record of fixed width, so that a million of them can be read without parsing a document.

A record holds what is known of every fact that rules may ask about, not what an edition makes of it: values of a choice
as bits, a number as the ends of what it may be, a list of lesions as the figures that follow. It therefore serves every
edition of a pathway. What does not fit (a list whose lesions may or may not be metastases, "either of two sets") marks
the record as irregular; such a case is answered from its facts, one at a time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from .facts import UNKNOWN, Fact, Standing, known, parse_facts
from .lesions import FIGURES
from .list_columns import FIELDS, list_columns
from .partition import Partition, build
from .reader import Reader

LIST, COMPLETE = "liver_lesions", "liver_lesions_complete"
NOT_APPLICABLE_BIT, STATED_BIT = 14, 15


class Irregular(Exception):
    """Something that a record cannot say."""


def points_of(fact: Fact) -> tuple[Any, ...]:
    """What the bits of a column stand for, in order."""
    if fact.type == "yes_no":
        return (True, False)
    return fact.exact_values if fact.type == "choice" else fact.values


class Layout:
    """Where each fact lies in a record. ``digest`` names the layout: records of another one cannot be compared."""

    def __init__(self, reader: Reader) -> None:
        pathway = reader.pathway
        names = {*reader.read_facts, pathway.entry_fact, pathway.baseline_fact}
        if reader.figures:
            names |= set(FIGURES)
        facts = [fact for name, fact in pathway.facts.items() if name in names and fact.type != "lesions"]
        self.pathway = pathway
        self.bit_facts = tuple(fact for fact in facts if fact.type in ("choice", "yes_no", "set", "sites"))
        self.number_facts = tuple(fact for fact in facts if fact.type in ("integer", "number"))
        self.irregular_facts = tuple(fact.name for fact in facts if fact not in (*self.bit_facts, *self.number_facts))
        self.has_figures = all(name in names for name in FIGURES)
        self.ends: dict[str, Partition] = {fact.name: build(fact, ()) for fact in self.number_facts}
        fields: list[tuple] = [("irregular", "?")]
        for fact in self.bit_facts:
            if len(points_of(fact)) > NOT_APPLICABLE_BIT:
                raise ValueError(f"{fact.name} has more than {NOT_APPLICABLE_BIT} values")
            fields.append((fact.name, "<u2"))
        for fact in self.number_facts:
            is_small = fact.type == "integer" and fact.max is not None and fact.max < 1 << 24
            fields.append((fact.name, "<f4" if is_small else "<f8", (2,)))
        if self.has_figures:
            fields += FIELDS
        self.dtype = np.dtype(fields)
        meaning = [(fact.name, fact.type, points_of(fact)) for fact in (*self.bit_facts, *self.number_facts)]
        self.digest = hashlib.sha256(repr((fields, meaning)).encode()).hexdigest()[:16]
        self.empty = np.zeros((), self.dtype)
        for fact in self.bit_facts:
            self.empty[fact.name] = (1 << len(points_of(fact))) - 1 | 1 << NOT_APPLICABLE_BIT
        for fact in self.number_facts:
            self.empty[fact.name] = (self.ends[fact.name].lowest, self.ends[fact.name].highest)

    def pack(self, facts: Mapping[str, Any], restaging: Mapping[str, Any] | None = None) -> bytes:
        """The record of a case. Raises ``FactError`` for a value that is not allowed."""
        standings = parse_facts(facts, self.pathway.facts)
        record = self.empty.copy()
        try:
            if restaging is not None or standings.get(self.pathway.baseline_fact) == known(False):
                raise Irregular("baseline and restaging are two records")
            for fact in self.bit_facts:
                if fact.name in standings:
                    record[fact.name] = _bits(fact, standings[fact.name])
            for fact in self.number_facts:
                if fact.name in standings:
                    record[fact.name] = self._ends(fact, standings[fact.name])
            if any(name in standings for name in self.irregular_facts):
                raise Irregular("a rule asks about a fact that has no column")
            if self.has_figures and standings.get(LIST, UNKNOWN).is_stated:
                columns = list_columns(standings, self.ends[FIGURES[1]])
                if columns is None:
                    raise Irregular(LIST)
                for name, value in columns.items():
                    record[name] = value
        except Irregular:
            record["irregular"] = True
        return record.tobytes()

    @property
    def irregular(self) -> bytes:
        """The record of a case that has to be answered from its facts."""
        record = self.empty.copy()
        record["irregular"] = True
        return record.tobytes()

    def unpack(self, records: bytes) -> np.ndarray:
        """Records one after another as a structured array."""
        return np.frombuffer(records, self.dtype)

    def _ends(self, fact: Fact, standing: Standing) -> tuple[float, float]:
        if standing.kind == "not_applicable":
            return self.ends[fact.name].lowest, self.ends[fact.name].highest
        intervals = self.ends[fact.name].intervals(standing)
        if len(intervals) != 1:
            raise Irregular(fact.name)
        return intervals[0]


def _mask(points: tuple, values: set) -> int:
    return sum(1 << at for at, point in enumerate(points) if point in values)


def _bits(fact: Fact, standing: Standing) -> int:
    """What a standing allows, as bits of the column. Raises ``Irregular`` for "either of two sets"."""
    points = points_of(fact)
    stated = 1 << STATED_BIT
    if standing.kind == "not_applicable":
        return stated | 1 << NOT_APPLICABLE_BIT
    if fact.type in ("set", "sites"):
        if standing.kind != "known":
            raise Irregular(fact.name)
        names = {getattr(item, "site", item) for item in standing.value}
        return stated | _mask(points, names)
    values = standing.values if standing.kind == "one_of" else (standing.value,)
    if fact.type == "choice":
        if any(value in fact.unknown_values for value in values):
            return stated | (1 << len(points)) - 1 | 1 << NOT_APPLICABLE_BIT
        values = tuple(exact for value in values for exact in fact.exact(value))
    return stated | _mask(points, set(values))
