"""Lists of liver lesions in a record: what the rules can see of a list, in 37 bytes.

Lesions that count for certain are their sum: their number, the ends of the largest diameter, lobes and vessel relations
as bits. Each lesion that may or may not be a metastasis stands beside it. A list that is known to be complete, with no
open lesion and nothing stated beside it, says no more than the figures of ``figures_of``; it is kept as those.

    list_kind   0 none (or kept as figures), 1 complete, 2 not known to be complete
    list_count  number of lesions that count
    list_codes  their lobes (bits 0-3) and vessel relations (bits 4-7), as masks of the codes of ``lesions``
    list_size   places (``scale``) of the least and the greatest that their largest diameter may be
    open_size   the same for each open lesion
    open_codes  the same for each open lesion; 0 where there is none
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .facts import UNKNOWN, Lesion, Standing
from .lesions import CLEAR, FIGURES, INVADES, LOBES, bits, codes, is_counted, lobe_codes, vessel_codes
from .partition import Partition
from .scale import place_of

LIST, COMPLETE_FACT = "liver_lesions", "liver_lesions_complete"
NO_LIST, COMPLETE, OPEN_ENDED = 0, 1, 2
MOST_LESIONS, MOST_OPEN = 250, 6
FIELDS: list[tuple] = [
    ("list_kind", "u1"),
    ("list_count", "u1"),
    ("list_codes", "u1"),
    ("list_size", "<u2", (2,)),
    ("open_size", "<u2", (MOST_OPEN, 2)),
    ("open_codes", "u1", (MOST_OPEN,)),
]
APART = 1 << CLEAR | 1 << INVADES
"""Clear or invaded, but not merely touched: two figures that hang together."""


class Irregular(Exception):
    """Something that a record cannot say."""


class Seen(NamedTuple):
    """One lesion, or the sum of some, as a record tells it: masks of codes in one byte, and places of the ends."""

    codes: int
    low: int
    high: int


class SeenList(NamedTuple):
    """A list as a record tells it."""

    is_complete: bool
    count: int
    sum: Seen
    open: tuple[Seen, ...]


def seen_list(lesions: tuple[Lesion, ...], is_complete: bool, diameters: Partition) -> SeenList:
    """What a record says of a list. Raises ``Irregular`` for one that it cannot say."""
    lobes, vessels, low, high = {0}, {CLEAR}, 0.0, 0.0
    count, unsure = 0, []
    for lesion in lesions:
        is_own = is_counted(lesion)
        if is_own is False:
            continue
        (own_low, own_high), *others = diameters.intervals(lesion.diameter_mm)
        if others:
            raise Irregular("one of several diameters")
        if is_own is None:
            unsure.append(Seen(_both(lobe_codes(lesion), vessel_codes(lesion)), _place(own_low), _place(own_high)))
            continue
        count += 1
        lobes = {a | b for a in lobes for b in lobe_codes(lesion)}
        vessels = {a | b for a in vessels for b in vessel_codes(lesion)}
        low, high = max(low, own_low), max(high, own_high)
    if count > MOST_LESIONS or len(unsure) > MOST_OPEN:
        raise Irregular(LIST)
    return SeenList(is_complete, count, Seen(_both(lobes, vessels), _place(low), _place(high)), tuple(unsure))


def figures_of(seen: SeenList, standings: Mapping[str, Standing]) -> dict[str, tuple] | None:
    """The figures that say all that a list says: both places of a number, or the values that are left.

    None if they do not: the list may lack lesions, some may not count, or a figure stated beside it may narrow it.
    """
    vessels = codes(seen.sum.codes >> 4)
    diffuse = standings.get(FIGURES[5], UNKNOWN)
    is_beside = any(name in standings for name in FIGURES[:5])
    may_be_diffuse_only = diffuse.is_stated and False not in (diffuse.values or (diffuse.value,))
    is_whole = seen.is_complete and seen.count and not seen.open
    if not is_whole or is_beside or may_be_diffuse_only or bits(vessels) == APART:
        return None
    number = _place(seen.count)
    found = (
        (number, number),
        (seen.sum.low, seen.sum.high),
        tuple(LOBES[code] for code in codes(seen.sum.codes & 15)),
        tuple({code == INVADES for code in vessels}),
        tuple({code != CLEAR for code in vessels}),
        (False,),
    )
    return dict(zip(FIGURES, found, strict=True))


def _both(lobes, vessels) -> int:
    return bits(tuple(lobes)) | bits(tuple(vessels)) << 4


def _place(value: float) -> int:
    place = place_of(value)
    if place is None:
        raise Irregular("a diameter between two places of the scale")
    return place
