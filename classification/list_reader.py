"""Lists of liver lesions, read lesion by lesion.

What the rules can see of a lesion is a short number: bits of its size, lobes, vessel relation, and whether it counts.
A list is read by going from row to row: a row stands for all lists that look alike so far, and leads to the row with
one lesion more. At the end the row knows what the list leaves possible. So a list costs a few look-ups for each lesion,
however its lesions are mixed, and lists that look alike to the rules share one answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from types import NoneType
from typing import Any

from .facts import UNKNOWN, Fact, Lesion, Standing
from .lesions import BOTH, INVADES, bits, is_counted, lobe_codes, vessel_codes
from .liver import NO_LESION, Code, Folded, LiverInput, liver_of_folded, with_one_more
from .memory import Memory
from .partition import Partition
from .ruler import Ruler, ruler_of

USUAL = ("segments", "diameter_mm", "nature", "vessel_relation")
PARTS, USUAL_PARTS = itemgetter(*USUAL), frozenset(USUAL)
WORDS_LIMIT, ROW_LIMIT = 10_000, 10_000
IGNORED, COUNTS, OPEN = 0, 1, 2
Place = tuple[bool, tuple | None]
"""Whether a list is complete, and the figures stated beside it (None for none), as JSON data gives them."""


class Row(dict):
    """All lists that look alike so far. ``row[lesion]`` is the row with one lesion more."""

    __slots__ = ("answers", "folded", "lists", "still_open")

    def __init__(self, lists: ListReader, folded: Folded, still_open: tuple[Code, ...]) -> None:
        super().__init__()
        self.lists, self.folded, self.still_open = lists, folded, still_open
        self.answers: dict[Place, Any] = {}

    def __missing__(self, lesion: int) -> Row:
        row = self[lesion] = self.lists.after(self, lesion)
        return row


class ListReader:
    """Reads lists of lesions in cells of the figures that are fine enough for some schemes."""

    def __init__(self, fact: Fact, figures: tuple[Partition, ...]) -> None:
        self.fact, self.figures = fact, figures
        self._ruler = ruler_of(figures[1], UNKNOWN)
        # A lesion as a number: pieces of the ruler, then four bits of lobes, four of vessel relations, its nature.
        self._shifts = (self._ruler.size, self._ruler.size + 4, self._ruler.size + 8)
        self._parts = tuple(Memory(WORDS_LIMIT) for _ in USUAL)
        """For each usual part what a value shows of it; only values that were read without error."""
        self._words: Memory = Memory(WORDS_LIMIT)
        self._rows: dict[tuple, Row] = {}
        self._many = 1 + int(max((limit for limit, _ in figures[0].boundaries if limit < float("inf")), default=0))
        """From so many lesions on, the rules cannot tell numbers apart."""
        self.nothing = self._row(NO_LESION, ())

    def row(self, lesions: list) -> Row:
        """Where a list leads. Raises ``FactError`` naming the lesion by its place."""
        row = self.nothing
        all_segments, sizes, natures, relations = self._parts
        for entry in lesions:
            try:
                segments, size, nature, relation = PARTS(entry)
                if segments.__class__ is list and len(entry) == 4:
                    row = row[all_segments[tuple(segments)] | sizes[size] | natures[nature] | relations[relation]]
                    continue
            except (KeyError, TypeError):
                pass
            row = row[self._lesion(lesions, entry)]
        return row

    def liver(self, row: Row, is_complete: bool, said: tuple[Standing, ...]) -> LiverInput:
        """What a list and the figures stated beside it leave possible."""
        number, *masks = row.folded
        if not said[0].is_stated:
            number = min(number, self._many)
        return liver_of_folded((number, *masks), is_complete, said, self.figures, row.still_open)

    def after(self, row: Row, lesion: int) -> Row:
        """The row with one lesion more."""
        code = self._code(lesion)
        if code is None:
            return row
        if code.is_open:
            return self._row(row.folded, (*row.still_open, code))
        return self._row(with_one_more(row.folded, code), row.still_open)

    def _row(self, folded: Folded, still_open: tuple[Code, ...]) -> Row:
        still_open = tuple(sorted(_that_matters(code, folded, self._ruler) for code in still_open))
        place = folded, still_open
        row = self._rows.get(place)
        if row is None:
            if len(self._rows) >= ROW_LIMIT:  # start again; what leads to the old rows goes with them
                self._rows.clear()
                self.nothing = self._rows[NO_LESION, ()] = Row(self, NO_LESION, ())
            row = self._rows[place] = Row(self, folded, still_open)
        return row

    def _code(self, lesion: int) -> Code | None:
        lobes, vessels, nature = (lesion >> shift & 0b1111 for shift in self._shifts)
        if nature == IGNORED:
            return None
        return Code(nature == COUNTS, nature == OPEN, lesion & self._ruler.full, lobes, vessels)

    def _lesion(self, lesions: list, entry: Any) -> int:
        """What the rules can see of a lesion of which not everything is usual, or that was not met before."""
        try:
            return self._unusual(entry)
        except (KeyError, TypeError, AttributeError):
            words = repr(entry)
        try:
            return self._words[words]
        except KeyError:
            number = next(at for at, each in enumerate(lesions, 1) if each is entry)
            shown = self._shown(self.fact.lesion(number, entry))
            self._remember_parts(entry, shown)
            found = self._words[words] = sum(shown)
            return found

    def _unusual(self, entry: Mapping[str, Any]) -> int:
        """A lesion of which some parts are not stated. Raises an error of some kind if it has to be read in full."""
        segments, size, nature, relation = map(entry.get, USUAL)
        if not entry.keys() <= USUAL_PARTS or segments.__class__ not in (list, NoneType):
            raise KeyError(entry)
        all_segments, sizes, natures, relations = self._parts
        place = None if segments is None else tuple(segments)
        return all_segments[place] | sizes[size] | natures[nature] | relations[relation]

    def _shown(self, lesion: Lesion) -> tuple[int, int, int, int]:
        """What each usual part of a lesion shows, in the order of ``USUAL``."""
        lobes, vessels, nature = self._shifts
        counted = is_counted(lesion)
        return (
            bits(lobe_codes(lesion)) << lobes,
            self._ruler.of(lesion.diameter_mm),
            (IGNORED if counted is False else COUNTS if counted else OPEN) << nature,
            bits(vessel_codes(lesion)) << vessels,
        )

    def _remember_parts(self, entry: Mapping[str, Any], shown: tuple[int, int, int, int]) -> None:
        """What the parts show, where they can be looked up under plain values. True equals 1, but is no number."""
        segments, size, nature, relation = map(entry.get, USUAL)
        places = (
            tuple(segments) if segments.__class__ is list else segments,
            size if size.__class__ in (int, float) and size != 1 else None,
            nature,
            relation,
        )
        for memo, place, name, own in zip(self._parts, places, USUAL, shown, strict=True):
            if (place is None) == (entry.get(name) is None) and isinstance(place, str | tuple | int | float | None):
                memo[place] = own


def _that_matters(code: Code, folded: Folded, ruler: Ruler) -> Code:
    """A lesion of open nature without what nobody can see beside those that count: it cannot make them larger than the
    largest, lie elsewhere than in both lobes, or do more to a vessel than invade it.
    """
    number, sizes, lobes, vessels = folded
    if number and sizes == 1 << ruler.size - 1:
        code = code._replace(sizes=1)
    if lobes == 1 << BOTH:
        code = code._replace(lobes=lobes)
    if vessels == 1 << INVADES:
        code = code._replace(vessels=vessels)
    return code
