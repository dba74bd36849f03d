"""From the facts of a case as JSON data to the keys of all schemes, in one pass.

Every value that a fact may have turns some bits of a key on or off. What a value turns is worked out once and
remembered, so that reading a case is one look-up and one XOR per fact. Only values that were read without error are
remembered, by their type too: ``1`` is not ``true``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial
from typing import Any, NamedTuple

from .facts import UNKNOWN, Standing, known, parse_facts
from .lesions import FIGURES
from .list_reader import ListReader, Row
from .liver import LiverInput, liver_input
from .memory import Memory
from .partition import Partition, build
from .pathway import Pathway
from .scheme import Scheme
from .straight_line import Turns, read_slowly, reader_of

VALUE_LIMIT, LESION_LIMIT = 4_000, 20_000
LIST, COMPLETE = "liver_lesions", "liver_lesions_complete"
FIGURE_NAMES = frozenset(FIGURES)
_NOTHING = (UNKNOWN,) * len(FIGURES)


Reading = tuple[int, LiverInput | None]
"""A case as bits: the keys of all schemes side by side, and what no key can say of a list of lesions."""


class Meaning(NamedTuple):
    """What a value says: the bits of the keys that it turns, and what it stands for."""

    change: int
    standing: Standing


class Reader:
    """Reads cases for some schemes of one pathway."""

    def __init__(self, pathway: Pathway, schemes: Iterable[Scheme]) -> None:
        self.pathway = pathway
        # Own copies: what a scheme remembers belongs to the cells in which this reader reads lists.
        self.schemes = tuple(scheme.own() for scheme in schemes)
        self.spans: tuple[tuple[Scheme, int, int], ...] = ()
        self._places: dict[str, list[tuple[Partition, int, int | None]]] = {name: [] for name in pathway.facts}
        self.figures: tuple[Partition, ...] = self._figure_cells()
        self._lists = ListReader(pathway.facts[LIST], self.figures) if self.figures else None
        self.start = 0
        first = 0
        for scheme in self.schemes:
            scheme.figures = self.figures
            bits = 0
            for name, (shift, stated) in scheme.places.items():
                partition = scheme.partitions[name]
                self._places[name].append((partition, first + shift, None if stated is None else first + stated))
                self.start |= partition.full << first + shift
                bits = max(bits, shift + partition.size, 0 if stated is None else stated + 1)
            self.spans += ((scheme, first, (1 << bits) - 1),)
            first += bits
        figure_bits = 0
        for name in FIGURES:
            for partition, shift, _ in self._places.get(name, ()):
                figure_bits |= partition.full << shift
        self._other_bits = ~figure_bits
        self.read_facts = tuple(name for name, places in self._places.items() if places)
        self._meanings: dict[str, Memory] = {name: Memory(VALUE_LIMIT) for name in pathway.facts}
        self._lesions: Memory = Memory(LESION_LIMIT)

    @cached_property
    def _turns(self) -> dict[str, Turns]:
        return {name: Turns(self.pathway.facts[name], partial(self._turned, name)) for name in self.read_facts}

    @cached_property
    def _read_own(self) -> Callable[[Mapping[str, Any]], int]:
        """Straight-line code from facts to keys, for the facts that the schemes ask about."""
        return reader_of(self.start, self._turns)

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

    def read(self, facts: Mapping[str, Any]) -> tuple[Reading, dict[str, Standing]]:
        """The bits of a case, and its facts as ``parse_facts`` reads them.

        Raises ``FactError`` for a fact or value that the pathway does not allow.
        """
        keys, meanings = self.start, self._meanings
        standings: dict[str, Standing] = {}
        for name, value in facts.items():
            kind = value.__class__
            try:
                if kind is str or kind is bool:
                    change, standing = meanings[name][value]
                elif kind is list:
                    change, standing = meanings[name][tuple(value)]
                else:
                    change, standing = meanings[name][kind, value]
            except (KeyError, TypeError):
                change, standing = self._meaning(name, value)
            keys ^= change
            if standing is not UNKNOWN:
                standings[name] = standing
        lesions = facts.get(LIST)
        if lesions is None or self._lists is None:
            return (keys, None), standings
        return self._with_list(keys, facts, lesions), standings

    def read_own(self, facts: Mapping[str, Any]) -> Reading:
        """The bits alone, looking only at the facts that the schemes ask about: others are neither read nor checked."""
        try:
            keys = self._read_own(facts)
        except TypeError:  # a value that cannot be looked up
            keys = read_slowly(self.start, self._turns, facts)
        lesions = facts.get(LIST)
        if lesions is None or self._lists is None:
            return keys, None
        return self._with_list(keys, facts, lesions)

    def _meaning(self, name: str, value: Any) -> Meaning:
        """What a value says, remembered under the value, or under its words if it cannot be hashed."""
        memo = self._meanings.get(name)
        if memo is None:
            parse_facts({name: value}, self.pathway.facts)  # raises: there is no such fact
        if name == LIST and value.__class__ is list:
            return Meaning(0, known(tuple(self._lesion(number, entry) for number, entry in enumerate(value, 1))))
        kind = value.__class__
        place = value if kind is str or kind is bool else tuple(value) if kind is list else (kind, value)
        try:
            hash(place)
        except TypeError:
            place = kind, repr(value)
        try:
            return memo[place]
        except KeyError:
            standing = parse_facts({name: value}, self.pathway.facts).get(name, UNKNOWN)
            found = memo[place] = Meaning(self._turned(name, standing), standing)
            return found

    def _lesion(self, number: int, entry: Any):
        words = repr(entry)
        try:
            return self._lesions[words]
        except KeyError:
            lesion = self._lesions[words] = self.pathway.facts[LIST].lesion(number, entry)
            return lesion

    def _turned(self, name: str, standing: Standing) -> int:
        """The bits of the keys that a standing turns."""
        change = 0
        if standing.is_stated:
            for partition, shift, stated in self._places[name]:
                change ^= (partition.full ^ partition.mask(standing)) << shift
                change |= 0 if stated is None else 1 << stated
        return change

    def _with_list(self, keys: int, facts: Mapping[str, Any], lesions: Any) -> Reading:
        """A case with its list of lesions. What one box of masks can say of it goes into the keys."""
        is_complete = facts.get(COMPLETE) is True
        if facts.keys().isdisjoint(FIGURE_NAMES):
            said, place = None, is_complete
        else:
            said = tuple(map(facts.get, FIGURES))
            place = is_complete, said, tuple(map(type, said))
        if lesions.__class__ is not list or (said is not None and said[1] is not None):
            return self._with_stated_list(keys, facts, lesions, is_complete)
        row = self._lists.row(lesions)
        try:
            change, liver = row.answers[place]
        except KeyError:
            change, liver = row.answers[place] = self._answer(row, is_complete, said)
        except TypeError:  # a figure is itself a table, "at least 2"
            change, liver = self._answer(row, is_complete, said)
        return (keys & self._other_bits | change, None) if liver is None else (keys, liver)

    def _answer(self, row: Row, is_complete: bool, said: tuple | None) -> tuple[int, LiverInput | None]:
        return self._finished(self._lists.liver(row, is_complete, self._stated(said)))

    def _with_stated_list(self, keys: int, facts: Mapping[str, Any], lesions: Any, is_complete: bool) -> Reading:
        """A list with the largest diameter stated beside it, which may narrow or contradict it."""
        fact = self.pathway.facts[LIST]
        standing = fact.parse(lesions)
        if standing.kind != "known":
            return keys, None
        figures = self._stated(tuple(map(facts.get, FIGURES)))
        change, liver = self._finished(liver_input(standing.value, is_complete, figures, self.figures))
        return (keys & self._other_bits | change, None) if liver is None else (keys, liver)

    def _stated(self, said: tuple | None) -> tuple[Standing, ...]:
        """The figures as stated beside a list."""
        if said is None:
            return _NOTHING
        read = (self.pathway.facts[name].parse(value) for name, value in zip(FIGURES, said, strict=True))
        return tuple(UNKNOWN if each.kind == "not_applicable" else each for each in read)

    def _finished(self, liver: LiverInput) -> tuple[int, LiverInput | None]:
        """The bits of the figures if they say all that a list says; else the list's own answer."""
        if liver.box is None:
            return 0, liver
        change = 0
        for name, finer, mask in zip(FIGURES, self.figures, liver.box, strict=True):
            for partition, shift, _ in self._places[name]:
                change |= partition.coarsened(finer, mask) << shift
        return change, None

    def keys_of(self, reading: Reading) -> Iterable[tuple[Scheme, int]]:
        """Each scheme with its own key."""
        return ((scheme, reading[0] >> first & full) for scheme, first, full in self.spans)
