"""The compact answer of one scheme for one case, from bits alone: what is possible, provisional, and missing.

A case is a key: for every fact of a scheme the mask of cells that it may lie in. A group of components that share facts
is looked up by its part of the key; what it reaches alone is worked out once (``reach``). Groups are independent, and
the worst one gives the category, so sets of scores join with one OR: whatever any group reaches, from the greatest of
the groups' least scores on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .lesions import FIGURES
from .liver import LiverInput
from .reach import GroupAnswer, answer_of, presumed_view
from .scheme import Classes, Group, Scheme

MEMO_LIMIT = 200_000


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


def scores_of(bits: int) -> list[int]:
    """The scores in a mask, the best first."""
    return [score for score in range(bits.bit_length()) if bits >> score & 1]


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
    part = key >> group.first_bit & ((1 << group.bits) - 1)
    place = part if liver is None or not group.has_figures else (part, liver)
    entry = group.entries.get(place)
    if entry is None:
        if len(group.entries) > MEMO_LIMIT:
            group.entries.clear()
        entry = group.entries[place] = _new_entry(scheme, group, key, liver)
    return entry


def _new_entry(scheme: Scheme, group: Group, key: int, liver: LiverInput | None) -> Entry:
    answer = answer_of(scheme, group, classes_of(scheme, group, key, liver), liver, masks_of(group, key))
    kept = tuple(at for at in group.presumed if not is_stated(scheme, at, key))
    reach, assumed = answer.strict.reach, presumed_view(scheme, group, answer, kept).reach
    place = {name: at for at, name in enumerate(missing_names(scheme))}
    missing = tuple(
        score_bits(place[name] for name, top in answer.tops.items() if top > least)
        for least in range(scheme.worst_score + 1)
    )
    rows = 0
    for component, spoken in zip(group.components, answer.strict.rows, strict=True):
        rows |= score_bits(spoken) << scheme.row_places[component]
    return Entry(answer, kept, score_bits(reach), score_bits(assumed), missing, rows)


def is_stated(scheme: Scheme, presumed: int, key: int) -> bool:
    """Whether anything at all was said about the fact of an assumption."""
    bit = scheme.places[scheme.presumed[presumed].assumption.fact][1]
    return bool(key >> bit & 1)


def entries_of(scheme: Scheme, key: int, liver: LiverInput | None) -> Iterator[Entry]:
    return (entry_of(scheme, group, key, liver) for group in scheme.groups)


def decide(scheme: Scheme, key: int, liver: LiverInput | None = None) -> Decision:
    """The answer for a key, from memory if it was seen before. ``liver`` is what a list leaves that no mask can say."""
    place = key if liver is None else (key, liver)
    decision = scheme.decisions.get(place)
    if decision is None:
        if len(scheme.decisions) > MEMO_LIMIT:
            scheme.decisions.clear()
        decision = scheme.decisions[place] = _combine(list(entries_of(scheme, key, liver)))
    return decision


def _combine(entries: list[Entry]) -> Decision:
    every, least, assumed, least_assumed, rows = 1, 1, 1, 1, 0
    for _, _, reach, under, _, spoken in entries:
        rows |= spoken
        every |= reach
        assumed |= under
        least = max(least, reach & -reach)
        least_assumed = max(least_assumed, under & -under)
    missing = 0
    if every & -least != least:  # more than one category is possible
        for entry in entries:
            others = max((e.reach & -e.reach for e in entries if e is not entry), default=1)
            missing |= entry.missing[others.bit_length() - 1]
    return Decision(every & -least, assumed & -least_assumed, missing, rows)
