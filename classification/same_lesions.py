"""Two lists of liver lesions side by side: whether both can be true, and what one says that the other leaves open.

A lesion is known again by its segments and its diameter, which are compared as they were stated. What a list does not
state of a lesion (its nature, how it stands to a vessel) contradicts nothing: if somebody else stated it, that holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace

from .standing import Lesion, Standing, known

DETAILS = ("nature", "vessel_relation", "vessel")
"""What may be left open of a lesion that is known again."""


def fit(one: Standing, other: Standing) -> bool:
    """Whether both lists may be true: the same lesions, and no detail of which both say something else."""
    first, second = _by_place(one.value), _by_place(other.value)
    return {place: len(group) for place, group in first.items()} == {
        place: len(group) for place, group in second.items()
    } and all(_all_paired(first[place], second[place]) for place in first)


def completed(standing: Standing, other: Standing) -> tuple[Standing, tuple[str, ...]]:
    """A list with the details that only the other one states, and their names. The two fit.

    Of several lesions alike in place and size nobody can say which is which, unless the other list calls all of them
    the same; then nothing is added.
    """
    theirs = _by_place(other.value)
    own = Counter(_place(lesion) for lesion in standing.value)
    added: list[str] = []
    lesions = []
    for lesion in standing.value:
        group = theirs[_place(lesion)]
        if own[_place(lesion)] == 1 or len(set(group)) == 1:
            news = {
                name: getattr(group[0], name)
                for name in DETAILS
                if not getattr(lesion, name).is_stated and getattr(group[0], name).is_stated
            }
            added += news
            lesion = replace(lesion, **news)
        lesions.append(lesion)
    return known(tuple(lesions)), tuple(name for name in DETAILS if name in added)


def _place(lesion: Lesion) -> Hashable:
    return frozenset(lesion.segments), lesion.diameter_mm


def _by_place(lesions: Iterable[Lesion]) -> dict[Hashable, list[Lesion]]:
    groups: dict[Hashable, list[Lesion]] = {}
    for lesion in lesions:
        groups.setdefault(_place(lesion), []).append(lesion)
    return groups


def _all_paired(first: Sequence[Lesion], second: Sequence[Lesion]) -> bool:
    """Whether each lesion of one group finds its own in the other (as many as there are): augmenting paths."""
    partner: dict[int, int] = {}

    def finds(at: int, tried: set[int]) -> bool:
        for number, each in enumerate(second):
            if number in tried or not _details_fit(first[at], each):
                continue
            tried.add(number)
            if number not in partner or finds(partner[number], tried):
                partner[number] = at
                return True
        return False

    return all(finds(at, set()) for at in range(len(first)))


def _details_fit(one: Lesion, other: Lesion) -> bool:
    return all(_may_be_one(getattr(one, name), getattr(other, name)) for name in DETAILS)


def _may_be_one(one: Standing, other: Standing) -> bool:
    if not one.is_stated or not other.is_stated or one == other:
        return True
    return bool(_values(one) & _values(other))


def _values(standing: Standing) -> set:
    return set(standing.values if standing.kind == "one_of" else (standing.value,))
