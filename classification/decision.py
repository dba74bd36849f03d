"""The compact answer of one scheme for one case, from bits alone: what is possible, provisional, and missing.

A case is a key: for every fact of a scheme the mask of cells that it may lie in. A group of components that share facts
is looked up by its part of the key; what it reaches alone is worked out once (``reach``). Groups are independent, and
the worst one gives the category, so sets of scores join with one OR: whatever any group reaches, from the greatest of
the groups' least scores on.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from .lesions import FIGURES
from .liver import LiverInput
from .reach import GroupAnswer, answer_of, presumed_view
from .scheme import Classes, Group, Scheme


class Entry(NamedTuple):
    """One group's answer as bits."""

    answer: GroupAnswer
    kept: tuple[int, ...]
    """The assumptions that act: those about whose fact nothing was stated."""
    reach: int
    assumed: int
    missing: tuple[int, ...]
    """By the least score of the other groups: bits of the facts whose answer alone can change the category."""
    rows: int
    """Bits of the rows that may speak, by their places in the whole scheme."""
    kind: int
    """A number that all answers of the group share that reach, assume and miss the same."""


class Decision(NamedTuple):
    """Bits: 1 << score of each category; for ``missing`` the places of ``missing_names``; for ``rows`` those of
    ``Scheme.row_places``: of each component the rows that may speak, so one bit says that a row does.
    """

    possible: int
    provisional: int
    missing: int
    rows: int


def score_bits(scores: Iterable[int]) -> int:
    mask = 0
    for score in scores:
        mask |= 1 << score
    return mask


@lru_cache(maxsize=4096)
def scores_of(bits: int) -> tuple[int, ...]:
    """The scores in a mask, the best first."""
    return tuple(score for score in range(bits.bit_length()) if bits >> score & 1)


def together(reaches: Iterable[int]) -> int:
    """The scores that independent groups can reach together: each may be the worst one."""
    every = least = 1
    for reach in reaches:
        every |= reach
        own = reach & -reach
        if own > least:
            least = own
    return every & -least


def missing_names(scheme: Scheme) -> tuple[str, ...]:
    """What the bits of ``Decision.missing`` stand for."""
    return (*scheme.rule_facts, "liver_lesions")


def masks_of(group: Group, key: int) -> tuple[int, ...]:
    """The masks of a group's facts in the key of its scheme."""
    return tuple(key >> shift & partition.full for shift, partition in zip(group.shifts, group.partitions, strict=True))


def classes_of(scheme: Scheme, group: Group, key: int, liver: LiverInput | None) -> Classes:
    """The worlds that a case leaves to a group, as boxes of masks; a list of lesions may need more than one."""
    masks = masks_of(group, key)
    if liver is None or not group.has_figures:
        return (((), (masks,)),)
    figure = {name: at for at, name in enumerate(FIGURES)}
    found = {
        (
            at_odds,
            tuple(
                dict.fromkeys(
                    tuple(
                        scheme.coarse(figure[name], box[figure[name]]) if name in figure else mask
                        for name, mask in zip(group.facts, masks, strict=True)
                    )
                    for box in boxes
                )
            ),
        )
        for at_odds, boxes in liver.classes
    }
    return tuple(sorted(found))


def entry_of(scheme: Scheme, group: Group, key: int, liver: LiverInput | None) -> Entry:
    """A group's answer, from memory if its bits were seen before."""
    part = key >> group.first_bit & group.full
    place = part if liver is None or not group.has_figures else (part, liver)
    try:
        return group.entries[place]
    except KeyError:
        entry = group.entries[place] = _new_entry(scheme, group, key, liver)
        return entry


def _new_entry(scheme: Scheme, group: Group, key: int, liver: LiverInput | None) -> Entry:
    answer = answer_of(scheme, group, classes_of(scheme, group, key, liver), liver, masks_of(group, key))
    kept = tuple(at for at in group.presumed if not is_stated(scheme, at, key))
    reach, assumed = answer.strict.reach, presumed_view(scheme, group, answer, kept).reach
    place = scheme.missing_places
    missing = tuple(
        score_bits(place[name] for name, top in answer.tops.items() if top > least)
        for least in range(scheme.worst_score + 1)
    )
    rows = 0
    for component, spoken in zip(group.components, answer.strict.rows, strict=True):
        rows |= spoken << scheme.row_places[component]
    kind = group.kinds.setdefault((reach, assumed, missing), len(group.kinds))
    return Entry(answer, kept, reach, assumed, missing, rows, kind)


def is_stated(scheme: Scheme, presumed: int, key: int) -> bool:
    """Whether anything at all was said about the fact of an assumption."""
    bit = scheme.places[scheme.presumed[presumed].assumption.fact][1]
    return bool(key >> bit & 1)


def entries_of(scheme: Scheme, key: int, liver: LiverInput | None) -> list[Entry]:
    return [entry_of(scheme, group, key, liver) for group in scheme.groups]


def decide(scheme: Scheme, key: int, liver: LiverInput | None = None) -> Decision:
    """The answer for a key, from memory if it was seen before. ``liver`` is what a list leaves that no mask can say."""
    place = key if liver is None else (key, liver)
    try:
        return scheme.decisions[place]
    except KeyError:
        decision = scheme.decisions[place] = _combine(scheme, entries_of(scheme, key, liver))
        return decision


def _combine(scheme: Scheme, entries: list[Entry]) -> Decision:
    """What the groups say together: all but the rows depends on few kinds of answers, and is remembered by them."""
    kinds = tuple([entry.kind for entry in entries])
    try:
        possible, provisional, missing = scheme.combined[kinds]
    except KeyError:
        possible, provisional, missing = scheme.combined[kinds] = _worked_out(entries)
    rows = 0
    for entry in entries:
        rows |= entry.rows
    return Decision(possible, provisional, missing, rows)


def _worked_out(entries: list[Entry]) -> tuple[int, int, int]:
    possible = together(entry.reach for entry in entries)
    missing = 0
    if possible & (possible - 1):
        for entry in entries:
            others = max((e.reach & -e.reach for e in entries if e is not entry), default=1)
            missing |= entry.missing[others.bit_length() - 1]
    return possible, together(entry.assumed for entry in entries), missing
