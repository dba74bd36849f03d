"""From the facts of a case as JSON data to the keys of all schemes, in one pass.

Every value that a fact may have turns some bits of a key on or off. What a value turns is worked out once and
remembered, so that reading a case is one look-up and one XOR per fact. Only values that were read without error are
remembered, by their type too: ``1`` is not ``true``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from .facts import NOT_APPLICABLE, UNKNOWN, Fact, Lesion, Standing, parse_facts
from .lesions import FIGURES
from .liver import Code, LiverInput, code_of, liver_of_codes, ruler_of
from .partition import Partition, build
from .pathway import Pathway
from .scheme import Scheme

MEMO_LIMIT = 50_000
LIST, COMPLETE = "liver_lesions", "liver_lesions_complete"


class Reading(NamedTuple):
    """A case as bits: ``keys`` holds the keys of all schemes side by side, ``liver`` what no key can say."""

    keys: int
    liver: LiverInput | None


class Reader:
    """Reads cases for some schemes of one pathway."""

    def __init__(self, pathway: Pathway, schemes: Iterable[Scheme]) -> None:
        self.pathway = pathway
        # Own copies: what a scheme remembers belongs to the cells in which this reader reads lists.
        self.schemes = tuple(replace(scheme, memo={}, decisions={}, coarse_masks={}) for scheme in schemes)
        self.spans: tuple[tuple[Scheme, int, int], ...] = ()
        self._places: dict[str, list[tuple[Partition, int, int | None]]] = {name: [] for name in pathway.facts}
        self._changes: dict[str, dict[Any, int]] = {name: {} for name in pathway.facts}
        self._figures: tuple[Partition, ...] = self._figure_cells()
        self._figure_changes: dict[tuple[int, ...], int] = {}
        self._codes: dict[Any, Code | None] = {}
        self.start = 0
        first = 0
        for scheme in self.schemes:
            scheme.figures = self._figures
            bits = 0
            for name, (shift, stated) in scheme.places.items():
                partition = scheme.partitions[name]
                self._places[name].append((partition, first + shift, None if stated is None else first + stated))
                self.start |= partition.full << first + shift
                bits = max(bits, shift + partition.size, 0 if stated is None else stated + 1)
            self.spans += ((scheme, first, (1 << bits) - 1),)
            first += bits
        self._figure_bits = 0
        for name in FIGURES:
            for partition, shift, _ in self._places.get(name, ()):
                self._figure_bits |= partition.full << shift
        self.read_facts = tuple(name for name, places in self._places.items() if places)

    def _figure_cells(self) -> tuple[Partition, ...]:
        """The cells in which lists of lesions are read: fine enough for every scheme."""
        if not all(name in self.pathway.facts for name in FIGURES):
            return ()
        return tuple(
            build(
                self.pathway.facts[name],
                [test for scheme in self.schemes if name in scheme.rule_facts for test in scheme.tests[name]],
            )
            for name in FIGURES
        )

    def read(self, facts: Mapping[str, Any]) -> Reading:
        """The bits of a case. Raises ``FactError`` for a fact or value that the pathway does not allow."""
        keys, changes = self.start, self._changes
        for name, value in facts.items():
            try:
                keys ^= changes[name][value if value.__class__ is str else (value.__class__, value)]
            except (KeyError, TypeError):
                if name != LIST or not self._figures:
                    keys ^= self._change(name, value)
        lesions = facts.get(LIST)
        return Reading(keys, None) if lesions is None or not self._figures else self._with_list(keys, facts, lesions)

    def _change(self, name: str, value: Any) -> int:
        """The bits that a value turns, remembered under the value, or under its words if it cannot be hashed."""
        place: Any = value if value.__class__ is str else (value.__class__, value)
        try:
            hash(place)
        except TypeError:
            place = (value.__class__, repr(value))
        memo = self._changes.get(name, {})
        change = memo.get(place)
        if change is None:
            standing = parse_facts({name: value}, self.pathway.facts).get(name, UNKNOWN)
            change = 0
            if standing.is_stated:
                for partition, shift, stated in self._places[name]:
                    change ^= (partition.full ^ partition.mask(standing)) << shift
                    change |= 0 if stated is None else 1 << stated
            if len(memo) > MEMO_LIMIT:
                memo.clear()
            memo[place] = change
        return change

    def _with_list(self, keys: int, facts: Mapping[str, Any], lesions: Any) -> Reading:
        fact = self.pathway.facts[LIST]
        stated = self._stated_figures(facts)
        ruler = ruler_of(self._figures[1], stated[1])
        seen: list[Code] = []
        if not isinstance(lesions, list | tuple):
            standing = fact.parse(lesions)
            if standing.kind != "known":
                return Reading(keys, None)
        for number, entry in enumerate(lesions, 1):
            place = self._lesion_place(entry, ruler) if stated[1] is UNKNOWN else None
            try:
                code = self._codes[place]
            except (KeyError, TypeError):
                code = self._code(fact, number, entry, ruler, place)
            if code is not None:
                seen.append(code)
        is_complete = facts.get(COMPLETE) is True
        liver = liver_of_codes(seen, is_complete, stated, self._figures)
        if liver.box is None:
            return Reading(keys, liver)
        return Reading(self._with_figures(keys, liver.box), None)

    @staticmethod
    def _lesion_place(entry: Any, ruler: Any) -> tuple | None:
        """What tells one lesion from another, for those written in the plain way."""
        try:
            get = entry.get
            segments, size = get("segments"), get("diameter_mm")
            return (
                len(entry),
                None if segments is None else tuple(segments),
                size.__class__,
                size,
                get("nature"),
                get("vessel_relation"),
                get("vessel"),
            )
        except (AttributeError, TypeError):
            return None

    def _code(self, fact: Fact, number: int, entry: Any, ruler: Any, place: tuple | None) -> Code | None:
        lesion: Lesion = fact.lesion(number, entry)
        code = code_of(lesion, ruler)
        if place is not None:
            try:
                if len(self._codes) > MEMO_LIMIT:
                    self._codes.clear()
                self._codes[place] = code
            except TypeError:  # a part of the entry is itself a table
                pass
        return code

    def _stated_figures(self, facts: Mapping[str, Any]) -> tuple[Standing, ...]:
        stated = [facts.get(name) for name in FIGURES]
        if stated == [None] * len(FIGURES):
            return _NOTHING
        read = parse_facts({n: v for n, v in zip(FIGURES, stated, strict=True) if v is not None}, self.pathway.facts)
        found = (read.get(name, UNKNOWN) for name in FIGURES)
        return tuple(UNKNOWN if standing == NOT_APPLICABLE else standing for standing in found)

    def _with_figures(self, keys: int, box: tuple[int, ...]) -> int:
        """The keys with the figures of a list in the place of those that were stated beside it."""
        change = self._figure_changes.get(box)
        if change is None:
            change = 0
            for name, finer, mask in zip(FIGURES, self._figures, box, strict=True):
                for partition, shift, _ in self._places[name]:
                    change |= partition.coarsened(finer, mask) << shift
            if len(self._figure_changes) > MEMO_LIMIT:
                self._figure_changes.clear()
            self._figure_changes[box] = change
        return keys & ~self._figure_bits | change

    def keys_of(self, reading: Reading) -> Iterable[tuple[Scheme, int]]:
        """Each scheme with its own key."""
        return ((scheme, reading.keys >> first & full) for scheme, first, full in self.spans)


_NOTHING = (UNKNOWN,) * len(FIGURES)
