"""What a list of liver lesions says: which lesions count, where they lie, and the figures that follow.

An indeterminate lesion, or one of unknown nature, may be a metastasis or not; a list that is not known to be complete
may miss further metastases. ``liver`` works out exactly what that leaves possible.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from .facts import INFINITY, UNKNOWN, Lesion, Standing, known

FIGURES = (
    "liver_lesion_count",
    "liver_max_diameter_mm",
    "liver_lobes",
    "liver_major_vessel_or_duct_involved",
    "liver_vessel_contact",
    "liver_diffuse",
)
LIST_FACTS = ("liver_lesions", "liver_lesions_complete")
LEFT, RIGHT, BOTH = 1, 2, 3
LOBES = {LEFT: "left", RIGHT: "right", BOTH: "both"}
CLEAR, ABUTS, INVADES = 0, 1, 3
"""Vessel codes join with OR: bit 1 says that a vessel or duct is touched, bit 2 that it is invaded."""
VESSEL = {"clear": CLEAR, "abuts": ABUTS, "invades": INVADES}
COUNTED = {"metastasis": True, "indeterminate": None}
LEFT_SEGMENTS = frozenset(("2", "3", "4", "4a", "4b"))
RIGHT_SEGMENTS = frozenset(("5", "6", "7", "8"))


def is_counted(lesion: Lesion) -> bool | None:
    """True for a metastasis, False for a benign lesion or second primary, None while that is open."""
    if lesion.nature.kind == "known":
        return COUNTED.get(lesion.nature.value, False)
    if lesion.nature.kind == "one_of" and not {"metastasis", "indeterminate"} & set(lesion.nature.values):
        return False
    return None


def lobe_codes(lesion: Lesion) -> tuple[int, ...]:
    """Where a lesion may lie: left, right or both; segment 1 alone counts for either."""
    segments = set(lesion.segments)
    code = (LEFT if segments & LEFT_SEGMENTS else 0) | (RIGHT if segments & RIGHT_SEGMENTS else 0)
    if code:
        return (code,)
    return (LEFT, RIGHT) if segments else (LEFT, RIGHT, BOTH)


def vessel_codes(lesion: Lesion) -> tuple[int, ...]:
    """How the lesion may stand to large vessels and ducts; every way while that is open."""
    relation = lesion.vessel_relation
    values = relation.values if relation.kind == "one_of" else (relation.value,)
    if relation.kind in ("known", "one_of"):
        return tuple(sorted({VESSEL[value] for value in values}))
    return (CLEAR, ABUTS, INVADES)


def has_caudate_only(lesions: tuple[Lesion, ...]) -> bool:
    """Whether a lesion that is or may be a metastasis lies in segment 1 alone."""
    return any(lesion.segments == ("1",) and is_counted(lesion) is not False for lesion in lesions)


@lru_cache(maxsize=4096)
def bits(codes: tuple[int, ...]) -> int:
    """The mask of some codes."""
    mask = 0
    for code in codes:
        mask |= 1 << code
    return mask


@lru_cache(maxsize=4096)
def codes(mask: int) -> tuple[int, ...]:
    """The codes in a mask."""
    return tuple(code for code in range(mask.bit_length()) if mask >> code & 1)


@lru_cache(maxsize=4096)
def join(one: int, other: int) -> int:
    """Masks of codes joined element by element with OR (lobes, vessels)."""
    return bits(tuple(a | b for a in codes(one) for b in codes(other)))


def alternatives(stated: tuple[Standing, ...]) -> list[tuple[Standing, ...]]:
    """Stated figures (in the order of ``FIGURES``) that exclude one another, each time with one side unsaid; else [].

    A liver is diffuse with lesions without number in both lobes: either "diffuse" or number and lobes go. What is
    invaded is touched: where only the one was denied, both are as good as unsaid.
    """
    count, _, lobes, involved, contact, diffuse = stated
    is_vessel = _may_be(involved) == {True} and _may_be(contact) == {False}
    is_counted_out = (count.kind == "range" and count.high is not None) or count.kind in ("known", "one_of")
    is_diffuse = _may_be(diffuse) == {True} and (is_counted_out or (lobes.is_stated and "both" not in _may_be(lobes)))
    vessel = (3, 4) if is_vessel else ()
    sides = ((5,), (0, 2)) if is_diffuse else ((),)
    unsaid = [(*side, *vessel) for side in sides] if is_vessel or is_diffuse else []
    return [tuple(UNKNOWN if at in part else each for at, each in enumerate(stated)) for part in unsaid]


def _may_be(standing: Standing) -> set:
    return set(standing.values) if standing.kind == "one_of" else {standing.value}


LIST_FIGURES = frozenset(
    (
        *("liver_lesion_count", "liver_max_diameter_mm", "liver_lobes", "liver_diffuse"),
        *("liver_major_vessel_or_duct_involved", "liver_vessel_contact"),
    )
)
"""Facts that follow from the list of lesions where nobody stated them."""


def figures_from_list(standings: Mapping[str, Standing]) -> dict[str, Standing]:
    """The liver figures as a list alone shows them, for reading and readiness; empty without a list."""
    stated = standings.get("liver_lesions", UNKNOWN)
    if stated.kind != "known":
        return {}
    is_complete = standings.get("liver_lesions_complete", UNKNOWN) == known(True)
    sure = [lesion for lesion in stated.value if is_counted(lesion)]
    maybe = [lesion for lesion in stated.value if is_counted(lesion) is None]
    if not sure and not maybe:
        return {}
    low, high = max(len(sure), 1), len(sure) + len(maybe)
    figures = {"liver_lesion_count": _span(low, high if is_complete else None)}
    lows = [_ends(lesion.diameter_mm)[0] for lesion in (sure or maybe[:1] * (len(maybe) == 1))]
    highs = [_ends(lesion.diameter_mm)[1] for lesion in sure + maybe]
    largest = max(highs) if is_complete else INFINITY
    figures["liver_max_diameter_mm"] = _span(max(lows, default=0) or None, largest if largest < INFINITY else None)
    states = {(1, 1)}
    for lesion in sure + maybe:
        lobes, vessel = bits(lobe_codes(lesion)), bits(vessel_codes(lesion))
        added = {(join(o, lobes), join(v, vessel)) for o, v in states}
        states = added if is_counted(lesion) else states | added
    if not is_complete:
        states = {(join(o, 0b1111), join(v, bits((CLEAR, ABUTS, INVADES)))) for o, v in states}
    lobes = {LOBES[code] for o, _ in states for code in codes(o) if code}
    vessels = {code for o, v in states for code in codes(v) if o != 1}
    figures["liver_lobes"] = _choice(tuple(name for name in LOBES.values() if name in lobes), 3)
    figures["liver_major_vessel_or_duct_involved"] = _choice(tuple({code == INVADES for code in vessels}), 2)
    figures["liver_vessel_contact"] = _choice(tuple({code != CLEAR for code in vessels}), 2)
    if is_complete:
        figures["liver_diffuse"] = known(False)
    return {name: standing for name, standing in figures.items() if standing.is_stated}


def _ends(standing: Standing) -> tuple[float, float]:
    if standing.kind == "known":
        return standing.value, standing.value
    if standing.kind == "one_of":
        return min(standing.values), max(standing.values)
    return standing.low or 0, standing.high if standing.high is not None else INFINITY


def _span(low, high) -> Standing:
    if low is None and high is None:
        return UNKNOWN
    return known(low) if low == high else Standing("range", low=low, high=high)


def _choice(values: tuple, every: int) -> Standing:
    if len(values) == 1:
        return known(values[0])
    return Standing("one_of", values=values) if len(values) < every else UNKNOWN
