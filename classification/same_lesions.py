"""Lists of liver lesions side by side: whether both can be true, and what the others say that the first leaves open.

A lesion is known again by its segments and its diameter, both of which must be stated, and alike. What a list does not
state of it (its nature, how it stands to a vessel) contradicts nothing: if others stated it, and none of them stated
otherwise, that holds.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace

from .standing import Lesion, Standing, known

DETAILS = (("nature",), ("vessel_relation", "vessel"))
"""What may be left open of a lesion that is known again. The parts of one detail are what one person said of it."""
PARTS = tuple(part for parts in DETAILS for part in parts)
Detail = tuple[Standing, ...]


def fit(one: Standing, other: Standing) -> bool:
    """Whether both lists may be true: the same lesions, and no detail of which both say something else."""
    first, second = _by_place(one.value), _by_place(other.value)
    return {place: len(group) for place, group in first.items()} == {
        place: len(group) for place, group in second.items()
    } and all(_all_paired(first[place], second[place]) for place in first)


def completed(standing: Standing, others: Sequence[tuple[Standing, bool]]) -> tuple[Standing, list[tuple[str, ...]]]:
    """A list with the details that only others state, and for each of the others the names of those that are its own.

    ``others`` come the strongest first, each with whether it may add: it fits the list and is not too old. A detail is
    added as one of them put it, if it says no less than what anybody else said of it. Of several lesions alike in
    place and size nobody can say which is which, so that the other must say the same of all of them.
    """
    lists = [_by_place(other.value) for other, _ in others]
    added: list[set[str]] = [set() for _ in others]
    lesions = []
    for lesion in standing.value:
        for parts in DETAILS if _is_known_again(lesion) else ():
            said = [{_detail(each, parts) for each in listed.get(_place(lesion), ())} for listed in lists]
            whose, agreed = _agreed(_detail(lesion, parts), said, [may_add for _, may_add in others])
            news = {
                part: stated
                for part, stated in zip(parts, agreed, strict=False)  # empty if they do not agree
                if stated.is_stated and not getattr(lesion, part).is_stated
            }
            lesion = replace(lesion, **news)
            if news:
                added[whose].update(news)
        lesions.append(lesion)
    return known(tuple(lesions)), [tuple(part for part in PARTS if part in names) for names in added]


def _agreed(own: Detail, said: list[set[Detail]], may_add: list[bool]) -> tuple[int, Detail]:
    """Which of the lists puts a detail as holds of a lesion, and that detail; an empty one if they do not agree."""
    stated = set().union(*said)
    for at, details in enumerate(said):
        if may_add[at] and len(details) == 1:
            (detail,) = details
            keeps_own = all(not mine.is_stated or mine == theirs for mine, theirs in zip(own, detail, strict=True))
            if keeps_own and all(_says_all_of(detail, each) for each in stated):
                return at, detail
    return -1, ()


def _says_all_of(one: Detail, other: Detail) -> bool:
    """Whether what one person said of a detail is at least as exact as what the other said, in every part."""
    return all(
        not theirs.is_stated or (mine.is_stated and _values(mine) <= _values(theirs))
        for mine, theirs in zip(one, other, strict=True)
    )


def _detail(lesion: Lesion, parts: Iterable[str]) -> Detail:
    return tuple(getattr(lesion, part) for part in parts)


def _is_known_again(lesion: Lesion) -> bool:
    """Whether a lesion alike in place and size is the same one: both are stated, and the size exactly."""
    return bool(lesion.segments) and lesion.diameter_mm.kind == "known"


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
    """Whether two entries alike in place and size may be one lesion."""
    if not all(_may_be_one(getattr(one, part), getattr(other, part)) for part in PARTS):
        return False
    halves = any(_are_halves(_detail(one, parts), _detail(other, parts)) for parts in DETAILS)
    return not (halves and _is_known_again(one))


def _are_halves(one: Detail, other: Detail) -> bool:
    """Whether each states a part of a detail that the other leaves open: nobody described the whole of it."""
    pairs = [(mine.is_stated, theirs.is_stated) for mine, theirs in zip(one, other, strict=True)]
    return (True, False) in pairs and (False, True) in pairs


def _may_be_one(one: Standing, other: Standing) -> bool:
    if not one.is_stated or not other.is_stated or one == other:
        return True
    return bool(_values(one) & _values(other))


def _values(standing: Standing) -> set:
    return set(standing.values if standing.kind == "one_of" else (standing.value,))
