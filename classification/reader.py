"""From the facts of a case as JSON data to the keys of all schemes, in one pass.

Every value that a fact may have turns some bits of a key on or off. What a value turns is worked out once and
remembered, so that reading a case is one look-up and one XOR per fact. Only values that were read without error are
remembered, by their type too: ``1`` is not ``true``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from operator import itemgetter
from typing import Any, NamedTuple

from .facts import UNKNOWN, Lesion, Standing, known, parse_facts
from .lesions import FIGURES
from .liver import (
    NO_LESION,
    Code,
    Folded,
    LiverInput,
    code_of,
    liver_input,
    liver_of_codes,
    liver_of_folded,
    ruler_of,
    with_one_more,
)
from .partition import Partition, build
from .pathway import Pathway
from .scheme import Scheme

MEMO_LIMIT = 50_000
LIST, COMPLETE = "liver_lesions", "liver_lesions_complete"
FIGURE_NAMES = frozenset(FIGURES)
USUAL = {"segments", "diameter_mm", "nature", "vessel_relation"}
PARTS = itemgetter("segments", "diameter_mm", "nature", "vessel_relation")
OPEN = 1 << 40
"""The state of a list in which a lesion may or may not be a metastasis."""
_NOTHING = (UNKNOWN,) * len(FIGURES)


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
        self.figures: tuple[Partition, ...] = self._figure_cells()
        self._folded: dict[tuple, Reading] = {}
        self._standings: dict[str, dict[Any, Standing]] = {name: {} for name in pathway.facts}
        self._lesions: dict[str, Lesion] = {}
        self._codes: dict[Any, int] = {}
        self._code_numbers: dict[Code | None, int] = {None: 0}
        self._known_codes: list[Code | None] = [None]
        self._steps: dict[int, int] = {}
        self._states: list[Folded] = [NO_LESION]
        self._state_of: dict[Folded, int] = {NO_LESION: 0}
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
        self._figure_bits = 0
        for name in FIGURES:
            for partition, shift, _ in self._places.get(name, ()):
                self._figure_bits |= partition.full << shift
        self.read_facts = tuple(name for name, places in self._places.items() if places)
        self._own = [(name, self._changes[name]) for name in self.read_facts]

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
                keys ^= changes[name][_place(value)]
            except (KeyError, TypeError):
                if name != LIST or not self.figures:
                    keys ^= self._change(name, value)
        lesions = facts.get(LIST)
        return Reading(keys, None) if lesions is None or not self.figures else self._with_list(keys, facts, lesions)

    def read_own(self, facts: Mapping[str, Any]) -> Reading:
        """The same, looking only at the facts that the schemes ask about: the others are neither read nor checked."""
        keys, get = self.start, facts.get
        for name, memo in self._own:
            value = get(name)
            if value is None:
                continue
            kind = value.__class__  # as in ``_place``, without the cost of a call
            try:
                if kind is str or kind is bool:
                    keys ^= memo[value]
                elif kind is list:
                    keys ^= memo[tuple(value)]
                else:
                    keys ^= memo[kind, value]
            except (KeyError, TypeError):
                keys ^= self._change(name, value)
        lesions = get(LIST)
        return Reading(keys, None) if lesions is None or not self.figures else self._with_list(keys, facts, lesions)

    def standings(self, facts: Mapping[str, Any]) -> dict[str, Standing]:
        """The same as ``parse_facts``, remembering what each value stands for."""
        found: dict[str, Standing] = {}
        for name, value in facts.items():
            try:
                standing = self._standings[name][_place(value)]
            except (KeyError, TypeError):
                standing = self._standing(name, value)
            if standing.kind != "unknown":
                found[name] = standing
        return found

    def _standing(self, name: str, value: Any) -> Standing:
        if name == LIST and value.__class__ is list:
            return known(tuple(self._lesion(number, entry) for number, entry in enumerate(value, 1)))
        place = _place(value)
        try:
            hash(place)
        except TypeError:
            place = (value.__class__, repr(value))
        memo = self._standings.get(name, {})
        standing = memo.get(place)
        if standing is None:
            standing = parse_facts({name: value}, self.pathway.facts).get(name, UNKNOWN)
            if len(memo) > MEMO_LIMIT:
                memo.clear()
            memo[place] = standing
        return standing

    def _lesion(self, number: int, entry: Any) -> Lesion:
        words = repr(entry)
        lesion = self._lesions.get(words)
        if lesion is None:
            lesion = self.pathway.facts[LIST].lesion(number, entry)
            if len(self._lesions) > MEMO_LIMIT:
                self._lesions.clear()
            self._lesions[words] = lesion
        return lesion

    def _change(self, name: str, value: Any) -> int:
        """The bits that a value turns, remembered under the value, or under its words if it cannot be hashed."""
        place = _place(value)
        try:
            hash(place)
        except TypeError:
            place = (value.__class__, repr(value))
        memo = self._changes.get(name, {})
        change = memo.get(place)
        if change is None:
            standing = self._standing(name, value)
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
        """A case with a list of lesions. What one box of masks can say of it goes into the keys."""
        is_complete = facts.get(COMPLETE) is True
        said = None if facts.keys().isdisjoint(FIGURE_NAMES) else tuple(map(facts.get, FIGURES))
        if lesions.__class__ is not list or (said is not None and said[1] is not None):
            return self._with_stated_list(keys, facts, lesions, is_complete)
        codes, steps, state = self._codes, self._steps, 0
        for at, entry in enumerate(lesions):
            try:
                if len(entry) == 4:  # the usual four parts, taken at once
                    segments, size, nature, relation = PARTS(entry)
                    code = (
                        codes[tuple(segments), size, nature, relation]
                        if size is not True
                        else self._code(at + 1, entry)
                    )
                else:
                    get = entry.get
                    segments, size = get("segments"), get("diameter_mm")
                    code = codes[
                        len(entry),
                        None if segments is None else tuple(segments),
                        "" if size is True else size,  # true is no number, but equals 1
                        get("nature"),
                        get("vessel_relation"),
                        get("vessel"),
                    ]
            except (KeyError, TypeError, AttributeError):
                code = self._code(at + 1, entry)
            try:
                state = steps[state << 16 | code]
            except KeyError:
                state = self._step(state, code)
        is_open = state == OPEN
        try:
            found = None if is_open else self._folded.get((state, is_complete, said))
        except TypeError:  # a figure is itself a table, "at least 2"
            is_open, found = True, None
        if found is None:
            beside = is_complete, self._stated(said), self.figures
            if state == OPEN:
                liver = liver_of_codes(self._seen(lesions), *beside)
            else:
                liver = liver_of_folded(self._states[state], *beside)
            if is_open:
                return self._finished(keys, liver)
            if len(self._folded) > MEMO_LIMIT:
                self._folded.clear()
            found = self._folded[state, is_complete, said] = self._finished(0, liver)
        if found.liver is None:
            return Reading(keys & ~self._figure_bits | found.keys, None)
        return Reading(keys, found.liver)

    def _with_stated_list(self, keys: int, facts: Mapping[str, Any], lesions: Any, is_complete: bool) -> Reading:
        """A list with the largest diameter stated beside it, which may narrow or contradict it."""
        fact = self.pathway.facts[LIST]
        standing = fact.parse(lesions)
        if standing.kind != "known":
            return Reading(keys, None)
        figures = self._stated(tuple(map(facts.get, FIGURES)))
        return self._finished(keys, liver_input(standing.value, is_complete, figures, self.figures))

    def _stated(self, said: tuple | None) -> tuple[Standing, ...]:
        """The figures as stated beside a list."""
        if said is None:
            return _NOTHING
        read = (self.pathway.facts[name].parse(value) for name, value in zip(FIGURES, said, strict=True))
        return tuple(UNKNOWN if each.kind == "not_applicable" else each for each in read)

    def _finished(self, keys: int, liver: LiverInput) -> Reading:
        if liver.box is None:
            return Reading(keys, liver)
        change = 0
        for name, finer, mask in zip(FIGURES, self.figures, liver.box, strict=True):
            for partition, shift, _ in self._places[name]:
                change |= partition.coarsened(finer, mask) << shift
        return Reading(keys & ~self._figure_bits | change, None)

    def _step(self, state: int, code: int) -> int:
        """The state of a list with one lesion more, remembered. A state stands for all lists that look alike."""
        seen = self._known_codes[code]
        if seen is None:
            after = state
        elif state == OPEN or seen.is_open:
            after = OPEN
        else:
            folded = with_one_more(self._states[state], seen)
            after = self._state_of.setdefault(folded, len(self._states))
            if after == len(self._states):
                self._states.append(folded)
        self._steps[state << 16 | code] = after
        return after

    def _seen(self, lesions: list) -> list[Code]:
        found = (self._known_codes[self._code(number, entry)] for number, entry in enumerate(lesions, 1))
        return [code for code in found if code is not None]

    def _code(self, number: int, entry: Any) -> int:
        """The number of what the rules can see of a lesion. Raises ``FactError`` naming the lesion by its place."""
        words = repr(entry)
        at = self._codes.get(words)
        if at is not None:
            return at
        code = code_of(self._lesion(number, entry), ruler_of(self.figures[1], UNKNOWN))
        at = self._code_numbers.setdefault(code, len(self._known_codes))
        if at == len(self._known_codes):
            self._known_codes.append(code)
        if len(self._codes) > MEMO_LIMIT:
            self._codes.clear()
        try:
            self._codes[self._plain_place(entry) or words] = at
        except TypeError:  # a part of the entry is itself a table, "up to 40 mm"
            self._codes[words] = at
        return at

    @staticmethod
    def _plain_place(entry: Any) -> tuple | None:
        """Where ``_with_list`` looks for an entry; None for four parts that are not the usual ones."""
        segments = None if entry.get("segments") is None else tuple(entry["segments"])
        if len(entry) == 4:
            return (segments, *PARTS(entry)[1:]) if entry.keys() >= USUAL and segments is not None else None
        parts = (entry.get(name) for name in ("diameter_mm", "nature", "vessel_relation", "vessel"))
        return (len(entry), segments, *parts)

    def keys_of(self, reading: Reading) -> Iterable[tuple[Scheme, int]]:
        """Each scheme with its own key."""
        return ((scheme, reading.keys >> first & full) for scheme, first, full in self.spans)


def _place(value: Any) -> Any:
    """Under what a value is remembered. ``1`` and ``true`` are not the same, nor are ``"1"`` and ``1``."""
    kind = value.__class__
    if kind is str or kind is bool:
        return value
    return tuple(value) if kind is list else (kind, value)
